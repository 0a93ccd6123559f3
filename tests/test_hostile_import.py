"""Does whatever is in a folder end in one account, with the rest of the run unharmed?  As a user meets it."""

from __future__ import annotations

import bz2
import gzip
import html
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut import files
from crosscut.accounting import status
from crosscut.building import build
from crosscut.clean import text
from crosscut.cli import main
from crosscut.files import Loaded, folders
from crosscut.files.folders import Found
from crosscut.forgetting import forget
from crosscut.importing import import_
from crosscut.ledger import Ledger, Version
from crosscut.raw import RawStore
from crosscut.read import decode
from crosscut.read.mapping import Mapping
from crosscut.settings import Study
from crosscut.work import read_version
from tests.read.fixtures import JSON3, SRT, UPLOADED, as_json
from tests.read.test_hostile import srv, tt
from tests.studies import make_study, record, write_records
from tests.test_files import tar_of, zip_of
from tests.test_importing import balances

GOOD = "youtube:good-good1A"
ROWS = Mapping.parse("rows", {"form": "jsonl", "kind": "transcript", "fields": {
    name: name for name in ("id", "platform", "title", "outlet", "programme", "url", "thumbnail", "published", "text")}})

Accounts = dict[str, tuple[str, str]]


def imported(study: Study, source: Path, *mappings: Mapping) -> Accounts:
    """Import a folder with a sound file beside what is in it; check all that must hold; give the account of each file."""
    write_records(source / "good", [record(GOOD.partition(":")[2], "peace talks began today")])
    report = import_(study, [source], mappings=mappings)
    found = status(study)
    assert balances(found)
    assert found["files"]["seen"] == report.seen
    with Ledger(study.ledger) as ledger:
        assert GOOD in {version.video for version in ledger.versions()}
        accounts = {row["path"]: (row["outcome"], row["reason"]) for row in ledger.rows("SELECT * FROM files")}
    assert accounts.pop("in/good/r0.txt") == ("imported", "")
    assert len(accounts) + 1 == report.seen
    raw = study.raw.resolve()
    for path in raw.rglob("*"):
        assert re.fullmatch(r"[a-z0-9._-]{1,80}", path.name)
    assert sorted(os.listdir(study.folder.parent)) == ["in", "study"]  # noqa: PTH208
    return {name.removeprefix("in/"): account for name, account in accounts.items()}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return make_study(tmp_path / "study")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


DEEP = 100_000
VTT = "WEBVTT\n\n"
BOMB = '<!DOCTYPE tt [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + tt("<p begin='1s' end='2s'>&b;</p>")
OUTSIDE = '<!DOCTYPE tt [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + tt("<p begin='1s' end='2s'>&a;</p>")
SWOLLEN = bytes(90 << 20)


def links() -> bytes:
    """A tar with a way out, links and a device, and a sound file behind them."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        for name, kind in (("passwd", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("null", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "../../../etc/passwd"
            tar.addfile(info)
    return whole.getvalue()[:-10_240 + 2_048] + tar_of([("../../up.txt", b"no"), ("/root.txt", b"no"), ("ok.srt", SRT.encode())])


BROKEN: dict[str, tuple[bytes, tuple[str, str]]] = {
    "truncated.vtt": (UPLOADED.encode()[:150], ("imported", "")),
    "truncated.json3": (as_json(JSON3).encode()[:300], ("excluded", "broken JSON")),
    "truncated.ttml": (tt("<p begin='1s' end='2s'>The ferry").encode()[:-30], ("excluded", "broken XML")),
    "truncated.gz": (gzip.compress(UPLOADED.encode())[:60], ("excluded", "archive that breaks off: only what stands before was read")),
    "binary.vtt": (bytes(range(256)) * 20, ("excluded", "binary file")),
    "binary in.srt": (SRT.encode() + bytes(range(256)), ("excluded", "unknown encoding")),
    "deep.json": (b"[" * DEEP, ("excluded", "broken JSON")),
    "deep and closed.json": (b"[" * DEEP + b"]" * DEEP, ("excluded", "broken JSON")),
    "deep.json3": (b'{"events":[{"tStartMs":1,"segs":' + b'[{"a":' * DEEP, ("excluded", "broken JSON")),
    "deep.info.json": (b'{"extractor": "youtube", "id": ' + b"[" * DEEP + b"]" * DEEP + b"}", ("excluded", "broken JSON")),
    "deep.xml": (b"<tt><body>" + b"<div>" * DEEP, ("excluded", "broken XML")),
    "bomb.ttml": (BOMB.encode(), ("excluded", "XML with a document type")),
    "outside.ttml": (OUTSIDE.encode(), ("excluded", "XML with a document type")),
    "invalid.srt": (SRT.encode().replace(b"ferry", b"f\xe4hre"), ("excluded", "unknown encoding")),
    "mixed.vtt": (UPLOADED.encode() + UPLOADED.encode("utf-16"), ("excluded", "unknown encoding")),
    "swollen.zip": (zip_of([("a.vtt", SWOLLEN)]), ("excluded", "archive that unpacks to more than 32 GB or 200 times its size: unpack it first")),
    "swollen.bz2": (bz2.compress(SWOLLEN), ("excluded", "archive that unpacks to more than 32 GB or 200 times its size: unpack it first")),
    "links.tar": (links(), ("", "")),
    "ways.zip": (zip_of([("../up.txt", b"no"), ("C:\\x.txt", b"no"), ("a/../../b.txt", b"no"), ("ok.srt", SRT.encode())]), ("", "")),
}


def test_broken_and_hostile_files(study: Study, source: Path, tmp_path: Path) -> None:
    for name, (data, _) in BROKEN.items():
        (source / name).write_bytes(data)
    accounts = imported(study, source)
    for name, (_, account) in BROKEN.items():
        if account[0]:
            assert (name, accounts.get(name)) == (name, account)
    refused = {name: reason for name, (outcome, reason) in accounts.items() if "/" in name and outcome == "excluded"}
    assert refused == {
        "links.tar/passwd": "link", "links.tar/hard": "link", "links.tar/null": "not a regular file",
        "links.tar/pipe": "not a regular file", "links.tar/__/__/up.txt#4": "unsafe path in archive",
        "links.tar/root.txt#5": "unsafe path in archive", "ways.zip/__/up.txt#0": "unsafe path in archive",
        "ways.zip/C:/x.txt#1": "unsafe path in archive", "ways.zip/a/__/__/b.txt#2": "unsafe path in archive"}
    assert accounts["ways.zip/ok.srt"] == accounts["links.tar/ok.srt"] == ("imported", "")
    assert not list(tmp_path.rglob("up.txt"))


def test_a_zip_with_a_member_of_no_name(study: Study, source: Path) -> None:
    """Once it ended the whole run: found by fuzzing."""
    found = Path(__file__).parent / "fuzz" / "found" / "archives" / "nameless-member"
    (source / "x.zip").write_bytes(found.read_bytes()[1:])
    accounts = imported(study, source)
    assert any(name.startswith("x.zip/_#") and reason == "unsafe path in archive" for name, (_, reason) in accounts.items())


def one(study: Study, ending: str) -> Version:
    with Ledger(study.ledger) as ledger:
        return next(version for version in ledger.versions() if version.origin.endswith(ending))


TIMES: dict[str, tuple[bytes, list[int], list[int]]] = {
    "back.vtt": ((VTT + "00:00:09.000 --> 00:00:08.000\none\n\n00:00:02.000 --> 00:00:03.000\ntwo\n").encode(), [9_000, 9_000], [9_000, 9_000]),
    "overlap.vtt": ((VTT + "00:00:01.000 --> 00:00:09.000\nOne.\n\n00:00:02.000 --> 00:00:03.000\nTwo.\n").encode(), [1_000, 2_000], [9_000, 3_000]),
    "negative.json3": (as_json({"wireMagic": "pb3", "events": [{"tStartMs": -5_000, "dDurationMs": -9, "segs": [{"utf8": "words"}]}]}).encode(), [0], [0]),
    "100h.srt": (b"1\n100:00:00,000 --> 200:00:00,000\nwords\n", [360_000_000], [720_000_000]),
    "597h.srt": (b"1\n00:00:01,000 --> 597:00:00,000\nwords\n\n2\n9999:00:00,000 --> 9999:00:01,000\nmore\n", [1_000, 2**31 - 1], [2**31 - 1, 2**31 - 1]),
    "huge.xml": (srv(f"<p t='{10**12}' d='{10**18}'>words</p>").encode(), [2**31 - 1], [2**31 - 1]),
}


def test_times_that_cannot_be(study: Study, source: Path) -> None:
    for name, (data, _, _) in TIMES.items():
        (source / name).write_bytes(data)
    accounts = imported(study, source)
    assert set(accounts.values()) == {("imported", "")}
    for name, (_, starts, ends) in TIMES.items():
        heard = read_version(RawStore(study.raw), one(study, name), "")
        assert (name, heard.starts.tolist(), heard.ends.tolist()) == (name, starts, ends)
    assert build(study).failures == []


NAMES = ["../../../../etc/passwd", "/etc/passwd", "C:\\Windows\\x", "a\0b", "a", "x" * 5_000, "CON", "aux.txt", "LPT1", "-rf", "~",
         "\x1b]0;pwned\x07", "a\nb\tc", "\u202eevil", "a:b:c", "%2e%2e%2f", " ", "\ud800", "😀" * 300, "'; DROP TABLE videos; --",
         "<script>alert(1)</script>", "{{ 7*7 }}"]
EVIL = "\x1b]0;pwned\x07\x1b[31m \u202eevil\u2066 <script>alert(1)</script> {{ 7*7 }}\r\n\x9b2J"


def hostile_rows(names: list[str], evil: str) -> str:
    return "".join(json.dumps({
        "id": name, "platform": name if place % 2 else "", "title": evil, "outlet": f"en_{evil}", "programme": evil,
        "url": "javascript:alert(1)", "thumbnail": f"../../{name}", "published": "2024-04-30",
        "text": f"peace talks {evil} number {place}"}) + "\n" for place, name in enumerate(names))


def test_ids_lead_nowhere(study: Study, source: Path) -> None:
    (source / "rows.jsonl").write_text(hostile_rows(NAMES, "title"))
    assert imported(study, source, ROWS)["rows.jsonl"] == ("imported", "")
    build(study)
    found = status(study)
    assert found["videos"]["usable"] == len(NAMES) + 1
    with Ledger(study.ledger) as ledger:
        videos = [row["video"] for row in ledger.rows("SELECT video FROM videos")]
        for video in videos:  # each is found by its name, and none for another
            assert [version.video for version in ledger.versions(videos=[video])] == [video]
            assert {row["video"] for row in ledger.statements(videos=[video])} == {video}
    for video in videos:
        if video != GOOD:
            forget(study, video, "test")
    build(study)
    assert status(study)["videos"]["usable"] == 1


@settings(max_examples=15)
@given(names=st.lists(st.text(max_size=60), min_size=1, max_size=4, unique=True), evil=st.text(max_size=30))
def test_any_ids_lead_nowhere(tmp_path_factory: pytest.TempPathFactory, names: list[str], evil: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "in").mkdir()
    (folder / "in" / "rows.jsonl").write_text(hostile_rows(names, evil))
    assert imported(make_study(folder / "study"), folder / "in", ROWS)["rows.jsonl"] == ("imported", "")


CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def test_no_command_hands_a_title_to_the_terminal(study: Study, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (source / "rows.jsonl").write_text(hostile_rows(NAMES[:12], EVIL))
    (source / "evil\x1b[31m\n\u202e.srt").write_text(SRT.replace("Good", EVIL.replace("\r\n", " ")))
    (source / "evil\x1b[31m.bin").write_bytes(bytes(99))
    imported(study, source, ROWS)
    build(study)
    with Ledger(study.ledger) as ledger:
        video = ledger.rows("SELECT video FROM videos WHERE video LIKE '%passwd'")[0]["video"]
    page, refused = study.folder / "out" / "page.html", []
    for words in (
        ["status"], ["status", "--by", "outlet,programme"], ["show", video], ["kwic", "peace talks", "--reference", "video,title,outlet"],
        ["freq", "peace talks", "--by", "outlet,programme"], ["sql", "SELECT * FROM videos"], ["forget", video, "--reason", EVIL],
        ["report", "peace talks", "--output", str(page)], ["freq", "peace", "--where", f"outlet={EVIL}"], ["show", EVIL], ["kwic", f'[x="{EVIL}"]'],
    ):
        try:
            main([words[0], "--corpus", str(study.folder), *words[1:]])
        except SystemExit:
            refused.append(words[0])
        for shown in capsys.readouterr():
            assert not CONTROL.search(shown), words
    assert refused == ["freq", "show", "kwic"]
    written = page.read_text(encoding="utf-8")
    assert "<script>alert" not in written
    assert "javascript:" not in written
    assert "alert(1)" in html.unescape(written)
    assert "{{ 7*7 }}" in html.unescape(written)


def test_a_folder_of_5000_tiny_files(study: Study, source: Path) -> None:
    for number in range(5_000):
        (source / f"{number}.txt").write_bytes(b"%d" % number)
    accounts = imported(study, source)
    assert len(accounts) == 5_000
    assert {outcome for outcome, _ in accounts.values()} == {"excluded"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none here")
def test_a_pipe_is_not_waited_for(study: Study, source: Path) -> None:
    os.mkfifo(source / "pipe.vtt")
    assert imported(study, source) == {"pipe.vtt": ("excluded", "not a regular file")}
    report = import_(study, [source / "pipe.vtt"])
    assert report.reasons == {"not a regular file": 1}


def test_a_file_that_vanishes_before_it_is_read(study: Study, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source / "gone.vtt").write_text(UPLOADED)
    def late(found: Found) -> Loaded:
        if found.name.endswith("gone.vtt"):
            found.path.unlink()
        return folders.load(found)

    monkeypatch.setattr(files, "load", late)
    assert imported(study, source) == {"gone.vtt": ("excluded", "cannot be read: No such file or directory")}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read anything")
def test_what_may_not_be_read(study: Study, source: Path) -> None:
    (source / "shut.vtt").write_text(UPLOADED)
    (source / "shut.vtt").chmod(0)
    assert imported(study, source) == {"shut.vtt": ("excluded", "cannot be read: Permission denied")}


def test_a_file_that_is_larger_than_any_captions(study: Study, source: Path) -> None:
    with (source / "line.vtt").open("wb") as file:
        file.write(VTT.encode())
        file.truncate(1 << 30)  # sparse: takes no room
    assert imported(study, source) == {"line.vtt": ("excluded", "larger than 256 MB")}


PEAK = """
import resource, sys
from pathlib import Path
from crosscut.importing import import_
from crosscut.settings import read_study

study = read_study(Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report = import_(study, [Path(sys.argv[2])])
print(report.reasons, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measured in kB elsewhere too, or not at all")
@pytest.mark.parametrize(("name", "head", "unit", "mb", "reason", "most"), [
    ("line.txt", "", "the ferry is late again ", 200, "captions of more than 64 MB", 300),
    ("line.vtt", f"{VTT}00:00:01.000 --> 00:00:02.000\n", "a", 63, "text of more than 16 million characters", 500),
    ("line.json", '{"a": "', "b", 80, "JSON of no known kind: write a mapping", 300),
])
def test_one_endless_line_takes_bounded_memory(
    study: Study, tmp_path: Path, name: str, head: str, unit: str, mb: int, reason: str, most: int,
) -> None:
    with (tmp_path / name).open("w") as file:
        file.write(head)
        for _ in range(mb):
            file.write(unit * ((1 << 20) // len(unit)))
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(PEAK), study.folder, tmp_path / name],
                          capture_output=True, text=True, check=True)
    reasons, peak = done.stdout.rsplit(maxsplit=1)
    assert reasons == f"{{{reason!r}: 1}}"
    assert int(peak) < most


def limits(monkeypatch: pytest.MonkeyPatch, characters: int, size: int) -> None:
    monkeypatch.setattr(text, "LONGEST", characters)
    monkeypatch.setattr(decode, "LARGEST", size)


def test_a_text_that_is_too_long_costs_its_own_record_only(study: Study, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits(monkeypatch, 200, 500)
    (source / "rows.jsonl").write_text(hostile_rows(["a1", "a2"], "title") + json.dumps({"id": "a3", "text": "word " * 99}) + "\n")
    (source / "rows.txt").write_text(record("aaaaaaaaaa1", "one") + record("aaaaaaaaaa2", "word " * 99) + record("aaaaaaaaaa3", "three"))
    (source / "cues.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n" + "word " * 50)
    assert imported(study, source, ROWS) == {
        "rows.jsonl": ("imported", ""), "rows.txt": ("imported", ""), "cues.srt": ("excluded", text.TOO_LONG)}
    assert sorted(reasons(study)) == [("in/rows.jsonl", text.TOO_LONG), ("in/rows.txt", "captions of more than 0 MB")]


def reasons(study: Study) -> Iterator[tuple[str, str]]:
    found: list[dict[str, Any]] = [one for one in status(study)["exclusions"] if one["what"] == "record"]
    return ((one["example"].split(" ")[0], one["reason"]) for one in found)


def test_members_of_zips_that_claim_to_be_small(study: Study, source: Path) -> None:
    data = bytearray(zip_of([("a.srt", SRT.encode() * 50), ("ok.srt", SRT.encode())]))
    at = data.find(b"PK\x01\x02")
    data[at + 24:at + 28] = (10).to_bytes(4, "little")
    (source / "x.zip").write_bytes(bytes(data))
    assert zipfile.is_zipfile(source / "x.zip")
    assert imported(study, source) == {
        "x.zip/a.srt": ("excluded", "damaged in its archive"), "x.zip/ok.srt": ("imported", "")}
