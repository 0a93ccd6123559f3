"""What ``PLANTED.md`` promises is in the written files; ids come from the scripts."""

from __future__ import annotations

import hashlib
import json
import re
import time
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from crosscut.errors import CrosscutError
from crosscut.sample import SCRIPTS, STUDY, Scripts, Video, load, outlets, write
from crosscut.sample.plan import EMPTY_VTT, ERROR_PAGE, GAPS, STRAY_PICTURE, two_tracks, without_info

from .test_writers import bare, cues


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "study"
    started = time.process_time()
    write(folder)
    assert time.process_time() - started < 2
    return folder


@pytest.fixture(scope="module")
def scripts() -> Scripts:
    return load()


def the(scripts: Scripts, **wanted: object) -> Video:
    """The one video of which all this is true."""
    found = [video for video in scripts.videos if all(getattr(video, key) == value for key, value in wanted.items())]
    assert len(found) == 1
    return found[0]


def flat(text: str) -> str:
    return " ".join(text.replace(">>", " ").split())


def named(sample: Path, video: Video | str, ending: str, folder: str = "") -> Path:
    """The one file of a video with this ending."""
    id = video if isinstance(video, str) else video.id
    found = [path for path in sample.glob(f"captions/*/{folder}*{ending}") if id in path.name]
    assert len(found) == 1
    return found[0]


def info(path: Path) -> dict[str, object]:
    found = json.loads(path.read_bytes())  # json finds UTF-16 by itself
    assert isinstance(found, dict)
    return found


def records(sample: Path) -> list[str]:
    return [record for path in sorted(sample.glob("captions/en_CIV/*.txt"))
            for record in re.split(r"(?<=</doc>)\n", path.read_text("utf-8"))]


def digest(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_bytes_each_time(sample: Path, tmp_path: Path) -> None:
    write(tmp_path)
    assert digest(tmp_path) == digest(sample)
    assert {path.name: path.stat().st_mtime for path in tmp_path.rglob("*.vtt")} == {
        path.name: path.stat().st_mtime for path in sample.rglob("*.vtt")}


def test_only_into_an_empty_folder(sample: Path) -> None:
    with pytest.raises(CrosscutError, match="not an empty folder"):
        write(sample)


def test_names_survive_every_file_system(sample: Path) -> None:
    names = [path.relative_to(sample).as_posix() for path in sample.rglob("*")]
    assert len({name.casefold() for name in names}) == len(names)
    assert not [name for name in names if set(name) & set('\\:*?"<>|')]
    assert max(len(Path(name).name.encode()) for name in names) <= 255


def test_ids(scripts: Scripts) -> None:
    ids = [video.id for video in scripts.videos]
    extra = [gap[0] for gap in GAPS] + [EMPTY_VTT, ERROR_PAGE, STRAY_PICTURE]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{11}", id) for id in ids + extra)
    assert len(set(ids + extra)) == len(ids + extra)
    assert [count for count in Counter(id.lower() for id in ids).values() if count > 1] == [2]
    assert {"-", "_"} <= {id[0] for id in ids}


def test_study_file(scripts: Scripts) -> None:
    study = tomllib.loads(STUDY.read_text("utf-8"))
    programmes = {video.outlet: set[str]() for video in scripts.videos}
    for video in scripts.videos:
        programmes[video.outlet].add(video.programme)
    assert {code: set(table["programmes"]) for code, table in study["outlets"].items()} == programmes
    assert len(study["events"]) == 5
    assert len({outlet.colour for outlet in outlets()}) == 5


def test_every_video_has_a_file(sample: Path, scripts: Scripts) -> None:
    texts = "\n".join(records(sample))
    suffixes = {".vtt", ".json3", ".json", ".md"}
    names = [path.name for path in sample.rglob("*") if path.suffix in suffixes and not path.name.endswith("info.json")]
    for video in scripts.videos:
        found = any(video.id in name for name in names) or f"<video_id>{video.id}</video_id>" in texts
        assert found == bool(video.text)


@pytest.mark.parametrize(("outlet", "ending", "number"), [
    ("en_NWB", ".en.vtt", 23), ("en_HTV", ".en.vtt", 23), ("en_HTV/2023-12-01", ".en.json3", 2), ("en_CIV", ".txt", 16),
    ("en_PLN", ".md", 11), ("fr_RTM", ".fr.json3", 8), ("fr_RTM", ".en.vtt", 1),
])
def test_numbers_of_files(sample: Path, outlet: str, ending: str, number: int) -> None:
    assert len(list(sample.glob(f"captions/{outlet}/*{ending}"))) == number


def test_tagged_records(sample: Path, scripts: Scripts) -> None:
    found = records(sample)
    assert len(found) == 21
    assert sum("<thumbnail_path>" not in record for record in found) == 1
    assert sum("<description>" in record and "<live> & on" in record for record in found) == 4
    assert all("</doc>" in record and len(record.split("<doc>\n")[1].splitlines()) == 2 for record in found)
    assert sum("<publish_date></publish_date>" in record for record in found) == 1
    shared = next(video for video in scripts.videos if video.shared_with)
    assert f"<video_id>{shared.id}</video_id>" in "".join(found)
    assert named(sample, shared, ".en.vtt").parent.name == "en_NWB"


def test_reupload(sample: Path, scripts: Scripts) -> None:
    again = next(video for video in scripts.videos if video.reupload_of)
    texts = {id: next(record for record in records(sample) if f">{id}<" in record).split("<doc>")[1]
             for id in (again.id, again.reupload_of)}
    assert len(set(texts.values())) == 1
    assert again.text == the(scripts, id=again.reupload_of).text


def test_styles(sample: Path, scripts: Scripts) -> None:
    lower = next(video for video in scripts.of("en_NWB") if video.text and video.format != "hearing")
    text = named(sample, lower, ".en.vtt").read_text("utf-8").replace("a.m.", "").replace("p.m.", "")
    assert not re.search(r"[.,?]</c>", text)
    cased = [named(sample, video, ".en.vtt").read_text("utf-8") for video in scripts.of("en_HTV")]
    assert sum("&gt;&gt; " in text for text in cased) > 15
    hearing = named(sample, the(scripts, format="hearing"), ".en.vtt").read_text("utf-8")
    assert len(hearing.split()) > 3500
    assert "<c>" not in hearing


def test_translation_and_live_scrap(sample: Path, scripts: Scripts) -> None:
    translated = the(scripts, translated=True)
    assert "w </c>" in named(sample, translated, ".en.vtt").read_text("utf-8")
    assert info(named(sample, translated, ".info.json"))["language"] == "fr"
    scrap = the(scripts, live_scrap=True)
    assert "line:0%" in named(sample, scrap, ".en.vtt").read_text("utf-8")
    assert info(named(sample, scrap, ".info.json"))["live_status"] == "was_live"


def test_two_tracks(sample: Path, scripts: Scripts) -> None:
    for id in two_tracks(scripts.of("en_HTV")):
        older = json.loads(named(sample, id, ".en.json3", "2023-12-01/").read_text("utf-8"))
        assert not re.search(r"[.,]$", "".join(s["utf8"] for e in older["events"] for s in e.get("segs", [])), re.M)
        assert "." in named(sample, id, ".en.vtt").read_text("utf-8")


def test_dates(sample: Path, scripts: Scripts) -> None:
    assert sum(not video.published for video in scripts.videos) == 1
    month = next(video for video in scripts.videos if len(video.published) == 7)
    assert f"[{month.published}](" in named(sample, month, ".md").read_text("utf-8")
    bare_ids = without_info(scripts.of("en_HTV"))
    assert not [path for path in sample.rglob("*.info.json") if any(id in path.name for id in bare_ids)]
    exact = info(named(sample, the(scripts, format="hearing"), ".info.json"))
    assert exact["upload_date"] == "20231122"
    assert "T" in the(scripts, format="hearing").published


def test_changed_title(sample: Path, scripts: Scripts) -> None:
    video = next(video for video in scripts.videos if video.title_before)
    (older,) = [path for path in sample.glob("captions/*/*/*.info.json") if video.id in path.name]
    assert info(older)["title"] == video.title_before
    newer = named(sample, video, ".info.json")
    assert info(newer)["title"] == video.title
    assert older.parent.name == video.published[:10]
    assert older.stat().st_mtime < newer.stat().st_mtime


def test_titles(sample: Path, scripts: Scripts) -> None:
    titles = Counter((video.outlet, video.title) for video in scripts.videos)
    (outlet, twice), = [key for key, count in titles.items() if count == 2]
    twins = [video for video in scripts.of(outlet) if video.title == twice]
    assert {info(named(sample, video, ".info.json"))["title"] for video in twins} == {twice}
    dotted = next(video for video in scripts.videos if re.match(r"\d\.\d", video.title))
    assert {"&", ":"} <= set(dotted.title)
    assert info(named(sample, dotted, ".info.json"))["title"] == dotted.title


def test_pool_speech_and_background(sample: Path, scripts: Scripts) -> None:
    pool = tomllib.loads((SCRIPTS / "pool.toml").read_text("utf-8"))
    carrying = [video for video in scripts.videos if flat(pool["speech"]) in flat(video.text)]
    assert [video.outlet for video in carrying] == ["en_CIV", "en_HTV", "en_NWB"]
    assert {video.published[:10] for video in carrying} == {"2023-10-10"}
    written = [next(record for record in records(sample) if carrying[0].id in record)]
    written += [" ".join(body[1] for _, _, _, body in cues(named(sample, video, ".en.vtt").read_text("utf-8"))[::2])
                for video in carrying[1:]]
    words = [re.sub(r"[^\w' ]", "", flat(bare(text)).lower()) for text in written]
    assert all("thirty" in text and "a harbour has two banks and it needs both of them we thank" in text
               for text in words)
    daily = [video for video in scripts.of("en_HTV") if flat(pool["background"]) in flat(video.text)]
    assert len(daily) == 8


def test_names_are_misheard_where_machines_listened(sample: Path, scripts: Scripts) -> None:
    heard = {way.lower() for ways in scripts.misheard.values() for way in ways}
    for outlet, pattern in (("en_HTV", "*.en.vtt"), ("en_NWB", "*.en.vtt"), ("en_CIV", "*.txt")):
        text = " ".join(bare(path.read_text("utf-8")) for path in sample.glob(f"captions/{outlet}/{pattern}")).lower()
        assert sum(way in text for way in heard) > 10
    plain = " ".join(path.read_text("utf-8") for path in sample.glob("captions/en_PLN/*.md"))
    assert "Bevarra" in plain
    assert "its all beverage" not in plain


def test_listing_and_gaps(sample: Path, scripts: Scripts) -> None:
    head, *rows = [line.split("\t") for line in (sample / "captions/en_PLN/index.tsv").read_text("utf-8").splitlines()]
    table = [dict(zip(head, row, strict=True)) for row in rows]
    known = {video.id: video for video in scripts.of("en_PLN")}
    assert [row["video_id"] for row in table if row["video_id"] not in known] == [gap[0] for gap in GAPS]
    silent = [row["video_id"] for row in table if row["video_id"] in known and not row["path"]]
    assert silent == [video.id for video in known.values() if not video.text]
    assert all((sample / "captions/en_PLN" / row["path"]).is_file() for row in table if row["path"])
    month = next(row for row in table if len(row["date"]) == 7)
    assert known[month["video_id"]].published == month["date"]


def test_utf16_info(sample: Path) -> None:
    wide = [path for path in sample.glob("captions/fr_RTM/*.info.json") if path.read_bytes().startswith(b"\xff\xfe")]
    assert len(wide) == 1
    assert info(wide[0])["channel"] == "Radio-Télé Méridienne"


def test_pictures(sample: Path, scripts: Scripts) -> None:
    pictures = list(sample.glob("captions/*/*.png"))
    assert len(pictures) == len(scripts.videos) + 1  # one shared video has two, one has none, one belongs to nobody
    assert [path.parent.name for path in pictures if not path.read_bytes()] == ["en_NWB"]
    assert named(sample, STRAY_PICTURE, ".png").read_bytes().startswith(b"\x89PNG")
    assert sum(path.stat().st_size for path in pictures) < 700_000


def test_exclusions(sample: Path) -> None:
    assert named(sample, ERROR_PAGE, ".en.vtt").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert named(sample, EMPTY_VTT, ".en.vtt").read_bytes() == b""
    assert "-->" not in (sample / "captions/notes.txt").read_text("utf-8")


def test_recurring_answer(scripts: Scripts) -> None:
    assert max(video.text.count("Nothing.") for video in scripts.videos) >= 3


def test_each_outlet_has_its_name_for_the_crews(scripts: Scripts) -> None:
    """But where the words themselves are spoken of, which the choice set leaves out."""
    own = {"en_CIV": "captive", "en_HTV": "hostage", "en_NWB": "detainee", "en_PLN": "prisoner"}
    spoken_of = set()
    for video in (video for video in scripts.videos if video.outlet in own):
        said = set(re.findall(rf"({'|'.join(own.values())})s?\b", video.text.lower()))
        if said - {own[video.outlet]}:
            spoken_of.add(video.id)
            assert re.search(r"\b(words?|called?)\b", video.text)
    assert spoken_of == {"rT7wQmLk2xZ", "NYT2Hjj0QBS", "NXtwFT7MS3m"}
    french = " ".join(video.text.lower() for video in scripts.videos if video.outlet == "fr_RTM")
    assert (len(re.findall(r"\botages?\b", french)), len(re.findall(r"\bdétenus?\b", french))) == (15, 2)
    assert list(tomllib.loads(STUDY.read_text("utf-8"))["naming"]["held"]["en"]["alternatives"]) == list(own.values())


def test_the_table_names_real_ids(scripts: Scripts) -> None:
    known = {video.id for video in scripts.videos} | {gap[0] for gap in GAPS} | {EMPTY_VTT, ERROR_PAGE, STRAY_PICTURE}
    table = (STUDY.parent / "PLANTED.md").read_text("utf-8")
    mentioned = {id for id in re.findall(r"(?<=[`\[])[A-Za-z0-9_-]{11}(?=[`\]])", table) if not id.islower()}
    assert mentioned <= known
    assert len(mentioned) > 20
