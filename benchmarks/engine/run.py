"""The whole benchmark of one size: ``python -m benchmarks.engine.run TOKENS [PEER…]``; writes ``bench-engine.json``.

Everything that is measured runs in a process of its own.  Peers named are asked; none named: all; ``-``: none.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.engine import material, measuring
from benchmarks.engine.page import tables
from benchmarks.engine.peers.__main__ import PEERS
from benchmarks.engine.plain import agree
from benchmarks.engine.queries import QUERIES
from benchmarks.material import ROOT

RESULTS = ROOT / "bench-engine.json"
#: Conc wants another Polars than we do.
ENVIRONMENTS = {"conc": ROOT / ".venv-conc" / "bin" / "python"}

#: Sizes up to which a peer takes part, and why no further: an index that is too slow or too large for a run.
LIMITS = {
    "conc": (10_000_000, "a minute of tokenising and 1.5 GB of memory each ten million tokens"),
    "nltk": (1_000_000, "strings in memory, and seconds to start"),
    "polars": (30_000_000, "the whole table is in memory"),
    "duckdb": (30_000_000, "loading takes minutes; it scans, so its cost grows with the size"),
    "fts5": (30_000_000, "it takes half a minute each ten million tokens to index"),
    "tantivy": (200_000_000, ""),
}


def in_a_process(*arguments: str, python: str | Path = sys.executable) -> dict[str, Any]:
    """What a module prints as its last line, run by a fresh interpreter; why it failed, if it did."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as users have it
    environment = {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    command = [str(python), "-m", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"not_measured": _reason(done.stderr) or f"exit {done.returncode}"}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _reason(errors: str) -> str:
    """The line of a traceback that says what went wrong: not always the last one."""
    lines = errors.strip().splitlines()
    return next((line for line in reversed(lines) if "Error" in line or "Exception" in line), "".join(lines[-1:]))[:300]


def files(folder: Path) -> dict[str, int]:
    """What lies in the corpus, and how large it is."""
    return {path.name: path.stat().st_size for path in (folder / "study" / "corpus").iterdir()}


def ours(folder: Path, right: dict[str, Any]) -> dict[str, Any]:
    """Our answers to every query, and what is wrong with them."""
    found = {}
    for name in QUERIES:
        before = files(folder)
        row = in_a_process("benchmarks.engine.ours", str(folder), name)
        if files(folder) != before:  # it left a table for the next one, who is the one to measure; but say what it took
            first = {f"first_ever_{clock}": row.get(f"cold_{clock}") for clock in ("cpu_ms", "wall_ms")}
            row = in_a_process("benchmarks.engine.ours", str(folder), name) | first
        row["disagrees"] = disagreements(name, "ours", row.get("answers", []), right[name]["same"])
        row.pop("answers", None)
        found[name] = row
        say(f"ours {name}", row)
    return found


def peer(name: str, folder: Path, tokens: int, right: dict[str, Any]) -> dict[str, Any]:
    """Everything about one peer; ``not_measured`` says why there is nothing."""
    python = ENVIRONMENTS.get(name, Path(sys.executable))
    if not python.exists():
        return {"not_measured": f"{python} is not there"}
    most, why = LIMITS[name]
    if tokens > most:
        return {"not_measured": f"up to {most:,} tokens only: {why}"}
    built = peer_built(name, folder, python)
    if "not_measured" in built:
        return built
    place = folder / "peers" / name
    found = in_a_process("benchmarks.engine.peers", name, "ask", str(folder / "plain"), str(place), python=python)
    for query, row in found.get("queries", {}).items():
        kind, answers = row.get("kind", ""), row.pop("answers", [])
        if kind in right[query]:
            row["disagrees"] = disagreements(query, name, answers, right[query][kind])
        say(f"{name} {query}", row)
    return {**built, **found}


def peer_built(name: str, folder: Path, python: Path) -> dict[str, Any]:
    """What building a peer's index took; it is kept until the tokens are others."""
    place = folder / "peers" / name
    stamp = place / "built.json"
    if not stamp.exists():
        built = in_a_process("benchmarks.engine.peers", name, "build", str(folder / "plain"), str(place), python=python)
        if "not_measured" in built:
            return built
        stamp.write_text(json.dumps(built))
    kept: dict[str, Any] = json.loads(stamp.read_text())
    return kept


def told(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """The figures of a part; that there are none is said at once."""
    if "not_measured" in found:
        print(f"{name}:  NOT MEASURED: {found['not_measured']}", flush=True)
    return found


def disagreements(query: str, who: str, answers: list[Any], right: list[Any]) -> list[str]:
    """Answers that are not what a scan of the plain arrays gives; printed at once."""
    wrong = [f"{who} {query}, word {n}: {answer} where a scan gives {true}"
             for n, (answer, true) in enumerate(zip(answers, right, strict=False)) if not agree(true, answer)]
    for line in wrong:
        print("!! DISAGREEMENT:", line[:400], flush=True)
    return wrong


def say(label: str, row: dict[str, Any]) -> None:
    """One line a measurement, as soon as it is there."""
    if missing := row.get("not_measured") or row.get("failed"):
        print(f"{label}:  NOT MEASURED: {missing}", flush=True)
        return
    cached = label.startswith("ours") and 5 * row["again_cpu_ms"] < row["cpu_ms"]
    again = f"  !! the same again takes {row['again_cpu_ms']:.2f}: a cache?" if cached else ""
    cold = "" if row["cache_dropped"] else " (page cache not dropped)"
    print(f"{label}:  warm {row['cpu_ms']:.2f} ms CPU, {row['wall_ms']:.2f} wall; "
          f"cold {row['cold_wall_ms']:.0f} ms{cold}{again}", flush=True)


def main(tokens: int, names: list[str]) -> None:
    """Measure one size and add it to the results."""
    if unknown := set(names) - set(PEERS) - {"-"}:
        raise SystemExit(f"no peer {', '.join(unknown)}; there is: {', '.join(PEERS)}")
    made = material.made(tokens)
    if "not_measured" in (failed := in_a_process("benchmarks.engine.material", str(tokens))):
        raise SystemExit(f"the test corpus cannot be made: {failed['not_measured']}")
    right = in_a_process("benchmarks.engine.plain", str(made.folder / "plain"))
    if "not_measured" in right:
        raise SystemExit(f"the test corpus cannot be scanned: {right['not_measured']}")
    indexed = in_a_process("benchmarks.engine.index", str(tokens))
    if "not_measured" in indexed:
        raise SystemExit(f"no index: {indexed['not_measured']}")
    print("index:", {name: value for name, value in indexed.items() if name != "bytes_by_array"}, flush=True)
    indexed_files = files(made.folder)
    start = told("start", in_a_process("benchmarks.engine.start"))
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    found: dict[str, Any] = {
        "when": when,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "limits": measuring.machine_limits(), "start": start, "index": indexed,
        "ours": ours(made.folder, right),
        "peers": {name: {"when": when, **told(name, peer(name, made.folder, tokens, right))}
                  for name in names or PEERS if name != "-"},
    }
    beside = {name: size for name, size in files(made.folder).items() if name not in indexed_files}
    found["index"]["bytes_beside"] = sum(beside.values()) / tokens
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    before = results.get(str(tokens), {}).get("peers", {})
    found["peers"] = {**before, **found["peers"]}  # those that were not asked this time keep their figures
    results[str(tokens)] = found
    RESULTS.write_text(json.dumps(dict(sorted(results.items(), key=lambda item: int(item[0]))), indent=1) + "\n")
    print(tables(results))


if __name__ == "__main__":
    main(int(float(sys.argv[1])), sys.argv[2:])
