"""What must hold of any input?  One function a target: bytes in, and nothing may escape it.

A promise that is broken is an ``AssertionError`` that names it.  Needs no fuzzer: ``test_found`` runs the same.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from unittest import mock
from zlib import crc32

import numpy as np

from crosscut import work
from crosscut.accounting import status
from crosscut.cli.status import _sections
from crosscut.corrections import digest, read_corrections
from crosscut.detect import traits_of
from crosscut.errors import CrosscutError, UnreadableFile
from crosscut.files import opened
from crosscut.files.members import ALWAYS_ALLOWED, MOST_SWELLING
from crosscut.importing import import_, read_mappings
from crosscut.ledger import Ledger
from crosscut.model import Traits, Transcript
from crosscut.query.language import parse
from crosscut.raw import RawStore
from crosscut.read import FORMATS, YIELDING, File, Format, Mapping, recognise
from crosscut.read.unknown import why_unknown
from crosscut.restore.sentences import LONGEST, sentence_starts
from crosscut.settings import read_study
from crosscut.store.layer import read_layer
from crosscut.tokens import TERMINAL, marks, norm, token_times, tokenise, word
from tests.fuzz.seeds import NAMES, PART
from tests.read.fixtures import INFO, NOTES, as_json
from tests.read.test_hostile import check
from tests.read.test_mapped import READY, TABLE, VIDEO
from tests.studies import PLAIN, make_study, record

LATEST = 2**31 - 1
LANGUAGES = ("en", "fr", "de", "ar", "")
# What a terminal would obey; told here once more, so that a gap in the product's own list shows.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SAMPLES = (TABLE, as_json(VIDEO), NOTES, as_json(INFO), '{"id": "a", "text": "words"}\n', "id;text\n1;words\n")
_GOOD = "youtube:good-good1A"


# -- readers -----------------------------------------------------------------------------------------------------------

def readers(data: bytes) -> None:
    """Any bytes under any name end in sound records or in one reason; a record's bytes say the same alone."""
    name, data = NAMES[data[0] % len(NAMES)] if data else NAMES[0], data[1:]
    for one in FORMATS:
        one.recognise(File(name, data))
    for module, mappings in _chosen(name, data):
        _read(module, File(name, data, mappings), mappings)
    assert why_unknown(data)


def _chosen(name: str, data: bytes) -> Iterator[tuple[Format, tuple[Mapping, ...]]]:
    """Choose the format as ``importing`` does, and each mapping that fits."""
    module = recognise(File(name, data))
    if module:
        yield module, ()
    if module is None or module in YIELDING:
        for mapping in READY.values():
            mapped = recognise(File(name, data, (mapping,)))
            if mapped is not None and mapped is not module:
                yield mapped, (mapping,)


def _read(module: Format, file: File, mappings: tuple[Mapping, ...]) -> None:
    try:
        for found in module.read(file):
            check(found)
            for place, track in enumerate(found.tracks):
                sound(track.transcript)
                again = _again(module, File(file.name, found.raw, mappings), place)
                assert again == work.digest_of(track.transcript), "a record's own bytes say something else"
    except UnreadableFile as problem:
        said(problem.reason)


def said(reason: str) -> None:
    """Whoever is refused is told why."""
    assert reason, "a refusal without a reason"


def _again(module: Format, file: File, place: int) -> str:
    """Read a track again as ``work.read_version`` does."""
    for found in module.read(file):
        if place < len(found.tracks):
            return work.digest_of(found.tracks[place].transcript)
    return "not found"


def sound(transcript: Transcript) -> None:
    """Anchors lie inside the text and ascend, times are whole milliseconds of 31 bits, tokens give the text back."""
    text, (offsets, starts, ends) = transcript.text, (
        column.tolist() for column in (transcript.offsets, transcript.starts, transcript.ends))
    assert len(offsets) == len(starts) == len(ends)
    assert all(0 <= offset < len(text) for offset in offsets), "an anchor outside the text"
    assert offsets == sorted(set(offsets)), "anchors that do not ascend"
    assert starts == sorted(starts), "times that go back"
    assert all(0 <= start <= end <= LATEST for start, end in zip(starts, ends, strict=True)), "times that are none"
    assert tokenise(text, "").text() == text, "tokens do not give the text back"


# -- archives ----------------------------------------------------------------------------------------------------------

def archives(data: bytes) -> None:
    """Any bytes in a file give files with names that lead nowhere, bounded, and leave nothing behind."""
    name = ("x.zip", "x.tar.gz", "x.vtt.gz", "x")[data[0] % 4] if data else "x"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "in")
        source.mkdir()
        (source / name).write_bytes(data[1:])
        with opened([source], Path(folder)) as files:
            found = list(files)
            assert files.done == files.total == len(found), "the count of files is wrong"
        assert os.listdir(folder) == ["in"], "something was left behind"  # noqa: PTH208
        assert os.listdir(source) == [name], "something was unpacked"  # noqa: PTH208
    names = [file.name for file in found]
    assert len(set(names)) == len(names), "two files of one name"
    for file in found:
        parts = file.name.split("/")
        assert file.name.encode(), "a name that is no text"
        assert parts[0] == "in", "a name that leads elsewhere"
        assert not {"", ".", ".."} & set(parts), "a name that leads elsewhere"
        assert "\0" not in file.name
        assert not (file.reason and file.data)
    assert sum(len(file.data) for file in found) <= MOST_SWELLING * len(data) + ALWAYS_ALLOWED, "swelling"


# -- importing ---------------------------------------------------------------------------------------------------------

def importing_(data: bytes) -> None:
    """Any folder is accounted for to the last file, reads again as it was read, and costs nothing else."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as quick:
        for name in ("os.fsync", "crosscut.raw.sync_folder"):  # nothing here must survive a power cut
            quick.enter_context(mock.patch(name))
        here = Path(folder)
        written = _folder(here / "in", data)
        study = make_study(here / "study", PLAIN)
        report = import_(study, [here / "in"], mappings=tuple(READY.values()))
        assert report.seen == report.imported + report.joined + report.excluded
        found = status(study)
        for accounts in (found["files"], found["records"]):
            assert accounts["seen"] == accounts["imported"] + accounts["joined"] + accounts["excluded"]
        assert found["files"]["seen"] == report.seen, "a file without account"
        assert report.seen >= written, "a file without account"
        assert not _CONTROL.search("\n".join(_sections(found)).replace("\n", "")), "status steers the terminal"
        _kept(study.ledger, RawStore(study.raw))
        assert sorted(os.listdir(here)) == ["in", "study"]  # noqa: PTH208
        again = import_(study, [here / "in"], mappings=tuple(READY.values()))
        assert (again.seen, again.imported, again.joined, again.excluded, again.reasons) == (
            report.seen, report.imported, report.joined, report.excluded, report.reasons), "importing again differs"
        assert status(study)["files"] == found["files"]


def _folder(root: Path, data: bytes) -> int:
    """Write the files that an input describes, and a sound one beside them; give how many there are."""
    (root / "good").mkdir(parents=True)
    (root / "good" / "good.txt").write_text(record(_GOOD.partition(":")[2], "peace talks began today"), encoding="utf-8")
    for part in data.split(PART)[:8]:
        name, _, content = part.partition(b"\n")
        parts = [os.fsdecode(one.replace(b"\0", b"_")[:200]) for one in name.split(b"/")]
        with suppress(OSError):  # a file where a folder should be, a name that the disk does not take
            path = root.joinpath(*[one for one in parts if one not in ("", ".", "..", "good")][:4])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return sum(path.is_file() and not any(one.startswith(".") for one in path.relative_to(root).parts)
               for path in root.rglob("*"))


def _kept(ledger: Path, raw: RawStore) -> None:
    """What was read can be read again; the sound file's video is there."""
    root = raw.root.resolve()
    with Ledger(ledger) as opened_ledger:
        definitions = {row["digest"]: row["definition"] for row in opened_ledger.rows("SELECT * FROM mappings")}
        versions = list(opened_ledger.versions())
    assert _GOOD in {version.video for version in versions}, "another file's harm"
    for version in versions:
        assert (raw.root / version.raw).resolve().is_relative_to(root), "raw bytes outside their folder"
        transcript = work.read_version(raw, version, definitions.get(version.mapping, ""))
        assert work.digest_of(transcript) == version.transcript, "raw bytes say something else"


# -- texts -------------------------------------------------------------------------------------------------------------

def texts(data: bytes) -> None:
    """Any text with any times has tokens, times, sentences and traits that are what they promise."""
    language = LANGUAGES[data[0] % len(LANGUAGES)] if data else ""
    text = data[1:].decode("utf-8", "replace")
    transcript = _timed(text, crc32(data))
    tokens = tokenise(text, language)
    assert tokens.text() == text, "tokens do not give the text back"
    assert all(tokens.forms), "a token of nothing"
    assert [text[at:at + len(form)] for at, form in zip(tokens.offsets.tolist(), tokens.forms, strict=True)] == tokens.forms
    start, _ = token_times(tokens, transcript)
    assert start.tolist() == sorted(start.tolist()), "word times that go back"
    assert all(-1 <= one <= LATEST for one in start.tolist())
    starts = sentence_starts(tokens, start, transcript.word_timed)
    assert not (starts.given & starts.cut).any()
    ends = np.array([False, *(bool(marks(after) & TERMINAL) for after in tokens.afters[:-1])][:len(tokens)], bool)
    bounds = np.flatnonzero(starts.given | starts.cut | ends)
    assert int(np.diff(bounds, append=len(tokens)).max(initial=0)) <= LONGEST, "a stretch that is too long to parse"
    traits = traits_of(transcript, tokens)
    assert Traits.of_json(json.dumps(json.loads(traits.to_json(), parse_constant=_no_number))) == traits
    for form in set(tokens.forms):
        assert word(word(form)) == word(form), "a word of a word"
        assert norm(form).encode()


def _timed(text: str, seed: int) -> Transcript:
    """Give the text anchors and times that a reader might have given it."""
    random = np.random.default_rng(seed)
    count = int(random.integers(0, min(len(text), 300) + 1))
    offsets = np.sort(random.choice(len(text), count, replace=False)) if count else np.empty(0)
    starts = np.sort(random.integers(0, random.choice((1, 1_000, 3_600_000, LATEST + 1)), count))
    ends = np.minimum(starts + random.integers(0, random.choice((1, 5_000, LATEST)), count), LATEST)
    word_timed = bool(random.integers(2))
    return Transcript(text, offsets.astype(np.int32), starts.astype(np.int32), ends.astype(np.int32), word_timed=word_timed)


def _no_number(constant: str) -> float:
    raise AssertionError(f"{constant} in a trait")


# -- what the user writes ----------------------------------------------------------------------------------------------

def mappings(data: bytes) -> None:
    """Any file of mappings is taken or complained of; what is taken reads any file, and is kept as it was."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.toml")
        path.write_bytes(data)
        try:
            taken = read_mappings(path)
        except CrosscutError as error:
            said(str(error))
            return
    for mapping in taken[:10]:
        kept = Mapping.parse("stored", json.loads(json.dumps(mapping.table, sort_keys=True)))
        for sample in _SAMPLES:
            file = File("in/x.json", sample.encode(), (mapping,))
            module = recognise(file)
            if module is not None and module.NAME.startswith("mapped"):
                _read(module, file, (mapping,))
                _read(module, File(file.name, file.data, (kept,)), (kept,))


def settings(data: bytes) -> None:
    """Any study file, corrections, layer or query is taken or complained of."""
    kind = data[0] % 4 if data else 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, ("crosscut.toml", "videos.tsv", "turns.1.jsonl", "query")[kind])
        path.write_bytes(data[1:])
        try:
            if kind == 0:
                read_study(path.parent)
            elif kind == 1:
                digest(read_corrections(path.parent))
            elif kind == 2:
                assert read_layer(path).digest
            else:
                parse(data[1:].decode("utf-8", "replace"), ("en", "fr"))
        except CrosscutError as error:
            said(str(error))


#: The targets, and for how much longer than its fellows each is run.
TARGETS: dict[str, tuple[Callable[[bytes], None], int]] = {
    "readers": (readers, 5), "archives": (archives, 2), "importing": (importing_, 2), "texts": (texts, 1),
    "mappings": (mappings, 1), "settings": (settings, 1),
}

