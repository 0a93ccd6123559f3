"""Write ``docs/performance.md`` from ``bench.json``: ``python -m benchmarks.page``."""

from __future__ import annotations

import json
import math
from typing import Any

from benchmarks.engine.page import TITLE, with_section
from benchmarks.material import ROOT

PAGE = ROOT / "docs" / "performance.md"

HEAD = """\
# Performance

*Made by `make bench` from `bench.json`; do not edit. Measured on {cores} cores, Python {python}, {system}.*

Read ratios, not seconds: machines differ, and peers were measured on the same files in the same run. The material is
1,239 real news transcripts (1.6 million words) and 28 real caption files that are not part of this repository; where
they are missing, `make bench` uses the bundled sample study and says so.
"""

#: Which rows stand under which heading, and what to know when reading them.
SECTIONS = (
    ("Import, clean, tokenise and index", ("spine 1x", "spine 4x", "spine 16x"),
     "Everything but annotation: the transcripts so many times, each copy with an id of its own, their annotation known "
     "already. `read_and_hash_s` is the floor: reading the same files and hashing them, nothing else."),
    ("Many small imports", ("small imports", "small imports annotated"),
     "The transcripts in many imports, each followed by a build, beside one import and one build. First row: into a study "
     "that has the same words under other ids, so that nothing is annotated; what remains is opening and merging shards, "
     "the catalog, which every build writes anew, and files that must reach the disk. Second row: every twelfth "
     "transcript, annotated, as a user meets it. One process in all."),
    ("Annotation", ("annotate 1/16", "annotate 1/4", "annotate 1/1"),
     "The whole build with two processes beside plain `spacy.pipe` with the same model, text and processes."),
    ("Reading automatic captions", ("captions",),
     "Reading and cleaning beside webvtt-py, which only parses the same files: best of five, by turns."),
    ("Reading every family of captions", ("format ",),
     "Recognising, reading and cleaning, beside parsers that only parse the same files: best of three, by turns. A ratio "
     "says how many times as long the peer takes."),
    ("Stories", ("stories ", "segments "),
     "CPU seconds of one process. First: made-up pieces of a thousand words, a hundred a day, with planted stories "
     "(`benchmarks/stories.py`), put into stories, and the terms that define these; `products_s` is the dot product of "
     "each piece with all that are three days apart at most, in SciPy, which is the least that comparing pairs would "
     "take; `bcubed_f` says how well the planted stories are found. Then: made-up shows cut into segments, beside the "
     "norms of their words alone. Last: the whole of `crosscut stories` on the real transcripts, with 50 more videos, and "
     "with nothing new."),
    ("Passages heard before", ("copies ",),
     "Synthetic words with planted copies: an eighth of the words, in passages of 15 words and more, one word in twenty "
     "misheard, said again by a power law. `sorting_s_a_million` is the limit: the words read once, four in a row made one "
     "number, the numbers sorted, a million at a time. `own_memory_mb` is without the files, which are mapped, and which "
     "the system keeps in memory as it has room; `peak_mb` with them. `one_more_video_cpu_s`: comparing one video more with "
     "all of them, `grouping_cpu_s`: the groups of all anew. Last, `crosscut copies` on the transcripts, and its table when "
     "nothing changed."),
    ("From the shell", ("shell",), "`crosscut kwic` on the sample study, in seconds from key to prompt."),
)


def page(found: dict[str, Any]) -> str:
    """The page as Markdown."""
    parts = [HEAD.format(**found["machine"])]
    for title, labels, about in SECTIONS:
        rows = [(name, row) for label in labels for name, row in found.items() if _belongs(name, label)]
        if rows:
            parts.append(f"## {title}\n\n{about}{_exponents(rows)}\n\n{_table(rows)}")
    return "\n".join(parts)


def _exponents(rows: list[tuple[str, dict[str, Any]]]) -> str:
    """How seconds of stories and segments grow with words, from the smallest to the largest: 1 is in proportion."""
    said = []
    for column in ("cluster_s", "cut_s"):
        points = sorted((row["words"], row[column]) for _, row in rows if column in row)
        if len(points) > 1:
            (low, quick), (high, slow) = points[0], points[-1]
            grows = math.log(slow / quick) / math.log(high / low)
            said.append(f"`{column}` grows as words to the power of {grows:.2f} ({low / 1e6:,.0f} to {high / 1e6:,.0f} M)")
    return f" {'; '.join(said)}." if said else ""


def _belongs(name: str, label: str) -> bool:
    """Whether a row has this label, or begins with one that ends with a blank."""
    return name.startswith(label) if label.endswith(" ") else name == label


def _table(rows: list[tuple[str, dict[str, Any]]]) -> str:
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    lines = [["", *names], ["---", *("---:" for _ in names)]]
    lines += [[label, *(written(row.get(name, "")) for name in names)] for label, row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(value: object) -> str:
    """A figure with three digits that matter."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


if __name__ == "__main__":
    there = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    made = page(json.loads((ROOT / "bench.json").read_text(encoding="utf-8")))
    old = "\n" + there[there.find(TITLE) :] if TITLE in there else ""
    PAGE.write_text(with_section(made + old), encoding="utf-8")
    print(f"wrote {PAGE}")
