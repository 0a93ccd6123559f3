"""Which files does each outlet's video become?

    en_NWB  automatic captions of 2019 to 2023 (lower case, no marks) as yt-dlp saves them, with info.json and picture
    en_HTV  automatic captions of 2025 (cased, ``>>``), the same way; two videos have an older track in JSON3 as well
    en_CIV  tagged text, the form that the project started from; captions and times are gone
    en_PLN  Markdown transcripts of somebody else's speech recognition, and a listing that knows of more
    fr_RTM  half JSON3, half rolling captions turned to JSON by somebody

Everything here yields ``(path below the study's folder, bytes)`` and touches no disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crosscut.sample import facts, writers
from crosscut.sample.layouts import thumbnail
from crosscut.sample.load import Scripts, Video
from crosscut.sample.speech import Word, break_lines, mishear, proper_words, say, sentences, without_marks

File = tuple[str, bytes]

#: Of the listing of Plainsong News: videos that nobody ever fetched.
GAPS = (
    ("Wn5-yQ7cTfE", "2023-09-19", "The pilots' wives of Reedmouth", "Plainsong Conversations"),
    ("pL2_sG9vKdM", "2023-10-24", "What a customs officer does all day", "Plainsong Conversations"),
    ("Tb8xRj4-ZuY", "2023-11-14", "Three maps of one river", "Plainsong Conversations"),
)
#: Day, and so folder, of an earlier fetch: captions without marks, which were made again later.
EARLIER = "2023-12-01"
EMPTY_VTT = "Zp4_mN8sYcA"
ERROR_PAGE = "Qw7-kT2rVbE"
STRAY_PICTURE = "Hx9_bV3nQeI"

#: Records in each of the two tagged files that hold several.
BUNDLES = (4, 3)


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet as the sample's study file has it."""

    code: str
    name: str
    colour: str

    @property
    def folder(self) -> str:
        """Where its files are."""
        return f"captions/{self.code}"


class Desk:
    """What one outlet's desk knows: the scripts, its videos, and how to turn one into words."""

    def __init__(self, scripts: Scripts, outlet: Outlet) -> None:
        self.scripts, self.outlet, self.videos = scripts, outlet, scripts.of(outlet.code)
        self.proper = proper_words(video.text for video in self.videos)

    def words(self, video: Video, misheard: bool = True, ear: str = "") -> list[Word]:
        """The timed words; a re-upload is the same recording and so has the same times."""
        names = self.scripts.misheard if misheard else {}
        return say(mishear(video.text, names, ear), video.reupload_of or video.id)

    def picture(self, video: Video) -> bytes:
        """The thumbnail."""
        return thumbnail(video.reupload_of or video.id, video.story, self.outlet.code, self.outlet.colour)

    def saved(self, video: Video, title: str = "") -> str:
        """Path without suffix as yt-dlp names it: ``Title [ID]``."""
        return f"{self.outlet.folder}/{facts.ytdlp_name(title or video.title)} [{video.id}]"

    def info(self, video: Video, words: Sequence[Word], title: str = "") -> bytes:
        """The info.json."""
        known = replace(video, title=title or video.title)
        found = facts.info(known, self.outlet.name, self.outlet.code[:2], words[-1].end if words else 95_000)
        return writers.info_json(found).encode()

    def old_info(self, video: Video, words: Sequence[Word]) -> Iterator[File]:
        """What was fetched on the day of publication, when the video had another title."""
        if video.title_before:
            name = f"{facts.ytdlp_name(video.title_before)} [{video.id}].info.json"
            yield f"{self.outlet.folder}/{video.published[:10]}/{name}", self.info(video, words, video.title_before)


def northwater(desk: Desk) -> Iterator[File]:
    """Public broadcaster: unpunctuated automatic captions; the hearing was captioned by people."""
    emptied = next((video.id for video in desk.videos if video.story != "talks"), "")
    for video in desk.videos:
        words, base = desk.words(video, misheard=video.format != "hearing"), desk.saved(video)
        if video.format == "hearing":
            yield f"{base}.en.vtt", writers.plain_vtt(words, "en").encode()
        elif words:
            yield f"{base}.en.vtt", writers.rolling_vtt(break_lines(without_marks(words)), "en", "lower").encode()
        yield f"{base}.info.json", desk.info(video, words)
        yield from desk.old_info(video, words)
        yield f"{base}.png", b"" if video.id == emptied else desk.picture(video)
    yield f"{desk.outlet.folder}/Weather in one minute [{EMPTY_VTT}].en.vtt", b""


def two_tracks(videos: Sequence[Video]) -> list[str]:
    """Ids of the two videos of Harbour TV whose captions were made twice."""
    return [video.id for video in videos if video.story == "talks" and not video.live_scrap][:2]


def without_info(videos: Sequence[Video]) -> list[str]:
    """Ids of the two videos of Harbour TV whose info.json nobody kept: their date is unknown."""
    plain = [video.id for video in videos if video.story != "talks" and not video.live_scrap and not video.title_before]
    return plain[-2:]


def harbour(desk: Desk) -> Iterator[File]:
    """Commercial channel: cased automatic captions with speaker marks, and the scrap of a live feed."""
    twice, bare = two_tracks(desk.videos), without_info(desk.videos)
    for video in desk.videos:
        words, base = desk.words(video), desk.saved(video)
        if video.live_scrap:
            yield f"{base}.en.vtt", writers.live_vtt(words, "en", video.id).encode()
        elif words:
            yield f"{base}.en.vtt", writers.rolling_vtt(break_lines(words), "en", "cased").encode()
        if video.id in twice:
            older = break_lines(without_marks(desk.words(video, ear="older")))
            folder, _, name = base.rpartition("/")
            yield f"{folder}/{EARLIER}/{name}.en.json3", writers.json3(older).encode()
        if video.id not in bare:
            yield f"{base}.info.json", desk.info(video, words)
        yield from desk.old_info(video, words)
        yield f"{base}.png", desk.picture(video)
    yield f"{desk.outlet.folder}/Live page [{ERROR_PAGE}].en.vtt", facts.ERROR_PAGE.encode()
    stray = thumbnail(STRAY_PICTURE, "storm", desk.outlet.code, desk.outlet.colour)
    yield f"{desk.outlet.folder}/Studio still [{STRAY_PICTURE}].png", stray


def civic(desk: Desk) -> Iterator[File]:
    """Pan-regional channel: tagged text; some files hold several records, and the pictures are named by title."""
    records = []
    for at, video in enumerate(desk.videos):
        text = " ".join(word.text for word in without_marks(desk.words(video), desk.proper))
        records.append((facts.tags(video, at), text))
    start = 0
    for number, size in enumerate(BUNDLES, 1):
        bundle = records[start : start + size]
        yield f"{desk.outlet.folder}/digest {number}.txt", writers.tagged(bundle).encode()
        start += size
    for video, record in zip(desk.videos[start:], records[start:], strict=True):
        stem = facts.notebook_name(video.title).lower()
        yield f"{desk.outlet.folder}/{stem}.txt", writers.tagged([record]).encode()
    for at, video in enumerate(desk.videos):
        if at != facts.PICTURELESS:
            yield f"{desk.outlet.folder}/{facts.notebook_name(video.title)}.png", desk.picture(video)


def plainsong(desk: Desk) -> Iterator[File]:
    """Digital outlet: Markdown with times by sentence, and an index that lists more than there is."""
    rows: list[tuple[object, ...]] = []
    for video in desk.videos:
        words = desk.words(video, misheard=False)
        pieces = sentences(words)
        path = f"{video.published[:10].replace('-', '')}_{video.id}.md"
        rows.append(facts.listed(video, desk.outlet.name, path if words else "", words, len(pieces)))
        if words:
            heading = f"**{desk.outlet.name} - {video.programme}:** [{facts.long_date(video.published)}]({video.url})"
            head = facts.front_matter(video, desk.outlet.name, words)
            yield f"{desk.outlet.folder}/{path}", writers.markdown(head, video.title, heading, video.url,
                                                                   pieces).encode()
        yield f"{desk.outlet.folder}/{video.id}.png", desk.picture(video)
    for gap, day, title, programme in GAPS:
        missing = Video(desk.outlet.code, gap, day, title, programme, "show", "talks", "")
        rows.append(facts.listed(missing, desk.outlet.name, "", [], 0))
    yield f"{desk.outlet.folder}/index.tsv", writers.tsv(facts.LISTING, rows).encode()


def meridienne(desk: Desk) -> Iterator[File]:
    """French radio and television: JSON3 and rolling JSON by turns, and an English machine translation."""
    sixteen = True
    own = [video for video in desk.videos if not video.translated]
    for at, video in enumerate(own):
        words, base = desk.words(video, misheard=False), desk.saved(video)
        if at % 2:
            head = facts.rolling_head(video, desk.outlet.name, words)
            name = f"{desk.outlet.folder}/{video.published[:10]}_{video.id}"
            yield f"{name}.json", writers.rolling_json(break_lines(words), head).encode()
            yield f"{desk.outlet.folder}/{video.id}.png", desk.picture(video)
            continue
        yield f"{base}.fr.json3", writers.json3(break_lines(without_marks(words, desk.proper))).encode()
        info = desk.info(video, words)
        # One info.json went through a PowerShell redirection, which writes UTF-16 with a byte order mark.
        yield f"{base}.info.json", b"\xff\xfe" + info.decode().encode("utf-16-le") if sixteen else info
        sixteen = False
        yield f"{base}.png", desk.picture(video)
    yield from _translated(desk, [video for video in desk.videos if video.translated])


def _translated(desk: Desk, videos: Sequence[Video]) -> Iterator[File]:
    """French speech whose only captions are in a machine's English."""
    for video in videos:
        words, base = desk.words(video, misheard=False), desk.saved(video)
        yield f"{base}.en.vtt", writers.translated_vtt(break_lines(words), "en").encode()
        yield f"{base}.info.json", desk.info(video, words)
        yield f"{base}.png", desk.picture(video)


DESKS: Mapping[str, Callable[[Desk], Iterator[File]]] = {
    "en_NWB": northwater, "en_HTV": harbour, "en_CIV": civic, "en_PLN": plainsong, "fr_RTM": meridienne,
}


def files(scripts: Scripts, outlets: Sequence[Outlet]) -> Iterator[File]:
    """All files of the folder ``captions``."""
    for outlet in outlets:
        yield from DESKS[outlet.code](Desk(scripts, outlet))
    yield "captions/notes.txt", facts.NOTES.encode()


