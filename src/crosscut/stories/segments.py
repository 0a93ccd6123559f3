"""Where does a long show go on to another subject?  Topic segments of one video's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: What a segment is.  ``SEGMENT``: nothing told its kind.
STORY, AD, TEASER, OTHER, SEGMENT = "story", "ad", "teaser", "other", "segment"
#: Why a segment begins where it does, the strongest first.
SHIFT, MARK, FORMULA, PAUSE, CHAPTER = "vocabulary shift", "story mark", "hand-over formula", "pause", "chapter"


@dataclass(frozen=True, slots=True)
class Speech:
    """What one video says, one value a token.  All but ``norms`` and ``terms`` may be missing.

    ``norms``: the words as ``crosscut.tokens.norm`` gives them; formulas are looked up in them.
    ``terms``: code of the lemma (or norm) of a content word, -1 of any other token.
    ``afters``: what stands between a token and the next (``Tokens.afters``): speaker, story and sound marks.
    ``begins``: where a sentence or a cue begins; a segment begins at one of these.  None: after marks, pauses and
    every 15 tokens.
    ``starts``: ms from the start of the video, -1 unknown.
    ``weights``: inverse document frequency of each term code in the corpus; None: as rare as it is within this video.
    ``chapters``: tokens at which chapters begin, as the publisher says.
    """

    norms: Sequence[str]
    terms: Ints
    afters: Sequence[str] | None = None
    begins: Bools | None = None
    starts: Ints | None = None
    weights: Floats | None = None
    chapters: Sequence[int] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens ``start`` to ``end`` (exclusive) of one subject or one function.

    ``score``: how sure its beginning is, 0 to 1 (1 for the first, which begins with the video).  ``evidence``: why it
    begins there, the strongest first; empty for the first.
    """

    start: int
    end: int
    label: str = SEGMENT
    score: float = 1.0
    evidence: tuple[str, ...] = ()


def segments(speech: Speech) -> list[Segment]:
    """The segments of a video in order: they follow on each other, begin at token 0 and end with the last token.

    A short video is one segment; one without tokens has none.
    """
    raise NotImplementedError
