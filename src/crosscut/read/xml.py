"""The XML of strangers, piece by piece: no tree is built, nothing outside the file is looked at.

A document type can define text that grows a thousandfold, or name other files; captions have none, so a file with one
is refused.  So are more elements, and elements deeper inside each other, than captions have.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from crosscut.errors import UnreadableFile
from crosscut.read.decode import head, text_of
from crosscut.read.file import File

#: Captions have ten elements inside each other at most.
DEEPEST = 100
#: A day and a night of speech with word times has 300,000.
MOST = 2_000_000
#: Encodings other than Unicode's that a file may declare: of one byte a letter, which cost no more than they hold.
_ONE_BYTE = re.compile(r"""<\?xml[^>]{0,80} encoding=["'](iso-8859-[0-9]{1,2}|windows-125[0-8]|us-ascii)["']""", re.I)

#: An element: its name without prefix (files that forget to declare one are common), its attributes as they stand.
Element = tuple[str, dict[str, str]]
Opened = Callable[[str, dict[str, str]], None]
Said = Callable[[str], None]


class _Enough(Exception):
    """All elements that were asked for are found."""


def first(file: File, count: int) -> list[Element]:
    """Give the first elements of the file, at most ``count``; what is no XML has none.

    A document type stands for the element it names, and nothing after it is looked at.
    """
    text = head(file).lstrip("\ufeff \t\r\n")
    found: list[Element] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        found.append((local(name), attributes))
        if len(found) == count:
            raise _Enough

    def typed(name: str, *_: object) -> None:
        found.append((local(name), {}))
        raise _Enough

    if text.startswith("<"):
        try:
            _run(text, False, opened, lambda _: None, lambda _: None, typed)
        except (_Enough, UnreadableFile):
            return found
    return found


def parse(file: File, opened: Opened, closed: Said, said: Said) -> None:
    """Tell of each element that opens and closes, by its name without prefix, and of the text between, in order."""
    def refuse(*_: object) -> None:
        raise UnreadableFile("XML with a document type", "captions need none")

    _run(_text(file).lstrip("\ufeff \t\n"), True, opened, closed, said, refuse)


def local(name: str) -> str:
    """Give a name without its prefix."""
    return name.rpartition(":")[2]


def _text(file: File) -> str:
    try:
        return text_of(file)
    except UnreadableFile:
        declared = _ONE_BYTE.match(file.data[:200].decode("latin-1").lstrip())
        if declared is None:
            raise
        return text_of(File(file.name, file.data.decode(declared[1], errors="replace").encode()))


def _run(text: str, whole: bool, opened: Opened, closed: Said, said: Said, typed: Callable[..., None]) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST:
            many = "nested too deeply" if depth > DEEPEST else f"more than {MOST} elements"
            raise UnreadableFile("broken XML", f"line {parser.CurrentLineNumber}: {many}")
        opened(name[name.rfind(":") + 1:], attributes)  # ``local``, without a call for each element

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        closed(name[name.rfind(":") + 1:])

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, said
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = typed
    try:
        parser.Parse(text, whole)
    except expat.ExpatError as problem:
        detail = f"line {problem.lineno}: {expat.ErrorString(problem.code)}"
        raise UnreadableFile("broken XML", detail) from None
