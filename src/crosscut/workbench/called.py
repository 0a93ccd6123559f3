"""What is a story called?  An id that stays, ``2025-01-30-plane-river``, and a name for people.

The id is made of the day of its first piece and of the terms that define it; an id that was ever given is not given
again.  The name is the title of the piece that is nearest to the story's centre, or the terms where none has a title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

#: So many words an id has at most, of so many letters all together; and so many terms a name.
WORDS, LONGEST, TERMS = 3, 48, 4
#: What stands where no day is known.
UNDATED = "undated"
_SEPARATOR = re.compile(r"[\W_]+")


def new_id(day: str, terms: Sequence[str], taken: Collection[str]) -> str:
    """An id that nobody has: day, two or three words of the terms, and a number where another story has the same."""
    words: list[str] = []
    for term in terms:
        parts = [part for part in _slug(term).split("-") if part and part not in words]
        if len(words) + len(parts) <= WORDS and len("-".join((*words, *parts))) <= LONGEST:
            words += parts
        if len(words) == WORDS:
            break
    plain = "-".join((day or UNDATED, *words))
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    return found


def _slug(term: str) -> str:
    """A term in small letters without accents, its parts with hyphens between them."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", term.casefold()) if not unicodedata.combining(letter))
    return _SEPARATOR.sub("-", unicodedata.normalize("NFC", bare)).strip("-")


def new_name(title: str, terms: Sequence[str]) -> str:
    """The name of a story: a title on one line, else terms."""
    return " ".join(title.split()) or ", ".join(terms[:TERMS])


def distinct(terms: Sequence[str]) -> list[str]:
    """Terms without those that are part of one before."""
    found: list[str] = []
    for text in terms:
        folded = _slug(text)
        if not any(f"-{folded}-" in f"-{_slug(other)}-" for other in found):
            found.append(text)
    return found
