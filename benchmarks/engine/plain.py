"""Answers by scanning plain arrays, token by token column: slow, obvious, and independent of the engine.

Also chooses the words that are asked for: words of like frequency, so that each timed call can ask for another one.
Imports nothing of ours, for the peers read it in an environment that has only themselves.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Term = dict[str, Any]

#: One word for the cold call, the others for the warm ones.
TERMS = 12
#: Its number changes with how they are chosen.
TERMS_FILE = "terms-2.json"
#: Words to ask for where the corpus has them; others are chosen by how near they come to them in frequency.
FREQUENT, FIRST, CLOSE = "state", "point", "people"
FREQUENT_SHARE, FIRST_SHARE, CLOSE_SHARE, RARE_SHARE = 1.0e-3, 5e-4, 2e-3, 3e-6
SUFFIX = "ing"
#: Which list of words each query is asked of.
TERMS_OF = {"Q1": "frequent", "Q2": "rare", "Q3": "first", "Q4": "close", "Q5 page": "suffix", "Q5 all": "suffix",
            "Q6": "outlet", "Q7": "frequent", "Q8": "keyness", "Q9": "frequent", "Q10": "limited", "Q11": "keyness",
            "Q12": "keyness", "Q13": "keyness", "Q14": "frequent"}
WINDOW, LEAST_TOGETHER = 5, 3
TARGETS = ("en_AA", "en_BB", "en_CC")


class Plain:
    """The tokens of a made corpus as arrays: ``types`` and ``start`` by token, layers by type, facts by video."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.types = np.memmap(folder / "type.u32", np.uint32, "r")
        self.start = np.memmap(folder / "start.i32", np.int32, "r")
        videos = np.load(folder / "videos.npz")
        self.bounds, self.outlet, self.format = videos["bounds"], videos["outlet"], videos["format"]
        self.month = videos["month"]     # months since 1970
        self.about: dict[str, list[str]] = json.loads((folder / "about.json").read_text(encoding="utf-8"))

    def __len__(self) -> int:
        return len(self.types)

    @cached_property
    def of_type(self) -> Ints:
        """How many tokens each type has."""
        return np.bincount(self.types, minlength=len(self.about["word"]))

    @cached_property
    def video(self) -> Ints:
        """The video of each token."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))

    @cached_property
    def lemmas(self) -> tuple[list[str], Ints]:
        """The lemmas, and the lemma of each type."""
        return _coded(self.about["lemma"])

    def table(self, layer: str, fits: Callable[[str], bool]) -> Bools:
        """Which types have a value that fits."""
        return np.array([fits(value) for value in self.about[layer]], bool)

    def places(self, layer: str, value: str) -> Ints:
        """Where a value stands."""
        return np.flatnonzero(self.table(layer, value.__eq__)[self.types])

    @cached_property
    def terms(self) -> dict[str, list[Term]]:
        """What each query asks for, call by call; kept, for it is the same for everybody who is asked."""
        if not (self.folder / TERMS_FILE).exists():
            (self.folder / TERMS_FILE).write_text(json.dumps(self._choose()))
        return terms_of(self.folder)

    def _choose(self) -> dict[str, list[Term]]:
        lemmas, codes = self.lemmas
        by_lemma = np.bincount(codes, self.of_type, len(lemmas)).astype(np.int64)
        frequent, first, close = (
            _near(lemmas, by_lemma, len(self), share, word)
            for word, share in ((FREQUENT, FREQUENT_SHARE), (FIRST, FIRST_SHARE), (CLOSE, CLOSE_SHARE)))
        words, word_codes = _coded(self.about["word"])
        rare = _near(words, np.bincount(word_codes, self.of_type, len(words)).astype(np.int64), len(self), RARE_SHARE, "")
        pairs = [(a, b) for a in TARGETS for b in TARGETS if a != b]
        # words>=1 is true of every video: another question for a cache, the same one for an engine.
        outlets = [{"where": f"outlet={one}{more}", "outlet": one}
                   for more in ("", " words>=1", " words>=2", " words>=3") for one in TARGETS]
        keyness = [{"where": f"outlet={one}{more}", "reference": f"outlet={other}{more}", "outlet": one, "other": other}
                   for more in ("", " words>=1") for one, other in pairs]
        # Three years, each call another three: neither the mask nor draws for its videos can be those of the last call.
        first_month = np.datetime64("2020-01")
        years = [(str(first_month + n), str(first_month + n + 35)) for n in range(TERMS)]
        where = {"title": self._title_word(), "format": "clip"}
        return {
            "frequent": [{"lemma": word} for word in frequent], "rare": [{"word": word} for word in rare],
            "first": [{"lemma": word, "pos": "NOUN"} for word in first],
            "close": [{"lemma": one, "other": other} for one, other in zip(close, frequent, strict=True)],
            "suffix": [{"suffix": suffix} for suffix in self._suffixes()], "outlet": outlets, "keyness": keyness,
            "limited": [{"lemma": word, "since": since, "until": until, **where}
                        for word, (since, until) in zip(frequent, years, strict=False)],
        }

    def _title_word(self) -> str:
        """The most frequent last word of a title: what one would look for."""
        last = [title.split()[-1].lower() for title in self.about["title"]]
        return max(sorted(set(last)), key=last.count)

    def _suffixes(self) -> list[str]:
        """Endings of two or three letters that are about as frequent as the first; equal work, other types."""
        words, codes = _coded(self.about["word"])
        counts = np.bincount(codes, self.of_type, len(words))
        found: dict[str, int] = {}
        for word, count in zip(words, counts.tolist(), strict=True):
            for length in (2, 3):
                if len(word) > length and word.isascii() and word.isalpha():
                    found[word[-length:]] = found.get(word[-length:], 0) + int(count)
        near = sorted(found, key=lambda suffix: (abs(np.log((found[suffix] + 1) / (found.get(SUFFIX, 0) + 1))), suffix))
        return near[:TERMS]

    def lemma_counts(self, tokens: Bools | Ints | slice = slice(None)) -> Ints:
        """How many of these tokens each lemma has."""
        lemmas, codes = self.lemmas
        found = np.bincount(self.types[tokens], minlength=len(codes))
        return np.bincount(codes, found, len(lemmas)).astype(np.int64)

    def of_outlet(self, outlet: str) -> Bools:
        """Which tokens an outlet says."""
        return np.repeat(self.outlet == self.about["outlets"].index(outlet), np.diff(self.bounds))


def terms_of(folder: Path) -> dict[str, list[Term]]:
    """The words that ``Plain.terms`` chose, without a look at the corpus."""
    terms: dict[str, list[Term]] = json.loads((folder / TERMS_FILE).read_text())
    return terms


def _coded(values: list[str]) -> tuple[list[str], Ints]:
    seen: dict[str, int] = {}
    codes = np.array([seen.setdefault(value, len(seen)) for value in values], np.int64)
    return list(seen), codes


def _near(words: list[str], counts: Ints, tokens: int, share: float, wanted: str) -> list[str]:
    """Words that are as frequent as the one wanted, or as the share says where it does not occur."""
    known = counts[words.index(wanted)] if wanted in words else 0
    target = known or max(1.0, share * tokens)
    distance = np.abs(np.log((counts + 0.1) / target))
    order = np.argsort(distance, kind="stable").tolist()
    best = [words[n] for n in order if counts[n] and words[n].isascii() and words[n].isalpha()][:TERMS]
    return sorted(best, key=lambda word: (word != wanted, words.index(word)))


def count(plain: Plain, layer: str, value: str) -> int:
    """Q1, Q2."""
    return int(plain.of_type[plain.table(layer, value.__eq__)].sum())


def followed(plain: Plain, term: Term) -> int:
    """Q3: a lemma, then a part of speech, in one video."""
    at = plain.places("lemma", term["lemma"])
    at = at[at + 1 < len(plain)]
    noun = plain.table("pos", term["pos"].__eq__)[plain.types[at + 1]]
    return int(np.count_nonzero(noun & (plain.video[at] == plain.video[at + 1])))


def near(plain: Plain, term: Term) -> int:
    """Q4: places of a lemma that another follows, with at most five tokens between."""
    table = plain.table("lemma", term["other"].__eq__)
    found = [place for place in plain.places("lemma", term["lemma"]).tolist()
             if table[plain.types[place + 1 : min(place + 7, plain.bounds[plain.video[place] + 1])]].any()]
    return len(found)


def ending(plain: Plain, term: Term) -> int:
    """Q5."""
    return int(plain.of_type[plain.table("word", lambda word: word.endswith(term["suffix"]))].sum())


def most_frequent(plain: Plain, term: Term) -> list[tuple[str, float]]:
    """Q6: the ten most frequent lemmas of an outlet."""
    return _top(plain.lemmas[0], plain.lemma_counts(plain.of_outlet(term["outlet"])).astype(np.float64))


def collocates(plain: Plain, term: Term) -> list[tuple[str, float]]:
    """Q7: logDice of lemmas within five tokens either side of a lemma; each token counts once, and no node counts."""
    node = plain.places("lemma", term["lemma"])
    near = np.zeros(len(plain), bool)
    for offset in (*range(-WINDOW, 0), *range(1, WINDOW + 1)):
        at = node + offset
        inside = (at >= 0) & (at < len(plain))
        inside[inside] &= plain.video[at[inside]] == plain.video[node[inside]]
        near[at[inside]] = True
    near[node] = False
    together = plain.lemma_counts(near)
    score = np.full(len(together), -np.inf)
    enough = together >= LEAST_TOGETHER
    score[enough] = 14 + np.log2(2 * together[enough] / (plain.lemma_counts()[enough] + len(node)))
    return _top(plain.lemmas[0], score)


def keywords(plain: Plain, term: Term, seconds: int = 0) -> list[tuple[str, float]]:
    """Q8, Q11: log-likelihood of lemmas between two outlets, in the first seconds of each video only if said."""
    span = plain.start < 1000 * seconds if seconds else np.ones(len(plain), bool)
    one, other = (plain.lemma_counts(plain.of_outlet(term[name]) & span).astype(np.float64) for name in ("outlet", "other"))
    return _top(plain.lemmas[0], log_likelihood(one, other))


def log_likelihood(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Of each word, from its counts in two corpora; only where the first has more of it than the second."""
    total = one.sum() + other.sum()
    expected, expected_other = (one + other) * one.sum() / total, (one + other) * other.sum() / total
    with np.errstate(divide="ignore", invalid="ignore"):
        score = 2 * (np.where(one > 0, one * np.log(one / expected), 0)
                     + np.where(other > 0, other * np.log(other / expected_other), 0))
    return np.where(one > expected, score, 0)


def by_outlet_and_month(plain: Plain, term: Term) -> list[int]:
    """Q9, Q10: all hits, and how many pairs of outlet and month have one; limited where the term says so."""
    video = plain.video[plain.places("lemma", term["lemma"])]
    if "title" in term:
        video = video[limited(plain, term)[video]]
    return [len(video), len(set(zip(plain.outlet[video].tolist(), plain.month[video].tolist(), strict=True)))]


def limited(plain: Plain, term: Term) -> Bools:
    """Which videos have the word in the title, the months and the format of Q10."""
    about = plain.about
    title = np.array([term["title"] in one.lower() for one in about["title"]], bool)
    date = np.array([term["since"] <= one[:7] <= term["until"] for one in about["date"]], bool)
    chosen: Bools = title & date & (plain.format == about["formats"].index(term["format"]))
    return chosen


def _top(words: list[str], score: npt.NDArray[np.float64], most: int = 10) -> list[tuple[str, float]]:
    best = np.argsort(-score, kind="stable")[:most]
    return [(words[n], float(score[n])) for n in best.tolist()]


#: What every query should answer to a term.
ANSWERS: dict[str, Callable[[Plain, Term], Any]] = {
    "Q1": lambda plain, term: count(plain, "lemma", term["lemma"]),
    "Q2": lambda plain, term: count(plain, "word", term["word"]),
    "Q3": followed, "Q4": near, "Q5 page": ending, "Q5 all": ending, "Q6": most_frequent, "Q7": collocates, "Q8": keywords,
    "Q9": by_outlet_and_month, "Q10": by_outlet_and_month, "Q11": lambda plain, term: keywords(plain, term, 60),
    "Q12": keywords, "Q13": keywords, "Q14": collocates,
}

#: Answers are checked for so many words of each list: a scan at 100 million tokens takes seconds.
CHECKED = 3


def expected(plain: Plain) -> dict[str, dict[str, list[Any]]]:
    """The right answers to the first words of each list: to our question, and to those that peers answer instead."""
    found: dict[str, dict[str, list[Any]]] = {}
    for name, answer in ANSWERS.items():
        terms = plain.terms[TERMS_OF[name]][:CHECKED]
        found[name] = {"same": [answer(plain, term) for term in terms]}
        if name in {"Q1", "Q2"}:
            words = [term.get("word") or term["lemma"] for term in terms]
            found[name]["words"] = [count(plain, "word", word) for word in words]
            found[name]["videos"] = [len(np.unique(plain.video[plain.places("word", word)])) for word in words]
    return found


def agree(one: Any, other: Any) -> bool:
    """Whether two answers are the same: numbers exactly; of lists the scores, for words of equal score have no order."""
    if isinstance(one, int):
        return bool(one == other)
    if one and not isinstance(one[0], int):
        one, other = ([score for _, score in pairs] for pairs in (one, other))
    return len(one) == len(other) and bool(np.allclose(one, other, rtol=1e-4))


if __name__ == "__main__":
    print("\n" + json.dumps(expected(Plain(Path(sys.argv[1])))))
