"""Our own answer to one query, in a process of its own: ``python -m benchmarks.engine.ours FOLDER QUERY``; prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import crosscut
from benchmarks.engine import measuring
from benchmarks.engine.plain import TERMS_OF, terms_of
from benchmarks.engine.queries import QUERIES, Query


def measure(folder: Path, name: str) -> dict[str, Any]:
    """Cold: opening the corpus and the first call; then warm calls, of other words."""
    query, terms = QUERIES[name], terms_of(folder / "plain")[TERMS_OF[name]]
    dropped = measuring.drop_caches()
    try:
        (corpus, first), cold_cpu, cold_wall = measuring.clocked(lambda: _opened(folder / "study", query, terms[0]))
        own = {"cold_cpu_ms": cold_cpu, "cold_wall_ms": cold_wall, "cache_dropped": dropped, "peak_mb": measuring.peak_mb()}
        _touch(corpus)
        timed = measuring.warm(lambda term: query.ask(corpus, term), terms[1:])
        answers = [query.answer(found) for found in (first, *timed.pop("answers"))]
    except NotThere as missing:
        return {"not_measured": str(missing)}
    except Exception as error:  # what is not right yet should not hide what is
        return {"not_measured": f"{type(error).__name__}: {error}"}
    return {**own, **timed, "answers": answers}


class NotThere(Exception):
    """The interface lacks what a query needs."""


def _opened(study: Path, query: Query, term: dict[str, Any]) -> tuple[Any, Any]:
    corpus = crosscut.open(study)
    if not hasattr(corpus, query.method):
        raise NotThere(f"Corpus.{query.method} is not there")
    return corpus, query.ask(corpus, term)


def _touch(corpus: Any) -> None:
    """Read a byte of every page of the corpus, so that warm calls find all of it in memory; asks nothing."""
    for pack in (corpus.files.catalog.pack, *(shard.pack for shard in corpus.files.shards)):
        for name in pack.bytes_by_array():
            pack[name].reshape(-1).view("u1")[::4096].sum()


if __name__ == "__main__":
    print("\n" + json.dumps(measure(Path(sys.argv[1]), sys.argv[2])))
