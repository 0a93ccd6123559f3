"""Texts that stand in a picture: without what no picture may hold, broken into lines that fit.

Words, titles and names come from outside.  A control character is no XML (and ends the program that measures letters),
an override turns the text around it.  Nothing here becomes a format or an expression: figures give texts as values only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: Controls, lone surrogates, what turns the text around it, and what is no character: none of them is drawn.
_UNDRAWN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff"
                      "\ufffe\uffff]+")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
#: Widths of Liberation Sans, in parts of its size: of narrow letters, wide ones, capitals, all others.
_NARROW, _WIDE = frozenset("iljtfrI.,:;'’|!()[] ·"), frozenset("mwMW%@—…")
_WIDTHS = (0.31, 0.86, 0.69, 0.545)
#: Names and words longer than this are cut, wherever they stand.
LONGEST = 48


def plain(text: object) -> str:
    """A text on one line, without controls and turns, blanks run together."""
    return " ".join(_UNDRAWN.sub(" ", str(text)).split())


def label(text: object, longest: int = LONGEST) -> str:
    """A name or a word: plain, cut where it is too long."""
    known = plain(text)
    return known if len(known) <= longest else known[: longest - 1].rstrip() + "…"


def isolated(text: str) -> str:
    """A text that reads right to left, kept from turning what stands beside it on the same line."""
    turns = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text)
    return f"\u2068{text}\u2069" if turns else text


def width(text: str, size: float) -> float:
    """About how wide a text is, in pixels: near enough to break lines and to leave room."""
    return size * sum(map(_letter, text))


def _letter(letter: str) -> float:
    narrow, wide, capital, other = _WIDTHS
    if letter in _NARROW:
        return narrow
    if letter in _WIDE:
        return wide
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if unicodedata.combining(letter):
        return 0.0
    return capital if letter.isupper() else other


def fitting(text: str, size: float, room: float) -> str:
    """A text cut to so many pixels."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def lines(text: str, size: float, room: float, most: int = 99) -> list[str]:
    """A plain text broken into lines of so many pixels; a word that fits no line is broken, too many lines are cut."""
    found: list[str] = [""]
    for word in plain(text).split(" "):
        for piece in _pieces(word, size, room):
            longer = f"{found[-1]} {piece}".strip()
            if width(longer, size) <= room:
                found[-1] = longer
            else:
                found.append(piece)
    kept = [line for line in found if line]
    if len(kept) > most:
        kept = [*kept[: most - 1], kept[most - 1][: -2].rstrip() + "…"]
    return kept or [""]


def _pieces(word: str, size: float, room: float) -> Sequence[str]:
    if width(word, size) <= room:
        return (word,)
    pieces = [""]
    for letter in word:
        if width(pieces[-1] + letter, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def listed(parts: Sequence[str], most: int, rest: str = "more") -> str:
    """Some texts and how many there are beyond them."""
    beyond = len(parts) - most
    return "; ".join(parts[:most]) + (f"; and {beyond:,} {rest}" if beyond > 0 else "")
