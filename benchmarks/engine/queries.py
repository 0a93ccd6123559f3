"""What is asked: fourteen queries, each of a dozen words, and how our own public interface answers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.engine.plain import Term

#: Lines of a page, rows of a table.
PAGE = 50
_GROUPS = ("outlet", "month")


@dataclass(frozen=True, slots=True)
class Query:
    """One question of ours; ``bar_ms`` is warm CPU at 100 million tokens.  Of which words, says ``plain.TERMS_OF``."""

    title: str
    method: str                          # what the open corpus must have to be asked
    ask: Callable[[Any, Term], Any]      # (corpus, term) → what our interface returns
    answer: Callable[[Any], Any]         # → a number, pairs of word and score, or hits and groups
    bar_ms: float
    cold_bar_ms: float = 2_000


def _lemma(term: Term) -> str:
    return f'[lemma="{term["lemma"]}"]'


def _lines(found: Any) -> int:
    """Hits of a concordance; its lines must be there."""
    assert len(list(found.lines)) == min(PAGE, found.hits), "a page is short of lines"
    return int(found.hits)


def _ranked(score: str) -> Callable[[Any], list[tuple[str, float]]]:
    """The first ten words of a ranking, each with its score; words stand in the first column."""
    return lambda found: [(row[0], float(row[found.columns.index(score)])) for row in found.rows[:10]]


def _by_groups(found: Any) -> list[int]:
    """All hits, and in how many groups there are any; of plain rows, or of a finding."""
    hits = [row["hits"] for row in found] if isinstance(found, list) else [
        row[found.columns.index("hits")] for row in found.rows]
    return [sum(hits), sum(count > 0 for count in hits)]


def _limits(term: Term) -> str:
    return f"title~{term['title']} date>={term['since']} date<={term['until']} format={term['format']}"


#: Point estimates of words, as peers give them.
_WORDS = {"sort": "log_likelihood", "side": "target", "quick": True}
#: Words, videos, ranks and intervals.
_WHOLE = {"sort": "log_likelihood", "side": "target", "min_videos": 1, "replicates": 1_000}

QUERIES = {
    "Q1": Query("50 lines of a frequent lemma", "kwic",
                lambda corpus, term: corpus.kwic(_lemma(term), limit=PAGE), _lines, 5, 1_000),
    "Q2": Query("50 lines of a rare word", "kwic",
                lambda corpus, term: corpus.kwic(f'[word="{term["word"]}"]', limit=PAGE), _lines, 2, 1_000),
    "Q3": Query("50 lines of a lemma and a noun", "kwic",
                lambda corpus, term: corpus.kwic(f'{_lemma(term)} [pos="{term["pos"]}"]', limit=PAGE), _lines, 10, 1_000),
    "Q4": Query("a lemma, up to five tokens, a lemma", "hits",
                lambda corpus, term: corpus.hits(f'(?traditional) {_lemma(term)} []{{0,5}} [lemma="{term["other"]}"]'),
                len, 20),
    "Q5 page": Query("50 lines of words that end in …", "kwic",
                     lambda corpus, term: corpus.kwic(f'[word=".*{term["suffix"]}"]', limit=PAGE), _lines, 60, 1_000),
    "Q5 all": Query("all hits of words that end in …", "hits",
                    lambda corpus, term: corpus.hits(f'[word=".*{term["suffix"]}"]'), len, 300),
    "Q6": Query("100 most frequent lemmas of an outlet", "wordlist",
                lambda corpus, term: corpus.wordlist(layer="lemma", where=term["where"], limit=100), _ranked("tokens"),
                20),
    "Q7": Query("collocates within five tokens, logDice", "collocates",
                lambda corpus, term: corpus.collocates(_lemma(term), window=5, limit=PAGE, min_videos=1, replicates=0),
                _ranked("log_dice"), 300),
    "Q8": Query("keywords between two outlets, log-likelihood", "keyness",
                lambda corpus, term: corpus.keyness(term["where"], term["reference"], limit=PAGE, **_WORDS),
                _ranked("log_likelihood"), 40),
    "Q9": Query("hits by outlet and month", "counts",
                lambda corpus, term: corpus.counts(_lemma(term), by=_GROUPS), _by_groups, 10),
    "Q10": Query("frequency by outlet and month in some videos, 1,000 replicates", "freq",
                 lambda corpus, term: corpus.freq(_lemma(term), by=_GROUPS, where=_limits(term), replicates=1_000),
                 _by_groups, 300),
    "Q11": Query("keywords of the first 60 seconds", "keyness",
                 lambda corpus, term: corpus.keyness(term["where"], term["reference"], span="first 60s", **_WORDS),
                 _ranked("log_likelihood"), 300),
    "Q12": Query("keyness of all lemmas between two outlets, 1,000 replicates", "keyness",
                 lambda corpus, term: corpus.keyness(term["where"], term["reference"], limit=0, **_WHOLE),
                 _ranked("log_likelihood"), 20_000, 30_000),
    "Q13": Query("the first 50 of it", "keyness",
                 lambda corpus, term: corpus.keyness(term["where"], term["reference"], limit=PAGE, **_WHOLE),
                 _ranked("log_likelihood"), 10_000, 20_000),
    "Q14": Query("collocates within five tokens, logDice with intervals of 1,000 replicates", "collocates",
                 lambda corpus, term: corpus.collocates(_lemma(term), window=5, limit=PAGE, min_videos=1, replicates=1_000),
                 _ranked("log_dice"), 2_000),
}
