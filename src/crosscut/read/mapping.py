'''How does a researcher's own format map to ours?  A table of the study file, or a TOML file of such tables.

A table on videos, as JSON with timed pieces (``records`` is the path to the list; without it the file is one record)::

    [mappings.archive]
    form = "json"                  # json | jsonl | csv | tsv | markdown
    role = "captions"              # captions | listing (says something about videos, brings no words)
    records = "videos.items"
    kind = "automatic"             # constants: the kind, and any fact
    language = "en"
    unit = "s"                     # of numbers that are times or lengths: s | ms
    [mappings.archive.fields]      # our fact = their key; dots lead inwards, * takes all of a list
    id = "videoId"
    title = "title"
    published = "publishedAt"
    duration = "seconds"
    segments = "captions"          # a list of pieces; or text = "…" for the whole text in one place
    [mappings.archive.segment]     # keys of one piece: start, end or duration, text
    start = "from"
    duration = "lasting"
    text = "line"

One record a line, and a table with a header line; ``requires`` are the columns that a file must have to be ours::

    [mappings.reports]                          [mappings.index]
    form = "jsonl"                              form = "csv"
    kind = "summary"                            role = "listing"
    [mappings.reports.fields]                   delimiter = ";"
    text = "description"                        requires = ["link", "channel"]
    url = "address"                             [mappings.index.fields]
    [mappings.reports.pattern]                  url = "link"
    path = '/(?P<outlet>[^/]+)/[^/]+$'          outlet = "channel"

Text with a header between two lines ``---``: ``Key: value``, where a value runs on until the next key that is named
in ``fields`` or ``header``.  A pattern is searched in each of the first 20 lines below; its groups are facts.
``pattern.segment`` finds the lines of speech (groups ``text`` and ``start``); lines between them continue the one
before.  Without it all other lines are the text.  Patterns are RE2; ``pattern.path`` looks at the file's path::

    [mappings.notes]
    form = "markdown"
    kind = "asr"
    header = ["Recorded by"]
    [mappings.notes.fields]
    duration = "Length"
    description = "About"
    [mappings.notes.pattern]
    title = '^# (?P<title>.+)$'
    heading = '^On (?P<outlet>.+), (?P<published>.+)$'
    segment = '^- \\[(?P<start>[0-9:]+)\\] (?P<text>.*)$'

A mapping takes a file when the form can be read and what ``requires`` names is there: keys, columns, or names of
patterns.  By default these are the fields ``id``, ``text`` and ``segments``; in Markdown the pattern ``segment``, or
a key of the header, or else every pattern.
'''

from __future__ import annotations

import datetime
import difflib
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import re2

from crosscut.errors import StudyError
from crosscut.model import FACTS, KINDS

FORMS = ("json", "jsonl", "csv", "tsv", "markdown")
ROLES = ("captions", "listing")
#: Facts as mappings name them: a length is written in many ways, so it is no number of milliseconds yet.
TOLD = (*(fact for fact in FACTS if fact != "duration_ms"), "duration")

_TEXTS = ("form", "role", "records", "kind", "unit", "delimiter")
_KEYS = (*_TEXTS, "header", "requires", "fields", "segment", "pattern", *TOLD)
_FIELDS = (*TOLD, "text", "segments")
_SEGMENT = ("start", "end", "duration", "text")
_IN_SEGMENTS = ("text", "start")
#: A table of tables is all there is.
_DEEPEST = 10
#: RE2 takes the square of a pattern's size to read it: ``a{1,1000}`` a hundred times over took 16 seconds with 8 MB, and
#: with 1 MB is refused after 20 ms.  Patterns that people write need some kB.
_PROGRAM, _USUAL = 1 << 20, 8 << 20


class Pattern:
    """A user's regular expression, run by RE2: its time is linear whatever the pattern and the text."""

    __slots__ = ("_regexp", "groups")

    def __init__(self, source: str) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _PROGRAM
        re2.compile(source.encode(), options)
        options.max_mem = _USUAL  # most of it is for searching
        self._regexp = re2.compile(source.encode(), options)
        self.groups: dict[str, int] = {name.decode(): number for name, number in self._regexp.groupindex.items()}

    def search(self, line: str) -> dict[str, str] | None:
        """Give what the groups found, or None where nothing is found."""
        found = self._regexp.search(line.encode())
        if found is None:
            return None
        return {name: (found.group(number) or b"").decode(errors="replace") for name, number in self.groups.items()}

    def segments(self, lines: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
        """Give the groups ``text`` and ``start`` of the lines that match; another line continues the text before."""
        search, text = self._regexp.search, self.groups["text"]
        start = self.groups.get("start", text)
        texts: list[bytes] = []
        starts: list[bytes] = []
        more: dict[int, list[bytes]] = {}
        for line in lines:
            found = search(line) if line else None
            if found is not None:
                first, last = found.span(text)
                texts.append(line[first:last])
                first, last = found.span(start)  # (-1, -1) where the group is not there: b""
                starts.append(line[first:last])
            elif texts and line:
                more.setdefault(len(texts) - 1, [texts[-1]]).append(line)
        for at, lines_of_one in more.items():
            texts[at] = b" ".join(lines_of_one)
        return texts, starts if start != text else []


def path_pattern(source: str) -> Pattern:
    """Check a pattern of paths, whose groups are facts of the files of any format."""
    return _Table("[import]", {}).pattern("path", source)


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """One mapping, checked; ``table`` is what was written, ready for JSON, and ``definition`` that JSON."""

    name: str
    table: dict[str, object]
    definition: str
    digest: str
    form: str
    role: str
    kind: str
    records: str
    unit: str
    delimiter: str
    header: tuple[str, ...]
    requires: tuple[str, ...]
    constants: dict[str, str]
    fields: dict[str, str]
    segment: dict[str, str]
    patterns: dict[str, Pattern]

    @classmethod
    def parse(cls, name: str, table: dict[str, object]) -> Mapping:
        """Check a table; ``StudyError`` says what is wrong and what was probably meant."""
        written = _Table(name, table)
        written.known(table, _KEYS)
        form = written.choice("form", FORMS, "")
        role = written.choice("role", ROLES, "captions")
        fields = written.texts("fields", _FIELDS)
        patterns = {key: written.pattern(key, source) for key, source in written.texts("pattern", None).items()}
        segment = written.texts("segment", _SEGMENT)
        written.agree(form, role, fields, segment, patterns)
        delimiter = written.text("delimiter", "\t" if form == "tsv" else ",")
        if len(delimiter.encode()) != 1 or delimiter in '"\n\r':
            raise written.wrong(f"delimiter must be one character, not {delimiter!r}")
        definition = json.dumps(written.plain, sort_keys=True)
        return cls(
            name=name, table=written.plain, definition=definition,
            digest=hashlib.sha256(definition.encode()).hexdigest()[:16], form=form, role=role,
            kind=written.choice("kind", KINDS, "unknown"),
            records=written.text("records", ""), unit=written.choice("unit", ("s", "ms"), "s"), delimiter=delimiter,
            header=written.names("header"), requires=written.names("requires") or _default(form, fields, patterns),
            constants={fact: written.text(fact, "") for fact in TOLD if fact in table},
            fields=fields, segment=segment or {key: key for key in ("start", "end", "text")}, patterns=patterns,
        )


def _default(form: str, fields: dict[str, str], patterns: dict[str, Pattern]) -> tuple[str, ...]:
    """Say what a file must have when the mapping does not; () stands for "any key of the header"."""
    if form != "markdown":
        named = [fields[fact] for fact in ("id", "text", "segments") if fact in fields]
        return tuple(named or fields.values())
    if "segment" in patterns:
        return ("segment",)
    return () if fields else tuple(name for name in patterns if name != "path")


class _Table:
    """A table as written, and the complaints about it."""

    def __init__(self, name: str, table: dict[str, object]) -> None:
        self._name = name
        if not isinstance(table, dict):
            raise self.wrong("must be a table")
        self._table = table
        self.plain = {str(key): self._jsonable(value) for key, value in table.items()}

    def wrong(self, what: str) -> StudyError:
        return StudyError(f"mapping {self._name}: {what}")

    def _jsonable(self, value: object, depth: int = 0) -> object:
        if depth > _DEEPEST:
            raise self.wrong("nested too deeply")
        if isinstance(value, dict):
            return {str(key): self._jsonable(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._jsonable(inner, depth + 1) for inner in value]
        if isinstance(value, datetime.date | datetime.time):
            return value.isoformat()
        return value

    def known(self, keys: Iterable[str], allowed: Sequence[str], where: str = "") -> None:
        """Complain about a key that means nothing here, and name the nearest that does."""
        for key in keys:
            if key not in allowed:
                near = difflib.get_close_matches(key, allowed, 1, cutoff=0.5)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(allowed)}"
                raise self.wrong(f"unknown key {key!r}{where}{hint}")

    def text(self, key: str, default: str) -> str:
        value = self.plain.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(f"{key} must be text, not {value!r}")
        return value

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        value = self.text(key, default)
        if value not in allowed:
            said = f"{value!r} is none" if value else "is missing"
            raise self.wrong(f"{key} {said}; it must be one of {', '.join(allowed)}")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        value = self.plain.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(f"{key} must be a list of texts")
        return tuple(value)

    def texts(self, key: str, allowed: Sequence[str] | None) -> dict[str, str]:
        value = self.plain.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) and one for one in value.values()):
            raise self.wrong(f"{key} must be a table of texts")
        if allowed:
            self.known(value, allowed, f" in {key}")
        return value

    def pattern(self, key: str, source: str) -> Pattern:
        try:
            pattern = Pattern(source)
        except re2.error as problem:
            detail = problem.args[0].decode(errors="replace") if isinstance(problem.args[0], bytes) else str(problem)
            raise self.wrong(f"pattern.{key} cannot be read by RE2: {detail}") from None
        self.known(pattern.groups, _IN_SEGMENTS if key == "segment" else TOLD, f" as a group of pattern.{key}")
        if key == "segment" and "text" not in pattern.groups:
            raise self.wrong("pattern.segment needs a group (?P<text>…)")
        return pattern

    def agree(self, form: str, role: str, fields: dict[str, str], segment: dict[str, str],
              patterns: dict[str, Pattern]) -> None:
        """Complain about keys that the form has no use for, and about what is missing."""
        for key, forms in (("records", ("json",)), ("delimiter", ("csv",)), ("header", ("markdown",))):
            if key in self.plain and form not in forms:
                raise self.wrong(f"{key} means nothing in form {form!r}")
        if segment and "segments" not in fields:
            raise self.wrong("segment needs fields.segments, the place of the list")
        if segment and "text" not in segment:
            raise self.wrong("segment needs text")
        if "segments" in fields and form not in ("json", "jsonl"):
            raise self.wrong(f"fields.segments means nothing in form {form!r}")
        if form != "markdown":
            self._agree_on_rows(role, fields, patterns)
        elif not fields and not patterns.keys() - {"path"}:
            raise self.wrong("needs fields or a pattern by which a file can be told")

    def _agree_on_rows(self, role: str, fields: dict[str, str], patterns: dict[str, Pattern]) -> None:
        if role == "captions" and not fields.keys() & {"text", "segments"}:
            raise self.wrong("needs fields.text or fields.segments; without words its role is 'listing'")
        if not fields:
            raise self.wrong("needs fields")
        if patterns.keys() - {"path"}:
            raise self.wrong("patterns other than pattern.path are for form 'markdown'")
