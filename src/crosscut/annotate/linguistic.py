"""spaCy pipelines over our own tokens.  The only module that imports spaCy.

The pipeline sees each document alone and in pieces that depend on nothing but the document, so that what it says of a
video does not depend on what else is in the corpus.  It sees punctuation (it was trained with it); punctuation then
loses its position again, and a head that was a mark becomes that mark's own head.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import spacy
from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, LEMMA, POS, SENT_START, TAG
from spacy.tokens import Doc

from crosscut.annotate.choose import Annotator, Request, base_flags, model_folder
from crosscut.errors import ModelError
from crosscut.model import ENTITY, SENTENCE, Annotation, Coded

#: A piece of a document that goes through the pipeline at once; bounds memory for hours-long streams.
LONGEST_PIECE = 4_000

_ATTRIBUTES = [LEMMA, POS, TAG, HEAD, DEP, ENT_IOB, ENT_TYPE, SENT_START]
_PIECE = re.compile(r"\[[^\[\]]*\]|>>+|♪|\.{2,}|\S")
_NOT_PUNCTUATION = ("[", ">>", "♪")


@lru_cache(maxsize=1 << 16)
def _punctuation(between: str) -> tuple[str, ...]:
    """The punctuation marks between two tokens, as the pipeline should see them."""
    return tuple(p for p in _PIECE.findall(between) if not p.startswith(_NOT_PUNCTUATION))


class Pipeline:
    """A loaded spaCy pipeline."""

    def __init__(self, annotator: Annotator) -> None:
        package = annotator.model.rpartition("-")[0]
        folder = model_folder(package)
        if folder is None:
            raise ModelError(f"the model {package} is not installed any more: pip install {package}")
        logging.getLogger("spacy").setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a model made for another minor version loads with a warning
            self.nlp = spacy.load(folder)

    def __call__(self, requests: Iterable[Request]) -> Iterator[Annotation]:
        """One annotation a request, each document by itself."""
        for request in requests:
            yield self._annotate(request)

    def _annotate(self, request: Request) -> Annotation:
        flags = base_flags(request)
        if not len(flags):
            nothing = Coded.of([])
            return Annotation(nothing, nothing, nothing, np.zeros(0, np.int16), nothing, nothing, flags)
        pieces = [self._piece(request, a, b) for a, b in _pieces(request)]
        table = np.concatenate(pieces)
        flags[table[:, 7] == 1] |= SENTENCE
        flags[_entity_begins(table[:, 5], table[:, 6])] |= ENTITY
        return Annotation(
            lemma=self._strings(table[:, 0]), pos=self._strings(table[:, 1]), tag=self._strings(table[:, 2]),
            head=np.clip(table[:, 3].astype(np.int64), -32_768, 32_767).astype(np.int16), dep=self._strings(table[:, 4]),
            entity=self._strings(table[:, 6]), flags=flags,
        )

    def _piece(self, request: Request, begin: int, end: int) -> npt.NDArray[np.uint64]:
        """The pipeline's attributes of tokens ``begin`` to ``end``, heads as distances between our tokens."""
        words, spaces, starts, kept = _words(request, begin, end)
        doc = self.nlp(Doc(self.nlp.vocab, words=words, spaces=spaces, sent_starts=starts))
        table = np.asarray(doc.to_array(_ATTRIBUTES), np.uint64)
        begins = np.searchsorted(kept, np.flatnonzero(table[:, 7] == 1))  # a sentence that begins with a quotation mark
        table[kept[begins[begins < len(kept)]], 7] = 1
        heads = np.arange(len(doc)) + table[:, 3].astype(np.int64)
        new_place = np.full(len(doc), -1, np.int64)
        new_place[kept] = np.arange(len(kept))
        while (lost := new_place[heads] < 0).any():  # follow a mark to its own head; a mark that is a root ends here
            above = heads[heads]
            stuck = lost & (above == heads)
            heads = np.where(stuck, np.arange(len(doc)), np.where(lost, above, heads))
            if stuck[lost].all():
                break
        table, heads = table[kept], new_place[heads[kept]]
        distance = np.where(heads < 0, 0, heads - np.arange(len(kept)))
        table[:, 3] = distance.astype(np.uint64)
        return table

    def _strings(self, hashes: npt.NDArray[np.uint64]) -> Coded:
        distinct, first, codes = np.unique(hashes, return_index=True, return_inverse=True)
        order = np.argsort(first, kind="stable")  # values in order of appearance, so that digests are stable
        place = np.empty(len(order), np.uint32)
        place[order] = np.arange(len(order), dtype=np.uint32)
        names = self.nlp.vocab.strings
        return Coded([names[int(distinct[i])] if distinct[i] else "" for i in order], place[codes])


def _pieces(request: Request) -> Iterator[tuple[int, int]]:
    """Cut a long document at sentence starts that are certain, into pieces of bounded length."""
    begin, total = 0, len(request.tokens)
    starts = np.flatnonzero(request.starts.given | request.starts.cut)
    while total - begin > LONGEST_PIECE:
        inside = starts[(starts > begin) & (starts <= begin + LONGEST_PIECE)]
        end = int(inside[-1]) if len(inside) else begin + LONGEST_PIECE
        yield begin, end
        begin = end
    yield begin, total


def _words(
    request: Request, begin: int, end: int
) -> tuple[list[str], list[bool], list[bool | int | None], npt.NDArray[np.int64]]:
    """Tokens and punctuation as the pipeline sees them; ``kept`` are the places of our tokens among them."""
    tokens, starts = request.tokens, (request.starts.given | request.starts.cut)[begin:end].tolist()
    words: list[str] = []
    spaces: list[bool] = []
    sent_starts: list[bool | int | None] = []
    kept: list[int] = []
    for form, after, start in zip(tokens.forms[begin:end], tokens.afters[begin:end], starts, strict=True):
        kept.append(len(words))
        words.append(form.replace("’", "'"))
        sent_starts.append(True if start else None)
        if after in {" ", ""}:
            spaces.append(after == " ")
            continue
        punctuation = _punctuation(after)
        spaces.append(not punctuation or after[0].isspace())
        words += punctuation
        spaces += [False] * (len(punctuation) - 1) + [True] * bool(punctuation)
        sent_starts += [None] * len(punctuation)
    return words, spaces, sent_starts, np.array(kept, np.int64)


def _entity_begins(iob: npt.NDArray[np.uint64], kind: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Where an entity begins among kept tokens, also when its first word in the pipeline's eyes was a mark."""
    inside = kind != 0
    follows = np.zeros(len(kind), bool)
    follows[1:] = inside[:-1] & (kind[1:] == kind[:-1])
    begins: npt.NDArray[np.bool_] = inside & ((iob == 3) | ~follows)
    return begins
