"""When is each word of a script heard, and what did a machine make of it?

A script is punctuated, cased text.  ``say`` gives every word a time; ``mishear`` puts in what speech recognition made
of the proper names; ``without_marks`` writes the words as the unpunctuated automatic captions of 2019 to 2023 did.

Chance comes from names alone (SHA-256), so that a file never depends on which others were written before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple


class Word(NamedTuple):
    """One word as captioned, and when it is heard (ms).  A speaker mark belongs to it: ``>> Good``."""

    text: str
    start: int
    end: int


#: One line of captions.
Line = Sequence[Word]

# Sound marks and the bleep hold blanks; a speaker mark is written with the word after it unless that is a sound mark;
# French sets blanks before ? ! : ; and inside « », which belong to the word.
_WORDS = re.compile(
    r"\[[^\[\]\n]{1,40}\]|(?:>>[^\S\n]*(?!\[))?(?:«[ \u00a0\u202f]?)?[^\s\[][^\s]*(?:[ \u00a0\u202f][?!:;»]+[.,]*)*|\S+"
)
_SENTENCE_END = re.compile(r"(?<=[.?!])(?<![DM]r\.)(?<!Mrs\.)(?<!Ms\.)(?<![A-Za-z]\.[A-Za-z]\.)\s+|\n+")
_ABBREVIATION = re.compile(r"(?:[A-Za-z]\.){2,}|(?:Dr|Mr|Mrs|Ms|St|No)\.")
_EDGES = " \u00a0\u202f.,;:!?…—–()\"“”«»„"
_SOUND_MS = {"[Music]": 4200, "[Musique]": 4200, "[Applause]": 3100, "[Applaudissements]": 3100}

#: Share of the occurrences of a listed name that automatic captions get wrong.
MISHEARD_SHARE = 0.6


def chance(*names: object) -> float:
    """A number from 0 to below 1 that depends on the names only."""
    digest = hashlib.sha256("\x1f".join(map(str, names)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def chances(*names: object) -> Iterator[float]:
    """An endless run of such numbers; 21 come out of one hash, three bytes each, for there is one for every word."""
    block = 0
    while True:
        digest = hashlib.sha512("\x1f".join(map(str, (*names, block))).encode()).digest()
        yield from (int.from_bytes(digest[at : at + 3], "big") / 2**24 for at in range(0, 63, 3))
        block += 1


def is_sound(text: str) -> bool:
    """Is this a sound mark such as ``[Music]``?  (The bleep ``[ __ ]`` stands for a word and is none.)"""
    return text.startswith("[") and "__" not in text


def ends_sentence(text: str) -> bool:
    """Does a sentence end with this word?"""
    return text.rstrip("\"'”’»)").endswith((".", "?", "!")) and not _ABBREVIATION.fullmatch(text)


def say(text: str, voice: str) -> list[Word]:
    """Give every word a start and an end: about 2.6 words a second, with pauses where sentences and speakers change."""
    dice = chances("say", voice)
    pace = 0.92 + 0.16 * next(dice)
    clock = 40 + 10 * int(160 * next(dice))
    words: list[Word] = []
    for match in _WORDS.finditer(text):
        word = re.sub(r"^>>\s*(?=\S)", ">> ", match.group())
        if words:
            clock += _pause(words[-1].text, word, next(dice), pace)
        length = _length(word, next(dice), pace)
        words.append(Word(word, clock, clock + length))
        clock += length
    return words


def _length(word: str, luck: float, pace: float) -> int:
    """Sounding time in ms: letters weigh most; a tenth either way by chance; never under 80, YouTube's shortest."""
    if is_sound(word):
        return _SOUND_MS.get(word, 2600)
    letters = len(word.removeprefix(">> "))
    return max(80, 10 * int((11 + 4.4 * letters) * pace * (0.85 + 0.3 * luck)))


def _pause(before: str, after: str, luck: float, pace: float) -> int:
    """Silence between two words in ms; one sentence end in 25 is followed by a silence that clears the screen."""
    if ends_sentence(before):
        long = 3200 if luck > 0.96 else 0
        return long + 10 * int((28 + 40 * luck) * pace) + (350 if after.startswith(">>") else 0)
    if before.endswith((",", ";", ":", "—")):
        return 10 * int((10 + 14 * luck) * pace)
    return 300 if is_sound(before) or is_sound(after) else 0


def break_lines(words: Iterable[Word], width: int = 40, silence: int = 2500) -> list[list[Word]]:
    """Break words into caption lines as YouTube does: 40 characters; speakers, sounds and silences begin a new one."""
    lines: list[list[Word]] = []
    used = 0
    for word in words:
        last = lines[-1][-1] if lines else None
        fresh = last is None or used + 1 + len(word.text) > width or word.text.startswith(">>")
        if fresh or (last and (is_sound(last.text) or is_sound(word.text) or word.start - last.end > silence)):
            lines.append([])
            used = -1
        lines[-1].append(word)
        used += 1 + len(word.text)
    return lines


def sentences(words: Iterable[Word]) -> list[list[Word]]:
    """Words by sentence, for captions that are cut where people would cut them."""
    pieces: list[list[Word]] = [[]]
    for word in words:
        pieces[-1].append(word)
        if ends_sentence(word.text) or is_sound(word.text):
            pieces.append([])
    return [piece for piece in pieces if piece]


def mishear(text: str, names: Mapping[str, Sequence[str]], ear: str = "") -> str:
    """Replace about 60 % of the listed names by something like them.

    Whether and how depends on the name and on its sentence, not on the video: the same recording is misheard in the
    same way wherever it is broadcast, as it is by the real machines.  Another ``ear`` is another machine.
    """
    if not names:
        return text
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def heard(match: re.Match[str]) -> str:
        # Counted from the end of the sentence: a speaker mark at its beginning is no part of the recording.
        key = (ear, match.group(), len(match.string) - match.end(), match.string.removeprefix(">> "))
        if chance("misheard", *key) >= MISHEARD_SHARE:
            return match.group()
        ways = names[match.group()]
        return ways[int(len(ways) * chance("how", *key))]

    pieces = re.split(f"({_SENTENCE_END.pattern})", text)
    return "".join(pattern.sub(heard, piece) for piece in pieces)


def garbled(words: Sequence[str], rate: float, others: Sequence[str], ear: str) -> list[str]:
    """Words with recognition errors at a rate: of five errors three are another word, one is a word lost, one a word more.

    ``others``: what is heard instead.  Each ``ear`` errs elsewhere.
    """
    dice = chances("garbled", ear, rate)
    heard: list[str] = []
    for word, luck, choice in zip(words, dice, dice, strict=False):
        other = others[int(len(others) * choice)]
        heard += [word] if luck >= rate else [other] if luck < 0.6 * rate else [word, other] if luck < 0.8 * rate else []
    return heard


def proper_words(texts: Iterable[str]) -> frozenset[str]:
    """The names of a text, found without a list: words with a capital within sentences and never without one."""
    capital: set[str] = set()
    small: set[str] = set()
    for text in texts:
        for sentence in _SENTENCE_END.split(text):
            bare = [word.strip(_EDGES + "[]>").removesuffix("'s") for word in sentence.split()]
            capital.update(word for word in bare[1:] if word[:1].isupper())
            small.update(word for word in bare if word[:1].islower())
    return frozenset(word for word in capital if word.lower() not in small)


def without_marks(words: Iterable[Word], proper: Collection[str] = ()) -> list[Word]:
    """Drop punctuation, speaker marks and capitals; ``I``, sounds and the ``proper`` words keep theirs."""
    plain = (word._replace(text=_unmarked(word.text, proper)) for word in words)
    return [word for word in plain if word.text]


def _unmarked(text: str, proper: Collection[str]) -> str:
    """One word without its marks; dots go from R.P.A. but stay in a.m., as YouTube has it."""
    if text.startswith("["):
        return text
    text = text.removeprefix(">>").strip().replace("’", "'")
    bare = text.strip(_EDGES)
    if _ABBREVIATION.fullmatch(f"{bare}."):
        return f"{bare}." if bare.islower() else (bare if bare in proper else bare.lower()).replace(".", "")
    return _lowered(bare, proper)


def _lowered(text: str, proper: Collection[str]) -> str:
    """Lower case except for ``I``, ``I'm``, ``I've`` and the proper words (their possessives too)."""
    if text.partition("'")[0] == "I" or text in proper or text.removesuffix("'s") in proper:
        return text
    return text.lower()
