"""Ask anything of the tables: read-only SQL over videos, tokens and the ledger.  The only module that imports duckdb.

The engine sees tables in memory only: it can neither read nor write files, nor load extensions.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from crosscut.errors import QueryError
from crosscut.exporting import token_tables, videos_table
from crosscut.ledger import Ledger
from crosscut.workbench.corpus import Corpus

LEDGER_TABLES = ("files", "records", "statements", "tracks", "versions", "listings", "pictures", "tombstones")


def sql(corpus: Corpus, query: str) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Column names and rows of a query over ``videos``, ``tokens`` and the ledger's tables."""
    import duckdb

    connection = duckdb.connect(":memory:")
    try:
        _fill(connection, corpus, query)
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        _only_select(connection, query)
        result = connection.execute(query)
        return tuple(column[0] for column in result.description or ()), result.fetchall()
    except duckdb.Error as error:
        tables = ", ".join(("videos", "tokens", *LEDGER_TABLES))
        raise QueryError(f"{error}\n(tables: {tables}; DESCRIBE videos lists its columns)") from error
    finally:
        connection.close()


def _only_select(connection: Any, query: str) -> None:
    """Refuse what would change a table: it would be lost anyway, and look as if it were not."""
    import duckdb

    allowed = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
    if any(statement.type not in allowed for statement in connection.extract_statements(query)):
        raise QueryError("sql reads only: write a SELECT, DESCRIBE or SHOW TABLES")


def _fill(connection: Any, corpus: Corpus, query: str) -> None:
    """Make the tables that the query speaks of."""
    spoken_of = set(re.findall(r"\w+", query.lower()))
    if not spoken_of & {"videos", "tokens", *LEDGER_TABLES}:
        spoken_of |= {"videos", *LEDGER_TABLES}  # SHOW TABLES
    if "videos" in spoken_of:
        _create(connection, "videos", videos_table(corpus, None))
    if "tokens" in spoken_of:
        whole: dict[str, list[Any]] = {}
        for table in token_tables(corpus):
            for name, values in table.items():
                whole.setdefault(name, []).extend(values)
        _create(connection, "tokens", whole)
    with Ledger(corpus.study.ledger) as ledger:
        for name in LEDGER_TABLES:
            if name in spoken_of:
                names = [row["name"] for row in ledger.rows(f"PRAGMA table_info({name})")]
                rows = ledger.rows(f"SELECT * FROM {name}")
                _create(connection, name, {column: [row[column] for row in rows] for column in names})


def _create(connection: Any, name: str, columns: dict[str, list[Any]]) -> None:
    arrays = {column: _array(values) for column, values in columns.items()}
    connection.register(f"given_{name}", arrays)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given_{name}")
    connection.unregister(f"given_{name}")


def _array(values: list[Any]) -> Any:
    if values and all(isinstance(value, (bool, int, float)) for value in values):
        return np.array(values)
    return np.array([None if value is None else str(value) for value in values], object)
