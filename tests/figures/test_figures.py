"""Every kind of figure: says what it shows, in words and in files; marks stand where the numbers are."""

from __future__ import annotations

import json
import struct
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair
import pytest

from crosscut.errors import QueryError
from crosscut.figures import KINDS, About, draw, draw_network
from crosscut.figures.colours import PALETTE, chosen
from crosscut.figures.figure import Figure
from tests.figures.tables import (
    ABOUT,
    ABSENCE,
    ABSENCE_ROWS,
    CHANGES,
    CHANGES_ROWS,
    COMPARED,
    COMPARED_ROWS,
    CONTRAST,
    CONTRAST_ROWS,
    EDGES,
    FREQ,
    FREQ_ROWS,
    KEYNESS,
    KEYNESS_ROWS,
    MONTHLY,
    MONTHLY_ROWS,
    NAMING,
    NAMING_ROWS,
    NODES,
    SKETCH,
    SKETCH_ROWS,
    STORIES,
    STORIES_ROWS,
    STRIPS,
    STRIPS_ROWS,
    TABLES,
    TOLD,
    TOLD_ROWS,
    rate,
)

SVG = "{http://www.w3.org/2000/svg}"
#: What an SVG here may be made of, and hold.
ELEMENTS = {"svg", "title", "desc", "g", "rect", "path", "line", "text", "tspan", "defs", "clipPath"}


def texts(svg: str) -> str:
    """Everything that is written in a picture."""
    return "\n".join("".join(element.itertext()) for element in ET.fromstring(svg).iter() if element.tag == f"{SVG}text")


def marks(spec: Any, kind: str) -> list[dict[str, Any]]:
    """All marks of a kind in a Vega-Lite specification."""
    if isinstance(spec, list):
        return [mark for part in spec for mark in marks(part, kind)]
    if not isinstance(spec, dict):
        return []
    own = [spec] if isinstance(spec.get("mark"), dict) and spec["mark"]["type"] == kind else []
    return own + [mark for name in ("layer", "vconcat", "concat") for mark in marks(spec.get(name, []), kind)]


def rows(mark: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = mark["data"]["values"]
    return found


@pytest.fixture(scope="module")
def freq() -> Figure:
    return draw("freq", FREQ, FREQ_ROWS, replace(ABOUT, labels=2))


@pytest.mark.parametrize(("measure", "columns", "table", "labels", "wanted"), TABLES)
def test_a_figure_says_what_it_shows(
    measure: str, columns: tuple[str, ...], table: list[tuple[Any, ...]], labels: int, wanted: tuple[str, ...]
) -> None:
    figure = draw(measure, columns, table, replace(ABOUT, labels=labels))
    altair.VConcatChart.from_dict(figure.spec)  # checked against the schema of Vega-Lite
    svg = figure.svg()
    written = texts(svg)
    for words in (*wanted, ABOUT.question, "Northwater study", "Method: crosscut freq", "24 Nov 2026", "Note: caveat 2",
                  "The table has 3 more notes."):
        assert words in written, words
    root = ET.fromstring(svg)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ELEMENTS
    assert root.get("role") == "img"
    assert root.get("aria-labelledby", "").split() == [root[0].get("id"), root[1].get("id")]
    assert (root[0].tag, root[0].text, root[1].tag) == (f"{SVG}title", ABOUT.question, f"{SVG}desc")
    assert root[1].text == figure.description
    assert len(figure.description) > 40
    assert 640 < float(root.get("width", "0")) < 800
    assert svg == draw(measure, columns, table, replace(ABOUT, labels=labels)).svg()


def test_every_measure_that_has_a_figure_is_tried() -> None:
    assert {measure for measure, *_ in TABLES} == set(KINDS)


def test_the_whole_is_a_diamond_beside_what_is_matched() -> None:
    figure = draw("compare", COMPARED, COMPARED_ROWS, replace(ABOUT, labels=3))
    dots = [(row["value"], row["other"]) for mark in marks(figure.spec, "point") for row in rows(mark) if row.get("label")]
    assert set(dots) == {(2.0, 8.0), (0.5, 0.25)}
    figure = draw("compare_stories", STORIES, STORIES_ROWS, replace(ABOUT, labels=4))
    shapes = {row["label"]: (row["value"], row["shape"], row["hollow"]) for mark in marks(figure.spec, "point") for row in rows(mark)}
    assert shapes == {"The bridge": (4.0, "circle", False), "all matched stories": (2.0, "square", False), "whole": (8.0, "square", False)}
    for measure, columns, table in (("compare", COMPARED, COMPARED_ROWS[2:]), ("compare_stories", STORIES, STORIES_ROWS[1:2])):
        with pytest.raises(QueryError, match="nothing to draw"):
            draw(measure, columns, table, ABOUT)


# -- where marks stand --------------------------------------------------------------------------------------------------


def test_intervals_and_dots_of_rates_have_the_numbers_of_the_table(freq: Figure) -> None:
    bars = [row for mark in marks(freq.spec, "rule") for row in rows(mark) if "low" in mark["encoding"]["x"].get("field", "")]
    assert [(row["label"], row["low"], row["high"]) for row in bars] == [
        ("Northwater Broadcasting", 700.0, 900.0), ("Plainline", 80.0, 125.0)]
    dots = [row for mark in marks(freq.spec, "point") for row in rows(mark)]
    assert [(row["label"], row["value"], row["fill"] == "#ffffff") for row in dots] == [
        ("Northwater Broadcasting", 800.0, False), ("Plainline", 100.0, False), ("en_HTV", 200.0, True)]


def test_what_was_not_found_is_told_apart_by_shape() -> None:
    figure = draw("absence", ABSENCE, ABSENCE_ROWS, replace(ABOUT, labels=2))
    cells = next(mark for mark in marks(figure.spec, "point") if len(rows(mark)) > 1)
    step = rows(cells)[0]["x"] * 2 / (2 * ["en_HTV", "en_NWB", "en_PLN", "fr_RTM"].index("en_NWB") + 1)
    drawn = {(round(row["y"] / 20 - 0.5), round(row["x"] / step - 0.5)): (row["shape"], row["size"]) for row in rows(cells)}
    assert drawn == {(0, 0): ("square", 150.0), (0, 1): ("square", 150.0), (0, 2): ("cross", 150.0), (0, 3): ("circle", 10.0),
                     (1, 0): ("square", 150.0), (1, 1): ("circle", 90.0), (1, 2): ("square", 150.0), (1, 3): ("stroke", 60.0)}
    assert "seldom so by chance: Plainline The crossing" in figure.description


def test_a_bar_is_drawn_where_its_limits_lie_on_the_scale(freq: Figure) -> None:
    scale = next(mark["encoding"]["x"]["scale"] for mark in marks(freq.spec, "point"))
    assert scale["domain"] == [0.0, 1.04 * 900]
    panel = freq.spec["vconcat"][0]["vconcat"][0]["vconcat"][0]
    widths = [panel["width"] * (high - low) / (1.04 * 900) for low, high in ((700, 900), (80, 125))]
    drawn = [float(line.get("x2", "0")) for line in ET.fromstring(freq.svg()).iter(f"{SVG}line")]
    assert all(min(abs(length - other) for other in drawn) < 0.01 for length in widths)


def test_a_series_breaks_where_a_period_is_missing_and_hollows_what_rests_on_few_words() -> None:
    figure = draw("freq", MONTHLY, MONTHLY_ROWS, replace(ABOUT, labels=3))
    courses = [rows(mark) for mark in marks(figure.spec, "line")]
    assert [[row.get("run") for row in course] for course in courses] == [[1, 1, 2, 2], [1, 2], [None, None]]
    assert "Hollow: no interval or fewer than 2,000 words." in " ".join(texts(figure.svg()).split("\n"))
    first, second, *_ = courses[0]
    assert first["at"] == 1_705_406_400_000                     # 16 January 2024, 12:00 UTC: the middle of the month
    assert (second["value"], second["low"], second["high"]) == (1000.0, 800.0, 1200.0)
    assert [row["fill"] == "#ffffff" for row in courses[1]] == [False, True]
    assert [row["pair"] for row in courses[2]] == [0, 0]        # dashed, to what has no interval
    tops = {mark["encoding"]["y"]["scale"]["domain"][1] for mark in marks(figure.spec, "line")}
    assert tops == {1.06 * 3000}                                # 9 hits in 900 words do not stretch it
    beyond = [row for mark in marks(figure.spec, "point") if mark["mark"].get("shape") == "triangle-up" for row in rows(mark)]
    assert [row["value"] for row in beyond] == [10_000.0]
    events = [row for mark in marks(figure.spec, "text") for row in rows(mark) if mark["encoding"]["x"].get("field") == "at"]
    assert {row["text"] for row in events} == {"1"}             # the other lies beyond


def test_over_time_what_has_no_interval_is_hollow_however_many_words_it_rests_on() -> None:
    table = [(*row[:8], None, None, *row[10:]) if row[2] == "2024-02" else row for row in MONTHLY_ROWS[:4]]
    figure = draw("trend", MONTHLY, table, replace(ABOUT, labels=3))
    solid, dashed = (rows(mark) for mark in marks(figure.spec, "line"))
    assert [row["fill"] == "#ffffff" for row in solid] == [False, True, False, False]
    assert [row["run"] for row in solid] == [1, 2, 3, 3]
    assert [row["value"] for row in dashed] == [500.0, 1000.0]
    assert "Hollow: no interval." in " ".join(texts(figure.svg()).split("\n"))


def test_ratios_stand_on_a_scale_of_doublings_around_no_difference() -> None:
    figure = draw("contrast", CONTRAST, CONTRAST_ROWS, ABOUT)
    dots = marks(figure.spec, "point")[0]
    assert [row["value"] for row in rows(dots)] == [8.0, 1.0]
    scale = dots["encoding"]["x"]["scale"]
    assert (scale["type"], scale["base"]) == ("log", 2)
    assert scale["domain"][0] < 0.5
    assert scale["domain"][1] > 16
    assert [row["at"] for mark in marks(figure.spec, "rule") for row in rows(mark) if "at" in row] == [1.0]
    assert dots["encoding"]["x"]["axis"]["values"] == [0.5, 1, 2, 4, 8, 16]


def test_small_ratios_are_written_as_fractions() -> None:
    table = [*CONTRAST_ROWS, ("ceasefire", "pair", "en_PLN", "en_NWB", 1, 900, -8.0, -9.0, -7.0, 0.001)]
    written = texts(draw("contrast", CONTRAST, table, ABOUT).svg()).split("\n")
    assert {"1/256", "1/4", "1", "4", "16", "1/256 (1/512–1/128)"} <= set(written)
    assert not any(words.startswith("0.00") for words in written)


@pytest.mark.parametrize("ratio", [None, 7.5])
def test_a_pair_with_a_side_without_hits_says_so_and_has_no_ratio(ratio: float | None) -> None:
    """Whether the table has no ratio, or one with half a hit in place of none: neither is an estimate."""
    none = [("truce", "pair", first, second, hits, other, ratio and sign * ratio, None, None, 0.02)
            for first, second, hits, other, sign in (("en_NWB", "en_PLN", 90, 0, 1), ("en_PLN", "fr_RTM", 0, 90, -1))]
    table = [*none, ("truce", "pair", "en_NWB", None, 0, 0, None, None, None, None)]
    figure = draw("contrast", CONTRAST, [*CONTRAST_ROWS, *table], ABOUT)
    assert [row["value"] for mark in marks(figure.spec, "point") if "field" in mark["encoding"]["x"] for row in rows(mark)] == [8.0, 1.0]
    heads = {mark["mark"]["shape"]: [row["label"] for row in rows(mark)] for mark in marks(figure.spec, "point")
             if "shape" in mark["mark"]}
    assert heads == {"triangle-left": ["Plainline over fr_RTM"], "triangle-right": ["Northwater Broadcasting over Plainline"]}
    written = texts(figure.svg())
    assert [written.count(f"no hits in {name}\n") for name in ("Plainline", "either")] == [2, 1]
    assert "Arrow heads: one side has no hits" in figure.shown
    assert "8.0 (4.0–16) times as often" in figure.description
    alone = draw("contrast", CONTRAST, table, ABOUT)            # and where no pair has a ratio at all
    assert "no hits in either" in texts(alone.svg())
    assert "all groups at once" not in texts(alone.svg())       # their p is of two groups


def test_where_nothing_changed_the_picture_says_so() -> None:
    figure = draw("changes", CHANGES, CHANGES_ROWS[1:], replace(ABOUT, labels=3, asked={"alpha": 0.05, "series": 4}))
    assert "A series has a change where p is below 0.0125." in texts(figure.svg())
    assert marks(figure.spec, "point") == []
    assert "no change found, p = 0.4" in texts(figure.svg())
    assert figure.shown.startswith("No change found. ")
    assert figure.description.count("no change found") == 1


def test_names_that_do_not_fit_and_words_without_a_ratio_are_counted() -> None:
    crowd = [(f"word number {n}", 80, 10, 40, 8, 1.5, 3.0, 2.0, 4.0) for n in range(9)]
    written = texts(draw("keyness", KEYNESS, [*crowd, ("only", 80, 0, 40, 0, None, None, None, None)], ABOUT).svg())
    shown = sum(f"word number {n}" in written for n in range(9))
    assert 0 < shown < 9
    assert f"Names that would cover others are left out: {9 - shown} of 9 words." in written
    assert "(one side never says them): 1." in written


def test_queries_whose_rates_are_far_apart_have_scales_of_their_own() -> None:
    for factor, said, tops in ((3.0, "All panels have one scale.", 1), (8.0, "Scales differ from panel to panel.", 2)):
        table = [*FREQ_ROWS[:2], rate("truce", "en_NWB", hits=9, words=1_000_000, videos=9, low=1.0, high=900.0 / factor)]
        figure = draw("freq", FREQ, table, replace(ABOUT, labels=2))
        assert len({mark["encoding"]["x"]["scale"]["domain"][1] for mark in marks(figure.spec, "point")}) == tops
        assert said in figure.shown
    silent = draw("freq", FREQ, [*FREQ_ROWS[:2], rate("truce", "en_NWB", hits=0, words=9, videos=1, low=None, high=None)], ABOUT)
    assert all(mark["encoding"]["x"]["scale"]["domain"][1] == 1.04 * 900 for mark in marks(silent.spec, "point"))


def test_keyness_has_both_sides_and_is_hollow_where_nothing_is_shown() -> None:
    figure = draw("keyness", KEYNESS, KEYNESS_ROWS, replace(ABOUT, sides=("Northwater", "Plainline")))
    points = {row["word"]: row for mark in marks(figure.spec, "point") for row in rows(mark)}
    assert {word: (row["ratio"], row["bound"], row["videos"], row["fill"] != "#ffffff") for word, row in points.items()} == {
        "harvest": (3.0, 2.0, 40, True), "bridge": (-2.0, -1.0, 30, True), "night": (0.0, 0.5, 15, False),
        "flour": (3.2, None, 4, False)}
    assert points["harvest"]["area"] > points["bridge"]["area"] > points["flour"]["area"]
    assert "more often in Northwater: harvest 8.0 times; flour 9.2 times" in figure.description
    assert {"← Plainline", "Northwater →"} <= set(texts(figure.svg()).split("\n"))


def test_shares_of_outlets_stand_side_by_side() -> None:
    figure = draw("naming", NAMING, NAMING_ROWS, replace(ABOUT, labels=3))
    columns = [[(row["label"], row["value"], row["low"]) for row in rows(mark)] for mark in marks(figure.spec, "point")]
    assert columns == [[("captive", 0.25, 0.15), ("prisoner", 0.75, 0.65)], [("captive", 0.9, 0.8), ("prisoner", 0.1, 0.0)]]
    assert {tuple(mark["encoding"]["x"]["scale"]["domain"]) for mark in marks(figure.spec, "point")} == {(0.0, 1.0)}


def test_each_relation_has_rows_of_its_own_in_two_columns() -> None:
    table = [(f"relation {n}", "nsubj", f"word {n}.{m}", 40, 300, 10.5 - m, 9.5 - m, 11.5 - m) for n in range(14) for m in range(9)]
    figure = draw("collocates", SKETCH, table, replace(ABOUT, labels=3))
    found = [[row["label"] for row in rows(mark)] for mark in marks(figure.spec, "point")]
    assert found == [[f"word {n}.{m}" for m in range(5)] for n in range(12)]
    assert figure.spec["vconcat"][0]["vconcat"][0]["columns"] == 2
    root = ET.fromstring(figure.svg())
    assert float(root.get("height", "0")) < 1250
    assert all(f"Drawn: the first {words}." in texts(figure.svg()) for words in ("5 of each relation", "12 of 14 relations"))


def test_relations_by_outlet_are_blocks_of_columns_with_words_for_rows() -> None:
    columns = (*SKETCH[:3], "outlet", *SKETCH[3:])
    table = [(*row[:2], f"{row[2]}, {row[0]}", outlet, *row[3:]) for row in SKETCH_ROWS for outlet in ("en_NWB", "en_PLN")]
    figure = draw("collocates", columns, table, replace(ABOUT, labels=4))
    found = [[row["label"] for row in rows(mark)] for mark in marks(figure.spec, "point")]
    assert found == 2 * [["talks, subject of", "deal, subject of"]] + 2 * [["talks, modifier", "deal, modifier"]]
    written = texts(figure.svg()).split("\n")
    assert [written.count(name) for name in ("Northwater Broadcasting", "subject of", "modifier")] == [1, 1, 1]


def test_strips_have_a_tick_for_each_video_by_order_and_by_date() -> None:
    figure = draw("dispersion_strips", STRIPS, STRIPS_ROWS, ABOUT)
    faint, dark = ([len(rows(mark)) for mark in marks(figure.spec, "rule") if ("stroke" in mark["encoding"]) == with_hits]
                   for with_hits in (False, True))
    assert (faint, dark) == ([13, 13], [7, 7])


def test_the_area_of_a_dot_is_in_proportion_to_the_words() -> None:
    figure = draw("stories_by", TOLD, TOLD_ROWS, replace(ABOUT, labels=3))
    (dots,) = marks(figure.spec, "circle")
    areas = {(round(row["y"]), row["at"]): row["area"] for row in rows(dots)}
    by_words = sorted(areas.values())
    assert by_words[-1] / by_words[-2] == pytest.approx(1100 / 900, rel=0.01)
    lanes = sorted({y for y, _ in areas})
    assert len(lanes) == 3  # two outlets of the first story, one of the second
    assert len(areas) == 8  # a dot a day


def test_a_network_keeps_its_shape_and_refuses_an_edge_to_nowhere() -> None:
    figure = draw_network(NODES, EDGES, ABOUT)
    points = rows(marks(figure.spec, "point")[0])
    apart = [((a["x"] - b["x"]) ** 2 + (a["y"] - b["y"]) ** 2) ** 0.5 for a, b in ((points[0], points[1]), (points[1], points[2]))]
    assert apart[0] == pytest.approx(apart[1])                  # as on the circle that they lie on
    assert [row["width"] for row in rows(marks(figure.spec, "rule")[0])] == [0.4, 4.5]
    assert {"aid", "convoy", "border"} <= set(texts(figure.svg()).split("\n"))
    with pytest.raises(QueryError, match="leads to no word: aid – nowhere"):
        draw_network(NODES, [{"source": "aid", "target": "nowhere", "weight": 1.0}], ABOUT)


# -- colour -------------------------------------------------------------------------------------------------------------


def _grey(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return sum(weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
               for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def test_outlets_have_the_colours_of_the_study_and_others_are_nobodys() -> None:
    found = chosen(["a", "b", "c"], {"b": "#AA3377", "other": PALETTE[0]})
    assert found["b"] == "#AA3377"
    assert len({*found.values(), PALETTE[0]}) == 4
    assert chosen(["c", "a"], {"b": "#AA3377", "other": PALETTE[0]})["a"] in PALETTE


def test_no_figure_needs_colour_to_be_read(freq: Figure) -> None:
    """Every dot has its name beside it or above it, and hollow is white: grey or not, the same can be read."""
    svg = texts(freq.svg())
    assert all(name in svg for name in ("Northwater Broadcasting", "Plainline", "en_HTV", "fr_RTM"))
    figure = draw("keyness", KEYNESS, KEYNESS_ROWS, ABOUT)
    inks = {row["colour"] for mark in marks(figure.spec, "point") for row in rows(mark)}
    assert all(1.05 / (_grey(ink) + 0.05) > 3 for ink in inks)  # against white: WCAG's least contrast for pictures


# -- files --------------------------------------------------------------------------------------------------------------


def test_a_figure_can_be_four_kinds_of_file(freq: Figure, tmp_path: Path) -> None:
    paths = {ending: freq.save(tmp_path / "new" / f"out{ending}") for ending in (".svg", ".PNG", ".pdf", ".json")}
    assert paths[".svg"].read_text(encoding="utf-8") == freq.svg()
    assert paths[".pdf"].read_bytes().startswith(b"%PDF-")
    assert json.loads(paths[".json"].read_text(encoding="utf-8")) == freq.spec
    png = paths[".PNG"].read_bytes()
    width = struct.unpack(">I", png[16:20])[0]
    assert width == pytest.approx(2 * float(ET.fromstring(freq.svg()).get("width", "0")), abs=1)
    assert b"iTXtDescription" in png
    assert freq.description.encode() in png
    assert len(png) < 250_000
    assert [path.name for path in sorted((tmp_path / "new").iterdir())] == ["out.PNG", "out.json", "out.pdf", "out.svg"]


def test_png_keeps_its_pixels(freq: Figure) -> None:
    import vl_convert

    raw, ours = vl_convert.svg_to_png(freq.svg(), scale=2.0), freq.png()
    assert _pixels(raw) == _pixels(ours)
    assert len(ours) < len(raw)
    assert freq.png() == ours


def _pixels(png: bytes) -> bytes:
    place, found = 8, b""
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        content = png[place + 8 : place + 8 + length]
        assert zlib.crc32(kind + content) == struct.unpack(">I", png[place + 8 + length : place + 12 + length])[0]
        found += content if kind == b"IDAT" else b""
        place += 12 + length
    return zlib.decompress(found)


@pytest.mark.parametrize("name", ["out", "out.gif", "out.svg.exe", ".svg"])
def test_other_endings_are_refused_and_nothing_is_left(freq: Figure, tmp_path: Path, name: str) -> None:
    with pytest.raises(QueryError, match=r"must end in \.svg, \.png, \.pdf, \.json"):
        freq.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_notebooks_get_svg_and_words(freq: Figure) -> None:
    bundle = freq._repr_mimebundle_(include=None, exclude=None)
    assert bundle["image/svg+xml"] == freq.svg()
    assert ABOUT.question in bundle["text/plain"]


def test_in_a_page_a_figure_has_the_inks_of_the_page(freq: Figure) -> None:
    root = ET.fromstring(freq.inline())
    inks = {element.get(name) for element in root.iter() for name in ("fill", "stroke")}
    assert {"var(--ink, #222)", "var(--soft, #595959)", "var(--rule, #dedede)", "var(--paper, #fff)", "#AA3377"} <= inks
    assert not inks & {"#222222", "#595959", "#dedede", "#ffffff"}
    assert "rect" not in {child.tag for child in root}
    assert "http" not in freq.inline()
    written = {"".join(element.itertext()) for element in root.iter("text")}
    assert written < set(texts(freq.svg()).split("\n"))
    assert not any(ABOUT.question in words for words in written)  # the page says that itself


def test_a_chart_of_altair_can_be_changed(freq: Figure) -> None:
    assert freq.chart.properties(background="#eeeeee").to_dict()["background"] == "#eeeeee"


# -- what cannot be drawn ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("measure", "columns", "table", "why"), [
    ("kwic", ("a",), [(1,)], "no figure for kwic"), ("freq", FREQ, [], "no rows"),
    ("contrast", CONTRAST, CONTRAST_ROWS[:1], "no two groups"), ("keyness", KEYNESS, [("a", *[None] * 8)], "no word"),
    ("freq", MONTHLY, [(*MONTHLY_ROWS[0][:7], None, *MONTHLY_ROWS[0][8:])], "no period has a rate"),
    ("dispersion_strips", STRIPS, [("q", "o", "v", "2024", 0, 10)], "no video has a hit"),
])
def test_what_has_no_figure_is_refused(measure: str, columns: tuple[str, ...], table: list[tuple[Any, ...]], why: str) -> None:
    with pytest.raises(QueryError, match=why):
        draw(measure, columns, table, ABOUT)


def test_a_table_without_any_hit_or_interval_is_drawn_all_the_same() -> None:
    figure = draw("freq", FREQ, [(*row[:2], 0, 100, 3, 0, 0.0, None, None, 1.0, None, "") for row in FREQ_ROWS], About("Any?"))
    assert "n = 12 videos, 0 hits" in texts(figure.svg())
    assert "Source:" not in texts(figure.svg())
