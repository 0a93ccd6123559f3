"""A study's corpus, open: one method a command, each returning what the command prints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crosscut.errors import CorpusMissing, QueryError
from crosscut.measure.finding import Evidence
from crosscut.model import FOUND, VIEWS
from crosscut.settings import open_study
from crosscut.store.corpus import open_files
from crosscut.workbench import (
    changes,
    collocates,
    contrast,
    dispersion,
    freq,
    keyness,
    leads,
    lists,
    naming,
    network,
    ngrams,
    reading,
    suggesting,
    trend,
)
from crosscut.workbench.opened import Opened
from crosscut.workbench.reading import Concordance


class Corpus(Opened):
    """An open corpus: ``crosscut.open("my-study")``."""

    kwic, explain, subcorpus, text = reading.kwic, reading.explain, reading.subcorpus, reading.text
    groups, wordlist, counts = lists.groups, lists.wordlist, lists.counts
    collocates, network = collocates.collocates, network.network
    freq, keyness = freq.freq, keyness.keyness
    trend, changes, contrast = trend.trend, changes.changes, contrast.contrast
    leads, firsts = leads.leads, leads.firsts
    dispersion, dispersion_strips = dispersion.dispersion, dispersion.dispersion_strips
    ngrams = ngrams.ngrams
    naming_test, naming_differences, naming_drift = naming.naming_test, naming.naming_differences, naming.naming_drift
    naming, suggest_naming = naming.naming, suggesting.suggest_naming

    def lines(self, evidence: Evidence, *, limit: int = 50, context: int = 10) -> Concordance:
        """The lines that a row of a finding counts: ``corpus.lines(finding.evidence[0])``."""
        return self.kwic(evidence.query, where=evidence.where, span=evidence.span, strategy=evidence.strategy,
                         limit=limit, context=context)

    def video(self, video: str) -> dict[str, Any]:
        """What is known of a video."""
        return self.files.catalog.row(self.files.ordinal(video))


def open_corpus(folder: str | Path = ".", *, as_of: str = "", view: str = FOUND) -> Corpus:
    """Open the corpus of a study folder, or of the one that the folder lies in.

    ``as_of``: as it was known at a date; ``view``: "found", or "levelled" (see ``crosscut build --levelled``).
    """
    study = open_study(folder)
    if view not in VIEWS:
        raise QueryError(f"no view {view!r}: there is {' and '.join(VIEWS)}")
    if view != FOUND and not study.view(view).is_dir():
        raise CorpusMissing(f"the {view} view of {study.folder} is not built: run crosscut build --{view}")
    if as_of:
        from crosscut.building import files_as_of  # a concordance of today should not wait for it

        return Corpus(study, files_as_of(study, as_of, view), view)
    return Corpus(study, open_files(study.view(view)), view)
