"""``python -m benchmarks.quality``: measure every label on gold data, print, write ``quality.json``, hold the floors."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from benchmarks import material
from benchmarks.quality import captions, copies, gate, gold, page, segments, stories
from benchmarks.quality.measure import Result, measure

MISSING = """\
!! {root} is not there: ONLY the small gold file of our own is measured, a few sentences.
!! The floors of the treebanks are NOT checked by this run."""
NO_CAPTIONS = """\
!! {root} has no captions, tv-news and transcripts: what kind a file is, its words and times, the segments of shows
!! and stories are NOT measured.  The floors of kinds, cleaning, segments and stories are NOT checked by this run."""

NO_SPEECH = """\
!! {root} has no broadcasts, podcasts, calls and answers: how well copies are found is NOT measured.
!! The floors of copies are NOT checked by this run."""


def measure_all(sources: list[gold.Source], split: str = "test") -> list[Result]:
    """The results of all sources, two processes at a time."""
    if len(sources) == 1:
        return [measure(sources[0], split)]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(partial(measure, split=split), sources))


def as_json(results: list[Result], split: str) -> str:
    """The results, with the counts behind each figure."""
    about = {result.name: {
        "language": result.language, "model": result.model, "digest": result.digest, "documents": result.documents,
        "words": result.words,
        "figures": {key: {"percent": round(figure.percent, 3), "right": figure.right, "ours": figure.ours,
                          "gold": figure.gold} for key, figure in result.figures.items()},
    } for result in results}
    return json.dumps({"split": split, "sources": about}, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Measure and report; 1 if a floor is broken."""
    options = _options(arguments)
    treebanks = gold.shared()
    labels = measure_all([*treebanks, gold.own()], options.split)
    measured = [*captions.measure(options.split), *segments.measure(options.split), *stories.measure(options.split)]
    found = copies.measure(options.split)
    print("\n\n".join((page.tables(labels) | page.captions_tables([*measured, *found])).values()))
    if not treebanks:
        print(MISSING.format(root=gold.ROOT), file=sys.stderr)
    if not measured:
        print(NO_CAPTIONS.format(root=material.SHARED), file=sys.stderr)
    if not found:
        print(NO_SPEECH.format(root=material.SHARED), file=sys.stderr)
    results = [*labels, *(one.result for one in (*measured, *found))]
    (material.ROOT / "quality.json").write_text(as_json(results, options.split), encoding="utf-8")
    if options.split == "dev":
        return 0
    if options.write and treebanks and measured and found:
        page.PAGE.write_text(page.page(labels, [*measured, *found]), encoding="utf-8")
    if options.update:
        gate.repinned(results, gate.Pinned.read(), allow_regression=options.allow_regression).write()
    wrong = gate.broken(results, gate.Pinned.read())
    print("\n".join(wrong) or "every figure is at or above its floor", file=sys.stderr)
    return 1 if wrong else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="how right are the labels?")
    parser.add_argument("--split", choices=("test", "dev"), default="test", help="dev is free to look at, and has no floors")
    parser.add_argument("--write", action="store_true", help="write docs/quality.md")
    parser.add_argument("--update", action="store_true", help="raise the floors to what is measured")
    parser.add_argument("--allow-regression", action="store_true", help="let --update lower floors or take other gold")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except gate.WouldLower as refused:
        sys.exit(str(refused))
