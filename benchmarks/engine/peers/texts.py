"""NLTK, SQLite FTS5 and tantivy: they know words, neither lemmas nor parts of speech."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from benchmarks.engine.peers.peer import OTHER, VIDEOS, WORDS, Ask, Peer, texts
from benchmarks.engine.plain import Plain, Term

NO_LAYERS = "no parts of speech"
NO_COUNTS = "counts documents only"
CUE = 10


# NLTK: a list of strings and an index in memory, made anew in every process.

def _nothing(plain: Plain, folder: Path) -> None:
    """NLTK keeps nothing on disk; what it costs is opening."""


def _nltk(arrays: Path, folder: Path) -> Any:
    from nltk.text import Text

    plain = Plain(arrays)
    words = plain.about["word"]
    tokens = list(map(words.__getitem__, plain.types.tolist()))
    text = Text(tokens)
    text.concordance_list("the", lines=1)  # makes the index
    outlets = plain.about["outlets"]
    spans = zip(plain.outlet.tolist(), plain.bounds[:-1].tolist(), plain.bounds[1:].tolist(), strict=True)
    return text, tokens, [(outlets[outlet], begin, end) for outlet, begin, end in spans]


def _nltk_page(opened: Any, term: Term) -> int:
    opened[0].concordance_list(term.get("word") or term["lemma"], width=100, lines=50)
    return len(opened[0]._concordance_index.offsets(term.get("word") or term["lemma"]))


def _nltk_wordlist(opened: Any, term: Term) -> list[tuple[str, float]]:
    import nltk

    _, tokens, videos = opened
    found = nltk.FreqDist(word for outlet, begin, end in videos if outlet == term["outlet"] for word in tokens[begin:end])
    return [(word, float(count)) for word, count in found.most_common(100)[:10]]


NLTK = Peer(
    "nltk", _nothing, _nltk,
    {"Q1": Ask(_nltk_page, WORDS, "a word form"), "Q2": Ask(_nltk_page), "Q6": Ask(_nltk_wordlist, OTHER, "word forms")},
    {"Q3": NO_LAYERS, "Q4": "no gaps", "Q5 page": "no index of patterns", "Q5 all": "no index of patterns",
     "Q7": "collocations of all pairs only: ten seconds at a million tokens", "Q8": "no keyness",
     "Q9": "no facts of videos", "Q10": "no facts of videos", "Q11": "no keyness",
     "Q12": "no keyness", "Q13": "no keyness", "Q14": "no bootstrap"})


# SQLite FTS5: a row for every ten tokens, as caption search tools have a row a cue.

def _fts5_build(plain: Plain, folder: Path) -> None:
    database = sqlite3.connect(folder / "cues.sqlite")
    database.execute("pragma journal_mode = off")
    database.execute("pragma synchronous = off")
    database.execute("create virtual table t using fts5(text, outlet unindexed, month unindexed, "
                     "tokenize = \"unicode61 remove_diacritics 0 tokenchars '-.''&'\")")
    outlets = plain.about["outlets"]
    facts = zip(texts(plain), plain.outlet.tolist(), plain.month.tolist(), strict=True)
    rows = ((" ".join(words[begin : begin + CUE]), outlets[outlet], month)
            for words, outlet, month in facts for begin in range(0, len(words), CUE))
    database.executemany("insert into t values (?, ?, ?)", rows)
    database.execute("insert into t(t) values ('optimize')")
    database.commit()
    database.close()


def _fts5_open(plain: Path, folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{folder / 'cues.sqlite'}?mode=ro", uri=True)


def _fts5_page(database: Any, match: str) -> int:
    database.execute("select highlight(t, 0, '[', ']'), outlet from t where t match ? limit 50", (match,)).fetchall()
    return int(database.execute("select count(*) from t where t match ?", (match,)).fetchone()[0])


def _fts5_groups(database: Any, term: Term) -> list[int]:
    groups = "select outlet, month, count(*) from t where t match ? group by 1, 2"
    counts = [row[2] for row in database.execute(groups, (_quoted(term["lemma"]),)).fetchall()]
    return [sum(counts), len(counts)]


def _quoted(word: str) -> str:
    return f'"{word}"'


FTS5 = Peer(
    "fts5", _fts5_build, _fts5_open,
    {"Q1": Ask(lambda db, term: _fts5_page(db, _quoted(term["lemma"])), OTHER, "cues with a word form"),
     "Q2": Ask(lambda db, term: _fts5_page(db, _quoted(term["word"])), OTHER, "cues with the word"),
     "Q4": Ask(lambda db, term: _fts5_page(db, f"NEAR({_quoted(term['lemma'])} {_quoted(term['other'])}, 5)"), OTHER,
               "cues with two word forms in either order"),
     "Q9": Ask(_fts5_groups, OTHER, "cues with a word form")},
    {"Q3": NO_LAYERS, "Q5 page": "prefixes only", "Q5 all": "prefixes only", "Q6": NO_COUNTS, "Q7": NO_COUNTS,
     "Q8": NO_COUNTS, "Q10": "no bootstrap", "Q11": NO_COUNTS, "Q12": NO_COUNTS,
     "Q13": NO_COUNTS, "Q14": NO_COUNTS})


# tantivy: a document a video.

def _tantivy_build(plain: Plain, folder: Path) -> None:
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=True, tokenizer_name="whitespace", index_option="position")
    schema.add_text_field("outlet", stored=True, tokenizer_name="raw")
    writer = tantivy.Index(schema.build(), path=str(folder)).writer(256_000_000, 1)
    outlets = plain.about["outlets"]
    for words, outlet in zip(texts(plain), plain.outlet.tolist(), strict=True):
        writer.add_document(tantivy.Document(text=" ".join(words), outlet=outlets[outlet]))
    writer.commit()
    writer.wait_merging_threads()


def _tantivy_open(plain: Path, folder: Path) -> Any:
    import tantivy

    index = tantivy.Index.open(str(folder))
    index.reload()
    return index, index.searcher()


def _tantivy_page(opened: Any, match: str) -> int:
    index, searcher = opened
    found = searcher.search(index.parse_query(match, ["text"]), 50, count=True)
    for _, address in found.hits:
        searcher.doc(address)["text"]
    return int(found.count)


def _tantivy_suffix(opened: Any, term: Term) -> int:
    import tantivy

    index, searcher = opened
    return int(searcher.search(tantivy.Query.regex_query(index.schema, "text", f".*{term['suffix']}"), 50, count=True).count)


TANTIVY = Peer(
    "tantivy", _tantivy_build, _tantivy_open,
    {"Q1": Ask(lambda opened, term: _tantivy_page(opened, _quoted(term["lemma"])), VIDEOS, "videos with a word form"),
     "Q2": Ask(lambda opened, term: _tantivy_page(opened, _quoted(term["word"])), VIDEOS, "videos with the word"),
     "Q4": Ask(lambda opened, term: _tantivy_page(opened, f'"{term["lemma"]} {term["other"]}"~5'), OTHER,
               "videos with two word forms"),
     "Q5 page": Ask(_tantivy_suffix, OTHER, "videos")},
    {"Q3": NO_LAYERS, "Q5 all": NO_COUNTS, "Q6": NO_COUNTS, "Q7": NO_COUNTS, "Q8": NO_COUNTS, "Q9": NO_COUNTS,
     "Q10": NO_COUNTS, "Q11": NO_COUNTS, "Q12": NO_COUNTS,
     "Q13": NO_COUNTS, "Q14": NO_COUNTS})


