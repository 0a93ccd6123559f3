"""What the words of a track show by themselves: language, case, marks, unknown words, speech, pace, silences.

Most is counted on a sample from three places of the text, so that ten hours cost what ten minutes do; capitals, pace and
silences are of the whole.  Nothing here decides anything: ``selection`` does, and a person's word wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from crosscut.annotate import lemmas
from crosscut.detect.language import identify
from crosscut.detect.speech import is_speech
from crosscut.model import Traits, Transcript
from crosscut.tokens import TERMINAL, Tokens, marks

#: Tokens that are looked at, in three places.
LOOKED_AT = 200
#: Fewer letters tell nothing about case, fewer words nothing about the share of unknown ones.
FEWEST_LETTERS, FEWEST_WORDS = 40, 20
#: More letters than this are capitals: the writer had no small ones.  Broadcasts have 0.83 to 0.99, and advertisements in
#: small letters anywhere between: three places of a show can hit one.
UPPER = 0.5
#: Fewer sentences than this do not show how sentences begin, unless they are all there is and none is longer than so many
#: tokens on average: else a lone mark stands in a text that has none.
FEWEST_SENTENCES, LONGEST_SENTENCE = 3, 60
#: Text without capitals has less than one word in 200 with one (a title read aloud, a name that slipped in).
LOWER = 0.005
#: Pauses of speakers are shorter; longer ones are music, pictures, or captions that are missing.
SILENCE_MS = 10_000
#: Words a minute from which on a track is spoken; a description of a video is over in no time.
SPOKEN_PACE = 40


def traits_of(transcript: Transcript, tokens: Tokens, claimed: str = "") -> Traits:
    """The traits of a track from its transcript, the tokens of it, and the language it claims."""
    language, certain = identify(transcript.text)
    places = _places(len(tokens))
    forms = [tokens.forms[place] for place in places]
    begins = [form for place, form in zip(places, forms, strict=True)
              if place and marks(tokens.afters[place - 1]) & TERMINAL]
    whole = 0 < len(forms) == len(tokens) and marks(tokens.afters[-1]) & TERMINAL > 0
    pace = _pace(transcript, len(tokens))
    speech = True if (pace[0] or 0) >= SPOKEN_PACE else is_speech(transcript.text, language)
    case = "upper" if _capitals(transcript.text) > UPPER else _case(forms, [forms[0], *begins] if whole else begins, whole)
    return Traits(language, round(certain, 4), case, _unknown(forms, language, claimed), *pace, speech)


def _capitals(text: str) -> float:
    """The share of capitals among the letters that have a case; 0 where there are too few to tell."""
    counts = np.bincount(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))
    met = {chr(code): int(counts[code]) for code in np.flatnonzero(counts).tolist()}
    upper, lower = (sum(count for letter, count in met.items() if of_case(letter)) for of_case in (str.isupper, str.islower))
    return upper / (upper + lower) if upper + lower >= FEWEST_LETTERS else 0.0


def _places(tokens: int) -> Sequence[int]:
    if tokens <= LOOKED_AT:
        return range(tokens)
    third, middle = LOOKED_AT // 3, tokens // 2
    return [*range(third), *range(middle, middle + third), *range(tokens - third, tokens)]


def _case(forms: Sequence[str], begins: Sequence[str], whole: bool) -> str:
    """How capitals are used; ``begins`` are the forms that begin a sentence, ``whole``: of all sentences there are."""
    if sum(form.upper() != form.lower() and len(form) for form in forms) < FEWEST_LETTERS:
        return "none"
    words = [form[0].isupper() for form in forms if form[0].isalpha() and form != "I"]
    enough = len(forms) <= LONGEST_SENTENCE * len(begins) if whole else len(begins) >= FEWEST_SENTENCES
    if enough and 2 * sum(form[0].isupper() for form in begins) > len(begins):
        return "cased"
    return "names" if sum(words) >= LOWER * len(words) else "lower"


@lru_cache(maxsize=1 << 18)
def _is_known(form: str, language: str) -> bool:
    return lemmas.is_known(form, language)


def _unknown(forms: Sequence[str], language: str, claimed: str) -> float | None:
    words = [form for form in forms if len(form) > 1 and form.isalpha()]
    # A dictionary takes a second to load: not for the odd track that is in another language than it says.
    if claimed.partition("-")[0].lower() not in ("", language) or len(words) < FEWEST_WORDS or not lemmas.knows(language):
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
