"""What does fuzzing begin with?  Real files where they lie beside the repository, cut short; else invented ones."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Iterator
from pathlib import Path

from tests.read.fixtures import INFO, LIVE, SHARED, as_json
from tests.read.test_hostile import FILES, JUNK, STARTS
from tests.studies import record
from tests.test_files import tar_of, zip_of

#: Names under which files are read: what a name says decides with what stands in the file.
NAMES = (
    "in/any [Ab-3dEf_7Hi].en.vtt", "in/x.txt", "in/x.json", "in/x.srt", "in/x.sbv", "in/x.xml", "in/x.md", "in/x.tsv",
    "in/2024_05_01_Ferry.md", "in/en_HBR/2024-05-01.jsonl", "in/x.csv", "in/x.lrc", "in/x.ttml", "in/x.info.json",
    "in/HBR_20240501_120000_Harbour_News.html", "in/01.05.2024-Ab-3dEf_7Hi.webm.srt", "in/x", "in/x.jpg",
)
#: Parts the files of one folder in an input of the target ``importing``; a name stands before each first line end.
PART = b"\xffFILE\xff"
LONGEST = 32_768
_EACH = 4  # real files of each folder and suffix

_STUDY = """[study]
name = "Ferry"
seed = 7
[frame]
from = 2024-01-01
until = "2024-12-31"
outlets = ["en_HBR"]
formats = ["clip"]
min_words = 3
[outlets.en_HBR]
names = ["Harbour TV"]
[selection]
kinds = ["uploaded"]
[annotate]
jobs = 1
models = { en = "none" }
[[events]]
date = 2024-04-30
label = "storm"
[words]
ferry = ["ferry", "boat"]
"""
_CORRECTIONS = "video\tfield\tvalue\tnote\nAb-3dEf_7Hi\tkind\tuploaded\tmine\nyoutube:x\tpublished\t2024-05\n"
_LAYER = '{"layer": "turns", "version": "1"}\n{"video": "youtube:Ab-3dEf_7Hi", "start": 0, "end": 2}\n'
_QUERIES = ("peace talks", "negotiat*|hostage", '[lemma="captive" & pos!="NOUN"] []{0,3} "deal" within s')
_PROSE = (
    "The U.S. mayor's boat costs 10,000.5 crowns, doesn't it? >> Don't ask [Music] at 4:45 a.m.! L'accord, l’eau "
    "d'Ellery; die Fähre fährt… קָרָא كِتَاب हिन्दी ไทย 漢字かな 🚢 news.example AT&T 72-hour ß́ ﬃ Ⅷ\n").encode()


def of(target: str) -> Iterator[bytes]:
    """Give the seeds of a target, ready for it."""
    yield from {"readers": _readers, "archives": _archives, "importing": _importing, "texts": _texts,
                "mappings": _mappings, "settings": _settings}[target]()


def _captions() -> Iterator[tuple[str, bytes]]:
    for data in (*FILES, *STARTS, LIVE.encode()):
        yield "", data
    for path in _real():
        with path.open("rb") as file:
            yield path.suffix, file.read(LONGEST)


def _real() -> Iterator[Path]:
    """Some real files of each folder and suffix."""
    met: dict[tuple[Path, str], int] = {}
    for path in sorted(SHARED.rglob("*")) if SHARED.is_dir() else []:
        kind = path.parent, path.suffix
        met[kind] = met.get(kind, 0) + 1
        if met[kind] <= _EACH and path.is_file():
            yield path


def named(number: int, data: bytes) -> bytes:
    """Give an input whose first byte says its name, a number in ``NAMES``."""
    return bytes((number,)) + data


def _readers() -> Iterator[bytes]:
    for suffix, data in _captions():
        fit = [at for at, name in enumerate(NAMES) if suffix and name.endswith(suffix)]
        for number in fit or (0, 1, 2):
            yield named(number, data)


def _archives() -> Iterator[bytes]:
    files = [("a.vtt", b"WEBVTT\n"), ("en_HBR/b.txt", b"words"), ("empty.txt", b""), ("../c.txt", b"no"), (".h/d", b"x"),
             ("n" * 150 + "/" + "m" * 150, b"long"), ("Fähre.txt", b"a" * 700)]
    tar = tar_of(files)
    for data in (tar, zip_of(files), zip_of(files, streamed=True), zip_of(files, packing=0), zip_of(files)[:-40],
                 gzip.compress(tar), bz2.compress(tar), lzma.compress(tar), gzip.compress(b"words"), tar[:2_000]):
        for number in range(3):
            yield named(number, data)


def _importing() -> Iterator[bytes]:
    def folder(**files: bytes) -> bytes:
        return PART.join(name.replace("__", ".").encode() + b"\n" + data for name, data in files.items())

    words, info = record("aaaaaaaaaa1", "peace talks").encode(), as_json(INFO).encode()
    yield folder(a__txt=words, b__txt=record("aaaaaaaaaa1", "peace talks again").encode())
    yield folder(x__info__json=info, y__jpg=b"\xff\xd8\xff", z=b"")
    yield folder(x__zip=zip_of([("a.txt", words), ("../b.txt", words)]), y__gz=gzip.compress(words))
    yield folder(**{"en_HBR/2024-05-01__jsonl": b'{"title": "a", "date": "2024-05-01", "url": "u", "description": "words"}\n'})
    for data in FILES:
        yield folder(a__txt=data, b__json=data, c__md=data)


def _texts() -> Iterator[bytes]:
    for language in range(5):
        yield bytes((language,)) + _PROSE
    for _, data in _captions():
        yield b"\0" + data[:4_096]


def _mappings() -> Iterator[bytes]:
    whole = (Path(__file__).parents[1] / "read" / "mappings.toml").read_bytes()
    yield whole
    yield from (b"[mappings." + part for part in whole.split(b"\n\n[mappings.")[1:])


def _settings() -> Iterator[bytes]:
    for number, text in ((0, _STUDY), (1, _CORRECTIONS), (2, _LAYER), *((3, query) for query in _QUERIES)):
        yield named(number, text.encode())


def words_of_dictionary() -> Iterator[bytes]:
    """Give what the formats are written with, for the fuzzer to put together."""
    yield from {word for word in (*JUNK, *STARTS, PART) if 0 < len(word) < 60}
    yield from (b"[mappings.x]", b'form = "json"', b"(?P<text>.*)", b"9999-12-31", b"1e999", b"NaN", b"-1", b"\xed\xa0\x80",
                b"596:31:23.647", b"2147483648", b"0:00", b"\xe2\x80\xae", b"\x1b[31m", b"\xef\xbb\xbf", b"\xff\xfe", b"[" * 50)
