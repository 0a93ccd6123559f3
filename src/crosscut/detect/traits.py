"""What the words of a track show by themselves: language, case, marks, unknown words, pace, silences.

Everything is counted on a sample from three places of the text, so that ten hours cost what ten minutes do; pace and
silences are of the whole.  Nothing here decides anything: ``selection`` does, and a person's word wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from crosscut.annotate import lemmas
from crosscut.detect.language import identify
from crosscut.model import Traits, Transcript
from crosscut.tokens import TERMINAL, Tokens, marks

#: Tokens that are looked at, in three places.
LOOKED_AT = 200
#: Fewer letters tell nothing about case, fewer words nothing about the share of unknown ones.
FEWEST_LETTERS, FEWEST_WORDS = 40, 20
#: More letters of ten than this are capitals: the writer had no small ones.
UPPER = 0.9
#: Fewer sentences than this do not show how sentences begin.
FEWEST_SENTENCES = 3
#: Text without capitals has less than one word in 200 with one (a title read aloud, a name that slipped in).
LOWER = 0.005
#: Pauses of speakers are shorter; longer ones are music, pictures, or captions that are missing.
SILENCE_MS = 10_000


def traits_of(transcript: Transcript, tokens: Tokens) -> Traits:
    """The traits of a track from its transcript and the tokens of it."""
    language, certain = identify(transcript.text)
    places = _places(len(tokens))
    forms = [tokens.forms[place] for place in places]
    begins = [form for place, form in zip(places, forms, strict=True)
              if place and marks(tokens.afters[place - 1]) & TERMINAL]
    pace = _pace(transcript, len(tokens))
    return Traits(language, round(certain, 4), _case(forms, begins), _unknown(forms, language), *pace)


def _places(tokens: int) -> Sequence[int]:
    if tokens <= LOOKED_AT:
        return range(tokens)
    third, middle = LOOKED_AT // 3, tokens // 2
    return [*range(third), *range(middle, middle + third), *range(tokens - third, tokens)]


def _case(forms: Sequence[str], begins: Sequence[str]) -> str:
    """How capitals are used; ``begins`` are the forms that begin a sentence."""
    text = "".join(forms)
    upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))
    if upper + lower < FEWEST_LETTERS:
        return "none"
    if upper > UPPER * (upper + lower):
        return "upper"
    words = [form[0].isupper() for form in forms if form[0].isalpha() and form != "I"]
    if len(begins) >= FEWEST_SENTENCES and 2 * sum(form[0].isupper() for form in begins) > len(begins):
        return "cased"
    return "names" if sum(words) >= LOWER * len(words) else "lower"


@lru_cache(maxsize=1 << 18)
def _is_known(form: str, language: str) -> bool:
    return lemmas.is_known(form, language)


def _unknown(forms: Sequence[str], language: str) -> float | None:
    words = [form for form in forms if len(form) > 1 and form.isalpha()]
    if len(words) < FEWEST_WORDS or not lemmas.knows(language):
        return None
    return round(sum(not _is_known(form, language) for form in words) / len(words), 4)


def _pace(transcript: Transcript, words: int) -> tuple[float | None, float | None, float | None]:
    if len(transcript.starts) < 2 or (span := int(transcript.ends.max() - transcript.starts[0])) <= 0:
        return None, None, None
    until = np.maximum.accumulate(transcript.ends.astype(np.int64))
    gaps = np.maximum(transcript.starts[1:] - until[:-1], 0)
    if transcript.word_timed:  # a word is on the screen until the next one: what counts is when they begin
        gaps = np.diff(transcript.starts.astype(np.int64))
    silent = int(gaps[gaps >= SILENCE_MS].sum())
    return (round(60_000 * words / span, 1), round(int(gaps.max(initial=0)) / 1000, 1), round(min(silent / span, 1.0), 4))
