"""What can be asked of a video?  ``--where 'outlet=en_AJ date>=2024-01-01 title~ceasefire'`` and ``--by outlet,month``.

Operators: ``=`` and ``!=`` (``|`` between alternatives), ``~`` and ``!~`` (a regular expression anywhere in it, case
ignored), ``>= <= > <`` (dates as far as they are written, and numbers).  Conditions stand side by side; all must hold.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import re2

from crosscut.errors import QueryError
from crosscut.query.engine.lexicon import fits
from crosscut.query.pattern import Test
from crosscut.store.catalog import CODED, Catalog
from crosscut.store.pack import Strings

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: What a field is called, and the column it is made of.
COLUMNS = {
    "outlet": "outlet", "language": "language", "programme": "programme", "format": "format", "kind": "kind",
    "platform": "platform", "status": "status", "captions": "caption_format", "title": "title", "video": "video",
    "flags": "flags", "words": "words", "duration": "duration_ms", "punctuated": "punctuated",
    "word_timed": "word_timed", "case": "case", "identified": "identified", "unknown": "unknown", "wpm": "a_minute",
    "silence": "silence_ms", "date": "published", "day": "published", "week": "published", "month": "published",
    "year": "published",
}
#: Fields that an open corpus adds (``Catalog.added``), and the span layer that each is made of.
ADDED = {"story": "stories"}
#: All that can be asked for.
FIELDS = (*COLUMNS, *ADDED)
_NUMERIC = {"words": 1, "duration": 1000, "punctuated": 1, "word_timed": 1, "unknown": 10, "wpm": 1, "silence": 1000}
_CUT = {"year": 4, "month": 7, "day": 10, "date": 10}
#: So many values are named where one is not there.
NAMED = 100
_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T[0-9:.+Z-]+)?)?)?"
#: What an expression can say of the whole text, or of its own flags, and what means something else where texts are lines.
_OF_WHOLE_TEXT = re.compile(r"\\[AzC]|\(\?(?!:|P<)")
_BARE = re.compile(r"[^\s'\"]*")
_CONDITION = re.compile(r"([a-z_]+)(!=|!~|>=|<=|=|~|>|<)(.*)", re.DOTALL)


def _known(field: str, what: str) -> str:
    if field not in FIELDS:
        near = difflib.get_close_matches(field, FIELDS, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(FIELDS)}"
        raise QueryError(f"unknown field {field!r} in {what}; {hint}")
    return field


def values(catalog: Catalog, field: str) -> list[str]:
    """A field of every video as text; dates as far as they are known ("" where not)."""
    codes, texts = coded(catalog, field)
    return list(map(texts.__getitem__, codes.tolist()))


def coded(catalog: Catalog, field: str) -> tuple[Ints, list[str]]:
    """A field of every video as a code, and the text of each code, in no order; worked out once an open catalog.

    ``NotFound`` where a field needs a layer that is not there.
    """
    if _known(field, "--by") in ADDED:
        return _added(catalog, field)
    column = COLUMNS[field]
    key = field if column == "published" else column
    if key not in catalog.kept:
        catalog.kept[key] = _coded(catalog, field, column)
    found: tuple[Ints, list[str]] = catalog.kept[key]
    return found


def day_numbers(catalog: Catalog) -> Ints:
    """The day on which each video was published, as a number (``date.toordinal``); -1 where no day is known."""
    codes, texts = coded(catalog, "day")
    return np.array([_day_number(text) for text in texts], np.int64)[codes]


def _day_number(day: str) -> int:
    try:
        return date.fromisoformat(day).toordinal() if day else -1
    except ValueError:
        return -1


def _added(catalog: Catalog, field: str) -> tuple[Ints, list[str]]:
    """A field that is made of a layer, which may be another one by now: whoever adds it keeps it."""
    if field not in catalog.added:
        raise QueryError(f"{field} is made of the layer {ADDED[field]}, which is read of an open corpus only")
    return catalog.added[field]()


def _coded(catalog: Catalog, field: str, column: str) -> tuple[Ints, list[str]]:
    if column in CODED:
        codes, texts = catalog.codes(column)
        return codes.astype(np.int64), texts
    if field == "week":
        codes, days = coded(catalog, "day")
        return codes, [_week(day) for day in days]
    if field in _CUT:
        codes, texts = _beginnings(catalog, _CUT[field])
        return codes, [text if len(text) == _CUT[field] else "" for text in texts]
    return _distinct(catalog.values(column))


def _distinct(texts: Iterable[str]) -> tuple[Ints, list[str]]:
    places: dict[str, int] = {}
    codes = [places.setdefault(text, len(places)) for text in texts]
    return np.array(codes, np.int64), list(places)


def _beginnings(catalog: Catalog, length: int) -> tuple[Ints, list[str]]:
    """The first characters of each video's date, as far as it is written: as codes, and the texts of the codes."""
    key = ("beginnings", length)
    if key not in catalog.kept:
        dates = catalog.text("published")
        plain = len(dates) > 0 and length > 0 and int(dates.blob.max(initial=0)) < 128  # as all dates are
        catalog.kept[key] = _cut(dates, length) if plain else _distinct(text[:length] for text in dates.tolist())
    found: tuple[Ints, list[str]] = catalog.kept[key]
    return found


def _cut(dates: Strings, length: int) -> tuple[Ints, list[str]]:
    """``_beginnings`` of texts in ASCII, eight characters at a time."""
    lengths = np.diff(dates.offsets)
    table = np.zeros((len(dates), -(-length // 8) * 8), np.uint8)
    full = lengths >= length
    table[full, :length] = dates.blob[dates.offsets[:-1][full, None] + np.arange(length)]
    for row in np.flatnonzero(~full).tolist():
        table[row, : lengths[row]] = dates.blob[dates.offsets[row] : dates.offsets[row + 1]]
    words = table.view(">u8").astype(np.uint64)
    codes, firsts = _alike(words[:, 0])
    for column in words.T[1:]:
        more, first = _alike(column)
        codes, firsts = _alike(codes.astype(np.uint64) * np.uint64(len(first)) + more.astype(np.uint64))
    return codes, [table[row].tobytes().rstrip(b"\0").decode() for row in firsts.tolist()]


def _alike(numbers: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """A code for each number, and where each code is first: what ``np.unique`` gives, which imports numpy.ma (30 ms)."""
    order = np.argsort(numbers, kind="stable")
    new = np.ones(len(order), bool)
    new[1:] = numbers[order[1:]] != numbers[order[:-1]]
    codes = np.empty(len(order), np.int64)
    codes[order] = np.cumsum(new) - 1
    return codes, order[new]


def _week(published: str) -> str:
    if len(published) < 10:
        return ""
    year, week, _ = date.fromisoformat(published[:10]).isocalendar()
    return f"{year}-W{week:02}"


def where(catalog: Catalog, conditions: str) -> Bools:
    """Which videos fulfil all conditions."""
    chosen = np.ones(len(catalog), bool)
    for part in _parts(conditions):
        found = _CONDITION.fullmatch(part)
        if not found:
            raise QueryError(f"--where: {part!r} is no condition; write outlet=en_AJ, date>=2024-01-01 or title~word")
        chosen &= _condition(catalog, _known(found[1], "--where"), found[2], found[3])
    return chosen


def _parts(conditions: str) -> list[str]:
    lexer = shlex.shlex(conditions, posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""  # a backslash belongs to the expression
    try:
        return list(lexer)
    except ValueError as error:
        raise QueryError(f"--where: {error}", conditions) from error


def narrowed(conditions: str, fields: Sequence[str], values: Sequence[str]) -> str:
    """Conditions with others added to them: each field has its value, as ``coded`` gives it."""
    added = (f"{name}~{_quoted(f'^{re2.escape(_printable(value))}$')}" if "|" in value else f"{name}={_quoted(value)}"
             for name, value in zip(fields, values, strict=True))
    return " ".join(filter(None, (conditions, *added)))


def _quoted(value: str) -> str:
    """A value as one part of the conditions, whatever it holds."""
    if _BARE.fullmatch(value):
        return value
    return shlex.quote(value) if '"' in value else f'"{value}"'


def added_in(conditions: str) -> set[str]:
    """The fields of ``ADDED`` that conditions speak of."""
    if not any(field in conditions for field in ADDED):
        return set()
    return {part[1] for part in map(_CONDITION.fullmatch, _parts(conditions)) if part} & ADDED.keys()


def names_one_of(conditions: str, fields: set[str]) -> bool:
    """Whether a condition asks for certain values of one of these fields (``kind=summary``, but not ``kind!=asr``)."""
    found = map(_CONDITION.fullmatch, _parts(conditions))
    return any(part and part[1] in fields and part[2] in {"=", "~"} for part in found)


def _condition(catalog: Catalog, field: str, operator: str, value: str) -> Bools:
    if field in _NUMERIC:
        numbers = catalog.number(COLUMNS[field])
        known = numbers > 0 if field == "duration" else numbers >= 0  # 0 and -1: nobody said, nobody can tell
        return known & _compare_numbers(numbers / _NUMERIC[field], field, operator, value)
    if operator in {"~", "!~"}:
        matched = _found(catalog, field, value)
        return ~matched if operator == "!~" else matched
    if operator == "=" and value:
        _check_values(catalog, field, value)
    if operator in {"=", "!="}:
        matched = _equal(catalog, field, {alternative.casefold() for alternative in value.split("|")})
        return ~matched if operator == "!=" else matched
    if COLUMNS.get(field) == "published":
        _check_values(catalog, field, value)
    return _compared(catalog, field, operator, value)


def _found(catalog: Catalog, field: str, value: str) -> Bools:
    """Which videos have a match anywhere in a field."""
    pattern = _pattern(value)
    if field in {"title", "video"} and not _OF_WHOLE_TEXT.search(value) and (text := _lines(catalog, field)) is not None:
        return _found_in_lines(text, catalog.text(field), _pattern(value, lines=True))
    codes, texts = coded(catalog, field) if field != "date" else _distinct(catalog.values("published"))
    return _decided([pattern.search(_printable(text)) is not None for text in texts], codes)


def _lines(catalog: Catalog, field: str) -> bytes | None:
    """A column as one text with a line a video; None where a value holds a line end, or what is no UTF-8."""
    key = ("lines", field)
    if key not in catalog.kept:
        texts = catalog.text(field)
        text = "\n".join(texts.tolist())
        odd = text.count("\n") >= max(len(texts), 1) or _SURROGATE.search(text)
        catalog.kept[key] = None if odd else text.encode()
    found: bytes | None = catalog.kept[key]
    return found


def _found_in_lines(text: bytes, values: Strings, pattern: re2._Regexp) -> Bools:
    """Which lines have a match: one search a line that has, not one a line."""
    found, place = [], 0
    while match := pattern.search(text, place):
        found.append(match.start())
        if not (place := text.find(b"\n", match.start()) + 1):
            break
    matched = np.zeros(len(values), bool)
    ends = np.cumsum(np.diff(values.offsets) + 1)
    matched[np.searchsorted(ends, np.array(found, np.int64), side="right")] = True
    return matched


def _equal(catalog: Catalog, field: str, allowed: set[str]) -> Bools:
    """Which videos have one of these (casefolded) values; dates as far as each is written."""
    if field != "date":
        codes, texts = coded(catalog, field)
        return _decided([text.casefold() in allowed for text in texts], codes)
    matched: Bools = (np.diff(catalog.text("published").offsets) == 0) & ("" in allowed)
    for length in {len(text) for text in allowed if text}:
        codes, texts = _beginnings(catalog, length)
        matched |= _decided([text.casefold() in allowed for text in texts], codes)
    return matched


def _compared(catalog: Catalog, field: str, operator: str, value: str) -> Bools:
    """Which videos have a value that lies before or behind another; a month is compared with a day as far as both go."""
    compare = {">=": str.__ge__, "<=": str.__le__, ">": str.__gt__, "<": str.__lt__}[operator]
    coarser = COLUMNS.get(field) == "published"
    codes, texts = _beginnings(catalog, len(value)) if field == "date" else coded(catalog, field)
    return _decided([bool(text) and compare(text[: len(value)], value[: len(text)] if coarser else value)
                     for text in texts], codes)


def _decided(by_text: Sequence[bool], codes: Ints) -> Bools:
    """What was decided for each text, for each video."""
    return np.array(by_text, bool)[codes]


def check_value(catalog: Catalog, field: str, value: str, where: str = "--where") -> None:
    """Refuse a value of a field that no video has: most often a typing mistake, and it would give an empty answer."""
    if field in FIELDS and field not in _NUMERIC:
        _check_values(catalog, field, value, where)


def _check_values(catalog: Catalog, field: str, value: str, where: str = "--where") -> None:
    """A value that no video has is most often a typing mistake, and would give an empty answer."""
    if field in _CUT or field == "week":
        pattern = r"\d{4}-W\d\d" if field == "week" else _DATE
        if wrong := [v for v in value.split("|") if not re.fullmatch(pattern, v)]:
            raise QueryError(f"{where}: {wrong[0]!r} is no {field}; write 2024, 2024-07 or 2024-07-04 (weeks: 2024-W27)")
    elif field in ADDED or COLUMNS[field] in CODED:
        known = {v.casefold(): v for v in coded(catalog, field)[1]}
        if wrong := [v for v in value.split("|") if v.casefold() not in known]:
            near = difflib.get_close_matches(wrong[0].casefold(), known, 1)
            some = list(filter(None, known.values()))
            there = f"there is: {', '.join(some[:NAMED])}{f' and {len(some) - NAMED:,} more' if len(some) > NAMED else ''}"
            hint = f"did you mean {known[near[0]]}?" if near else there
            raise QueryError(f"{where}: no video has {field} {wrong[0]!r}; {hint}")


def _pattern(value: str, *, lines: bool = False) -> re2._Regexp:
    """The expression, for one text or for ``lines`` of one text, of which no match goes beyond one."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_nl = lines
    try:
        return re2.compile(f"{'(?m)' if lines else ''}{_printable(value)}", options)
    except re2.error as error:
        raise QueryError(f"--where: {value!r} is not a regular expression: {_text(error)}") from error


def _printable(text: str) -> str:
    """A text without lone surrogates, which RE2 cannot read."""
    return _SURROGATE.sub("\ufffd", text)


def _text(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


def _compare_numbers(column: npt.NDArray[np.float64], field: str, operator: str, value: str) -> Bools:
    try:
        number = float({"yes": "1", "no": "0"}.get(value, value))
    except ValueError as error:
        raise QueryError(f"--where: {field} is a number (seconds for duration), not {value!r}") from error
    compare = {"=": np.equal, "!=": np.not_equal, ">=": np.greater_equal, "<=": np.less_equal, ">": np.greater,
               "<": np.less}
    if operator not in compare:
        raise QueryError(f"--where: {field} is a number; {operator} compares text")
    result: Bools = compare[operator](column, number)
    return result


def compared(catalog: Catalog, field: str, operator: str, right: Test | float) -> Bools:
    """Which videos are as a query's comparison says: ``:: video.date >= "2024-07"``; where nothing is known, none is.

    Text is compared whole, case ignored, dates as far as both sides are known.
    """
    if _known(field, ":: video.") in _NUMERIC:
        numbers = catalog.number(COLUMNS[field])
        known = numbers > 0 if field == "duration" else numbers >= 0
        wanted = right.value if isinstance(right, Test) else str(right)
        return known & _compare_numbers(numbers / _NUMERIC[field], field, operator, wanted)
    texts = values(catalog, field)
    value = right.value if isinstance(right, Test) else f"{right:g}"
    if operator in {"=", "!="}:
        test = right if isinstance(right, Test) else Test(field, value)
        is_so = cache(lambda text: fits(test, text) == (operator == "="))
        return np.array([bool(text) and is_so(text) for text in texts], bool)
    compare = {">=": str.__ge__, "<=": str.__le__, ">": str.__gt__, "<": str.__lt__}[operator]
    if COLUMNS.get(field) != "published":
        return np.array([bool(text) and compare(text, value) for text in texts], bool)
    return np.array([bool(text) and compare(text[: len(value)], value[: len(text)]) for text in texts], bool)
