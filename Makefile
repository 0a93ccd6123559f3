# make setup | demo | test | quality | coverage | bench | docs | lint | lock
# make fuzz SECONDS=60 TARGETS=readers gives broken input to what reads it
# make bench PARTS='captions shell' runs some of the benchmarks
# make bench-engine TOKENS=10000000 PEERS='duckdb conc' measures the query engine on a test corpus of so many tokens
PYTHON ?= python3
BIN := .venv/bin
SECONDS ?= 60
TOKENS ?= 1000000

.PHONY: setup demo test lint worked quality coverage bench bench-engine fuzz docs lock clean

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
	$(BIN)/python -m pytest -q -n auto --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy

worked: setup
	$(BIN)/python -m benchmarks.worked

quality: setup
	$(BIN)/python -m benchmarks.quality

# How often the intervals hold what they promise, by simulation: some minutes.
coverage: setup
	$(BIN)/python -m benchmarks.coverage --write
	$(BIN)/python -m benchmarks.absence --write

bench: setup
	$(BIN)/python -m benchmarks.run $(PARTS)
	$(BIN)/python -m benchmarks.page

# The engine's benchmark needs the peers, and a frequency list of English, that nobody else needs.
bench-engine: .venv-engine/ready .venv-conc/ready
	.venv-engine/bin/python -m benchmarks.engine.run $(TOKENS) $(PEERS)
	.venv-engine/bin/python -m benchmarks.engine.page

.venv-engine/ready: requirements-engine.lock requirements-setup.lock pyproject.toml
	$(PYTHON) -m venv .venv-engine
	.venv-engine/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	VIRTUAL_ENV=.venv-engine .venv-engine/bin/uv pip sync --quiet --require-hashes requirements-setup.lock requirements-engine.lock
	VIRTUAL_ENV=.venv-engine .venv-engine/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Conc wants a Polars older than ours, so it has an environment without us: it is given plain arrays.
.venv-conc/ready: requirements-conc.lock requirements-setup.lock
	$(PYTHON) -m venv .venv-conc
	.venv-conc/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	VIRTUAL_ENV=.venv-conc .venv-conc/bin/uv pip sync --quiet --require-hashes requirements-setup.lock requirements-conc.lock
	touch $@

# The fuzzer has wheels for Linux and Python 3.11 to 3.13 only, so it has an environment of its own.
fuzz: .venv-fuzz/ready
	.venv-fuzz/bin/python -W ignore -m tests.fuzz.run $(SECONDS) $(TARGETS)

.venv-fuzz/ready: requirements-fuzz.lock requirements-setup.lock pyproject.toml
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	VIRTUAL_ENV=.venv-fuzz .venv-fuzz/bin/uv pip sync --quiet --require-hashes requirements-setup.lock requirements-fuzz.lock
	VIRTUAL_ENV=.venv-fuzz .venv-fuzz/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

docs: setup
	$(BIN)/python -m docs.reference
	$(BIN)/python -m docs.measures

# The lock names no registry; --no-header keeps the command, and so paths, out of it.
lock: setup
	$(BIN)/uv pip compile requirements-setup.in --generate-hashes --no-emit-index-url --no-header --universal \
	    --python-version 3.11 --quiet --output-file requirements-setup.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --group bench --extra fr --extra embeddings --generate-hashes --no-emit-index-url \
	    --no-header --universal --python-version 3.11 --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml requirements-fuzz.in --group dev --generate-hashes --no-emit-index-url --no-header \
	    --universal --python-version 3.11 --quiet --output-file requirements-fuzz.lock
	$(BIN)/uv pip compile pyproject.toml requirements-engine.in --group dev --generate-hashes --no-emit-index-url --no-header \
	    --universal --python-version 3.11 --quiet --output-file requirements-engine.lock
	$(BIN)/uv pip compile requirements-conc.in --generate-hashes --no-emit-index-url --no-header --universal \
	    --python-version 3.11 --quiet --output-file requirements-conc.lock

clean:
	rm -rf .venv .venv-fuzz .venv-engine .venv-conc sample-study .mypy_cache .ruff_cache .pytest_cache .hypothesis
