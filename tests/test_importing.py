"""Every file, record and track is accounted for, whatever it is."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from crosscut.accounting import status
from crosscut.errors import ImportFailed, StudyError
from crosscut.importing import import_, read_mappings
from crosscut.ledger import Ledger
from crosscut.raw import RawStore
from crosscut.read.mapping import Mapping
from crosscut.sample.pictures import Canvas
from crosscut.settings import Study
from tests.read.test_tvnews import META, PAGE
from tests.studies import PLAIN, make_study, record, write_records
from tests.test_files import tar_of, zip_of


def picture_bytes() -> bytes:
    return Canvas((50, 100, 150), 8, 4).png()


def balances(accounts: dict[str, dict[str, int]]) -> bool:
    return all(
        accounts[what]["seen"] == accounts[what]["imported"] + accounts[what]["joined"] + accounts[what]["excluded"]
        for what in ("files", "records"))


def test_every_file_ends_somewhere(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    source = tmp_path / "in"
    write_records(source, [record("aaaaaaaaaa1", "peace talks began"), record("aaaaaaaaaa2", "")])
    (source / "page.vtt").write_text("<!DOCTYPE html><html>sign in</html>")
    (source / "empty.vtt").write_bytes(b"")
    (source / ".hidden").write_text("x")
    (source / "binary.dat").write_bytes(bytes(range(256)))
    (source / "x.json").write_text('{"a": 1}')
    (source / "x.zip").write_bytes(b"PK\x03\x04rest")
    (source / "x.7z").write_bytes(b"7z\xbc\xaf\x27\x1crest")
    (source / "link").symlink_to(source / "r0.txt")
    report = import_(study, [source])
    assert (report.seen, report.imported, report.joined) == (10, 1, 0)
    assert report.reasons == {
        "web page, not captions": 1, "empty file": 1, "hidden file": 1, "binary file": 1, "link": 1, "no text": 1,
        "JSON of no known kind: write a mapping": 1, "archive: unpack it first": 1,
        "archive that breaks off: only what stands before was read": 1}
    assert balances(status(study))


def test_a_video_without_words_is_known_and_set_aside(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa2", "[Music]")]))
    accounts = status(study)
    assert accounts["videos"] == {"known": 1, "usable": 0, "set_aside": {"no captions": 1}, "forgotten": 0}


def test_several_records_in_a_file_keep_their_own_bytes(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    texts = [record("aaaaaaaaaa1", "one & two"), record("aaaaaaaaaa2", "three")]
    import_(study, write_records(tmp_path / "in", ["".join(texts)]))
    with Ledger(study.ledger) as ledger:
        raw = [(study.raw / version.raw).read_bytes() for version in ledger.versions()]
    assert sorted(raw) == sorted(text.encode() for text in texts)


def test_one_id_under_two_outlets_is_one_video_with_a_flag(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [
        record("aaaaaaaaaa1", "peace talks", outlet="en_AAA"), record("aaaaaaaaaa1", "peace talks", outlet="en_BBB")]))
    accounts = status(study)
    assert accounts["videos"]["known"] == 1
    assert {"video": "youtube:aaaaaaaaaa1", "flag": "claimed by en_AAA, en_BBB"} in accounts["flags"]


def test_ids_that_differ_in_case_or_begin_with_a_dash_stay_apart(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    ids = ["aB3dEfGh1jK", "Ab3dEfGh1jK", "-aaaaaaaaa1"]
    import_(study, write_records(tmp_path / "in", [record(id, f"words of {id}") for id in ids]))
    with Ledger(study.ledger) as ledger:
        folders = {str(Path(version.raw).parent).lower() for version in ledger.versions()}
    assert len(folders) == 3


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    paths = write_records(tmp_path / "in", [record("aaaaaaaaaa1", "peace talks")])
    import_(study, paths)
    before = status(study)
    report = import_(study, paths)
    assert report.known == 1
    assert status(study) == before


def test_outlet_by_option_then_record_then_path_then_unknown(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    bare = "<video_id>{}</video_id>\n<doc>\nwords\n</doc>\n"
    (tmp_path / "in" / "fr_CCC").mkdir(parents=True)
    (tmp_path / "in" / "fr_CCC" / "a.txt").write_text(bare.format("aaaaaaaaaa3"))
    (tmp_path / "in" / "b.txt").write_text(bare.format("aaaaaaaaaa4"))
    (tmp_path / "in" / "c.txt").write_text(record("aaaaaaaaaa5", "words", outlet="en_AAA"))
    import_(study, [tmp_path / "in"])
    (tmp_path / "d.txt").write_text(record("aaaaaaaaaa6", "words", outlet="en_AAA"))
    import_(study, [tmp_path / "d.txt"], outlet="en_ZZZ")
    assert {entry["outlet"]: entry["videos"] for entry in status(study)["outlets"]} == {
        "fr_CCC": 1, "unknown": 1, "en_AAA": 1, "en_ZZZ": 1}


def test_a_record_without_id_is_known_by_its_address_else_its_content(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    mapping = Mapping.parse("m", {"form": "jsonl", "kind": "transcript", "fields": {"url": "url", "text": "text"}})
    rows = [{"url": "https://www.news.example/a/?utm_source=x#top", "text": "one"},
            {"url": "http://news.example/a", "text": "one again"}, {"text": "two"}, {"text": "two"},
            {"url": "https://youtu.be/aaaaaaaaaa1", "text": "three"}]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    import_(study, [path], mappings=[mapping])
    with Ledger(study.ledger) as ledger:
        videos = [row["video"] for row in ledger.rows("SELECT video FROM videos ORDER BY video")]
    assert [video.partition(":")[0] for video in videos] == ["content", "web", "youtube"]
    assert balances(status(study))


def test_info_json_and_thumbnail_join_by_id(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    source = tmp_path / "in"
    write_records(source, [record("aaaaaaaaaa1", "peace talks", title="Old title")])
    (source / "x [aaaaaaaaaa1].info.json").write_text(json.dumps({
        "id": "aaaaaaaaaa1", "title": "New title", "extractor_key": "Youtube", "extractor": "youtube",
        "upload_date": "20230905", "duration": 61, "webpage_url": "https://www.youtube.com/watch?v=aaaaaaaaaa1"}))
    (source / "x [aaaaaaaaaa1].png").write_bytes(picture_bytes())
    (source / "Old title.png").write_bytes(picture_bytes())
    (source / "nobody.png").write_bytes(picture_bytes())
    report = import_(study, [source])
    assert (report.imported, report.joined, report.excluded) == (1, 3, 1)
    assert report.reasons == {"picture of no known video": 1}


def test_a_missing_path_is_the_users_error(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="no such file"):
        import_(make_study(tmp_path / "s"), [tmp_path / "nothing"])


def test_an_unreadable_file_does_not_cost_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(tmp_path / "s")
    paths = write_records(tmp_path / "in", [record("aaaaaaaaaa1", "one"), record("aaaaaaaaaa2", "two")])
    read_bytes = Path.read_bytes

    def broken(path: Path) -> bytes:
        if path == paths[0]:
            raise OSError(5, "Input/output error")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", broken)
    report = import_(study, paths)
    assert (report.imported, report.excluded) == (1, 1)
    assert report.reasons == {"cannot be read: Input/output error": 1}


def accounts(study: Study, query: str) -> list[tuple[object, ...]]:
    with Ledger(study.ledger) as ledger:
        return [tuple(row) for row in ledger.rows(query)]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such names")
def test_a_file_name_that_is_no_text_is_accounted_for(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / os.fsdecode(b"\xff.txt")).write_text(record("aaaaaaaaaa1", "words"))
    study = make_study(tmp_path / "s")
    assert import_(study, [tmp_path / "in"]).imported == 1
    assert accounts(study, "SELECT path FROM files") == [("in/\\xff.txt",)]


def test_a_file_that_vanishes_does_not_cost_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = write_records(tmp_path / "in", [record("aaaaaaaaaa1", "one"), record("aaaaaaaaaa2", "two")])
    read_bytes = Path.read_bytes

    def taken_away(path: Path) -> bytes:
        data = read_bytes(path)
        if path in paths:
            path.unlink()
        return data

    monkeypatch.setattr(Path, "read_bytes", taken_away)
    assert import_(make_study(tmp_path / "s"), paths).imported == 2


def test_a_folder_that_cannot_be_read_is_accounted_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_records(tmp_path / "in" / "open", [record("aaaaaaaaaa1", "one")])
    write_records(tmp_path / "in" / "closed", [record("aaaaaaaaaa2", "two")])
    scandir = os.scandir

    def guarded(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    study = make_study(tmp_path / "s")
    report = import_(study, [tmp_path / "in"])
    assert (report.imported, report.reasons) == (1, {"cannot be read: Permission denied": 1})
    assert ("in/closed",) in accounts(study, "SELECT path FROM files")
    assert balances(status(study))


def test_files_of_one_base_name_stay_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("a", "b"):
        write_records(tmp_path / folder, [""], "x")
    paths = [tmp_path / "a" / "x0.txt", tmp_path / "b" / "x0.txt"]
    study = make_study(tmp_path / "s")
    import_(study, paths)
    assert accounts(study, "SELECT path FROM files ORDER BY path") == [("a/x0.txt",), ("b/x0.txt",)]
    monkeypatch.chdir(tmp_path)
    import_(study, [Path("a/x0.txt"), Path("b/../b/x0.txt")])
    assert status(study)["files"]["seen"] == 2


def test_what_names_no_video_makes_none(tmp_path: Path) -> None:
    rows = Mapping.parse("rows", {"form": "jsonl", "fields": {"id": "id", "text": "text"}})
    table = Mapping.parse("table", {"form": "csv", "role": "listing", "fields": {"id": "id", "title": "title"}})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "list.info.json").write_text(json.dumps({"_type": "playlist", "id": "PL1", "extractor": "youtube"}))
    (tmp_path / "in" / "rows.jsonl").write_text('{"id": "one-1", "text": "words"}\n{"id": "two-2", "te\n')
    (tmp_path / "in" / "table.csv").write_text("id,title\nthree-3,Three\nfour-4,a,b,c\n")
    study = make_study(tmp_path / "s")
    import_(study, [tmp_path / "in"], mappings=[rows, table])
    assert accounts(study, "SELECT video FROM videos ORDER BY video") == [("local:one-1",), ("local:three-3",)]
    assert accounts(study, "SELECT DISTINCT video FROM statements ORDER BY video") == [("local:one-1",), ("local:three-3",)]
    assert balances(status(study))


def test_only_a_folder_of_the_outlets_form_names_an_outlet(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", PLAIN + '[outlets.my_data]\nname = "Mine"\n')
    bare = "<video_id>{}</video_id>\n<doc>\nwords\n</doc>\n"
    for number, folder in enumerate(("tv_news", "my_data", "fr_TV")):
        write_records(tmp_path / "in" / folder, [bare.format(f"aaaaaaaaaa{number}")])
    import_(study, [tmp_path / "in"])
    assert [(video, json.loads(str(facts))) for video, facts in accounts(
        study, "SELECT video, facts FROM statements WHERE source = 'path' ORDER BY video")] == [
        ("youtube:aaaaaaaaaa1", {"outlet": "my_data"}), ("youtube:aaaaaaaaaa2", {"language": "fr", "outlet": "fr_TV"})]


def test_the_users_outlet_counts_for_files_that_are_known(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    paths = write_records(tmp_path / "in", [record("aaaaaaaaaa1", "words", outlet="en_AAA")])
    import_(study, paths)
    for _ in range(2):
        assert import_(study, paths, outlet="en_AJ").known == 1
    assert [entry["outlet"] for entry in status(study)["outlets"]] == ["en_AJ"]
    assert len(accounts(study, "SELECT 1 FROM statements WHERE source = 'option'")) == 1


def test_another_mapping_reads_a_known_file_again(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "one-1", "a": "first", "b": "second words"}\n')
    one, other = (Mapping.parse("m", {"form": "jsonl", "fields": {"id": "id", "text": key}}) for key in "ab")
    assert [import_(study, [path], mappings=[mapping]).known for mapping in (one, one, other, other)] == [0, 1, 0, 1]
    assert import_(study, [path]).known == 1  # no mapping this time: nothing is lost
    assert accounts(study, "SELECT words FROM versions") == [(2,)]
    assert status(study)["files"]["seen"] == 1


def test_when_a_mapped_record_was_obtained_is_a_date_or_nothing(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    mapping = Mapping.parse("m", {"form": "jsonl", "fields": {"id": "id", "text": "text", "obtained": "got"}})
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "one-1", "text": "w", "got": "July 4, 2024"}\n{"id": "two-2", "text": "w", "got": "zzz"}\n')
    os.utime(path, (0, 0))
    import_(study, [path], mappings=[mapping])
    assert accounts(study, "SELECT obtained FROM versions ORDER BY obtained DESC") == [
        ("2024-07-04",), ("1970-01-01T00:00:00+00:00",)]


def test_a_mapping_that_is_no_table_is_the_users_error(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("[mappings]\na = 3\n")
    with pytest.raises(StudyError, match="mapping a: must be a table"):
        read_mappings(tmp_path / "m.toml")
    with pytest.raises(StudyError, match="mapping a: must be a table"):
        import_(make_study(tmp_path / "s", "[mappings]\na = 3\n"), [tmp_path / "m.toml"])


def test_a_mistaken_import_begins_no_study(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from crosscut.cli.app import app  # a command called alone keeps other help options for all later tests

    done = CliRunner().invoke(app, ["import", str(tmp_path / "nosuch"), "--corpus", str(tmp_path / "s")])
    assert isinstance(done.exception, ImportFailed)
    assert not (tmp_path / "s").exists()


def archive_of(kind: str, files: dict[str, bytes]) -> bytes:
    return zip_of(files.items()) if kind == "zip" else gzip.compress(tar_of(files.items()))


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_an_archive_gives_what_its_folder_gives(tmp_path: Path, kind: str) -> None:
    bare = "<video_id>{}</video_id>\n<doc>\nwords of {}\n</doc>\n"
    files = {f"en_AAA/{id}.txt": bare.format(id, id).encode() for id in ("aaaaaaaaaa1", "aaaaaaaaaa2")} | {
        "a picture [aaaaaaaaaa2].png": picture_bytes(), "nobody.png": picture_bytes(), "empty.vtt": b"", "README.txt": b"About.",
        "x [aaaaaaaaaa1].info.json": json.dumps({"id": "aaaaaaaaaa1", "title": "Ferry", "extractor_key": "Youtube"}).encode()}
    for name, data in files.items():
        path = tmp_path / "folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / f"x.{kind}").write_bytes(archive_of(kind, files))
    plain, packed = make_study(tmp_path / "plain"), make_study(tmp_path / "packed")
    one, other = import_(plain, [tmp_path / "folder"]), import_(packed, [tmp_path / f"x.{kind}"])
    assert (other.seen, other.imported, other.joined, other.excluded) == (7, 2, 2, 3)
    assert (one.seen, one.imported, one.joined, one.reasons, one.videos) == (
        other.seen, other.imported, other.joined, other.reasons, other.videos)
    for study in (plain, packed):
        assert balances(status(study))
        assert [entry["outlet"] for entry in status(study)["outlets"]] == ["en_AAA"]
        assert sorted(path.name for path in study.folder.iterdir()) == ["crosscut.toml", "ledger.sqlite", "raw"]
    shown = "SELECT video, sha256, raw FROM versions JOIN tracks USING (track) ORDER BY video"
    assert accounts(plain, shown) == accounts(packed, shown)
    assert accounts(plain, "SELECT video, sha256 FROM pictures") == accounts(packed, "SELECT video, sha256 FROM pictures")
    assert accounts(packed, "SELECT path FROM files WHERE outcome = 'imported' ORDER BY path") == [
        (f"{tmp_path.name}/x.{kind}/en_AAA/aaaaaaaaaa1.txt",), (f"{tmp_path.name}/x.{kind}/en_AAA/aaaaaaaaaa2.txt",)]


def test_importing_an_archive_again_changes_nothing(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    whole = tar_of((f"r{at:02}.txt", record(f"aaaaaaaaa{at:02}", f"words of {at}").encode()) for at in range(20))
    path = tmp_path / "x.tar.gz"
    path.write_bytes(gzip.compress(whole[:10 * 1_024]))  # a header and a block each
    first = import_(study, [path])
    assert (first.imported, first.reasons) == (10, {"archive that breaks off: only what stands before was read": 1})
    before = status(study)
    again = import_(study, [path])
    assert (again.known, again.imported, again.seen) == (10, 10, 11)
    assert status(study) == before
    path.write_bytes(gzip.compress(whole))  # the whole of it came later
    last = import_(study, [path])
    assert (last.known, last.imported, last.reasons) == (10, 20, {})
    assert balances(status(study))


def test_a_run_that_is_killed_in_an_archive_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(tmp_path / "s")
    monkeypatch.setattr("crosscut.importing.GROUP", 5)
    path = tmp_path / "x.zip"
    path.write_bytes(zip_of((f"r{at:02}.txt", record(f"aaaaaaaaa{at:02}", f"words of {at}").encode()) for at in range(20)))
    write = RawStore.write

    def killed(store: RawStore, platform: str, id: str, data: bytes, suffix: str) -> tuple[str, str]:
        if id == "aaaaaaaaa12":
            raise KeyboardInterrupt
        return write(store, platform, id, data, suffix)

    with monkeypatch.context() as patched:
        patched.setattr(RawStore, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            import_(study, [path])
    assert status(study)["files"]["seen"] == 10  # two groups of five; the third is lost whole
    report = import_(study, [path])
    assert (report.known, report.imported) == (10, 20)
    assert balances(status(study))
    assert sorted(file.name for file in study.folder.iterdir()) == ["crosscut.toml", "ledger.sqlite", "raw"]


def test_progress_counts_the_members_of_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosscut.importing.GROUP", 2)
    (tmp_path / "x.zip").write_bytes(zip_of((f"{at}.txt", b"words") for at in range(3)))
    (tmp_path / "y.txt").write_bytes(b"words")
    told: list[tuple[int, int]] = []
    import_(make_study(tmp_path / "s"), [tmp_path / "x.zip", tmp_path / "y.txt"], progress=lambda done, total, _: told.append((done, total)))
    assert told == [(2, 4), (4, 4)]
    monkeypatch.setattr("crosscut.importing.GROUP_BYTES", 3)
    import_(make_study(tmp_path / "t"), [tmp_path / "x.zip"], progress=lambda done, total, _: told.append((done, total)))
    assert told[2:] == [(1, 3), (2, 3), (3, 3)]


def test_a_mapping_goes_before_forms_that_others_use_too(tmp_path: Path) -> None:
    mapping = Mapping.parse("mine", {"form": "json", "kind": "transcript", "fields": {"id": "clip", "segments": "segments"}})
    segments = [{"start": 0, "end": 1, "text": "words", "avg_logprob": -0.1}]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"clip": "one-1", "segments": segments}))
    study = make_study(tmp_path / "s")
    import_(study, [path])
    assert accounts(study, "SELECT kind, format FROM tracks") == [("asr", "Whisper JSON")]
    other = make_study(tmp_path / "t")
    import_(other, [path], mappings=[mapping])
    assert accounts(other, "SELECT video, kind, format FROM tracks") == [("local:one-1", "transcript", "mapped file")]


def test_a_page_and_its_metadata_are_one_video(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.html").write_text(PAGE)
    (tmp_path / "in" / "page_meta.xml").write_text(META)
    study = make_study(tmp_path / "s", PLAIN + '[outlets.en_HTV]\nname = "Harbour"\nlanguage = "en"\nnames = ["HTVNEWS"]\n')
    report = import_(study, [tmp_path / "in"])
    assert (report.imported, report.joined, len(report.videos)) == (1, 1, 1)
    assert [entry["outlet"] for entry in status(study)["outlets"]] == ["en_HTV"]
    assert accounts(study, "SELECT kind, language FROM tracks") == [("live", "")]


def test_a_plain_text_that_reads_as_a_summary_is_none_of_the_speech(tmp_path: Path) -> None:
    told = "The council of Port Ellery voted on Monday to close the old bridge. Works begin in spring, said the mayor. " * 8
    (tmp_path / "told.txt").write_text(told)
    (tmp_path / "said.txt").write_text("Well, I think that you know what we did, and so my answer is yes, because it is ours. " * 8)
    study = make_study(tmp_path / "study")
    import_(study, [tmp_path / "told.txt", tmp_path / "said.txt"])
    with Ledger(study.ledger) as ledger:
        kinds = {Path(version.origin).name: (version.kind, "reads as a summary" in version.evidence) for version in ledger.versions()}
    assert kinds == {"told.txt": ("summary", True), "said.txt": ("unknown", False)}
