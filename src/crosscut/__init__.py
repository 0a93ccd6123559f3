"""Crosscut: compare how TV news outlets cover the same story.

>>> import crosscut                                                   # doctest: +SKIP
>>> study = crosscut.study("my-study")                                # doctest: +SKIP
>>> crosscut.import_(study, ["captions/"]); crosscut.build(study)     # doctest: +SKIP
>>> corpus = crosscut.open("my-study")                                # doctest: +SKIP
>>> corpus.freq("ceasefire", by=["outlet", "month"]).table            # doctest: +SKIP

Every command of the command line has its twin here; modules are imported when a name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosscut.accounting import status as status
    from crosscut.building import build as build
    from crosscut.demonstrating import demo as demo
    from crosscut.errors import CrosscutError as CrosscutError
    from crosscut.exporting import conllu as conllu
    from crosscut.exporting import records as records
    from crosscut.exporting import token_tables as token_tables
    from crosscut.exporting import vertical as vertical
    from crosscut.exporting import videos_table as videos_table
    from crosscut.forgetting import forget as forget
    from crosscut.importing import import_ as import_
    from crosscut.measure.finding import Finding as Finding
    from crosscut.reporting import report as report
    from crosscut.settings import open_study as study
    from crosscut.showing import about as about
    from crosscut.showing import paragraphs as paragraphs
    from crosscut.starting import init as init
    from crosscut.store.layer import Layer as Layer
    from crosscut.store.layer import LayerSpan as LayerSpan
    from crosscut.store.layer import write_layer as write_layer
    from crosscut.tables import sql as sql
    from crosscut.workbench.corpus import Corpus as Corpus
    from crosscut.workbench.corpus import open_corpus as open

__version__ = "0.1.0"

#: Public name -> module and name in it.  By command: init, import, build, status, show (about, paragraphs), kwic and
#: freq (methods of Corpus), sql, export (videos_table, token_tables, records, vertical, conllu), report, forget, demo.
_PUBLIC = {
    "Corpus": ("workbench.corpus", "Corpus"), "CrosscutError": ("errors", "CrosscutError"),
    "Finding": ("measure.finding", "Finding"),
    "Layer": ("store.layer", "Layer"), "LayerSpan": ("store.layer", "LayerSpan"), "about": ("showing", "about"),
    "build": ("building", "build"), "conllu": ("exporting", "conllu"), "demo": ("demonstrating", "demo"),
    "forget": ("forgetting", "forget"), "import_": ("importing", "import_"), "init": ("starting", "init"),
    "open": ("workbench.corpus", "open_corpus"), "paragraphs": ("showing", "paragraphs"),
    "records": ("exporting", "records"), "report": ("reporting", "report"),
    "sql": ("tables", "sql"), "status": ("accounting", "status"), "study": ("settings", "open_study"),
    "token_tables": ("exporting", "token_tables"), "vertical": ("exporting", "vertical"),
    "videos_table": ("exporting", "videos_table"), "write_layer": ("store.layer", "write_layer"),
}

__all__ = [
    "Corpus", "CrosscutError", "Finding", "Layer", "LayerSpan", "about", "build", "conllu", "demo", "forget", "import_",
    "init", "open", "paragraphs", "records", "report", "sql", "status", "study", "token_tables", "vertical", "videos_table",
    "write_layer",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'crosscut' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    return getattr(import_module(f"crosscut.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
