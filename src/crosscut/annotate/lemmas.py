"""Lemmas by dictionary, for languages without a pipeline.  The only module that imports simplemma.

Sentences are where marks, speaker changes or ``restore`` say so; part of speech, heads and entities are not available.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version as package_version

import numpy as np
import simplemma

from crosscut.annotate.choose import Annotator, Request, base_flags
from crosscut.model import SENTENCE, Annotation, Coded
from crosscut.tokens import TERMINAL, marks


@lru_cache(maxsize=1 << 8)
def knows(language: str) -> bool:
    """Whether simplemma carries a dictionary of ``language``."""
    try:
        simplemma.lemmatize("a", language)
    except ValueError:  # simplemma's word for an unsupported language
        return False
    return True


def is_known(form: str, language: str) -> bool:
    """Whether the dictionary of a language that simplemma knows has a form, as it is written or in small letters."""
    small = form.lower()
    return simplemma.is_known(small, language) or (form != small and simplemma.is_known(form, language))


@lru_cache(maxsize=1)  # a file is read and parsed for it
def version() -> str:
    """Package and version, for the recipe."""
    return f"simplemma-{package_version('simplemma')}"


@lru_cache(maxsize=1 << 18)
def _lemma(form: str, language: str) -> str:
    return simplemma.lemmatize(form.replace("’", "'"), language)


class Lemmas:
    """Annotates with lemmas only; with a language that has none, with nothing but sentence starts."""

    def __init__(self, annotator: Annotator) -> None:
        self.language = annotator.language if annotator.tool == "simplemma" else ""

    def __call__(self, requests: Iterable[Request]) -> Iterator[Annotation]:
        """One annotation a request."""
        for request in requests:
            yield self._annotate(request)

    def _annotate(self, request: Request) -> Annotation:
        tokens, flags = request.tokens, base_flags(request)
        ended = [bool(marks(after) & TERMINAL) for after in tokens.afters[:-1]]
        flags[1:][np.array(ended, bool)] |= SENTENCE
        lemma = [_lemma(form, self.language) for form in tokens.forms] if self.language else [""] * len(tokens)
        nothing = Coded.of([""] * len(tokens))
        head = np.zeros(len(tokens), np.int16)
        return Annotation(Coded.of(lemma), nothing, nothing, head, nothing, nothing, flags)
