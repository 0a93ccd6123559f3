"""The section "The query engine" of ``docs/performance.md``: ``python -m benchmarks.engine.page``."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from benchmarks.engine.queries import QUERIES
from benchmarks.material import ROOT

PAGE = ROOT / "docs" / "performance.md"
RESULTS = ROOT / "bench-engine.json"
TITLE = "## The query engine"

ABOUT = """\
*Made by `make bench-engine TOKENS=…`.* A test corpus of so many tokens: real English types with real frequencies in random
order, videos of about 1,400 tokens, eight outlets, sixty months. Milliseconds of CPU (all threads and children) of a warm
call, mean of five to eleven, each of other words of like frequency; answers are checked with a scan of plain arrays. Peers
answer the same questions of the same corpus in the same run. Bars are for 100 million tokens.
"""

#: What a question of a peer is where it is not ours.
LEGEND = "`n/a`: it cannot. `*`: it answers another question, named below. `–`: not measured."

#: Arrays of the index that hold a token's word, forms, lemma and tags, and find and count them.
WORDS = "words, lemmas, parts of speech and tags with their postings and counts"


def tables(results: dict[str, Any]) -> str:
    """All tables of the section, as Markdown."""
    sizes = sorted(results, key=int)
    parts = [index_table(results, sizes)]
    parts += [f"### {int(size):,} tokens\n\n{query_table(results[size])}\n{notes(results[size])}" for size in sizes]
    if len(sizes) > 1:
        explained = "Warm CPU, in ms. Exponent 0: the same at every size; 1: as the size."
        parts.append(f"### How the cost grows\n\n{explained}\n\n{growth(results, sizes)}")
    return "\n".join(parts)


def query_table(found: dict[str, Any]) -> str:
    """Ours in ms beside the bar, cold, and how many times as much CPU each peer takes."""
    peers = [name for name, about in found["peers"].items() if "queries" in about]
    lines = [["", "ours, ms", "bar", "cold, ms", *peers], ["---", *("---:" for _ in range(3 + len(peers)))]]
    for name, query in QUERIES.items():
        mine = found["ours"].get(name, {})
        cold, bar = mine.get("cold_wall_ms"), f"{query.bar_ms:g}"
        lines.append([f"{name}: {query.title}", _ms(mine.get("cpu_ms")), bar, "–" if cold is None else f"{cold:,.0f}",
                      *(_ratio(found["peers"][peer], name, mine.get("cpu_ms")) for peer in peers)])
    return _markdown(lines)


def _ratio(peer: dict[str, Any], query: str, mine: float | None) -> str:
    row = peer["queries"].get(query)
    if row is None:
        return "n/a"
    if "cpu_ms" not in row:
        return "–"
    star = "*" if row.get("what") else ""
    return f"{_ms(row['cpu_ms'])} ms{star}" if not mine else f"{_times(row['cpu_ms'] / mine)}{star}"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.1f}×" if ratio >= 1 else f"{ratio:.2g}×"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def notes(found: dict[str, Any]) -> str:
    """Limits of the machine, what peers answer instead, what was not measured, what does not agree."""
    limits = found["limits"]
    lines = [f"The machine in this run: copy {limits['copy_gb_per_s']:.1f} GB/s, gather at random "
             f"{limits['gather_m_per_s']:.0f} M/s, bincount {limits['bincount_m_per_s']:.0f} M/s."]
    if not all(row.get("cache_dropped", True) for row in found["ours"].values()):
        lines.append("The page cache could not be dropped: cold calls are calls of a fresh process only.")
    lines += [f"{name}: {_peer_note(about, found.get('when', ''))}" for name, about in found["peers"].items()]
    start = found["start"]
    if "kwic_ms" in start:
        kwic, bare = start["kwic_ms"], start["python_and_numpy_ms"]
        lines.append(f"Start: `crosscut kwic` on {start['tokens']:,} tokens takes {kwic['cpu']:.0f} ms of CPU and "
                     f"{kwic['wall']:.0f} of wall from the shell, Python with NumPy alone {bare['cpu']:.0f} and "
                     f"{bare['wall']:.0f}; of the heavy libraries it imports {', '.join(start['heavy']) or 'none'}.")
    missing = {name: row["not_measured"] for name, row in found["ours"].items() if "not_measured" in row}
    lines += [f"Not measured: {name} ({why})." for name, why in missing.items()]
    lines += [f"Who asks {name} first after a build waits {row['first_ever_wall_ms']:,.0f} ms "
              f"({row['first_ever_cpu_ms']:,.0f} CPU): a table is made and kept."
              for name, row in found["ours"].items() if row.get("first_ever_wall_ms")]
    wrong = [line for _, row in _rows(found) for line in row.get("disagrees", [])]
    lines.append(f"Answers that disagree with a scan: {len(wrong) or 'none'}.")
    return "".join(f"- {line}\n" for line in lines)


def _peer_note(about: dict[str, Any], now: str) -> str:
    if "queries" not in about:
        return f"not measured, {about['not_measured']}."
    includes = f" {about['includes']}" if about.get("includes") else ""
    when = f" (measured {about['when']}, not in this run)" if about.get("when", now) != now else ""
    built = (f"index {about['build_cpu_s']:.1f} CPU-s{includes}, {about['bytes_a_token']:.1f} bytes a token; ready after "
             f"{about['start_ms']:.0f} ms, {about['peak_mb']:,.0f} MB{when}")
    other = "; ".join(f"{name}* {row['what']}" for name, row in about["queries"].items() if row.get("what"))
    lacks = "; ".join(f"{name} {why}" for name, why in about["lacks"].items())
    failed = "; ".join(f"{name} failed" for name, row in about["queries"].items() if "failed" in row)
    return ". ".join(filter(None, (built, other, f"N/a: {lacks}" if lacks else "", failed))) + "."


def _rows(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    theirs = [(f"{peer} {name}", row) for peer, about in found["peers"].items()
              for name, row in about.get("queries", {}).items()]
    return [*found["ours"].items(), *theirs]


def index_table(results: dict[str, Any], sizes: Sequence[str]) -> str:
    """What the index costs at each size."""
    lines = [["tokens", "shards", "add, CPU-s", "compact, CPU-s", "wall, s", "tokens a CPU-s", "peak, MB",
              "of it not files, MB", "bytes a token", "of everything", "of tables beside it"], ["---:"] * 11]
    for size in sizes:
        about = results[size]["index"]
        if "tokens" not in about:
            lines.append([f"{int(size):,}", f"not measured: {about['not_measured']}", *[""] * 9])
            continue
        lines.append([f"{int(size):,}", f"{about['shards']}", f"{about['add_cpu_s']:.2f}", f"{about['compact_cpu_s']:.2f}",
                      f"{about['compact_wall_s']:.2f}", f"{about['tokens_per_cpu_s']:,.0f}", f"{about['peak_mb']:,.0f}",
                      f"{about['own_mb']:,.0f}", f"{about['bytes_of_words']:.2f}", f"{about['bytes_of_everything']:.2f}",
                      f"{about.get('bytes_beside', 0):.2f}"])
    explained = (f"### The index\n\n`add` writes the annotated shards, `compact` merges them into the index; the peak is "
                 f"that of `compact`. Bytes a token: {WORDS}; then everything, with times, heads and the catalog; "
                 f"then what queries made and left beside it.\n\n")
    return explained + _markdown(lines)


def growth(results: dict[str, Any], sizes: Sequence[str]) -> str:
    """Warm CPU at each size, and the exponent between the smallest and the largest."""
    lines = [["ms", *(f"{int(size):,}" for size in sizes), "exponent"], ["---", *["---:"] * (len(sizes) + 1)]]
    for name in QUERIES:
        took = [results[size]["ours"].get(name, {}).get("cpu_ms") for size in sizes]
        known = [(int(size), ms) for size, ms in zip(sizes, took, strict=True) if ms]
        exponent = "–"
        if len(known) > 1:
            (small, first), (large, last) = known[0], known[-1]
            exponent = f"{math.log(last / first) / math.log(large / small):.2f}"
        lines.append([name, *map(_ms, took), exponent])
    return _markdown(lines)


def _markdown(lines: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def section(results: dict[str, Any]) -> str:
    """The whole section."""
    return f"{TITLE}\n\n{ABOUT}\n{LEGEND}\n\n{tables(results)}"


def with_section(page: str) -> str:
    """A page with the present section at its end; with the one that it has where nothing is measured here."""
    before, found, old = page.partition(TITLE)
    if RESULTS.exists():
        return f"{before.rstrip()}\n\n{section(json.loads(RESULTS.read_text(encoding='utf-8')))}"
    return before + found + old


if __name__ == "__main__":
    PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"wrote {PAGE}")
