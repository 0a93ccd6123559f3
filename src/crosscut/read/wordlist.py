"""Word lists: JSON of nothing but words and their times, ``[["the", 0.0, 0.2], …]``, in seconds.

People keep them to set captions by; an item may also be an object with ``word``, ``start`` and ``end``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosscut.clean.loops import invented, named
from crosscut.clean.text import plain, sound, transcript
from crosscut.errors import UnreadableFile
from crosscut.model import Record, Track
from crosscut.read.dates import milliseconds
from crosscut.read.decode import head, json_of
from crosscut.read.file import File
from crosscut.read.names import name_facts, split

NAME = "word list"
ROLE = "captions"

_NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,3})?"
_FIRST = re.compile(
    rf'\[\s*(?:\[\s*"(?:[^"\\]|\\.){{0,200}}"\s*,\s*{_NUMBER}\s*,\s*{_NUMBER}\s*[,\]]|\{{[^{{}}\[\]]{{0,300}}"word"\s*:)')

_Timed = tuple[str, int, int]


def recognise(file: File) -> bool:
    """Tell by the first item."""
    return _FIRST.match(head(file).lstrip("\ufeff \t\r\n")) is not None


def read(file: File) -> Iterator[Record]:
    """Give the one track of the file."""
    listed = json_of(file)
    if not isinstance(listed, list):
        raise UnreadableFile("no captions", "there is no list of words")
    words = [word for item in listed if (word := _word(item))]
    language = split(file.name)[1]
    facts = name_facts(file.name, language) | ({"language": language} if language else {})
    texts = [text for text, _, _ in words]
    starts, ends = [start for _, start, _ in words], [end for _, _, end in words]
    glue = "" if any(text[:1].isspace() for text in texts) else " "
    heard, note = transcript(texts, starts, ends, glue=glue, word_timed=True)
    if not heard.text:
        yield Record(file.data, facts, reason="no text")
        return
    strange = len(listed) - len(words)
    loops = [one for one in invented(list(map(plain, texts)), starts, ends) if one.kind == "loop"]
    evidence = [f"a list of {len(words)} words and their times", note,
                f"{strange} items are no words" if strange else "",
                *named(loops, starts)]
    yield Record(file.data, facts, (Track(heard, "asr", language, evidence="; ".join(filter(None, evidence))),))


def _word(item: object) -> _Timed | None:
    """Give a word and its times in ms; None for what is none."""
    if isinstance(item, dict):
        item = [item.get("word"), item.get("start"), item.get("end")]
    if not isinstance(item, list) or len(item) < 3 or not isinstance(item[0], str):
        return None
    start, end = milliseconds(item[1], "s"), milliseconds(item[2], "s")
    return None if start is None else (sound(item[0]), start, start if end is None else end)
