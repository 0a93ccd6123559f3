"""The corpus in other people's forms: tagged records, CWB vertical, CoNLL-U, and tables.

Every export covers the videos under a mask, in the order of the corpus, and is written as it is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from crosscut.ledger import Ledger
from crosscut.model import ENTITY, ESTIMATED, GLUED, SENTENCE
from crosscut.raw import RawStore
from crosscut.read import tagged
from crosscut.store.catalog import CODED, NUMBERS, TEXT
from crosscut.store.shard import TYPE_LAYERS
from crosscut.workbench.corpus import Corpus

FORMS = ("table", "record", "vertical", "conllu")
TABLES = ("videos", "tokens")


def records(corpus: Corpus, where: str = "") -> Iterator[str]:
    """The seed's tagged form, one record a video; a video that came in it goes out byte for byte as it came."""
    catalog = corpus.files.catalog
    raw = RawStore(corpus.study.raw)
    with Ledger(corpus.study.ledger) as ledger:
        came = {version.version: version for version in ledger.versions() if version.format == tagged.NAME}
        before = "\n"
        for ordinal in np.flatnonzero(corpus.mask(where).videos).tolist():
            row = catalog.row(ordinal)
            version = came.get(row["version"])
            kept = raw.read(version.raw, version.sha256) if version else None
            text = kept.decode("utf-8", "surrogateescape") if kept else tagged.write(_tags(row), corpus.text(row["video"]))
            yield text if before.endswith("\n") else f"\n{text}"
            before = text


def _tags(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The tags of a record, from the facts of a video."""
    tags = {"video_id": row["id"], "video_title": row["title"], "thumbnail_path": row["thumbnail"],
            "publish_date": row["published"][:10].replace("-", "")}
    return tuple((tag, value) for tag, value in tags.items() if value)


def _token_columns(corpus: Corpus, ordinal: int) -> dict[str, list[Any]]:
    """All layers of a video's tokens as plain lists."""
    shard, begin, end = corpus.files.span(ordinal)
    types = shard.column("type")[begin:end]
    columns: dict[str, list[Any]] = {
        name: shard.lexicon(name).take(shard.type_codes(name)[types]) for name in ("form", *TYPE_LAYERS)}
    columns |= {name: shard.lexicon(name).take(shard.column(name)[begin:end]) for name in ("after", "dep", "entity")}
    flags = shard.column("flags")[begin:end]
    columns |= {name: shard.column(name)[begin:end].tolist() for name in ("start", "head")}
    columns |= {name: ((flags & bit) > 0).tolist() for name, bit in
                (("sentence", SENTENCE), ("entity_begins", ENTITY), ("glued", GLUED), ("estimated", ESTIMATED))}
    return columns


def vertical(corpus: Corpus, where: str = "") -> Iterator[str]:
    """CWB vertical text: ``<video …>``, ``<s>``, one token a line with word, norm, lemma, pos, tag, dep, entity, start."""
    catalog = corpus.files.catalog
    for ordinal in np.flatnonzero(corpus.mask(where).videos).tolist():
        row, columns = catalog.row(ordinal), _token_columns(corpus, ordinal)
        attributes = {"id": row["video"], "outlet": row["outlet"], "date": row["published"][:10], "title": row["title"],
                      "kind": row["kind"], "language": row["language"]}
        yield "<video " + " ".join(f"{name}={_attribute(value)}" for name, value in attributes.items()) + ">\n"
        named = ("form", "norm", "lemma", "pos", "tag", "dep", "entity", "start")
        for number, cells in enumerate(zip(*(columns[name] for name in named), strict=True)):
            if columns["sentence"][number]:
                yield ("</s>\n" if number else "") + "<s>\n"
            yield "\t".join(_vertical_cell(cell) for cell in cells) + "\n"
            if number + 1 < len(columns["glued"]) and columns["glued"][number + 1]:
                yield "<g/>\n"
        yield ("</s>\n" if columns["form"] else "") + "</video>\n"


def _attribute(value: str) -> str:
    return quoteattr(" ".join(value.split()))


def _vertical_cell(value: object) -> str:
    text = str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(text.split()) or "_"


def conllu(corpus: Corpus, where: str = "") -> Iterator[str]:
    """CoNLL-U, one document a video; relations in the scheme of the annotator, which a comment names."""
    catalog = corpus.files.catalog
    for ordinal in np.flatnonzero(corpus.mask(where).videos).tolist():
        row, columns = catalog.row(ordinal), _token_columns(corpus, ordinal)
        scheme = corpus.files.manifest.annotators.get(row["language"], "")
        yield f"# newdoc id = {row['video']}\n# annotator = {scheme}\n"
        starts = [number for number, begins in enumerate(columns["sentence"]) if begins]
        for sentence, (begin, end) in enumerate(zip(starts, [*starts[1:], len(columns["form"])], strict=True), 1):
            yield f"# sent_id = {row['video']}-{sentence}\n# text = {_sentence_text(columns, begin, end)}\n"
            for number in range(begin, end):
                yield _conllu_line(columns, number, begin, end)
            yield "\n"


def _sentence_text(columns: Mapping[str, list[Any]], begin: int, end: int) -> str:
    pieces = (form + after for form, after in
              zip(columns["form"][begin:end], columns["after"][begin:end], strict=True))
    return " ".join("".join(pieces).split())


def _conllu_line(columns: Mapping[str, list[Any]], number: int, begin: int, end: int) -> str:
    governor = number + columns["head"][number]
    known = bool(columns["dep"][number])
    head = governor - begin + 1 if begin <= governor < end and governor != number else 0
    relation = columns["dep"][number] if head else "root"
    misc = [f"Start={columns['start'][number]}"] if columns["start"][number] >= 0 else []
    misc += ["SpaceAfter=No"] if columns["after"][number] == "" else []
    if columns["entity"][number]:
        misc.append(f"Entity={'B' if columns['entity_begins'][number] else 'I'}-{columns['entity'][number]}")
    cells = (str(number - begin + 1), columns["form"][number], columns["lemma"][number], columns["pos"][number],
             columns["tag"][number], "", str(head) if known else "", relation if known else "", "", "|".join(sorted(misc)))
    return "\t".join("".join(cell.split()) or "_" for cell in cells) + "\n"


def videos_table(corpus: Corpus, where: str | None = "") -> dict[str, list[Any]]:
    """One row a video, as columns; ``where=None``: all videos, also those that are set aside or have no words."""
    catalog = corpus.files.catalog
    chosen = np.arange(len(catalog)) if where is None else np.flatnonzero(corpus.mask(where).videos)
    columns: dict[str, list[Any]] = {name: catalog.values(name, chosen) for name in (*TEXT, *CODED)}
    numbers = (name for name in NUMBERS if name not in {"shard", "document"})
    return {**columns, **{name: catalog.number(name)[chosen].tolist() for name in numbers}}


def token_tables(corpus: Corpus, where: str = "") -> Iterator[dict[str, list[Any]]]:
    """One row a token, as columns, video by video."""
    catalog = corpus.files.catalog
    for ordinal in np.flatnonzero(corpus.mask(where).videos).tolist():
        columns = _token_columns(corpus, ordinal)
        how_many = len(columns["form"])
        yield {"video": [catalog.video[ordinal]] * how_many, "position": list(range(how_many)), **columns}
