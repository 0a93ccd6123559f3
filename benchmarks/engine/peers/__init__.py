"""The same questions put to other tools, each in processes of its own.

``tables``  DuckDB and Polars: one row a token
``texts``   NLTK, SQLite FTS5 and tantivy: words only
``concs``   Conc: words only, in an environment of its own
"""
