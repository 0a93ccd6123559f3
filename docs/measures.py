"""Write ``docs/measures.md``: what each column of each measure is, as the findings themselves explain it.

``python -m docs.measures`` asks every measure of a small made-up study; so the page says what the program says.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crosscut.building import build
from crosscut.importing import import_
from crosscut.measure.finding import Finding
from crosscut.settings import read_study
from crosscut.workbench import twice
from crosscut.workbench.asking import MEASURES, measure_named
from crosscut.workbench.corpus import Corpus, open_corpus
from crosscut.workbench.grouping import update_stories

PAGE = Path(__file__).with_name("measures.md")

_STUDY = """[study]
seed = 1
[annotate]
jobs = 1
models = { en = "none" }
[outlets.en_A]
[outlets.en_B]
[naming.held.en]
alternatives = { hostage = "hostage", captive = "captive" }
"""

#: Stands for the largest story.
STORY = "STORY"
#: A passage that some of the videos have in common.
REMARKS = ("the salt road opens again on friday and nine wagons of grain will cross the pass at hollin gap because two "
           "valleys have shared their lamps and their bread for seven weeks")

#: How each measure is asked here, and the command that asks it.
ASKED: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "freq": ("freq", ("truce",), {"by": "outlet"}),
    "trend": ("trend", ("truce",), {"by": "outlet", "period": "month"}),
    "changes": ("trend --changes", ("truce",), {"by": "outlet", "period": "month"}),
    "leads": ("trend --leads", ("truce",), {"by": "outlet", "period": "day"}),
    "firsts": ("trend --first", ("truce",), {"by": "outlet"}),
    "contrast": ("contrast", ("truce",), {"by": "outlet"}),
    "keyness": ("keyness", (), {"by": "outlet", "layer": "norm"}),
    "collocates": ("collocates", ("truce",), {"layer": "norm"}),
    "network": ("collocates --network", ("truce",), {"layer": "norm"}),
    "dispersion": ("dispersion", ("truce",), {"by": "outlet"}),
    "dispersion_strips": ("dispersion --strips", ("truce",), {"by": "outlet"}),
    "ngrams": ("ngrams", (), {"n": 2}),
    "naming": ("naming SET", ("held",), {"by": "outlet"}),
    "naming_differences": ("naming SET --show differences", ("held",), {"by": "outlet"}),
    "naming_test": ("naming SET --show test", ("held",), {"by": "outlet"}),
    "naming_drift": ("naming SET --show drift", ("held",), {"by": "outlet,month"}),
    "suggest_naming": ("naming --suggest WORD", ("hostage",), {"at_least": 1}),
    "stories": ("stories", (), {}),
    "stories_by": ("stories --by outlet", (), {"by": "outlet"}),
    "story_pieces": ("stories --story STORY", (STORY,), {}),
    "compare": ("compare", ("truce",), {"min_words": 5}),
    "compare_stories": ("compare --stories", ("truce",), {"min_words": 5}),
    "compare_keyness": ("compare --keyness", (), {"layer": "norm", "min_words": 5}),
    "compare_naming": ("compare --naming SET", ("held",), {"min_words": 5}),
    "story": ("compare --story ID", (STORY,), {}),
    "story_titles": ("compare --story ID --show titles", (STORY,), {}),
    "story_words": ("compare --story ID --show words", (STORY,), {"layer": "norm"}),
    "story_only": ("compare --story ID --show only", (STORY,), {}),
    "story_shared": ("compare --story ID --show shared", (STORY,), {"layer": "norm"}),
    "story_passages": ("compare --story ID --show passages", (STORY,), {}),
    "absence": ("absence", (), {"at_least": 1}),
    "unsaid": ("absence --query QUERY", ("truce",), {}),
    "copies": ("copies", (), {}),
    "copied": ("copies --by outlet", (), {"by": "outlet"}),
    "copies_of": ("copies --group NAME", (), {}),
}
#: Beside them: a frame has columns of its own, and so have groups side by side.
MORE: tuple[tuple[str, str, tuple[str, ...], dict[str, Any]], ...] = (
    ("ngrams --frame", "ngrams", (), {"frame": "the * holds"}),
    ("collocates --by", "collocates", ("truce",), {"layer": "norm", "by": "outlet"}),
)


def sample(folder: Path) -> Corpus:
    """Forty made-up videos of two outlets, two months, with times."""
    (folder / "crosscut.toml").write_text(_STUDY, encoding="utf-8")
    study = read_study(folder)
    paths = []
    for number in range(40):
        held = ("hostage", "captive")[number % 3 % 2]
        text = f"{'the truce holds ' * (1 + number % 4)}and the {held} is free, the {held} said on day {number}"
        if number % 10 == 3:
            text += f" {REMARKS}"
        path = folder / "in" / f"{number}.info.json"
        path.parent.mkdir(exist_ok=True)
        id = f"sample{number:05}"
        path.write_text(
            f'{{"id": "{id}", "extractor_key": "Youtube", "title": "Number {number}", "channel": "en_{"AB"[number % 2]}",'
            f' "timestamp": {1_700_000_000 + number * 86_400}, "duration": 60}}', encoding="utf-8")
        captions = path.with_name(f"Number {number} [{id}].en.vtt")
        captions.write_text(f"WEBVTT\n\n00:00:01.000 --> 00:00:59.000\n{text}\n", encoding="utf-8")
        paths += [path, captions]
    import_(study, paths)
    build(study)
    corpus = open_corpus(folder)
    update_stories(corpus)
    return corpus


def findings(corpus: Corpus) -> Iterator[tuple[str, str, Finding]]:
    """Command, measure and finding of each way to ask."""
    for measure, (command, queries, options) in ASKED.items():
        queries = tuple(corpus.stories().rows[0][0] if query == STORY else query for query in queries)
        if measure == "copies_of":
            options = {"group": corpus.copies().rows[0][0]}
        yield command, measure, measure_named(measure)(corpus, *queries, **options)
    for command, measure, queries, options in MORE:
        yield command, measure, measure_named(measure)(corpus, *queries, **options)


def page() -> str:
    """The page; the same on every machine."""
    assert set(ASKED) == set(MEASURES)
    parts = ["# What the columns are\n\nWritten by `make docs` from what the findings themselves say (`--explain`); a test "
             "keeps it current. How intervals are made, and how often they are right, says "
             "[uncertainty.md](uncertainty.md).\n"]
    with tempfile.TemporaryDirectory() as folder:
        corpus = sample(Path(folder))
        for command, measure, finding in findings(corpus):
            manual = (inspect.getdoc(measure_named(measure)) or "").partition("\n\n")[0].replace("\n", " ")
            rows = [f"| `{name}` | {finding.explained[name].replace('|', chr(92) + '|')} |" for name in finding.columns
                    if name in finding.explained]
            assert set(finding.explained) >= set(finding.columns[finding.labels :]), (command, finding.columns)
            parts.append(f"## crosscut {command}\n\n{manual}\n\n| column | is |\n|---|---|\n" + "\n".join(rows) + "\n")
        parts.append(_asked_twice(corpus))
    return "\n".join(parts)


def _asked_twice(corpus: Corpus) -> str:
    """What any finding has beside its own columns when it is asked of a part of the words as well."""
    parts = ["## Any of them with --beside\n\n" + (inspect.getdoc(twice) or "").partition("\n\n")[2].replace("\n", " ") +
             "  Columns begin with the name of the part, here `first 30s`.\n"]
    for measure in ("freq", "contrast"):
        command, queries, options = ASKED[measure]
        finding = corpus.beside(measure, {"queries": queries, **options}, "first 30s")
        own = measure_named(measure)(corpus, *queries, **options).columns
        rows = [f"| `{name}` | {finding.explained[name]} |" for name in finding.columns if name not in own]
        parts.append(f"`crosscut {command} --beside 'first 30s'`:\n\n| column | is |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE}")
