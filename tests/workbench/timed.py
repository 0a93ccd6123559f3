"""Two videos of one story whose times are known."""

from __future__ import annotations

from pathlib import Path

from crosscut.building import build
from crosscut.importing import import_
from crosscut.workbench.corpus import Corpus, open_corpus
from tests.studies import PLAIN, make_study
from tests.workbench.stories import write_stories


def timed(folder: Path) -> Corpus:
    """B tells the story a day before A; A says a number."""
    study, paths, told = make_study(folder), [], {}
    for number, outlet in enumerate(("en_B", "en_A")):
        id = f"timed{number:06}"
        text = " ".join(["the bridge is closed today"] * 6 + (["for 42 days"] * 2 if outlet == "en_A" else []))
        info = folder / "in" / f"{number}.info.json"
        info.parent.mkdir(exist_ok=True)
        info.write_text(f'{{"id": "{id}", "extractor_key": "Youtube", "title": "T {number}", "channel": "{outlet}", '
                        f'"timestamp": {1_700_000_000 + number * 86_400}, "duration": 60}}', encoding="utf-8")
        captions = info.with_name(f"T {number} [{id}].en.vtt")
        captions.write_text(f"WEBVTT\n\n00:00:01.000 --> 00:00:59.000\n{text}\n", encoding="utf-8")
        paths += [info, captions]
        told[id] = [(0, 1_000, "s")]
    study = make_study(folder, PLAIN + "[outlets.en_A]\n[outlets.en_B]\n")
    import_(study, paths)
    build(study)
    return write_stories(open_corpus(folder), told)
