"""One peer in a process of its own: ``python -m benchmarks.engine.peers NAME build|ask PLAIN FOLDER``; prints JSON."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from benchmarks.engine import measuring
from benchmarks.engine.peers.peer import Peer
from benchmarks.engine.plain import TERMS_OF, Plain, terms_of

#: Where each peer is defined; only its own library is imported.
PEERS = {"polars": "tables", "duckdb": "tables", "nltk": "texts", "fts5": "texts", "tantivy": "texts", "conc": "concs"}


def peer_named(name: str) -> Peer:
    """A peer by name."""
    module = importlib.import_module(f"benchmarks.engine.peers.{PEERS[name]}")
    peer: Peer = getattr(module, name.upper())
    return peer


def build(peer: Peer, plain: Plain, folder: Path) -> dict[str, Any]:
    """Seconds, memory and bytes of a peer's index."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _, cpu, wall = measuring.clocked(lambda: peer.build(plain, folder))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"build_cpu_s": cpu / 1e3, "build_wall_s": wall / 1e3, "build_peak_mb": measuring.peak_mb(),
            "bytes_a_token": size / len(plain)}


def ask(peer: Peer, plain: Path, folder: Path) -> dict[str, Any]:
    """Opening, then each query: the first call after the caches were dropped, and warm calls of other words."""
    terms = terms_of(plain)
    opened, cpu, wall = measuring.clocked(lambda: peer.open(plain, folder))
    found: dict[str, Any] = {"open_cpu_ms": cpu, "open_wall_ms": wall, "start_ms": measuring.age_ms(), "queries": {}}
    for name, how in peer.asks.items():
        words = terms[TERMS_OF[name]]
        dropped = measuring.drop_caches()
        try:
            first, cpu, wall = measuring.clocked(lambda how=how, words=words: how.call(opened, words[0]))  # type: ignore[misc]
            timed = measuring.warm(lambda term, how=how: how.call(opened, term), words[1:])  # type: ignore[misc]
        except Exception as error:  # a peer that cannot answer one question may answer others
            found["queries"][name] = {"failed": f"{type(error).__name__}: {error}"[:200]}
            continue
        found["queries"][name] = {**timed, "answers": [first, *timed["answers"]], "cold_cpu_ms": cpu, "cold_wall_ms": wall,
                                  "cache_dropped": dropped, "kind": how.kind, "what": how.what}
    return {**found, "lacks": dict(peer.lacks), "includes": peer.includes, "peak_mb": measuring.peak_mb()}


if __name__ == "__main__":
    chosen, where = peer_named(sys.argv[1]), Path(sys.argv[4])
    arrays = Path(sys.argv[3])
    print("\n" + json.dumps(build(chosen, Plain(arrays), where) if sys.argv[2] == "build" else ask(chosen, arrays, where)))
