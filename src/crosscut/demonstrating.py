"""The main job on the bundled sample study, from files to report."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crosscut.building import build
from crosscut.errors import CrosscutError
from crosscut.importing import ImportReport, Progress, import_
from crosscut.measure.finding import Finding
from crosscut.reporting import report
from crosscut.sample import STUDY, write
from crosscut.settings import FILE, read_study
from crosscut.workbench.corpus import open_corpus
from crosscut.workbench.reading import Concordance


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the demo found."""

    imported: ImportReport
    videos: int
    outlets: int
    words: int
    finding: Finding
    concordance: Concordance
    report: Path


def demo(folder: Path, progress: Callable[[str], Progress]) -> Demonstration:
    """Write the sample study into ``folder``, import, build, ask, report."""
    if folder.exists() and any(folder.iterdir()):
        study_file = folder / FILE
        if not study_file.is_file() or study_file.read_bytes() != STUDY.read_bytes():
            raise CrosscutError(f"{folder} holds something else than the sample study as it was written: name another "
                                f"folder, crosscut demo FOLDER")
        shutil.rmtree(folder)
    write(folder)
    study = read_study(folder)
    imported = import_(study, [folder / "captions"], progress=progress("reading"))
    build(study, progress=progress("annotating words"))
    corpus = open_corpus(folder)
    everything = corpus.mask()
    return Demonstration(
        imported, int(everything.videos.sum()), len(study.outlets), int(everything.words.sum()),
        # what each outlet calls the same crews: the first thing that the demo shows
        corpus.naming("held", by=["outlet"], language="en"),
        corpus.kwic("[lemma=\"breakthrough\"]", limit=8, context=8), report(corpus),
    )
