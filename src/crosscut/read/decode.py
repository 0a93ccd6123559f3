"""What text do these bytes hold?"""

from __future__ import annotations

import codecs
import json
from functools import lru_cache

from crosscut.errors import UnreadableFile
from crosscut.read.file import File

# The longer mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
#: What ``recognise`` may look at: a head that holds the longest header met (a live stream's description) eight times.
HEAD = 65_536
#: The captions of one video: ten hours of word-timed JSON3 are 20 MB, and reading takes up to 28 times as much memory.
LARGEST = 64 << 20


def encoding(data: bytes) -> str:
    """Name the encoding: by its mark, or by the NULs of UTF-16's first letter, else UTF-8."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if len(data) > 1 and 0 in data[:2] and data[0] != data[1]:
        return "utf-16-be" if data[0] == 0 else "utf-16-le"
    return "utf-8"


@lru_cache(maxsize=1)  # every format asks for the head of the same file in a row
def head(file: File) -> str:
    """Give the first characters, as far as they can be read at all."""
    data = file.data[:HEAD]
    return data.decode(encoding(data), errors="replace")


def mentions(file: File, words: str) -> bool:
    """Tell whether these words stand anywhere in the file: a search among its bytes, nothing is decoded."""
    name = encoding(file.data).removesuffix("-sig")
    if name in ("utf-16", "utf-32"):
        name += "-le" if file.data[:1] == b"\xff" else "-be"
    return words.encode(name) in file.data


def text_of(file: File, *, several: bool = False) -> str:
    """Give the whole text with ``\\n`` as line end and without NULs; a file of ``several`` records may be larger."""
    if len(file.data) > LARGEST and not several:
        raise UnreadableFile(f"captions of more than {LARGEST >> 20} MB")
    if not file.data.strip():
        raise UnreadableFile("empty file")
    name = encoding(file.data)
    try:
        text = file.data.decode(name)
    except UnicodeDecodeError as problem:
        raise UnreadableFile("unknown encoding", f"byte {problem.start} is not {name.upper()}") from None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", " ") if "\0" in text else text


def utf8_of(file: File) -> bytes:
    """Give the bytes to cut into records: the file's own, or its text in UTF-8 if half of it could not stand alone."""
    text = text_of(file, several=True)  # says so if the bytes are no text
    return file.data if encoding(file.data) in ("utf-8", "utf-8-sig") else text.encode()


def json_of(file: File) -> object:
    """Give the parsed JSON of the whole file."""
    text = text_of(file)
    try:
        return json.loads(text)
    except RecursionError:
        raise UnreadableFile("broken JSON", "nested too deeply") from None
    except ValueError as problem:
        raise UnreadableFile("broken JSON", str(problem)) from None
