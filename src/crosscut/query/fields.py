"""What can be asked of a video?  ``--where 'outlet=en_AJ date>=2024-01-01 title~ceasefire'`` and ``--by outlet,month``.

Operators: ``=`` and ``!=`` (``|`` between alternatives), ``~`` and ``!~`` (a regular expression anywhere in it, case
ignored), ``>= <= > <`` (dates as far as they are written, and numbers).  Conditions stand side by side; all must hold.
"""

from __future__ import annotations

import difflib
import re
import shlex
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import re2

from crosscut.errors import QueryError
from crosscut.query.lexicon import fits
from crosscut.query.pattern import Test
from crosscut.store.catalog import CODED, Catalog

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
_NUMERIC = {"words": 1, "duration": 1000, "punctuated": 1, "word_timed": 1, "unknown": 10, "wpm": 1, "silence": 1000}
_CUT = {"year": 4, "month": 7, "day": 10, "date": 10}
_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T[0-9:.+Z-]+)?)?)?"
_CONDITION = re.compile(r"([a-z_]+)(!=|!~|>=|<=|=|~|>|<)(.*)", re.DOTALL)


def _known(field: str, what: str) -> str:
    if field not in COLUMNS:
        near = difflib.get_close_matches(field, COLUMNS, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(COLUMNS)}"
        raise QueryError(f"unknown field {field!r} in {what}; {hint}")
    return field


def values(catalog: Catalog, field: str) -> list[str]:
    """A field of every video as text; dates as far as they are known ("" where not)."""
    column = catalog.values(COLUMNS[_known(field, "--by")])
    if field == "week":
        return [_week(text) for text in column]
    if field in _CUT:
        return [text[: _CUT[field]] if len(text) >= _CUT[field] else "" for text in column]
    return column


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


def names_one_of(conditions: str, fields: set[str]) -> bool:
    """Whether a condition asks for certain values of one of these fields (``kind=summary``, but not ``kind!=asr``)."""
    found = map(_CONDITION.fullmatch, _parts(conditions))
    return any(part and part[1] in fields and part[2] in {"=", "~"} for part in found)


def _condition(catalog: Catalog, field: str, operator: str, value: str) -> Bools:
    if field in _NUMERIC:
        numbers = catalog.number(COLUMNS[field])
        known = numbers > 0 if field == "duration" else numbers >= 0  # 0 and -1: nobody said, nobody can tell
        return known & _compare_numbers(numbers / _NUMERIC[field], field, operator, value)
    texts = values(catalog, field) if field != "date" else catalog.values("published")
    if operator in {"~", "!~"}:
        pattern = _pattern(value)
        matched = np.array([pattern.search(_printable(text)) is not None for text in texts], bool)
    elif operator in {"=", "!="}:
        if value and operator == "=":
            _check_values(catalog, field, value)
        allowed = {alternative.casefold() for alternative in value.split("|")}
        length = {len(a) for a in allowed} if field == "date" else {0}
        matched = np.array([any(_cut(text, n).casefold() in allowed for n in length) for text in texts], bool)
    else:
        if COLUMNS[field] == "published":
            _check_values(catalog, field, value)
        compare = {">=": str.__ge__, "<=": str.__le__, ">": str.__gt__, "<": str.__lt__}[operator]
        coarser = COLUMNS[field] == "published"  # a month is compared with a day as far as both are known
        matched = np.array([bool(text) and compare(text[: len(value)], value[: len(text)] if coarser else value)
                            for text in texts], bool)
    return ~matched if operator in {"!=", "!~"} else matched


def _check_values(catalog: Catalog, field: str, value: str) -> None:
    """A value that no video has is most often a typing mistake, and would give an empty answer."""
    if field in _CUT or field == "week":
        pattern = r"\d{4}-W\d\d" if field == "week" else _DATE
        if wrong := [v for v in value.split("|") if not re.fullmatch(pattern, v)]:
            raise QueryError(f"--where: {wrong[0]!r} is no {field}; write 2024, 2024-07 or 2024-07-04 (weeks: 2024-W27)")
    elif COLUMNS[field] in CODED:
        known = {v.casefold(): v for v in catalog.codes(COLUMNS[field])[1]}
        if wrong := [v for v in value.split("|") if v.casefold() not in known]:
            near = difflib.get_close_matches(wrong[0].casefold(), known, 1)
            hint = f"did you mean {known[near[0]]}?" if near else f"there is: {', '.join(filter(None, known.values()))}"
            raise QueryError(f"--where: no video has {field} {wrong[0]!r}; {hint}")


def _cut(text: str, length: int) -> str:
    return text[:length] if length else text


def _pattern(value: str) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(_printable(value), options)
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
    if COLUMNS[field] != "published":
        return np.array([bool(text) and compare(text, value) for text in texts], bool)
    return np.array([bool(text) and compare(text[: len(value)], value[: len(text)]) for text in texts], bool)
