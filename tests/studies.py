"""Small studies for tests: fictional records, no language model unless one is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscut.building import build
from crosscut.importing import import_
from crosscut.settings import Study, read_study
from crosscut.workbench.corpus import Corpus, open_corpus

PLAIN = '[study]\nseed = 7\n[annotate]\njobs = 1\nmodels = { en = "none", fr = "none" }\n'


def record(id: str, text: str, *, outlet: str = "en_AAA", date: str = "20230904", title: str = "") -> str:
    """A record in the seed's tagged form."""
    return (
        f"<video_id>{id}</video_id>\n<video_title>{title or 'About ' + id}</video_title>\n"
        f"<thumbnail_path>data/{outlet}\\{title or id}.jpg</thumbnail_path>\n<publish_date>{date}</publish_date>\n\n"
        f"<doc>\n{text}\n</doc>\n"
    )


def make_study(folder: Path, settings: str = PLAIN) -> Study:
    """An empty study."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "crosscut.toml").write_text(settings, encoding="utf-8")
    return read_study(folder)


def write_records(folder: Path, records: Sequence[str], name: str = "r") -> list[Path]:
    """One file a record."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}{number}.txt" for number in range(len(records))]
    for path, text in zip(paths, records, strict=True):
        path.write_bytes(text.encode())
    return paths


def built(folder: Path, records: Sequence[str], settings: str = PLAIN) -> Corpus:
    """A study of these records, imported and built."""
    study = make_study(folder, settings)
    import_(study, write_records(folder / "in", records))
    build(study)
    return open_corpus(folder)
