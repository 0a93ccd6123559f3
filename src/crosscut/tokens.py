"""What is a word?  One tokeniser for every outlet and language.

A *token* is what has a position.  Punctuation, ``>>`` and ``[Music]`` are marks between tokens: they have no position,
are never words and never in a denominator.  A *word* is a token, or several that were written together: *Bevarra's* is
one word of two tokens, ``Bevarra`` + ``'s``; *don't* is ``do`` + ``n't``; French *l'accord* is ``l'`` + ``accord``.
Denominators count words, so a rate can be checked with an ordinary word count; positions, gaps and windows count
tokens, so a possessive does not hide a name.

Kept whole: initialisms with their stops (``U.S.``, ``a.m.``), numbers with grouping, decimals and times (``10,000``,
``3.5``, ``4:45``), hyphenated words (``72-hour``), domain names (``news.example``).

The text is never changed: ``before`` and each token's ``form`` and ``after`` (the marks and blanks up to the next
token) give it back exactly.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from crosscut.model import Int32, Transcript

#: Changes whenever the same text could give other tokens: part of the recipe.
VERSION = "1"

#: Marks of a stretch of text between two tokens (bit flags).
TERMINAL, SPEAKER, SOUND, COMMA = 1, 2, 4, 8

# Combining marks that str.isalnum() does not call letters but that belong to the word they stand in:
# Latin, Hebrew and Arabic points, and the vowel signs of the Indic, Tibetan and South-East Asian scripts.
_COMBINING = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a81-\u0a83\u0abc-\u0acd\u0b82\u0bbe-\u0bcd"
    "\u0c00-\u0c04\u0c3e-\u0c4d\u0d00-\u0d03\u0d3b-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u00ad\u200c\u200d"
)
_CHAR = rf"[\w{_COMBINING}]"
_BRACKET = r"\[[^\[\]\n]{0,200}\]"  # a sound mark; longer ones are somebody's prose
_INITIALISM = r"(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)\.?"
_JOIN = r"(?:['’ʼ\-‐‑]|(?<=\d)[.,:](?=\d)|(?<=[a-z])\.(?=[a-z])|(?<=[A-Za-z])&(?=[A-Za-z]))"
# Nine words in ten are letters and then nothing that could join them to more: found first, in two thirds of the time.
_QUICK = rf"[^\W_]\w*+(?![.,:&'’ʼ\-‐‑{_COMBINING}])"
_TOKEN = re.compile(rf"({_QUICK}|{_BRACKET}|(?:{_INITIALISM}|[^\W_]{_CHAR}*)(?:{_JOIN}(?:{_INITIALISM}|{_CHAR}+))*)")

# What a language writes together with its neighbour; groups 1 and 2 are the two tokens.
_ENGLISH = re.compile(r"(.+)(n['’ʼ]t|['’ʼ](?:s|re|ve|ll|d|m))", re.IGNORECASE)
_ELISION = re.compile(r"((?:[ldjnsmtc]|qu|jusqu|lorsqu|puisqu|quoiqu|dell|nell|sull|all|dall|un)['’ʼ])(.+)", re.IGNORECASE)
CLITICS = {"en": _ENGLISH, "fr": _ELISION, "it": _ELISION, "ca": _ELISION}

_TERMINAL = re.compile(r"[.?!…؟。]")
_STRESS = re.compile("[\u0640\u064b-\u065f\u0670\u00ad]")  # Arabic stretching and vowel points, soft hyphen
_GROUPING = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_INITIALISM_WITHIN = re.compile(_INITIALISM)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one text: ``before`` + all ``form + after`` is the text; ``offsets`` are where forms begin in it."""

    before: str
    forms: list[str]
    afters: list[str]
    offsets: Int32

    def __len__(self) -> int:
        return len(self.forms)

    def text(self) -> str:
        """The text, character for character."""
        return self.before + "".join(form + after for form, after in zip(self.forms, self.afters, strict=True))


def tokenise(text: str, language: str = "en") -> Tokens:
    """Cut ``text`` into tokens and the marks between them; ``language`` decides clitics only (BCP 47)."""
    parts = _TOKEN.split(text)
    if "[" in text:
        parts = _fold_brackets(parts)
    forms, afters = parts[1::2], parts[2::2]
    clitics = CLITICS.get(language.partition("-")[0])
    if clitics and ("'" in text or "’" in text or "ʼ" in text):
        forms, afters = _split_clitics(forms, afters, clitics)
    lengths = np.fromiter(map(len, forms), np.int32, len(forms)) + np.fromiter(map(len, afters), np.int32, len(forms))
    offsets = np.zeros(len(forms), np.int32)
    np.cumsum(lengths[:-1], out=offsets[1:])
    return Tokens(parts[0], forms, afters, offsets + np.int32(len(parts[0])))


def _fold_brackets(parts: list[str]) -> list[str]:
    """Make captured brackets part of the marks around them."""
    folded = [parts[0]]
    for form, after in zip(parts[1::2], parts[2::2], strict=True):
        if form[0] == "[":
            folded[-1] += form + after
        else:
            folded += (form, after)
    return folded


def _split_clitics(forms: list[str], afters: list[str], clitics: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """Split the few forms that hold an apostrophe; the stretches between them are taken over as they are."""
    out_forms: list[str] = []
    out_afters: list[str] = []
    done = 0
    text = "".join(forms)
    marks = [mark for mark in "'’ʼ" if mark in text]  # mostly one of them
    for place in sorted({i for mark in marks for i, form in enumerate(forms) if mark in form}):
        pieces = _pieces(forms[place], clitics)
        out_forms += forms[done:place]
        out_forms += pieces
        out_afters += afters[done:place]
        out_afters += [""] * (len(pieces) - 1)
        out_afters.append(afters[place])
        done = place + 1
    return out_forms + forms[done:], out_afters + afters[done:]


@lru_cache(maxsize=1 << 16)
def _pieces(form: str, clitics: re.Pattern[str]) -> tuple[str, ...]:
    found = clitics.fullmatch(form)
    if not found:
        return (form,)
    if clitics is _ELISION:
        return (found[1], *_pieces(found[2], clitics))
    return (*_pieces(found[1], clitics), found[2])


@lru_cache(maxsize=1 << 16)
def word(form: str) -> str:
    """The word layer: the form as captioned, without the stops of an initialism (``U.S.`` and ``US`` are one word)."""
    return _INITIALISM_WITHIN.sub(_without_stops, form) if "." in form else form


def _without_stops(initialism: re.Match[str]) -> str:
    return initialism[0].replace(".", "")


def is_initialism(text: str) -> bool:
    """Whether a text is an initialism and nothing else: ``U.S.``, ``a.m.``."""
    return _INITIALISM_WITHIN.fullmatch(text) is not None


@lru_cache(maxsize=1 << 16)
def norm(form: str) -> str:
    """The norm layer: what is the same however it was typed (case, apostrophes, grouping of digits, Arabic points)."""
    plain = unicodedata.normalize("NFKC", word(form)).replace("’", "'").replace("ʼ", "'").replace("‑", "-")
    plain = plain.replace("‐", "-")
    bare = _GROUPING.sub("", _STRESS.sub("", plain))
    # Folding can take letters apart (ß + accent), and composing can make new ones to fold: twice is enough (Unicode 3.13).
    return _folded(_folded(bare))


def _folded(text: str) -> str:
    return text if text.isascii() and text.islower() else unicodedata.normalize("NFKC", text.casefold())


@lru_cache(maxsize=1 << 16)
def marks(between: str) -> int:
    """Which marks stand in a stretch between two tokens: ``TERMINAL | SPEAKER | SOUND | COMMA``."""
    outside = re.sub(_BRACKET, "", between)
    return (
        (TERMINAL if _TERMINAL.search(outside) else 0)
        | (SPEAKER if ">>" in between else 0)
        | (SOUND if outside != between or "♪" in between else 0)
        | (COMMA if any(mark in outside for mark in ",;:،—–") else 0)
    )


def token_times(tokens: Tokens, transcript: Transcript) -> tuple[Int32, bool]:
    """Start of each token in ms (-1 where the track has no times), and whether they are estimates.

    In a word-timed track a token starts with its word.  Otherwise the tokens of a cue are spread over it by characters.
    """
    if not len(transcript.offsets):
        return np.full(len(tokens), -1, np.int32), False
    at = np.maximum(np.searchsorted(transcript.offsets, tokens.offsets, side="right") - 1, 0)
    starts = transcript.starts[at]
    if transcript.word_timed:
        return starts.astype(np.int32), False
    begin = transcript.offsets[at]
    length = np.append(transcript.offsets[1:], len(transcript.text))[at] - begin
    share = np.clip((tokens.offsets - begin) / np.maximum(length, 1), 0.0, 1.0)
    spread = starts + share * np.maximum(transcript.ends[at] - starts, 0)
    return np.maximum.accumulate(spread.astype(np.int32)), True
