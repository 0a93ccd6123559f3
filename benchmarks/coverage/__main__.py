"""``python -m benchmarks.coverage``: simulate, print the tables, write ``coverage.json``; ``--write`` also the page."""

from __future__ import annotations

import argparse
import json
import sys
import time

from benchmarks import material
from benchmarks.coverage import page
from benchmarks.coverage.simulate import SAMPLES, simulate

FILE = material.ROOT / "coverage.json"
MISSING = "!! {root} is not there: only made populations are simulated; docs/uncertainty.md is not written."


def main(arguments: list[str]) -> int:
    """Simulate and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description="do intervals hold?")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="of each population and size")
    parser.add_argument("--write", action="store_true", help="write docs/uncertainty.md and its figure")
    parser.add_argument("--again", action="store_true", help="from coverage.json, without simulating")
    options = parser.parse_args(arguments)
    began = time.perf_counter()
    found = json.loads(FILE.read_text(encoding="utf-8")) if options.again else simulate(options.samples)
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print("\n\n".join(page.tables(found).values()))
    if not material.have_shared():
        print(MISSING.format(root=material.SHARED), file=sys.stderr)
    elif options.write:
        page.write(found)
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
