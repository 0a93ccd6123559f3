"""Small made-up tables, one for each kind of figure."""

from __future__ import annotations

import math
from typing import Any

from crosscut.figures import About

ABOUT = About(
    "How often is it said, by outlet?", source="Northwater study. A census of the uploads of four outlets in 2024",
    method="crosscut freq, 95 % intervals, seed 7, corpus 9f8e7d6c5b4a", date="2026-11-24",
    names={"en_NWB": "Northwater Broadcasting", "en_PLN": "Plainline"}, colours={"en_NWB": "#AA3377"},
    notes=[f"caveat {n}, kinds of captions differ" for n in range(6)],
    events=[("2024-02-10", "Crossing closed"), ("2031-01-01", "Beyond")])

FREQ = ("query", "outlet", "hits", "words", "videos", "videos_with_hits", "per_million", "low", "high", "hours", "per_hour",
        "note")
MONTHLY = ("query", "outlet", "month", *FREQ[2:])


def rate(query: str, *group: str, hits: int, words: int, videos: int, low: float | None, high: float | None) -> tuple[Any, ...]:
    """A row of a table of frequencies."""
    return (query, *group, hits, words, videos, min(hits, videos), 1e6 * hits / words if words else None, low, high, 1.0, None, "")


FREQ_ROWS = [
    rate("ceasefire", "en_NWB", hits=800, words=1_000_000, videos=640, low=700.0, high=900.0),
    rate("ceasefire", "en_PLN", hits=100, words=1_000_000, videos=310, low=80.0, high=125.0),
    rate("ceasefire", "en_HTV", hits=2, words=10_000, videos=6, low=None, high=None),
    rate("ceasefire", "fr_RTM", hits=0, words=0, videos=0, low=None, high=None),
]
MONTHLY_ROWS = [
    *(rate("ceasefire", "en_NWB", f"2024-0{n}", hits=50 * n, words=100_000, videos=40, low=400.0 * n, high=600.0 * n)
      for n in (1, 2, 4, 5)),
    rate("ceasefire", "en_PLN", "2024-01", hits=10, words=100_000, videos=40, low=80.0, high=120.0),
    rate("ceasefire", "en_PLN", "2024-02", hits=9, words=900, videos=4, low=None, high=None),
]
CONTRAST = ("query", "compared", "first", "second", "hits", "other_hits", "log_ratio", "low", "high", "p")
CONTRAST_ROWS = [
    ("ceasefire", "all", None, None, 900, None, None, None, None, 0.002),
    ("ceasefire", "pair", "en_NWB", "en_PLN", 800, 100, 3.0, 2.0, 4.0, 0.001),
    ("ceasefire", "pair", "en_PLN", None, 100, 90, 0.0, None, None, 0.9),
]
KEYNESS = ("lemma", "target", "reference", "target_videos", "reference_videos", "lrc", "log_ratio", "low", "high")
KEYNESS_ROWS = [
    ("harvest", 80, 10, 40, 8, 1.5, 3.0, 2.0, 4.0), ("bridge", 10, 40, 9, 30, -0.5, -2.0, -3.0, -1.0),
    ("night", 20, 20, 15, 15, 0.0, 0.0, -0.5, 0.5), ("flour", 4, 0, 4, 0, 0.0, 3.2, None, None),
]
COLLOCATES = ("lemma", "together", "alone", "log_dice", "low", "high")
COLLOCATES_ROWS = [("talks", 40, 300, 10.5, 9.5, 11.5), ("deal", 12, 100, 9.0, None, None)]
SKETCH = ("relation", "label", *COLLOCATES)
SKETCH_ROWS = [(relation, "nsubj", *row) for relation in ("subject of", "modifier") for row in COLLOCATES_ROWS]
BESIDE = ("lemma", "outlet", "together", "alone", "log_dice", "log_dice_low", "log_dice_high", "difference", "low", "high")
BESIDE_ROWS = [(*row[:1], outlet, *row[1:], 0.5, -0.5, 1.5) for row in COLLOCATES_ROWS for outlet in ("en_NWB", "en_PLN")]
NAMING = ("language", "outlet", "alternative", "hits", "of", "share", "low", "high")
NAMING_ROWS = [("en", outlet, name, round(40 * share), 40, share, max(share - 0.1, 0.0), min(share + 0.1, 1.0))
               for outlet, shares in (("en_NWB", (0.25, 0.75)), ("en_PLN", (0.9, 0.1)))
               for name, share in zip(("captive", "prisoner"), shares, strict=True)]
NAMED = ("language", "outlet", "month", *NAMING[2:])
NAMED_ROWS = [("en", "en_NWB", f"2024-0{month}", name, 8 * month, 9 if month == 3 else 40, share, None, None)
              for month, shares in ((1, (0.2, 0.8)), (2, (0.4, 0.6)), (3, (None, None)), (4, (0.5, 0.5)))
              for name, share in zip(("captive", "prisoner"), shares, strict=True)]
APART = ("language", "group", "other", "alternative", "share", "other_share", "difference", "low", "high", "note")
APART_ROWS = [("en", "en_NWB", "en_PLN", name, 0.25, 0.9, apart, apart - 0.2, apart + 0.2, "")
              for name, apart in (("captive", -0.65), ("prisoner", 0.65))]
CHANGES = ("query", "outlet", "change", "period", "earliest", "latest", "support", "p", "before", "after", "log_ratio", "note")
CHANGES_ROWS = [
    ("ceasefire", "en_NWB", 1, "2024-03", "2024-02", "2024-05", 0.93, 0.001, 80.0, 400.0, 2.3, ""),
    ("ceasefire", "en_PLN", 0, None, None, None, None, 0.4, None, None, None, "no change found"),
]
LEADS = ("query", "first", "second", "lag", "correlation", "low", "high", "periods")
LEADS_ROWS = [("ceasefire", "en_NWB", "en_PLN", lag, 0.8 - 0.3 * abs(lag - 1), 0.1, 0.9, 60) for lag in (-1, 0, 1, 2)]
NGRAMS = ("ngram", "count", "range", "per_million", "low", "high")
NGRAMS_ROWS = [("at the border", 40, 22, 400.0, 300.0, 520.0), ("in the night", 4, 3, 40.0, None, None)]
DISPERSION = ("query", "range", "dp_norm", "low", "high", "by_chance")
DISPERSION_ROWS = [("ceasefire", 31, 0.5, 0.4, 0.6, 0.3), ("winter", 4, 0.9, None, None, 0.85)]
FRAME = ("filler", "count", "hits", "share", "low", "high")
FRAME_ROWS = [("(any)", 50, 50, 1.0, None, None), ("people", 30, 50, 0.6, 0.5, 0.7), ("war", 5, 50, 0.1, None, None)]
STRIPS = ("query", "outlet", "video", "published", "hits", "words")
STRIPS_ROWS = [("ceasefire", "en_NWB" if n % 2 else "en_PLN", f"v{n}", f"2024-03-{n + 1:02}", 3 * (n % 3 == 0), 500) for n in range(20)]
NODES = [{"name": name, "x": math.cos(n), "y": math.sin(n), "size": n + 1} for n, name in enumerate(("aid", "convoy", "border"))]
EDGES = [{"source": "aid", "target": "convoy", "weight": 9.0}, {"source": "convoy", "target": "border", "weight": 4.0}]

#: Measure, columns, rows, labels, and words that the picture must have.
ABSENCE = ("story", "outlet", "name", "verdict", "chance", "found_in")
ABSENCE_ROWS = [
    ("s1", "en_PLN", "The crossing", "hardly by chance", 0.01, "en_NWB 1,200, en_HTV 3"),
    ("s1", "fr_RTM", "The crossing", "too little collected to tell", None, "en_NWB 1,200, en_HTV 3"),
    ("s2", "en_NWB", "", "could be chance", 0.4, "en_HTV 2, en_PLN 1"),
    ("s2", "en_PLN", "", "found", 0.9, "en_HTV 2, en_PLN 1"),
]
UNSAID = ("query", "outlet", "name", "verdict", "hits", "found_in")
UNSAID_ROWS = [('[norm="voss"]', "en_PLN", "voss", "seldom by chance", 2, "en_NWB 90, en_PLN 2"),
               ("truce", "en_NWB", "", "found", 4, "en_NWB 4, en_PLN 5")]
COMPARED = ("query", "first", "second", "stories", "matched", "low", "high", "whole")
COMPARED_ROWS: list[tuple[Any, ...]] = [
    ("talks", "en_NWB", "en_PLN", 24, 1.0, 0.5, 1.5, 3.0), ("talks", "en_NWB", "the others", 9, -1.0, None, None, -2.0),
    ("talks", "en_PLN", "en_HTV", 3, None, None, None, None)]
STORIES = ("query", "first", "second", "story", "name", "log_ratio", "low", "high", "hits", "other_hits")
STORIES_ROWS: list[tuple[Any, ...]] = [
    ("talks", "en_NWB", "en_PLN", "s1", "The bridge", 2.0, None, None, 8, 2),
    ("talks", "en_NWB", "en_PLN", "s2", "The storm", None, None, None, 8, 0),
    ("talks", "en_NWB", "en_PLN", "all matched stories", "", 1.0, 0.5, 1.5, 16, 2),
    ("talks", "en_NWB", "en_PLN", "whole", "", 3.0, 2.0, 4.0, 90, 9)]
WITHIN = ("first", "second", "lemma", "matched", "low", "high", "whole", "hits", "other_hits")
WITHIN_ROWS: list[tuple[Any, ...]] = [
    ("en_NWB", "en_PLN", "ship", 1.0, 0.5, 1.5, 2.0, 12, 6), ("en_NWB", "en_PLN", "dock", -2.0, None, None, 0.5, 0, 4)]
NAMED_WITHIN = ("language", "first", "second", "alternative", "difference", "low", "high", "whole_difference")
NAMED_WITHIN_ROWS: list[tuple[Any, ...]] = [
    ("en", "en_NWB", "en_PLN", "captive", -0.25, -0.5, 0.05, -0.75), ("en", "en_NWB", "en_PLN", "hostage", 0.25, -0.05, 0.5, 0.75)]

TOLD = ("story", "outlet", "day", "name", "words", "share", "videos", "pieces")
TOLD_ROWS = [
    *(("crossing-closed", "en_NWB", f"2024-02-{n:02}", "The crossing closes", 100 * n, 0.1, 1, n) for n in range(1, 12, 2)),
    ("crossing-closed", "en_PLN", "2024-02-03", "The crossing closes", 900, 0.2, 2, 3),
    ("harvest", "en_PLN", "2024-02-20", "A late harvest", 300, 0.1, 1, 1), ("harvest", "en_PLN", "", "A late harvest", 300, 0.1, 1, 1),
    ("no-day", "en_PLN", "", "Nobody knows when", 300, 0.1, 1, 1),
]
TABLES: tuple[tuple[str, tuple[str, ...], list[tuple[Any, ...]], int, tuple[str, ...]], ...] = (
    ("freq", FREQ, FREQ_ROWS, 2, ("Northwater Broadcasting", "Plainline", "en_HTV", "800 (700–900)", "no words", "n = 956 videos")),
    ("freq", MONTHLY, MONTHLY_ROWS, 3, ("Northwater Broadcasting", "Plainline", "Events: 1 Crossing closed, 10 Feb 2024.")),
    ("contrast", CONTRAST, CONTRAST_ROWS, 4, ("Northwater Broadcasting over Plainline", "8.0 (4.0–16)", "p = 0.002")),
    ("keyness", KEYNESS, KEYNESS_ROWS, 1, ("harvest", "bridge", "night", "flour", "n = 4 words", "8×")),
    ("keyness", ("outlet", *KEYNESS), [("en_NWB", *row) for row in KEYNESS_ROWS], 2, ("harvest", "flour", "8.0 (4.0–16)")),
    ("collocates", COLLOCATES, COLLOCATES_ROWS, 1, ("talks", "10.50 (9.50–11.50)", "40 · 300")),
    ("collocates", SKETCH, SKETCH_ROWS, 3, ("subject of", "modifier", "talks", "10.50 (9.50–11.50)")),
    ("collocates", BESIDE, BESIDE_ROWS, 2, ("talks", "deal", "Northwater Broadcasting", "Plainline", "logDice")),
    ("naming", NAMED, NAMED_ROWS, 4, ("captive", "prisoner", "1 Jan 2024 to 30 Apr 2024", "A gap", "100%")),
    ("naming_differences", APART, APART_ROWS, 4, ("captive", "Northwater Broadcasting less Plainline", "−65% (−85% to −45%)")),
    ("changes", CHANGES, CHANGES_ROWS, 3, ("80.0 → 400, Mar 2024", "93%", "no change found, p = 0.4")),
    ("leads", LEADS, LEADS_ROWS, 4, ("+1", "−1", "+0.80 (+0.10 to +0.90)", "Plainline")),
    ("trend", MONTHLY, MONTHLY_ROWS, 3, ("Northwater Broadcasting", "Plainline")),
    ("ngrams", FRAME, FRAME_ROWS, 1, ("people", "60.0% (50.0%–70.0%)")),
    ("naming", NAMING, NAMING_ROWS, 3, ("captive", "prisoner", "Northwater Broadcasting", "Plainline", "100%")),
    ("ngrams", NGRAMS, NGRAMS_ROWS, 1, ("at the border", "400 (300–520)", "40 · 22")),
    ("dispersion", DISPERSION, DISPERSION_ROWS, 1, ("ceasefire", "0.50 (0.40–0.60)", "31")),
    ("dispersion_strips", STRIPS, STRIPS_ROWS, 3, ("Northwater Broadcasting", "Plainline", "by date", "n = 20 videos, 21 hits")),
    ("absence", ABSENCE, ABSENCE_ROWS, 2, ("The crossing", "s2", "Northwater Bro…", "fr_RTM", "too little to tell", "not in the table")),
    ("unsaid", UNSAID, UNSAID_ROWS, 2, ("voss", "truce", "Northwater Bro…", "seldom so little by chance")),
    ("compare", COMPARED, COMPARED_ROWS, 3, ("Northwater Broadcasting over Plainline", "2.0 (1.4–2.8)", "24", "0.50",
                                             "1 comparisons without hits on both sides are not drawn.")),
    ("compare_stories", STORIES, STORIES_ROWS, 4, ("The bridge", "4.0", "8 · 2", "all matched stories", "2.0 (1.4–2.8)", "whole",
                                                   "Drawn: 1 of 2 stories")),
    ("compare_keyness", WITHIN, WITHIN_ROWS, 3, ("ship", "+1.00 (+0.50 to +1.50)", "12 · 6", "diamonds: of all their words")),
    ("compare_naming", NAMED_WITHIN, NAMED_WITHIN_ROWS, 4, ("captive", "−25% (−50% to +5%)", "within stories that both tell")),
    ("stories_by", TOLD, TOLD_ROWS, 3, ("The crossing closes", "A late harvest", "Northwater Broadcasting", "Plainline",
                                        "Events: 1 Crossing closed, 10 Feb 2024.", "n = 40 pieces, 4,800 words",
                                        "Not drawn: 1 stories without a day.")),
)
