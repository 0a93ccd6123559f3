"""What did the user choose?  One folder, one ``crosscut.toml``, one frozen object.

A study folder holds ``crosscut.toml``, ``raw/`` (as collected or imported, never modified), ``ledger.sqlite`` (what
was seen, and when; not rebuildable), ``corpus/`` (can be deleted and rebuilt), ``corrections/`` and ``layers/`` (the
user's own decisions and what tools added) and ``out/``.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from crosscut.errors import CorpusMissing, StudyError
from crosscut.model import FORMATS, FOUND, KINDS, SPEECH_KINDS

FILE = "crosscut.toml"

#: What the study file may hold, table by table; an unknown key is an error that names the nearest known one.
KEYS: Mapping[str, tuple[str, ...]] = {
    "study": ("name", "description", "seed"),
    "frame": ("from", "until", "outlets", "languages", "formats", "programmes", "min_words", "claim"),
    "outlets": ("name", "language", "colour", "names", "programmes", "sources"),
    "selection": ("kinds", "speech"),
    "annotate": ("models", "jobs"),
    "events": ("date", "label"),
    "layers": ("off",),
    "stories": ("days", "threshold", "long", "embeddings"),
    "import": ("path",),
    "naming": ("within", "near", "not_near", "alternatives"),  # of one language of a set: [naming.SET.LANGUAGE]
}
FREE = ("words", "mappings")  # tables whose keys are the user's own


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who published: its key is ``language_NAME`` by convention (``en_AJ``), ``names`` are what sources call it."""

    key: str
    name: str = ""
    language: str = ""
    colour: str = ""
    names: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The population that the study claims to speak for.  Empty means: no limit declared."""

    since: str = ""          # first day, ISO
    until: str = ""          # last day, ISO, inclusive
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    min_words: int = 1
    claim: str = ""          # in words: a census of what, or a sample of what


@dataclass(frozen=True, slots=True)
class Choices:
    """What one referent is called in one language: a query for each alternative, in order, and which of its hits count.

    ``near``: only hits near one of these; ``not_near``: hits near one of these do not count.  Near is no further away than
    ``within`` tokens, or ms where ``timed``.
    """

    alternatives: Mapping[str, str]
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    within: int = 10
    timed: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceSet:
    """The alternatives for one referent: ``[naming.NAME]``, with a table for each language."""

    name: str
    referent: str = ""       # who or what it is that has these names, in words
    languages: Mapping[str, Choices] = field(default_factory=dict)


#: Videos of so many seconds and more hold several subjects, and are cut.
LONG_S = 600
#: Sentence encoders by which stories can be put together across languages.
ENCODERS = ("universal-sentence-encoder",)


@dataclass(frozen=True, slots=True)
class StoryChoices:
    """How stories are told apart.  None: as the room of stories has it."""

    days: int | None = None          # a story that nobody has anything of for so many days is over
    threshold: float | None = None   # least similarity to a story, 0 to 1
    long: int = LONG_S               # seconds from which a video is cut
    embeddings: str = ""             # a sentence encoder, to put stories together across languages


@dataclass(frozen=True, slots=True)
class Study:
    """Everything the user chose, as read from the study file."""

    folder: Path
    name: str = ""
    description: str = ""
    seed: int = 1
    frame: Frame = Frame()
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    kinds: tuple[str, ...] = KINDS                # order of preference when one track is selected
    speech: frozenset[str] = SPEECH_KINDS         # kinds that enter default counts
    models: Mapping[str, str] = field(default_factory=dict)
    jobs: int = 2
    mappings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    events: tuple[tuple[str, str], ...] = ()      # (ISO date, label)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    naming: Mapping[str, ChoiceSet] = field(default_factory=dict)
    layers_off: frozenset[str] = frozenset()
    stories: StoryChoices = StoryChoices()
    path: str = ""                                # pattern of paths, whose groups are facts of every file

    @property
    def ledger(self) -> Path:
        """Accounts, versions, tombstones: not rebuildable."""
        return self.folder / "ledger.sqlite"

    @property
    def raw(self) -> Path:
        """Bytes as they came, one folder a video."""
        return self.folder / "raw"

    @property
    def corpus(self) -> Path:
        """Built from the rest; can be deleted."""
        return self.folder / "corpus"

    def view(self, name: str) -> Path:
        """Where a view of the corpus lies: words as found in the corpus itself, another view in a folder inside."""
        return self.corpus if name == FOUND else self.corpus / name

    @property
    def heard(self) -> Path:
        """What was heard so far, for ``crosscut copies``; can be deleted."""
        return self.corpus / "copies"

    @property
    def corrections(self) -> Path:
        """The user's own decisions."""
        return self.folder / "corrections"

    @property
    def layers(self) -> Path:
        """Spans that people and tools added."""
        return self.folder / "layers"

    def outlet_key(self, name: str) -> str:
        """The key of an outlet from whatever a source calls it; the name itself where the study file has none."""
        return _outlet_key(name, self.outlets)


def _outlet_key(name: str, outlets: Mapping[str, Outlet]) -> str:
    folded = name.casefold()
    for key, outlet in outlets.items():
        if folded and folded in {key.casefold(), outlet.name.casefold(), *(n.casefold() for n in outlet.names)}:
            return key
    return name


def read_study(folder: Path) -> Study:
    """Read the study file in ``folder``; raises ``CorpusMissing`` where there is none."""
    path = folder / FILE
    if not path.is_file():
        raise CorpusMissing(f"no {FILE} in {folder}: make a study with crosscut init, or name one with --corpus")
    table = read_toml(path)
    try:
        return _study(folder, table)
    except StudyError as error:
        raise StudyError(f"{path}: {error}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file; raises ``StudyError`` where it is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except RecursionError:
        raise StudyError(f"{path}: not valid TOML: nested too deeply") from None
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise StudyError(f"{path}: not valid TOML: {error}") from error


def find_study(start: Path) -> Path:
    """The nearest folder at or above ``start`` that holds a study file."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise CorpusMissing(f"no {FILE} in {start} or above: make a study with crosscut init, or name one with --corpus")


def open_study(folder: str | Path = ".") -> Study:
    """The study in a folder or above it."""
    return read_study(find_study(Path(folder).resolve()))


def _study(folder: Path, table: Mapping[str, Any]) -> Study:
    _check_names(table, (*KEYS, *FREE), "table")
    about, selection, annotate = (_table(table, name) for name in ("study", "selection", "annotate"))
    kinds = _kinds(selection.get("kinds", KINDS), "selection.kinds")
    outlets = {key: _outlet(key, value) for key, value in _mapping(table, "outlets").items()}
    return Study(
        folder=folder, name=str(about.get("name", folder.resolve().name)), description=str(about.get("description", "")),
        seed=_whole(about, "seed", 1), frame=_frame(_table(table, "frame"), outlets),
        outlets=outlets,
        kinds=(*kinds, *(kind for kind in KINDS if kind not in kinds)),
        speech=frozenset(_kinds(selection.get("speech", tuple(SPEECH_KINDS)), "selection.speech")),
        models={str(k): str(v) for k, v in _mapping(annotate, "models").items()}, jobs=max(1, _whole(annotate, "jobs", 2)),
        mappings=_mapping(table, "mappings"), events=_events(table.get("events", [])),
        words={key: _texts(value, f"words.{key}") for key, value in _mapping(table, "words").items()},
        naming={name: _choice_set(name, value) for name, value in _mapping(table, "naming").items()},
        layers_off=frozenset(_texts(_table(table, "layers").get("off", []), "layers.off")),
        stories=_stories(_table(table, "stories")),
        path=str(_table(table, "import").get("path", "")),
    )


def _check_names(table: Mapping[str, Any], known: Iterable[str], what: str) -> None:
    for name in table:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
            raise StudyError(f"unknown {what} {name!r}{hint}")


def _mapping(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, dict):
        raise StudyError(f"{name!r} must be a table: [{name}]")
    return value


def _table(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = _mapping(table, name)
    _check_names(value, KEYS[name], f"key in [{name}]:")
    return value


def _outlet(key: str, value: object) -> Outlet:
    if not isinstance(value, dict):
        raise StudyError(f"outlets.{key} must be a table: [outlets.{key}]")
    _check_names(value, KEYS["outlets"], f"key in [outlets.{key}]:")
    return Outlet(
        key, str(value.get("name", key)), str(value.get("language", "")), str(value.get("colour", "")),
        *(_texts(value.get(name, []), f"outlets.{key}.{name}") for name in ("names", "programmes", "sources")),
    )


def _frame(table: Mapping[str, Any], outlets: Mapping[str, Outlet]) -> Frame:
    lists = {n: _texts(table.get(n, []), f"frame.{n}") for n in ("outlets", "languages", "formats", "programmes")}
    lists["outlets"] = tuple(_outlet_key(name, outlets) for name in lists["outlets"])
    if outlets:
        _check_names(dict.fromkeys(lists["outlets"]), outlets, "outlet in frame.outlets:")
    _check_names(dict.fromkeys(lists["formats"]), FORMATS, "format in frame.formats:")
    since, until = _day(table.get("from", ""), "frame.from"), _day(table.get("until", ""), "frame.until")
    if since and until and since > until:
        raise StudyError(f"the frame ends before it begins: from {since} until {until}")
    return Frame(
        since, until, **lists,
        min_words=_whole(table, "min_words", 1), claim=str(table.get("claim", "")),
    )


def _choice_set(name: str, value: object) -> ChoiceSet:
    where = f"naming.{name}"
    if not isinstance(value, dict):
        raise StudyError(f"{where} must be a table with a table for each language: [{where}.en]")
    about = {key: part for key, part in value.items() if not isinstance(part, dict) or key in KEYS["naming"]}
    if misplaced := [key for key in about if key in KEYS["naming"]]:
        raise StudyError(f"{misplaced[0]!r} in [{where}] belongs into the table of a language: [{where}.en]")
    _check_names(about, ("referent",), f"key in [{where}]:")
    languages = {key: _choices(part, f"{where}.{key}") for key, part in value.items() if key not in about}
    if not languages:
        raise StudyError(f"{where} has no alternatives: write them into a table for each language, [{where}.en]")
    return ChoiceSet(name, str(about.get("referent", "")), languages)


def _choices(table: Mapping[str, Any], where: str) -> Choices:
    _check_names(table, KEYS["naming"], f"key in [{where}]:")
    given = table.get("alternatives", {})
    if isinstance(given, (list, tuple)):
        given = {text: text for text in _texts(given, f"{where}.alternatives")}
    if not isinstance(given, dict) or not all(isinstance(query, str) for query in given.values()):
        raise StudyError(f"{where}.alternatives must be a table of queries by name, or a list of words")
    if len(given) < 2:
        raise StudyError(f"{where}.alternatives: a choice has two alternatives at least")
    near, not_near = (_texts(table.get(key, []), f"{where}.{key}") for key in ("near", "not_near"))
    return Choices(given, near, not_near, *_within(table.get("within", 10), f"{where}.within"))


#: How far a filter on the context may look: beyond that, everything is near.
WIDEST_TOKENS, WIDEST_MS = 1_000, 3_600_000
_TIME = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*(ms|s|min)")


def _within(value: object, where: str) -> tuple[int, bool]:
    """So many tokens, or so many ms and True."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= WIDEST_TOKENS:
        return value, False
    if isinstance(value, str) and (found := _TIME.fullmatch(value.strip())):
        ms = round(float(found[1]) * {"ms": 1, "s": 1000, "min": 60_000}[found[2]])
        if 0 < ms <= WIDEST_MS:
            return ms, True
    raise StudyError(f'{where} is a number of tokens (10, at most {WIDEST_TOKENS:,}) or a time ("5s"), not {value!r}')


def _stories(table: Mapping[str, Any]) -> StoryChoices:
    days, threshold = table.get("days"), table.get("threshold")
    if days is not None and _whole(table, "days", 0) < 1:
        raise StudyError(f"stories.days is a number of days, 1 or more, not {days}")
    if threshold is not None and (isinstance(threshold, bool) or not isinstance(threshold, (int, float))
                                  or not 0 <= threshold <= 1):
        raise StudyError(f"stories.threshold is a number from 0 to 1, not {threshold!r}")
    long = _whole(table, "long", LONG_S)
    if long < 1:
        raise StudyError(f"stories.long is a number of seconds, not {long}")
    embeddings = str(table.get("embeddings", ""))
    if embeddings and embeddings not in ENCODERS:
        raise StudyError(f"stories.embeddings: no sentence encoder {embeddings!r}; there is {', '.join(ENCODERS)}")
    return StoryChoices(days, None if threshold is None else float(threshold), long, embeddings)


def _events(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or not all(isinstance(event, dict) for event in value):
        raise StudyError("events must be written as [[events]] tables with date and label")
    for event in value:
        _check_names(event, KEYS["events"], "key in [[events]]:")
    return tuple(sorted((_day(event.get("date", ""), "events.date"), str(event.get("label", ""))) for event in value))


def _day(value: object, where: str) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat() if value else ""
    except ValueError as error:
        raise StudyError(f"{where}: {value!r} is not a day; write it as 2024-07-04") from error


def _texts(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise StudyError(f"{where} must be a list of texts")


def _kinds(value: object, where: str) -> tuple[str, ...]:
    kinds = _texts(value, where)
    for kind in kinds:
        _check_names({kind: 0}, KINDS, f"kind of track in {where}:")
    return kinds


def _whole(table: Mapping[str, Any], name: str, default: int) -> int:
    value = table.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise StudyError(f"{name} must be a whole number, not {value!r}")
    return value
