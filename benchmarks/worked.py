"""The worked example on real news: builds the study, asks questions, verifies the answers, writes the page.

``make worked`` writes docs/worked-example.md and its figures.  It needs ../shared/data (the transcripts are not ours to hand
on) and takes about five minutes the first time, for the annotation.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.material import CACHE, ROOT, SHARED, have_shared, mappings, transcripts
from crosscut.building import build
from crosscut.cli.common import cell
from crosscut.errors import QueryError
from crosscut.importing import import_
from crosscut.measure.finding import Finding
from crosscut.settings import Study, read_study
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.grouping import update_stories
from crosscut.workbench.looking import look_for_copies
from crosscut.workbench.verifying import Verification, verify
from crosscut.workbench.views import both_views

PAGE = ROOT / "docs" / "worked-example.md"
TEXT = Path(__file__).with_name("worked.md")
STUDY = Path(__file__).with_name("worked.toml")
FIGURES = ROOT / "docs" / "worked"

ENGLISH = "language=en"
TWO = "outlet=en_BBC|en_CBS"
FIRST = "first occurrences"
#: The questions: name, measure, what is asked, options, and the command that asks the same.
QUESTIONS: dict[str, tuple[str, tuple[str, ...], dict[str, Any], str]] = {
    "timeline": ("trend", ("ceasefire",), {"by": "outlet", "period": "week", "where": ENGLISH},
                 "crosscut trend ceasefire --by outlet --period week --where language=en"),
    "contrast": ("contrast", ("ceasefire",), {"by": "outlet", "within": "week", "where": ENGLISH},
                 "crosscut contrast ceasefire --by outlet --within week --where language=en"),
    "keyness": ("keyness", (f"{ENGLISH} outlet=en_BBC", f"{ENGLISH} outlet=en_CBS"), {"limit": 12, "min_videos": 10},
                "crosscut keyness --where 'language=en outlet=en_BBC' --reference 'language=en outlet=en_CBS' "
                "--min-videos 10 --limit 12"),
    "collocates": ("collocates", ("hostage|hostages",), {"by": "outlet", "where": f"{ENGLISH} {TWO}", "limit": 8},
                   "crosscut collocates 'hostage|hostages' --by outlet --where 'language=en outlet=en_BBC|en_CBS' "
                   "--limit 8"),
    "naming": ("naming", ("held",), {"by": "outlet"}, "crosscut naming held --by outlet"),
    "copied": ("copied", (), {"by": "outlet", "where": ENGLISH}, "crosscut copies --by outlet --where language=en"),
    "stories": ("stories", (), {"limit": 10, "min_outlets": 2, "where": ENGLISH},
                "crosscut stories --min-outlets 2 --limit 10 --where language=en"),
    "compare": ("compare", ("hostage|hostages", "trump"), {"pair": "en_BBC,en_CBS", "where": ENGLISH},
                "crosscut compare 'hostage|hostages' trump --pair en_BBC,en_CBS --where language=en "
                f"--beside '{FIRST}'"),
    "within": ("compare_naming", ("held",), {"pair": "en_BBC,en_CBS"},
               f"crosscut compare --naming held --pair en_BBC,en_CBS --beside '{FIRST}'"),
    "key": ("compare_keyness", (), {"pair": "en_BBC,en_CBS", "where": ENGLISH, "limit": 10},
            "crosscut compare --keyness --pair en_BBC,en_CBS --where language=en --limit 10 "
            f"--beside '{FIRST}'"),
    "absence": ("absence", (), {"where": ENGLISH, "limit": 4}, "crosscut absence --where language=en --limit 4"),
}
#: Questions that are asked of first occurrences too.
TWICE = ("compare", "within", "key")
#: Questions that are lists: nothing is drawn.
LISTS = ("copied", "stories")
#: Columns of the tables in the page; the files have all.
SHOWN = {
    "timeline": ("outlet", "week", "hits", "words", "videos", "per_million", "low", "high", "note"),
    "contrast": ("first", "second", "hits", "videos", "other_hits", "other_videos", "log_ratio", "low", "high", "p",
                 "p_adjusted"),
    "keyness": ("lemma", "target", "reference", "target_videos", "reference_videos", "lrc", "log_ratio", "low", "high",
                "p_wilcoxon"),
    "collocates": ("lemma", "outlet", "together", "alone", "videos", "log_dice", "difference", "low", "high"),
    "naming": ("outlet", "alternative", "hits", "of", "share", "low", "high", "videos", "videos_with_any", "note"),
    "copied": ("outlet", "kind", "words", "of", "share", "low", "high", "times", "videos"),
    "stories": ("story", "first", "last", "outlets", "videos", "pieces", "words", "words_en_BBC", "words_en_CBS",
                "words_en_FOX", "words_en_MSNBC"),
    "compare": ("query", "stories", "whole", "whole_low", "whole_high", "matched", "low", "high", "topic", "hits",
                "other_hits", "first_matched", "first_low", "first_high", "moves", "verdict"),
    "within": ("alternative", "stories", "whole_difference", "difference", "low", "high", "hits", "of", "other_hits",
               "other_of", "first_difference", "first_low", "first_high", "moves", "verdict"),
    "key": ("lemma", "stories", "hits", "other_hits", "matched", "low", "high", "whole", "topic", "first_matched",
            "first_low", "first_high", "verdict"),
    "absence": ("story", "outlet", "verdict", "chance", "p_adjusted", "found_in", "pieces", "mention", "gaps"),
}


def study(folder: Path, *, models: str = "") -> Study:
    """The study of the example, built; ``models="none"``: without annotation, in seconds."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = STUDY.read_text(encoding="utf-8")
    if models:
        settings += f'\n[annotate]\njobs = 1\nmodels = {{ en = "{models}" }}\n'
    (folder / "crosscut.toml").write_text(settings, encoding="utf-8")
    made = read_study(folder)
    import_(made, transcripts(), mappings=mappings())
    build(made)
    corpus = open_corpus(folder)
    look_for_copies(corpus)
    update_stories(corpus)
    return made


def ask(corpus: Corpus, name: str, **more: Any) -> Finding:
    """One of the questions."""
    measure, asked, options, _ = QUESTIONS[name]
    if name in TWICE:
        return corpus.beside(measure, {**_named(measure, asked), **options, **more}, FIRST)
    found: Finding = getattr(corpus, measure)(*asked, **{**options, **more})
    return found


def _named(measure: str, asked: tuple[str, ...]) -> dict[str, Any]:
    """What is asked, by the name that the measure has for it."""
    return {"queries": list(asked)} if measure == "compare" else {"name": asked[0]} if asked else {}


def verified(made: Study, finding: Finding, folder: Path) -> Verification:
    """A finding written to a file, and computed again from it."""
    path = folder / f"{finding.measure}.csv"
    path.write_text(finding.to_csv(), encoding="utf-8")
    return verify(made.folder, path)


def mixed(folder: Path) -> tuple[Corpus, Corpus]:
    """Captions of three kinds in one study, as found and levelled: automatic, of a live feed, and by a recogniser."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "crosscut.toml").write_text('[study]\nseed = 1\n[annotate]\nmodels = { en = "none" }\n', encoding="utf-8")
    made = read_study(folder)
    captions = [SHARED / "captions" / name for name in ("youtube-auto-rolling-json", "tv-closed-captions-srt")]
    import_(made, [*captions, *transcripts()], mappings=mappings())
    build(made, levelled=True)
    return open_corpus(folder), open_corpus(folder, view="levelled")


def _kinds() -> str:
    """Rates by kind of captions, in both views."""
    views = mixed(CACHE / "mixed")
    rows = []
    for query in ("um|uh", "the", "gonna", "president"):
        try:
            found = both_views(*views, "freq", {"queries": [query], "by": ["kind"]})
        except QueryError as error:
            found = views[0].freq(query, by="kind")
            reason = str(error).partition("\n")[0].removeprefix("--view both: ")
        for row in found.to_dicts():
            low, high = (cell(row[name], ",.0f") for name in ("low", "high"))
            rows.append([row["query"], row["kind"], cell(row["videos"]), cell(row["per_million"], ",.0f"),
                         f"{low} to {high}", cell(row.get("levelled_per_million"), ",.0f"),
                         cell(row["moves"], "+.1%") if "moves" in row else reason])
    head = ["query", "kind", "videos", "per million", "95 %", "levelled", "moves"]
    return "\n".join(_row(cells) for cells in (head, ["---"] * 2 + ["---:"] * 4 + ["---"], *rows))


def _table(name: str, finding: Finding) -> str:
    places = [finding.columns.index(column) for column in SHOWN[name] if column in finding.columns]
    columns = [finding.columns[place] for place in places]
    rows = [[cell(row[place], finding.formats.get(finding.columns[place], "")) for place in places] for row in finding.rows]
    rule = ["---:" if any(isinstance(row[place], (int, float)) for row in finding.rows) else "---" for place in places]
    return "\n".join(_row(cells) for cells in (columns, rule, *rows))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in cells)} |"


def _section(made: Study, corpus: Corpus, name: str, folder: Path) -> str:
    finding = ask(corpus, name)
    found = verified(made, finding, folder)
    assert found.holds, (name, found.differs)
    assert not found.changed, (name, found.changed)
    figure = ""
    if name not in LISTS:
        _without_titles(finding).plot().save(FIGURES / f"{name}.svg")
        figure = f"![{finding.question}](worked/{name}.svg)\n\n"
    notes = "\n".join(f"- {note}" for note in finding.notes)
    return (f"```sh\n{QUESTIONS[name][3]}\n```\n\n{figure}{_table(name, finding)}\n\n"
            f"What the finding says of itself:\n\n{notes}\n\n`crosscut verify` computed the exported table again: "
            f"{len(found.again.rows)} rows, every number the same.")


def _without_titles(finding: Finding) -> Finding:
    """A finding whose stories have no names: those are titles of videos, which are not ours to print."""
    if "name" not in finding.columns:
        return finding
    place = finding.columns.index("name")
    return replace(finding, rows=tuple((*row[:place], "", *row[place + 1 :]) for row in finding.rows))


def page() -> str:
    """The page, with what was measured put into the text."""
    FIGURES.mkdir(exist_ok=True)
    cached = CACHE / "annotated"
    folder = CACHE / "worked"
    shutil.rmtree(folder, ignore_errors=True)
    if cached.is_dir():
        shutil.copytree(cached, folder)  # its words are annotated; only the study file is another one
    made = study(folder)
    corpus = open_corpus(made.folder)
    text = TEXT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as temporary:
        for name in QUESTIONS:
            text = text.replace(f"<!-- {name} -->", _section(made, corpus, name, Path(temporary)))
    text = text.replace("<!-- kinds -->", _kinds())
    return text.replace("<!-- study -->", f"```toml\n{STUDY.read_text(encoding='utf-8').strip()}\n```")


def main() -> None:
    """Write the page."""
    if not have_shared():
        sys.exit("make worked needs ../shared/data: the transcripts are not part of the project")
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
