"""A study's corpus, open: one method a command, each returning what the command prints."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any

from crosscut.errors import CorpusMissing, QueryError
from crosscut.measure.finding import Evidence, Finding
from crosscut.model import FOUND, VIEWS
from crosscut.settings import open_study
from crosscut.store.corpus import open_files
from crosscut.workbench import reading
from crosscut.workbench.asking import MEASURES, measure_named
from crosscut.workbench.opened import Opened
from crosscut.workbench.reading import Concordance

#: A concordance does not wait for what it does not use: ``Corpus.__getattr__`` imports a measure when it is asked.  What is
#: under this name is for type checkers (those read a plain TYPE_CHECKING too late to learn the types of these functions).
_ONLY_TYPES: bool = TYPE_CHECKING

if _ONLY_TYPES:
    from crosscut.workbench.absence import absence as _absence
    from crosscut.workbench.changes import changes as _changes
    from crosscut.workbench.collocates import collocates as _collocates
    from crosscut.workbench.compare import compare as _compare
    from crosscut.workbench.compare import compare_stories as _compare_stories
    from crosscut.workbench.compare_keyness import compare_keyness as _compare_keyness
    from crosscut.workbench.compare_naming import compare_naming as _compare_naming
    from crosscut.workbench.contrast import contrast as _contrast
    from crosscut.workbench.copies import copied as _copied
    from crosscut.workbench.copies import copies as _copies
    from crosscut.workbench.copies import copies_of as _copies_of
    from crosscut.workbench.dispersion import dispersion as _dispersion
    from crosscut.workbench.dispersion import dispersion_strips as _dispersion_strips
    from crosscut.workbench.freq import freq as _freq
    from crosscut.workbench.keyness import keyness as _keyness
    from crosscut.workbench.leads import firsts as _firsts
    from crosscut.workbench.leads import leads as _leads
    from crosscut.workbench.lists import counts as _counts
    from crosscut.workbench.lists import groups as _groups
    from crosscut.workbench.lists import wordlist as _wordlist
    from crosscut.workbench.naming import naming as _naming
    from crosscut.workbench.naming import naming_differences as _naming_differences
    from crosscut.workbench.naming import naming_drift as _naming_drift
    from crosscut.workbench.naming import naming_test as _naming_test
    from crosscut.workbench.network import network as _network
    from crosscut.workbench.ngrams import ngrams as _ngrams
    from crosscut.workbench.stories import stories as _stories
    from crosscut.workbench.stories import stories_by as _stories_by
    from crosscut.workbench.stories import story_pieces as _story_pieces
    from crosscut.workbench.story import story as _story
    from crosscut.workbench.story import story_passages as _story_passages
    from crosscut.workbench.story import story_shared as _story_shared
    from crosscut.workbench.story import story_titles as _story_titles
    from crosscut.workbench.story import story_words as _story_words
    from crosscut.workbench.story_only import story_only as _story_only
    from crosscut.workbench.suggesting import suggest_naming as _suggest_naming
    from crosscut.workbench.trend import trend as _trend
    from crosscut.workbench.unsaid import unsaid as _unsaid

_LISTS = ("groups", "wordlist", "counts")


class Corpus(Opened):
    """An open corpus: ``crosscut.open("my-study")``."""

    kwic, explain, subcorpus, text = reading.kwic, reading.explain, reading.subcorpus, reading.text

    if _ONLY_TYPES:
        groups, wordlist, counts = _groups, _wordlist, _counts
        freq, keyness, contrast = _freq, _keyness, _contrast
        trend, changes, leads, firsts = _trend, _changes, _leads, _firsts
        collocates, network, ngrams = _collocates, _network, _ngrams
        dispersion, dispersion_strips = _dispersion, _dispersion_strips
        naming, naming_test, naming_differences = _naming, _naming_test, _naming_differences
        naming_drift, suggest_naming = _naming_drift, _suggest_naming
        copies, copied, copies_of = _copies, _copied, _copies_of
        absence, unsaid = _absence, _unsaid
        compare, compare_stories, compare_keyness, compare_naming = (
            _compare, _compare_stories, _compare_keyness, _compare_naming)
        story, story_words, story_only, story_shared = _story, _story_words, _story_only, _story_shared
        story_titles, story_passages = _story_titles, _story_passages
        stories, stories_by, story_pieces = _stories, _stories_by, _story_pieces

    if not TYPE_CHECKING:
        def __getattr__(self, name: str) -> Any:
            """A measure or a list as a method; its module is imported when it is first asked."""
            if name in MEASURES:
                return MethodType(measure_named(name), self)
            if name in _LISTS:
                return MethodType(getattr(import_module("crosscut.workbench.lists"), name), self)
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

        def __dir__(self) -> list[str]:
            return sorted({*super().__dir__(), *MEASURES, *_LISTS})

    def lines(self, evidence: Evidence, *, limit: int = 50, context: int = 10) -> Concordance:
        """The lines that a row of a finding counts: ``corpus.lines(finding.evidence[0])``."""
        return self.kwic(evidence.query, where=evidence.where, span=evidence.span, strategy=evidence.strategy,
                         limit=limit, context=context)

    def beside(self, measure: str, parameters: Mapping[str, Any], span: str) -> Finding:
        """A measure of all words, and beside it of a part of them, which ``span`` says, with how far it moves.

        ``corpus.beside("freq", {"queries": ["war"]}, "first occurrences")``: see ``workbench.twice.beside``.
        """
        from crosscut.workbench.twice import beside

        return beside(self, measure, parameters, span)

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
