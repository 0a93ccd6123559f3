"""Look for passages that were heard before, and write them down as the span layer ``copies``.

The videos that count are compared in order of publication, each language by itself.  What was heard so far lies under
``corpus/copies/``, so that a corpus that grew costs what it grew by; that folder can be deleted.  The layer is of the view
as found; a new version of it is written where the corpus, or what is found in it, is another.

``more`` of each span: ``kind``; ``first`` (yes, no); ``alike``, 0 to 1, to the first occurrence; ``of``, where that is
(``VIDEO@SECONDS``); of its group ``times``, ``words``, and the evidence for its kind: ``share`` (the largest share of a
copying video that it is), ``whole`` (the share of the first video that it is), ``edge`` (of its occurrences, at the
beginning or end of a video).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from crosscut.copies.finder import Finder
from crosscut.copies.found import KINDS, Copies
from crosscut.copies.kinds import DECIDES as KINDS_DECIDES
from crosscut.copies.state import DECIDES
from crosscut.errors import QueryError, StudyError
from crosscut.model import FOUND, Int32
from crosscut.query.fields import day_numbers
from crosscut.query.marks import Marks
from crosscut.store.corpus import CorpusFiles
from crosscut.store.layer import Layer, LayerSpan, layer_files, made_by, read_layer, write_layer
from crosscut.store.lock import only_one
from crosscut.workbench import hearing
from crosscut.workbench.hearing import Hearing
from crosscut.workbench.opened import Opened

Ints = npt.NDArray[np.int64]
Progress = Callable[[int, int, str], None]

LAYER = "copies"
AUTHOR = "crosscut copies"
#: Changes whenever the same corpus could get another layer.
_RULES = sha256("\0".join((hearing.VERSION, DECIDES, KINDS_DECIDES)).encode()).hexdigest()[:8]
METHOD = f"passages heard before: shingles and alignment, rules {_RULES}"
#: Hexadecimal digits of a group's name; more where two of them would have the same.
_DIGITS = 8
_CODE = re.compile(r"[a-z]{2,8}")


@dataclass(frozen=True, slots=True)
class Looked:
    """The layer, whether it is a new version, and how many words had to be compared for it."""

    layer: Layer
    new: bool
    words: int


def check_can_look(corpus: Opened) -> None:
    """QueryError where copies cannot be looked for: in another view, in the past, or where the layer is switched off."""
    if corpus.view != FOUND:
        raise QueryError(f"copies are found in the words as captioned: they are not looked for in the {corpus.view} view")
    if corpus.files.manifest.as_of:
        raise QueryError("copies are looked for in the corpus as it is: leave out --as-of")
    if LAYER in corpus.study.layers_off:
        raise QueryError(f"the layer {LAYER} is switched off in {corpus.study.folder / 'crosscut.toml'}: take it out of off")


def is_up_to_date(corpus: Opened) -> bool:
    """Whether the layer is of the corpus as it is, found as it would be now."""
    path = layer_files(corpus.study.layers).get(LAYER)
    return path is not None and made_by(path) == (corpus.files.manifest.result, METHOD)


def look_for_copies(corpus: Opened, progress: Progress | None = None) -> Looked | None:
    """Bring the layer ``copies`` up to date; None where it is."""
    check_can_look(corpus)
    if is_up_to_date(corpus):
        return None
    folder = corpus.study.heard
    folder.mkdir(parents=True, exist_ok=True)
    spans: list[LayerSpan] = []
    words = 0
    with only_one(folder, "another crosscut copies"):
        for language, videos in hearing.languages_of(corpus.files, corpus.mask().videos):
            found = _found(corpus.files, folder / folder_of(language), language, videos, progress)
            spans += _spans(corpus.files, videos, found)
            words += found.done_words
        layer, new = _written(corpus, tuple(sorted(spans, key=lambda span: (span.video, span.start))))
    return Looked(layer, new, words)


def folder_of(language: str) -> str:
    """The folder of what was heard in a language; what no code is, as somebody's file may say, leads nowhere."""
    digest = sha256(language.encode("utf-8", "surrogatepass")).hexdigest()
    return language if _CODE.fullmatch(language) else f"x-{digest[:16]}"


def _found(files: CorpusFiles, folder: Path, language: str, videos: Ints, progress: Progress | None) -> Copies:
    """The copies in the videos of one language."""
    digests = hearing.digests(files, videos)
    outlets = files.catalog.codes("outlet")[0][videos].astype(np.int64)
    with Finder(folder) as finder:
        kept = finder.keep(digests)
        finder.add(_told(Hearing(files, language, videos[kept:]), kept, len(videos), language, progress))
        found = finder.result(outlets, day_numbers(files.catalog)[videos])
        finder.save(digests)
    return found


def _told(videos: Hearing, kept: int, many: int, language: str, progress: Progress | None) -> Iterator[Int32]:
    for number, codes in enumerate(videos, kept + 1):
        yield codes
        if progress:
            progress(number, many, language)


def _written(corpus: Opened, spans: tuple[LayerSpan, ...]) -> tuple[Layer, bool]:
    """The layer with these spans: the one that is there if it says the same of the same corpus, else a new version."""
    path = layer_files(corpus.study.layers).get(LAYER)
    there = read_layer(path) if path else None
    result = corpus.files.manifest.result
    if there and (there.spans, there.of, there.method) == (spans, result, METHOD):
        return there, False
    layer = Layer(LAYER, there.version + 1 if there else 1, AUTHOR, METHOD, datetime.now(UTC).isoformat(timespec="seconds"),
                  spans, result)
    write_layer(corpus.study.layers, layer)
    return layer, True


def _spans(files: CorpusFiles, videos: Ints, found: Copies) -> Iterator[LayerSpan]:
    """What was found in ``videos``, as spans of the layer."""
    rows, groups = found.occurrences, found.groups
    keys, contents = (files.catalog.text(name).take(videos) for name in ("video", "content"))
    names = group_names([f"{keys[video]}@{start}" for video, start in zip(groups.video.tolist(), groups.start.tolist(),
                                                                        strict=True)])
    seconds = starts_ms(files, videos[groups.video], groups.start) // 1000
    of_group = [
        (("of", f"{keys[video]}@{second}" if second >= 0 else keys[video]), ("times", str(times)), ("words", str(words)),
         ("share", f"{share:.2f}"), ("whole", f"{whole:.2f}"), ("edge", f"{edge:.2f}"))
        for video, second, times, words, share, whole, edge in zip(
            groups.video.tolist(), seconds.tolist(), groups.times.tolist(), groups.words.tolist(), groups.share.tolist(),
            groups.share_first.tolist(), groups.edge.tolist(), strict=True)]
    columns = (rows.video, rows.start, rows.end, rows.group, rows.first, rows.alike, rows.kind)
    for video, start, end, group, first, alike, kind in zip(*(column.tolist() for column in columns), strict=True):
        more = (("kind", KINDS[kind]), ("first", "yes" if first else "no"), ("alike", f"{alike:.2f}"), *of_group[group])
        yield LayerSpan(keys[video], contents[video], start, end, names[group], round(alike, 2), more)


def check_spans(marks: Marks) -> None:
    """StudyError where spans of the layer (``marks`` by video and start), edited by hand, cannot be counted.

    Two that overlap would count the same words twice.
    """
    wrong = {f"the kind {kind!r}" for kind in set(marks.attribute("kind")) - set(KINDS)}
    wrong |= {f"first={first!r}" for first in set(marks.attribute("first")) - {"yes", "no"}}
    for name, kind in (("alike", float), ("share", float), ("whole", float), ("edge", float), ("words", int)):
        wrong |= {f"{name}={value!r}" for value in set(marks.attribute(name)) if not _is_number(value, kind)}
    if (marks.end <= marks.start).any():
        wrong.add("a span without words")
    if ((marks.video[1:] == marks.video[:-1]) & (marks.start[1:] < marks.end[:-1])).any():
        wrong.add("spans that overlap")
    if wrong:
        raise StudyError(f"the layer {marks.name.partition(' ')[0]} has {min(wrong)}, which crosscut copies never writes: "
                         f"mend its file, or delete it and run crosscut copies")


def _is_number(text: str, kind: type[int] | type[float]) -> bool:
    try:
        return 0 <= kind(text) < np.inf
    except ValueError:
        return False


def group_names(places: Sequence[str]) -> list[str]:
    """A short name of each group, from where its first occurrence is: the same in every run and on every machine."""
    digests = [sha256(place.encode("utf-8", "surrogatepass")).hexdigest() for place in places]
    digits = _DIGITS
    while len({digest[:digits] for digest in digests}) < len(set(digests)):
        digits += 1
    return [f"g{digest[:digits]}" for digest in digests]


def starts_ms(files: CorpusFiles, videos: Ints, places: Ints) -> Ints:
    """When tokens of videos are heard, in ms; -1 where that is not known."""
    found, number = np.full(len(videos), -1, np.int64), files.catalog.number("shard")[videos]
    document = files.catalog.number("document")[videos]
    for place, shard in enumerate(files.shards):
        mine = np.flatnonzero(number == place)
        found[mine] = shard.column("start")[shard.bounds[document[mine]] + places[mine]]
    return found
