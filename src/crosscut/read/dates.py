"""When was it published, and how long is it?  Only what a text says for certain; day and month are never guessed."""

from __future__ import annotations

import datetime
import math
import re

from crosscut.model import Published

UNKNOWN = Published("", "unknown")

_ISO = re.compile(
    r"([0-9]{4})[-/_]([0-9]{1,2})(?:[-/_]([0-9]{1,2}))?"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?[ ]?(Z|z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
# "February 4, 2025" and "4 February 2025", perhaps with a weekday; "4 de febrero de 2025", "4. Februar 2025".
_MONTH_FIRST = re.compile(r"(?:[^\W\d]{2,12}\.?,? )?([^\W\d]{3,10})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]{2,12}\.?,? )?([0-9]{1,2})(?:st|nd|rd|th|er|\.)? (?:de |of )?([^\W\d]{3,10})\.?,? (?:del? )?([0-9]{4})")

_MONTHS = {name: number for names in (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "jan feb mar apr may jun jul aug sep oct nov dec",
) for number, name in enumerate(names.split(), 1)} | {"sept": 9, "jänner": 1}

_ISO_LENGTH = re.compile(
    r"P(?:([0-9]{1,4})D)?T?(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)S)?")
_CLOCK = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,6}):([0-9]{1,2}(?:[.,][0-9]{1,9})?)")
_NUMBER = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{0,20})?)[ ]?(ms|s|sec|secs|seconds)?")
_LONGEST = 64  # no date or length is longer; what is, is not read


def published(text: str) -> Published:
    """Read a date: ISO 8601 and RFC 3339, ``20240704``, and months by name in English, German, French, Spanish."""
    text = " ".join(text.split()) if len(text) <= _LONGEST else ""
    if found := _PACKED.fullmatch(text):
        return _day(*found.groups())
    if found := _ISO.fullmatch(text):
        return _iso(found)
    if found := _MONTH_FIRST.fullmatch(text):
        return _day(found[3], str(_MONTHS.get(found[1].lower(), 0)), found[2])
    if found := _DAY_FIRST.fullmatch(text):
        return _day(found[3], str(_MONTHS.get(found[2].lower(), 0)), found[1])
    return UNKNOWN


def _day(year: str, month: str, day: str) -> Published:
    try:
        return Published(datetime.date(int(year), int(month), int(day)).isoformat(), "day")
    except ValueError:
        return UNKNOWN


def _iso(found: re.Match[str]) -> Published:
    year, month, day, hour, minute, second, zone = found.groups()
    if day is None:
        known = _day(year, month, "1")
        return Published(known.text[:7], "month") if known.text and hour is None else UNKNOWN
    known = _day(year, month, day)
    zone = {"Z": "+00:00", "z": "+00:00", None: ""}.get(zone, zone)
    time = f"{hour}:{minute}:{second or '00'}"
    # Exporters write a bare day as its first moment in UTC; one real time in 86,400 is that moment.
    if hour is None or not known.text or (time == "00:00:00" and zone in ("", "+00:00")):
        return known
    try:
        moment = datetime.datetime.fromisoformat(f"{known.text}T{time}{zone}")
    except ValueError:
        return UNKNOWN
    return Published(moment.isoformat(), "second")


def second_of(timestamp: object) -> str:
    """Write seconds since 1970 as a moment in UTC, or ""."""
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float) or not math.isfinite(timestamp):
        return ""
    try:
        return datetime.datetime.fromtimestamp(int(timestamp), datetime.UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return ""


def milliseconds(value: object, unit: str) -> int | None:
    """Read a length or a time: a number in ``unit`` ("s", "ms"), ``449s``, ``12:34``, ``1:02:03``, ``PT1H2M``."""
    if isinstance(value, str):
        return _spoken(value.strip(), unit) if len(value) <= _LONGEST else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _whole(value, 1 if unit == "ms" else 1_000)


def _whole(number: float, factor: int) -> int | None:
    # 2**53 ms: beyond that a float has no whole milliseconds; nan fails the comparison too.
    return round(number * factor) if abs(number) * factor < 2**53 else None


def _spoken(text: str, unit: str) -> int | None:
    if found := _NUMBER.fullmatch(text):
        named = (found[2] or unit)[:2]
        return _whole(float(found[1]), 1 if named == "ms" else 1_000)
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds = found.groups(default="0")
        return _whole((int(hours) * 60 + int(minutes)) * 60 + float(seconds.replace(",", ".")), 1_000)
    if (found := _ISO_LENGTH.fullmatch(text)) and any(found.groups()):
        day, hour, minute, second = (float(part or 0) for part in found.groups())
        return _whole(((day * 24 + hour) * 60 + minute) * 60 + second, 1_000)
    return None
