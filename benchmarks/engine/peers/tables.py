"""DuckDB and Polars on one table with a row a token: what an export gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from benchmarks.engine.peers.peer import Ask, Peer
from benchmarks.engine.plain import LEAST_TOGETHER, WINDOW, Plain, Term

ROWS = 2_000_000
NO_BOOTSTRAP = "no bootstrap over videos"
OFFSETS = [*range(-WINDOW, 0), *range(1, WINDOW + 1)]


def parts(plain: Plain) -> Iterator[pl.DataFrame]:
    """The table in parts of two million rows; texts as codes of a dictionary."""
    coded = {name: _coded(plain.about[name]) for name in ("word", "lemma", "pos", "tag")}
    month = (np.datetime64("1970-01") + plain.month).astype(str)
    months = sorted(set(month.tolist()))
    month_of_video = np.searchsorted(months, month)
    for begin in range(0, len(plain), ROWS):
        rows = slice(begin, min(begin + ROWS, len(plain)))
        types, video = plain.types[rows], plain.video[rows]
        columns = {"place": pl.Series(np.arange(rows.start, rows.stop, dtype=np.uint32)),
                   "video": pl.Series(video.astype(np.uint32)), "start": pl.Series(plain.start[rows])}
        columns |= {name: _enum(codes[types], values) for name, (values, codes) in coded.items()}
        columns["outlet"] = _enum(plain.outlet[video], plain.about["outlets"])
        columns["month"] = _enum(month_of_video[video], months)
        yield pl.DataFrame(columns)


def _coded(values: list[str]) -> tuple[list[str], Any]:
    seen: dict[str, int] = {}
    codes = np.array([seen.setdefault(value, len(seen)) for value in values], np.uint32)
    return list(seen), codes


def _enum(codes: Any, values: list[str]) -> pl.Series:
    return pl.Series(codes.astype(np.uint32)).cat.to(pl.Enum(values))


# Polars: the whole table in memory; places are row numbers, so context is a slice.  Texts are kept as codes and a lexicon:
# a column of 300,000 texts takes 18 CPU-s each ten million tokens to read back, in Parquet and in Arrow's own format alike.

def _write(plain: Plain, folder: Path) -> None:
    lexicons: dict[str, list[str]] = {}
    for number, part in enumerate(parts(plain)):
        kinds = {name: kind for name, kind in part.schema.items() if isinstance(kind, pl.Enum)}
        lexicons = lexicons or {name: kind.categories.to_list() for name, kind in kinds.items()}
        part.with_columns(pl.col(list(kinds)).to_physical()).write_parquet(folder / f"part-{number:04}.parquet")
    (folder / "lexicons.json").write_text(json.dumps(lexicons), encoding="utf-8")


def _load(plain: Path, folder: Path) -> pl.DataFrame:
    lexicons = json.loads((folder / "lexicons.json").read_text(encoding="utf-8"))
    codes = pl.read_parquet(folder / "*.parquet").rechunk()
    return codes.with_columns(_enum(codes[name].to_numpy(), values).alias(name) for name, values in lexicons.items())


def _page(table: pl.DataFrame, places: Any) -> int:
    words = table["word"]
    for place in places[:50].to_list():
        words.slice(max(0, place - 10), 21).to_list()
    return len(places)


def _where(table: pl.DataFrame, *conditions: pl.Expr) -> Any:
    return table.lazy().filter(*conditions).select("place").collect()["place"]


def _followed(table: pl.DataFrame, term: Term) -> int:
    after = (pl.col("pos").shift(-1) == term["pos"]) & (pl.col("video") == pl.col("video").shift(-1))
    return _page(table, _where(table, (pl.col("lemma") == term["lemma"]) & after))


def _near(table: pl.DataFrame, term: Term) -> int:
    one, other = (table.lazy().filter(pl.col("lemma") == term[name]).select("place", "video") for name in ("lemma", "other"))
    offsets = pl.LazyFrame({"offset": pl.Series(range(1, 7), dtype=pl.UInt32)})
    moved = one.join(offsets, how="cross").with_columns(at=pl.col("place") + pl.col("offset"))
    found = moved.join(other, left_on=["at", "video"], right_on=["place", "video"])
    return int(found.select(pl.col("place").n_unique()).collect().item())


def _collocates(table: pl.DataFrame, term: Term) -> list[tuple[str, float]]:
    node = table.lazy().filter(pl.col("lemma") == term["lemma"]).select("place", "video").collect()
    at = np.concatenate([node["place"].to_numpy().astype(np.int64) + offset for offset in OFFSETS])
    video = np.tile(node["video"].to_numpy(), len(OFFSETS))
    inside = (at >= 0) & (at < len(table))
    at, video = at[inside], video[inside]
    places = pl.Series(at[table["video"].gather(at).to_numpy() == video]).unique()
    near = table["lemma"].gather(places).to_frame().lazy().filter(pl.col("lemma") != term["lemma"])
    together = near.group_by("lemma").agg(n=pl.len()).filter(pl.col("n") >= LEAST_TOGETHER)
    alone = table.lazy().group_by("lemma").agg(f=pl.len())
    score = 14 + (2 * pl.col("n") / (pl.col("f") + len(node))).log(2)
    found = together.join(alone, on="lemma").with_columns(score=score).sort("score", descending=True).head(50).collect()
    return _rows(found.select("lemma", "score"))


def _keywords(table: pl.DataFrame, term: Term, span: pl.Expr | None = None) -> list[tuple[str, float]]:
    outlet = pl.col("outlet")
    rows = table.lazy().filter(outlet.is_in([term["outlet"], term["other"]]), *([] if span is None else [span]))
    counts = rows.group_by("lemma").agg(a=(outlet == term["outlet"]).sum().cast(pl.Float64),
                                        b=(outlet == term["other"]).sum().cast(pl.Float64))
    a, b = pl.col("a"), pl.col("b")
    total = a.sum() + b.sum()
    counts = counts.with_columns(ea=(a + b) * a.sum() / total, eb=(a + b) * b.sum() / total)
    half = pl.when(a > 0).then(a * (a / pl.col("ea")).log()).otherwise(0)
    other_half = pl.when(b > 0).then(b * (b / pl.col("eb")).log()).otherwise(0)
    over = counts.filter(a > pl.col("ea")).with_columns(score=2 * (half + other_half))
    return _rows(over.sort("score", descending=True).head(50).select("lemma", "score").collect())


def _wordlist(table: pl.DataFrame, term: Term) -> list[tuple[str, float]]:
    rows = table.lazy().filter(pl.col("outlet") == term["outlet"])
    return _rows(rows.group_by("lemma").len().sort("len", descending=True).head(100).collect())


def _groups(table: pl.DataFrame, term: Term) -> list[int]:
    found = table.lazy().filter(pl.col("lemma") == term["lemma"]).group_by("outlet", "month").len().collect()
    return [int(found["len"].sum()), len(found)]


def _rows(found: pl.DataFrame) -> list[tuple[str, float]]:
    return [(str(word), float(score)) for word, score in found.head(10).rows()]


POLARS = Peer(
    "polars", _write, _load,
    {"Q1": Ask(lambda table, term: _page(table, _where(table, pl.col("lemma") == term["lemma"]))),
     "Q2": Ask(lambda table, term: _page(table, _where(table, pl.col("word") == term["word"]))),
     "Q3": Ask(_followed), "Q4": Ask(_near),
     "Q5 page": Ask(lambda table, term: _page(table, _where(table, pl.col("word").cat.ends_with(term["suffix"])))),
     "Q5 all": Ask(lambda table, term: len(_where(table, pl.col("word").cat.ends_with(term["suffix"])))),
     "Q6": Ask(_wordlist), "Q7": Ask(_collocates), "Q8": Ask(_keywords), "Q9": Ask(_groups),
     "Q11": Ask(lambda table, term: _keywords(table, term, pl.col("start") < 60_000))},
    dict.fromkeys(("Q10", "Q12", "Q13", "Q14"), NO_BOOTSTRAP))


# DuckDB: a database file, loaded from Parquet, which is written for it and counts.

def _import(plain: Plain, folder: Path) -> None:
    for number, part in enumerate(parts(plain)):
        part.write_parquet(folder / f"part-{number:04}.parquet")
    with duckdb.connect(folder / "tokens.duckdb") as database:
        database.execute(f"create table t as select * from read_parquet('{folder}/*.parquet') order by place")
    for path in folder.glob("*.parquet"):
        path.unlink()


def _connect(plain: Path, folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(folder / "tokens.duckdb", read_only=True)


def _sql(database: Any, query: str, *values: Any) -> list[Any]:
    rows: list[Any] = database.execute(query, list(values)).fetchall()
    return rows


def _sql_page(database: Any, condition: str, *values: Any) -> int:
    places = [place for place, in _sql(database, f"select place from t where {condition} order by place", *values)]
    for place in places[:50]:  # a range each prunes blocks; one join of all lines scans the table
        _sql(database, "select word from t where place between ? and ? order by place", max(0, place - 10), place + 10)
    return len(places)


def _sql_followed(database: Any, term: Term) -> int:
    places = _sql(database, "select a.place from t a join t b on b.place = a.place + 1 and b.video = a.video "
                            "where a.lemma = ? and b.pos = ? order by 1", term["lemma"], term["pos"])
    for place, in places[:50]:
        _sql(database, "select word from t where place between ? and ? order by place", max(0, place - 10), place + 11)
    return len(places)


def _sql_near(database: Any, term: Term) -> int:
    return len(_sql(database, """
        with a as (select place, video from t where lemma = ?), b as (select place, video from t where lemma = ?),
             moved as (select place, video, place + unnest([1, 2, 3, 4, 5, 6]) as there from a)
        select distinct moved.place from moved join b on b.place = moved.there and b.video = moved.video""",
        term["lemma"], term["other"]))


def _sql_collocates(database: Any, term: Term) -> list[tuple[str, float]]:
    return _pairs(_sql(database, f"""
        with node as (select place, video from t where lemma = $1),
             near as (select distinct place + unnest({OFFSETS}) as there, video from node),
             together as (select lemma, count(*) n from t join near on t.place = near.there and t.video = near.video
                          where lemma <> $1 group by 1 having n >= {LEAST_TOGETHER}),
             alone as (select lemma, count(*) f from t group by 1)
        select lemma, 14 + log2(2.0 * n / (f + (select count(*) from node))) score
        from together join alone using (lemma) order by score desc limit 50""", term["lemma"]))


def _sql_keywords(database: Any, term: Term, span: str = "true") -> list[tuple[str, float]]:
    return _pairs(_sql(database, f"""
        with c as (select lemma, count(*) filter (outlet = $1) a, count(*) filter (outlet = $2) b from t
                   where outlet in ($1, $2) and {span} group by 1),
             s as (select sum(a) sa, sum(b) sb from c),
             e as (select lemma, a, b, sa * (a + b) / (sa + sb) ea, sb * (a + b) / (sa + sb) eb from c, s)
        select lemma, 2 * (a * ln(a / ea) + case when b > 0 then b * ln(b / eb) else 0 end) score
        from e where a > ea order by score desc limit 50""", term["outlet"], term["other"]))


def _pairs(rows: list[Any]) -> list[tuple[str, float]]:
    return [(word, float(score)) for word, score, *_ in rows[:10]]


def _sql_groups(database: Any, term: Term) -> list[int]:
    found = _sql(database, "select outlet, month, count(*) from t where lemma = ? group by 1, 2", term["lemma"])
    return [sum(row[2] for row in found), len(found)]


DUCKDB = Peer(
    "duckdb", _import, _connect,
    {"Q1": Ask(lambda db, term: _sql_page(db, "lemma = ?", term["lemma"])),
     "Q2": Ask(lambda db, term: _sql_page(db, "word = ?", term["word"])),
     "Q3": Ask(_sql_followed), "Q4": Ask(_sql_near),
     "Q5 page": Ask(lambda db, term: _sql_page(db, "suffix(word, ?)", term["suffix"])),
     "Q5 all": Ask(lambda db, term: len(_sql(db, "select place from t where suffix(word, ?)", term["suffix"]))),
     "Q6": Ask(lambda db, term: _pairs(_sql(
         db, "select lemma, count(*) n from t where outlet = ? group by 1 order by n desc limit 100", term["outlet"]))),
     "Q7": Ask(_sql_collocates), "Q8": Ask(_sql_keywords), "Q9": Ask(_sql_groups),
     "Q11": Ask(lambda db, term: _sql_keywords(db, term, '"start" < 60000'))},
    dict.fromkeys(("Q10", "Q12", "Q13", "Q14"), NO_BOOTSTRAP), "with the Parquet that it is loaded from")
