"""Accounts that balance on the sample study and after everything that can happen to a video."""

from __future__ import annotations

from pathlib import Path

from crosscut.accounting import status
from crosscut.building import build
from crosscut.importing import import_
from tests.studies import PLAIN, built, make_study, record, write_records

FRAMED = PLAIN + ('[frame]\nfrom = 2023-09-01\nuntil = 2023-09-30\noutlets = ["en_AAA", "en_BBB"]\nmin_words = 2\n'
                  'claim = "all of September"\n')


def test_every_video_is_in_one_place(tmp_path: Path) -> None:
    study = built(tmp_path, [
        record("aaaaaaaaaa1", "peace talks"), record("aaaaaaaaaa2", "peace talks", date="20231001"),
        record("aaaaaaaaaa3", "peace talks", date=""), record("aaaaaaaaaa4", "peace talks", outlet="en_CCC"),
        record("aaaaaaaaaa5", "peace"), record("aaaaaaaaaa6", "")], FRAMED).study
    accounts = status(study)
    assert accounts["videos"] == {"known": 6, "usable": 1, "forgotten": 0, "set_aside": {
        "outside the frame's dates": 1, "undated": 1, "outside the frame's outlets": 1, "fewer than 2 words": 1,
        "no captions": 1}}
    assert accounts["words"] == 2
    assert accounts["frame"]["declared"]["claim"] == "all of September"


def test_what_is_imported_but_not_built_says_so(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s")
    import_(study, write_records(tmp_path / "in", [record("aaaaaaaaaa1", "peace")]))
    accounts = status(study)
    assert accounts["videos"]["set_aside"] == {"not built yet": 1}
    assert accounts["corpus"]["note"] == "nothing is built yet: run crosscut build"
    build(study)
    assert status(study)["videos"]["set_aside"] == {}


def test_the_frame_goes_from_listed_to_usable(tmp_path: Path) -> None:
    mapping = ('[mappings.list]\nform = "csv"\nrole = "listing"\n[mappings.list.fields]\nid = "id"\ntitle = "title"\n'
               'published = "day"\noutlet = "outlet"\n')
    study = make_study(tmp_path / "s", PLAIN + mapping)
    (tmp_path / "list.csv").write_text("id,title,day,outlet\naaaaaaaaaa1,One,2023-09-04,en_AAA\n"
                                       "aaaaaaaaaa2,Two,2023-09-05,en_AAA\n")
    import_(study, [tmp_path / "list.csv", *write_records(tmp_path / "in", [
        record("aaaaaaaaaa1", "peace"), record("aaaaaaaaaa3", "talks", date="20231004", outlet="en_BBB")])])
    build(study)
    assert status(study, ("kind", "language"))["frame"]["table"] == [
        {"kind": "", "language": "", "listed": 1, "had": 0, "missing": 1, "usable": 0},
        {"kind": "record", "language": "en", "listed": 1, "had": 2, "missing": 0, "usable": 2}]
    assert status(study, ("outlet", "month"))["frame"]["table"] == [
        {"outlet": "en_AAA", "month": "2023-09", "listed": 2, "had": 1, "missing": 1, "usable": 1},
        {"outlet": "en_BBB", "month": "2023-10", "listed": None, "had": 1, "missing": 0, "usable": 1}]


def test_flags_name_what_a_reader_should_know(tmp_path: Path) -> None:
    study = built(tmp_path, [record("aaaaaaaaaa1", "word " * 90), record("aaaaaaaaaa2", "word " * 10),
                             record("aaaaaaaaaa3", "word", date="")]).study
    flags = {(flag["video"][-11:], flag["flag"]) for flag in status(study)["flags"]}
    assert flags == {("aaaaaaaaaa3", "undated")}
