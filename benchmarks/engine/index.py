"""Building the index from annotated shards: ``python -m benchmarks.engine.index TOKENS``; prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.engine import material, measuring
from crosscut.store.pack import Pack
from crosscut.store.shelf import Shelf

#: Of the arrays of a shard, those that hold the words and their annotation, and let them be found and counted.
WORD_LAYERS = ("word", "norm", "lemma", "pos", "tag")
OF_WORDS = ("type", "types.", "posting", "counts.", *(f"lexicon.{layer}" for layer in (*WORD_LAYERS, "form")))


def measure(made: material.Made) -> dict[str, Any]:
    """Seconds, memory and bytes of one index; the study is ready to be asked afterwards."""
    study = made.fresh_study()
    shelf = Shelf(study / "corpus")
    with measuring.own_memory() as memory:
        _, cpu, wall = measuring.clocked(shelf.compact)
    peak = measuring.peak_mb()
    material.publish(made.maker, shelf)
    tokens = made.parameters.tokens
    adding = json.loads((made.annotated / "made.json").read_text())["add_cpu_s"]
    return {
        "tokens": tokens, "videos": len(made.maker.lengths), "shards": len(shelf.names), "compact_cpu_s": cpu / 1e3,
        "compact_wall_s": wall / 1e3, "add_cpu_s": adding, "tokens_per_cpu_s": tokens / (cpu / 1e3 + adding),
        "peak_mb": peak, **memory, **sizes(study / "corpus", tokens),
    }


def sizes(corpus: Path, tokens: int) -> dict[str, Any]:
    """Bytes a token: of each array, of words and annotation (with what finds and counts them), and of everything."""
    arrays: dict[str, int] = {}
    for path in sorted(corpus.glob("shard-*.pack")):
        for name, size in Pack(path).bytes_by_array().items():
            arrays[name.removesuffix("#")] = arrays.get(name.removesuffix("#"), 0) + size
    by_array = {name: round(size / tokens, 3) for name, size in sorted(arrays.items(), key=lambda item: -item[1])}
    words = sum(size for name, size in arrays.items() if name.startswith(OF_WORDS))
    everything = sum(path.stat().st_size for path in corpus.glob("*.pack"))
    return {"bytes_of_words": words / tokens, "bytes_of_everything": everything / tokens, "bytes_by_array": by_array}


if __name__ == "__main__":
    print("\n" + json.dumps(measure(material.made(int(sys.argv[1])))))
