"""What it costs to tell stories apart: made-up pieces with planted stories, made-up shows, and the real transcripts.

Pieces come from a topic model: most of their terms are everybody's (Zipf), the others and most names are their story's.  A
day has so many pieces whatever the size, as an archive grows by going on.  Seconds are CPU seconds of one process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks import material
from crosscut.counts import Counts
from crosscut.stories import clusters
from crosscut.stories.onepass import NONE
from crosscut.stories.segments import Speech, segments
from crosscut.tokens import norm

Row = dict[str, Any]
Ints = npt.NDArray[np.int64]

#: Of a piece: words, of which so many are content and counted, names, words of the title; as in the real transcripts.
WORDS, CONTENT, NAMES, TITLE = 1_000, 400, 50, 7
#: Pieces a day; terms and names that there are; of a story: terms and names of its own, and days that it goes on.
A_DAY, TERMS, ALL_NAMES, OWN_TERMS, OWN_NAMES, DAYS = 100, 40_000, 20_000, 40, 8, 4
#: Share of a piece's terms, and of its names, that are its story's; share of pieces that tell no other's story.
SHARE, NAMED, ALONE = 0.12, 0.25, 0.3
#: Words of a made-up show, and of each of its subjects; share of words that are the subject's own.
SHOW, SUBJECT, OWN = 12_000, 600, 0.25


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def tell(words: int) -> Row:
    """Putting made-up pieces of so many words into stories, beside the products of pieces that are days apart at most."""
    pieces, truth = made(words // WORDS)
    found: list[clusters.Stories] = []
    ours = cpu(lambda: found.append(clusters.cluster(pieces)))
    limit = cpu(lambda: products(pieces))
    millions = words / 1e6
    return {"words": words, "pieces": len(pieces), "planted": int(truth.max()) + 1,
            "bcubed_f": bcubed(found[0].story, truth), "cluster_s": ours,
            "s_per_million": ours / millions, "products_s": limit, "ratio": ours / limit}


def made(many: int, seed: int = 1) -> tuple[clusters.Pieces, Ints]:
    """So many pieces in order of publication, and the story that each was made of."""
    chance = np.random.default_rng(seed)
    day = np.arange(many) // A_DAY
    running = A_DAY * DAYS // 8  # stories that go on at a time; one in DAYS of them ends a day
    story = day * (running // DAYS) + (running * chance.random(many) ** 2).astype(np.int64)
    alone = chance.random(many) < ALONE
    story[alone] = story.max() + 1 + np.arange(int(alone.sum()))
    _, story = np.unique(story, return_inverse=True)
    stories = int(story.max()) + 1
    terms = chance.integers(200, TERMS, (stories, OWN_TERMS))
    names = chance.integers(20, ALL_NAMES, (stories, OWN_NAMES))

    def counted(each: int, own: Ints, share: float, there: int) -> Counts:
        piece = np.repeat(np.arange(many), each)
        everybodys = np.minimum((there ** chance.random(len(piece))).astype(np.int64), there - 1)  # Zipf
        mine = own[story[piece], chance.integers(0, own.shape[1], len(piece))]
        code = np.where(chance.random(len(piece)) < share, mine, everybodys)
        return Counts.of(code, piece, np.ones(len(piece), np.int64), (there, many))

    nothing = Counts.of([], [], [], (TERMS, many))
    found = clusters.Pieces(day, np.zeros(many, np.int64), counted(CONTENT, terms, SHARE, TERMS),
                            counted(NAMES, names, NAMED, ALL_NAMES), counted(TITLE, terms, 0.5, TERMS), nothing,
                            np.full(many, NONE, np.int64))
    return found, story.astype(np.int64)


def products(pieces: clusters.Pieces) -> None:
    """The dot product of each piece with all that are days apart at most: the least that comparing pairs would do."""
    from scipy.sparse import csr_array

    counts = pieces.words
    entries = counts.n.astype(np.float32), counts.video, counts.bounds
    matrix = csr_array(entries, shape=(len(counts), counts.videos)).tocsc()
    days = clusters.Settings().days
    for one in np.unique(pieces.day).tolist():
        low, begin, end, high = np.searchsorted(pieces.day, [one - days, one, one + 1, one + days + 1])
        _ = matrix[:, begin:end].T @ matrix[:, low:high]


def bcubed(found: Ints, truth: Ints) -> float:
    """BCubed F (Bagga & Baldwin 1998)."""
    pairs, n = np.unique(np.stack([found, truth]), axis=1, return_counts=True)
    sizes = [np.bincount(of)[pairs[row]] for row, of in enumerate((found, truth))]
    precision, recall = (float((n**2 / size).sum() / len(found)) for size in sizes)
    return 2 * precision * recall / (precision + recall)


def cut(words: int) -> Row:
    """Cutting made-up shows of so many words in all, one after the other, beside the norms of their words alone."""
    vocabulary = [f"word{number}" for number in range(TERMS)]
    begins, many, found = np.arange(SHOW) % 15 == 0, words // SHOW, 0
    background = np.zeros(TERMS)
    for number in range(many):
        background += np.bincount(show(number), minlength=TERMS)
    ours = limit = 0.0
    for number in range(many):
        terms = show(number)
        said = list(map(vocabulary.__getitem__, terms.tolist()))
        began = time.process_time()
        found += len(segments(Speech(said, terms, begins=begins, background=background)))
        middle = time.process_time()
        _ = list(map(norm, said))
        ours, limit = ours + middle - began, limit + time.process_time() - middle
    return {"words": words, "shows": many, "subjects": many * (SHOW // SUBJECT), "segments": found,
            "cut_s": ours, "s_per_million": ours / (words / 1e6), "norms_s": limit, "ratio": ours / limit}


def show(number: int) -> Ints:
    """The words of a made-up show, as terms: subjects of the same length, one after the other."""
    chance = np.random.default_rng(number)
    subject = np.arange(SHOW) // SUBJECT
    own = chance.integers(200, TERMS, (SHOW // SUBJECT, OWN_TERMS))[subject, chance.integers(0, OWN_TERMS, SHOW)]
    everybodys = np.minimum((TERMS ** chance.random(SHOW)).astype(np.int64), TERMS - 1)
    return np.where(chance.random(SHOW) < OWN, own, everybodys)


def real() -> Row:
    """The whole command on the real transcripts: first, with 50 more videos, and with nothing new; no layers before."""
    import shutil

    from crosscut.building import build
    from crosscut.corrections import write_header
    from crosscut.workbench.corpus import open_corpus
    from crosscut.workbench.grouping import update_stories

    made_study = material.grown(material.CACHE / "stories")
    shutil.rmtree(made_study.layers, ignore_errors=True)
    corpus = open_corpus(made_study.folder)
    newest = sorted(corpus.files.catalog.video.tolist(), key=lambda video: corpus.video(video)["published"])[-50:]
    _exclude(made_study.corrections, write_header, newest)
    build(made_study)
    first = cpu(lambda: update_stories(open_corpus(made_study.folder)))
    _exclude(made_study.corrections, write_header, [])
    build(made_study)
    more = cpu(lambda: update_stories(open_corpus(made_study.folder)))
    nothing = cpu(lambda: update_stories(open_corpus(made_study.folder)))
    words = material.words(made_study)
    report = update_stories(open_corpus(made_study.folder))
    return {"words": words, "pieces": report.pieces, "stories": report.stories, "first_s": first,
            "s_per_million": first / (words / 1e6), "with_50_more_s": more, "nothing_new_s": nothing}


def _exclude(folder: Path, begin: Callable[[Path], None], videos: list[str]) -> None:
    """Say of some videos that they do not count, and of no others."""
    (folder / "videos.tsv").unlink(missing_ok=True)
    begin(folder)
    with (folder / "videos.tsv").open("a", encoding="utf-8") as file:
        file.writelines(f"{video}\texclude\tlater\n" for video in videos)
