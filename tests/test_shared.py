"""Real captions, where they are at hand (``../shared/data``); skipped loudly where they are not."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from crosscut import exporting
from crosscut.accounting import status
from crosscut.building import build
from crosscut.importing import import_, read_mappings
from crosscut.workbench.corpus import open_corpus
from tests.studies import PLAIN, make_study

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
MAPPINGS = ROOT / "tests" / "read" / "mappings.toml"

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="NO REAL DATA: ../shared/data is not there")

#: Folder below the shared data, and how many files and videos with words it must give.
FOLDERS = [
    ("seed", 1, 1),
    ("captions/youtube-auto-vtt", 28, 28),
    ("captions/youtube-json3", 1, 1),
    ("captions/youtube-auto-rolling-json", 114, 113),
    ("captions/tv-closed-captions-srt", 53, 53),
    ("captions/asr-word-srt", 45, 45),
    ("captions/ebu-tt-ttml/tagesschau-2020", 10, 10),
    ("captions/ia-tv-news-html", 14, 7),
    ("transcripts/trump-campaign-2016", 99, 99),
    ("transcripts/bbc-global-news-podcast", 63, 63),
    ("transcripts/de-bundestag-timed", 61, 61),
    ("tv-news/2025-01-15_2025-02-28", 1239, 1239),
    ("tv-news/fr-2022-02_03", 177, 2873),
]


def test_the_seed_goes_out_byte_for_byte(tmp_path: Path) -> None:
    (path,) = (SHARED / "seed").iterdir()
    study = make_study(tmp_path / "s", PLAIN)
    import_(study, [path])
    build(study)
    corpus = open_corpus(study.folder)
    original = path.read_bytes()
    assert "".join(exporting.records(corpus)).encode() == original
    body = original.decode().partition("<doc>\n")[2].rpartition("\n</doc>")[0]
    assert corpus.text("h_r7JCpshl0") == body  # and so does the text that is made of the tokens
    assert corpus.video("h_r7JCpshl0")["outlet"] == "en_AJ"
    assert len(corpus.hits("breakthrough")) == body.split().count("breakthrough")


@pytest.mark.parametrize(("folder", "files", "videos"), FOLDERS)
def test_real_files_come_in_and_balance(tmp_path: Path, folder: str, files: int, videos: int) -> None:
    study = make_study(tmp_path / "s", PLAIN)
    report = import_(study, [SHARED / folder], mappings=read_mappings(MAPPINGS))
    accounts = status(study)
    assert report.seen == files
    assert len(report.videos) == videos
    assert accounts["files"]["excluded"] == 0
    for what in ("files", "records"):
        counted = accounts[what]
        assert counted["seen"] == counted["imported"] + counted["joined"] + counted["excluded"]
    known = accounts["videos"]
    assert known["known"] == known["usable"] + sum(known["set_aside"].values())


def test_error_pages_are_not_captions(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", PLAIN)
    report = import_(study, [SHARED / "captions" / "ebu-tt-ttml"])
    assert (report.seen, report.imported, report.reasons) == (13, 10, {"web page, not captions": 3})


@pytest.mark.parametrize("kind", ["w:xz", "w:gz", "w"])
def test_a_real_folder_as_an_archive(tmp_path: Path, kind: str) -> None:
    with tarfile.open(tmp_path / "auto", kind) as tar:  # type: ignore[call-overload]
        tar.add(SHARED / "captions" / "youtube-auto-vtt", "youtube-auto-vtt")
    study = make_study(tmp_path / "s", PLAIN)
    report = import_(study, [tmp_path / "auto"])
    assert (report.seen, report.imported, len(report.videos), report.reasons) == (28, 28, 28, {})


def test_summaries_are_never_pooled_with_speech(tmp_path: Path) -> None:
    study = make_study(tmp_path / "s", PLAIN)
    import_(study, [SHARED / "tv-news" / "fr-2022-02_03"], mappings=read_mappings(MAPPINGS))
    build(study)
    corpus = open_corpus(study.folder)
    assert corpus.mask().videos.sum() == 0
    assert corpus.mask("kind=summary").videos.sum() == 2873
    assert len(corpus.hits("Ukraine")) == 0 < len(corpus.hits("Ukraine", where="kind=summary"))
