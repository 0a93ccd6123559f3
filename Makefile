# make setup | demo | test | quality | bench | docs | lint | lock
# make bench PARTS='captions shell' runs some of the benchmarks
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test lint quality bench docs lock clean

setup: .venv/ready

# uv installs the locked, hashed requirements in seconds; it is itself pinned by hash.
.venv/ready: requirements.lock requirements-setup.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements-setup.lock requirements.lock
	VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

demo: setup
	$(BIN)/crosscut demo sample-study

test: setup lint
	$(BIN)/python -m pytest -q

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy

quality: setup
	$(BIN)/python -m benchmarks.quality

bench: setup
	$(BIN)/python -m benchmarks.run $(PARTS)
	$(BIN)/python -m benchmarks.page

docs: setup
	$(BIN)/python -m docs.reference

# The lock names no registry; --no-header keeps the command, and so paths, out of it.
lock: setup
	$(BIN)/uv pip compile requirements-setup.in --generate-hashes --no-emit-index-url --no-header --universal \
	    --python-version 3.11 --quiet --output-file requirements-setup.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --group bench --extra fr --generate-hashes --no-emit-index-url \
	    --no-header --universal --python-version 3.11 --quiet --output-file requirements.lock

clean:
	rm -rf .venv sample-study .mypy_cache .ruff_cache .pytest_cache .hypothesis
