"""The words of a corpus as heard, video by video in order of publication: what passages heard before are looked for in.

A word's code is a hash of it, so that it is the same in every run and every corpus, and nothing has to be kept.  One in
some thousand words shares its code with another; that two passages agree for it takes a row of such words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b, sha256

import numpy as np
import numpy.typing as npt

from crosscut.clean.level import NUMBER, as_heard
from crosscut.model import Int32
from crosscut.store.corpus import CorpusFiles
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]

#: Changes whenever the same tokens could get other codes.
VERSION = "1"
#: Codes are so many bits: counters of all of them are 34 MB, and one in 20 of 200,000 words shares its code.
BITS = 22
#: After so many tokens what was read of a shard is given back.
_AT_ONCE = 20_000_000


def code_of(word: str) -> int:
    """The code of a word as heard (``clean.level.as_heard``); -1 of what is none."""
    if not word:
        return -1
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little") >> (32 - BITS)


_NUMBER = code_of(NUMBER)


def published_order(files: CorpusFiles, videos: Ints) -> Ints:
    """The videos from the first published to the last; of what is not known exactly the end is taken, ties by key.

    So a video of a day comes after those of that day whose time is known, and one without a date after all others.
    """
    dates = files.catalog.text("published").take(videos)
    keys = zip(map(_moment, dates), videos.tolist(), strict=True)  # ordinals are in the order of keys
    return np.array([video for _, video in sorted(keys)], np.int64)


def _moment(published: str) -> str:
    """A date as text that sorts: in UTC where its zone is known, ``~`` behind what is not known."""
    try:
        moment = datetime.fromisoformat(published) if len(published) > 10 else None
    except ValueError:
        moment = None
    if moment is None:
        return f"{published}~"
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M:%S")


def digests(files: CorpusFiles, videos: Ints) -> list[str]:
    """What decides the codes of each video, its language aside."""
    contents = files.catalog.text("content").take(videos)
    return [sha256(f"{VERSION}\0{content}".encode("utf-8", "surrogatepass")).hexdigest()[:16] for content in contents]


class Hearing:
    """The codes of some videos of one language; those of a shard are worked out once a type, when they are asked for."""

    def __init__(self, files: CorpusFiles, language: str, videos: Ints) -> None:
        self.files, self.language, self.videos = files, language, videos
        self._codes: dict[int, Int32] = {}

    def __iter__(self) -> Iterator[Int32]:
        """The code of each token of each video, in the order of ``videos``; -1: no word of its own."""
        numbers = self.files.catalog.number("shard")[self.videos].tolist()
        read = 0
        for video, number in zip(self.videos.tolist(), numbers, strict=True):
            shard, begin, end = self.files.span(video)
            yield one_number(self._of_types(number)[shard.column("type")[begin:end]])
            read += end - begin
            if read > _AT_ONCE:
                self._give_back()
                read = 0

    def _give_back(self) -> None:
        for number in self._codes:
            self.files.shards[number].pack.release()

    def _of_types(self, number: int) -> Int32:
        """The code of each type of a shard; only of those that the videos have."""
        if number not in self._codes:
            shard = self.files.shards[number]
            mine = self.videos[self.files.catalog.number("shard")[self.videos] == number]
            self._codes[number] = _codes(shard, self.files.catalog.number("document")[mine], self.language)
            shard.pack.release()
        return self._codes[number]


def _codes(shard: Shard, documents: Ints, language: str) -> Int32:
    types, used = shard.column("type"), np.zeros(len(shard.type_codes("norm")), bool)
    for document in np.sort(documents).tolist():
        used[types[shard.bounds[document] : shard.bounds[document + 1]]] = True
    norms = shard.type_codes("norm")
    known = np.unique(norms[used])
    of_norm = np.full(len(shard.lexicon("norm")), -1, np.int32)
    of_norm[known] = [code_of(as_heard(word, language)) for word in shard.lexicon("norm").take(known)]
    return np.asarray(of_norm[norms], np.int32)


def one_number(codes: Int32) -> Int32:
    """Of numbers in a row only the first: *two hundred and five* and *205* have as many words in common as they can."""
    heard = np.flatnonzero(codes >= 0)
    numbers = codes[heard] == _NUMBER
    again = heard[1:][numbers[1:] & numbers[:-1]]
    codes[again] = -1
    return codes


def languages_of(files: CorpusFiles, videos: npt.NDArray[np.bool_]) -> list[tuple[str, Ints]]:
    """The languages of some videos, each with its videos in order of publication."""
    codes, names = files.catalog.codes("language")
    found: Sequence[tuple[str, Ints]] = [(name, np.flatnonzero(videos & (codes == code))) for code, name in enumerate(names)]
    return sorted((name, published_order(files, mine)) for name, mine in found if len(mine))
