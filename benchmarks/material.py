"""What is measured on: real news transcripts where ``../shared/data`` is there, else the bundled sample study."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from crosscut import sample
from crosscut.building import build
from crosscut.importing import import_, read_mappings
from crosscut.read.mapping import Mapping
from crosscut.settings import Study, read_study
from crosscut.workbench.corpus import open_corpus

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
NEWS = SHARED / "tv-news" / "2025-01-15_2025-02-28"
CACHE = ROOT / ".bench"
MAPPINGS = ROOT / "tests" / "read" / "mappings.toml"

_ID = re.compile(r"watch\?v=([A-Za-z0-9_-]{11})")


def have_shared() -> bool:
    """Whether the real material is there."""
    return NEWS.is_dir()


def mappings() -> tuple[Mapping, ...]:
    """The mappings that read the transcripts."""
    return read_mappings(MAPPINGS) if have_shared() else ()


def transcripts() -> list[Path]:
    """The transcripts, in order of name."""
    if have_shared():
        return sorted(NEWS.rglob("*.md"))
    folder = CACHE / "sample"
    if not folder.exists():
        sample.write(folder)
    return sorted((folder / "captions").rglob("*.vtt"))


def study(folder: Path) -> Study:
    """An empty study in a fresh folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "crosscut.toml").write_text("[study]\nseed = 1\n")
    return read_study(folder)


def copies(folder: Path, times: int) -> list[Path]:
    """The transcripts so many times, each copy with an id of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    paths = []
    for source in transcripts():
        text = source.read_text(encoding="utf-8")
        for copy in range(times):
            id = hashlib.sha256(f"{copy}{source}".encode()).hexdigest()[:11]
            path = folder / f"{id}.{'en.vtt' if source.suffix == '.vtt' else 'md'}"
            path.write_text(_ID.sub(f"watch?v={id}", text), encoding="utf-8")
            paths.append(path)
    return paths


def annotated() -> Path:
    """The shards of the transcripts, annotated once and kept between runs: what "annotated already" means."""
    folder = CACHE / "annotated"
    if not (folder / "corpus" / "manifest.json").exists():
        made = study(folder)
        import_(made, transcripts(), mappings=mappings())
        build(made)
    else:
        build(read_study(folder))  # brings it up to date with the code
    return folder / "corpus"


def give_annotations(made: Study) -> None:
    """Put the annotated shards into a study, so that its build has only to index."""
    made.corpus.mkdir(parents=True, exist_ok=True)
    for shard in annotated().glob("shard-*.pack"):
        shutil.copy(shard, made.corpus / shard.name)


def grown(folder: Path) -> Study:
    """A copy of the study of all transcripts, annotated and built."""
    annotated()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(CACHE / "annotated", folder)
    return read_study(folder)


def words(made: Study) -> int:
    """Words that count in a built study."""
    return int(open_corpus(made.folder).mask().words.sum())
