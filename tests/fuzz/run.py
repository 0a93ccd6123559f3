"""All targets one after the other: ``python -m tests.fuzz.run SECONDS [TARGET …]``; ``make fuzz SECONDS=60`` does it.

Prints for each target the inputs tried, the coverage and what was found.  A finding is made as short as can be, its
words are replaced by invented ones, and it is kept under ``found/TARGET/``, where ``test_found`` plays it again.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.fuzz import harness
from tests.fuzz.targets import TARGETS

FOUND = Path(__file__).parent / "found"
#: So long a finding is made shorter.
SHORTENING_S = 60
_COVERAGE = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
_RUNS = re.compile(r"Done (\d+) runs|stat::number_of_executed_units:\s+(\d+)|^#(\d+)\s", re.MULTILINE)
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]{3,}")


def fuzz(target: str, seconds: int, folder: Path) -> tuple[int, str]:
    """Run a target for so long, begun anew after each crash of the process; give inputs tried and the coverage."""
    ends, tried, covered = time.monotonic() + seconds, 0, ""
    while (left := round(ends - time.monotonic())) > 0:
        done = subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.fuzz.harness", target, str(left), str(folder)],
                              capture_output=True, text=True, errors="replace", check=False)
        counts = [int(next(filter(None, groups))) for groups in _RUNS.findall(done.stderr)]
        tried += max(counts, default=0)
        if found := _COVERAGE.findall(done.stderr):
            covered = "{} edges, {} features, {} inputs kept".format(*found[-1])
        if not counts:
            raise SystemExit(done.stderr[-2_000:])
    return tried, covered


def findings(target: str, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give kind and bytes of what was found: what was raised, and what ended the process."""
    for path in sorted((folder / "found").glob("*.kind")):
        yield path.read_text(), path.with_suffix("").read_bytes()
    for path in sorted(folder.glob("crash-*")):
        data = path.read_bytes()
        yield _alone(target, data) or path.name[:40], data


def _alone(target: str, data: bytes) -> str:
    """Run one input in a process of its own; give what is wrong with it."""
    code = ("import sys; from tests.fuzz import harness; harness.limit_memory(); "
            "print(harness.confirmed(sys.argv[1], sys.stdin.buffer.read()))")
    try:
        done = subprocess.run([sys.executable, "-c", code, target], input=data, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return "hang"
    return done.stdout.decode().strip() if done.returncode == 0 else f"crash{done.returncode}"


def shortened(data: bytes, is_same: Callable[[bytes], bool]) -> bytes:
    """Take out whatever can go, in ever smaller stretches, and put invented words for those that are left."""
    ends, size = time.monotonic() + SHORTENING_S, max(len(data) // 2, 1)
    while size and time.monotonic() < ends:
        at, before = 0, len(data)
        while at < len(data) and time.monotonic() < ends:
            less = data[:at] + data[at + size:]
            if is_same(less):
                data = less
            else:
                at += size
        size = size if len(data) < before else size // 2
    for found in list(_WORDS.finditer(data)):
        other = data[:found.start()] + b"x" * len(found[0]) + data[found.end():]
        data = other if is_same(other) else data
    return data


def keep(target: str, kind: str, data: bytes) -> Path:
    """Keep a finding, as short as it gets, for the tests."""
    caught = not kind.startswith(("hang", "crash"))
    short = shortened(data, lambda less: (harness.finding if caught else _alone)(target, less) == kind)
    path = FOUND / target / re.sub(r"[^A-Za-z0-9_.-]+", "_", kind)[:80]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(short)
    return path


def main(seconds: int, targets: list[str]) -> int:
    """Run the targets; 1 where anything was found."""
    found = 0
    for target in targets or list(TARGETS):
        with tempfile.TemporaryDirectory() as folder:
            tried, covered = fuzz(target, seconds * TARGETS[target][1], Path(folder))
            kinds = list(findings(target, Path(folder)))
            print(f"{target:10} {tried:>10,} inputs  {covered}  {len(kinds)} findings", flush=True)
            for kind, data in kinds:
                print(f"           {kind}: {keep(target, kind, data).relative_to(FOUND.parents[2])}", flush=True)
            found += len(kinds)
    return int(found > 0)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), sys.argv[2:]))
