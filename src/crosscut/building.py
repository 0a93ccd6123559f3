"""Make the corpus: annotate what is not annotated yet, write shards, and make the whole visible in one step.

``kill -9``, a full disk or a power cut at any moment costs at most the documents since the last shard.  An incremental
build gives the digests and the answers of a fresh one: documents depend on nothing but their own bytes, and everything
that is counted later goes by the catalog, which is sorted by video.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscut import __version__
from crosscut.annotate import Annotator
from crosscut.corrections import digest as corrections_digest
from crosscut.corrections import read_corrections
from crosscut.errors import CorpusDamaged, CorpusMissing, CrosscutError
from crosscut.importing import now
from crosscut.ledger import Ledger
from crosscut.raw import RawStore
from crosscut.selection import Row, select
from crosscut.settings import Study
from crosscut.store.batch import Batch, merge
from crosscut.store.catalog import write_catalog
from crosscut.store.corpus import Manifest, write_manifest
from crosscut.store.layer import layer_files, read_layer
from crosscut.store.shard import Shard, write_shard
from crosscut.work import READ_VERSION, Failure, Task, Worker, annotators, document_key

#: A shard is written when so many tokens are waiting: half a minute of annotation is the most that a kill can cost.
SHARD_TOKENS = 200_000
#: Shards of like size are merged when there are this many, up to the largest that fits comfortably into memory.
FAN_IN = 6
LARGEST_SHARD = 20_000_000
#: Below this many words a second process costs more (two seconds to load a model) than it saves.
WORDS_WORTH_A_POOL = 20_000

Progress = Callable[[int, int, str], None]
Place = tuple[str, int]


@dataclass(slots=True)
class BuildReport:
    """What one run of ``build`` did."""

    made: int = 0                     # documents made now
    kept: int = 0                     # documents that were there
    words: int = 0                    # words in the documents that were made
    failures: list[Failure] = field(default_factory=list)
    recipe: str = ""
    result: str = ""


def build(
    study: Study, *, as_of: str = "", jobs: int | None = None, progress: Progress | None = None, all_versions: bool = False,
) -> BuildReport:
    """Bring the corpus up to date; ``all_versions`` annotates tracks that are not selected too."""
    study.corpus.mkdir(parents=True, exist_ok=True)
    with _one_builder(study.corpus), Ledger(study.ledger) as ledger:
        report = BuildReport()
        rows = select(study, ledger, read_corrections(study.corrections), as_of)
        chosen = annotators({row.language for row in rows if row.wanted}, study.models)
        places = known_places(study.corpus)
        tasks = _missing(ledger, rows, chosen, places, all_versions)
        report.kept = sum(1 for row in rows if row.wanted) - len(tasks)
        for batch in _make(study, tasks, places, jobs or study.jobs, report, progress):
            _write(study.corpus, batch)
        replaced = compact(study.corpus, _dead(ledger))
        report.recipe, report.result = publish(study, ledger, rows, chosen, as_of, report.failures, replaced)
    return report


def refresh(study: Study) -> None:
    """Make changes of corrections and tombstones visible, and drop the words of what was forgotten."""
    with _one_builder(study.corpus), Ledger(study.ledger) as ledger:
        rows = select(study, ledger, read_corrections(study.corrections))
        chosen = annotators({row.language for row in rows if row.wanted}, study.models)
        publish(study, ledger, rows, chosen, "", [], compact(study.corpus, _dead(ledger)))


@contextmanager
def _one_builder(folder: Path) -> Iterator[None]:
    """One build at a time: a lock that the operating system drops when its holder dies."""
    with (folder / ".lock").open("w") as handle:
        if os.name == "posix":
            import fcntl

            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CrosscutError(f"another build is running in {folder}: wait for it, or stop it") from error
        yield


def known_places(folder: Path, without: frozenset[str] = frozenset()) -> dict[str, Place]:
    """Where each document lies, by key and (with a leading ``=``) by annotation key.

    A document that lies in several shards (a merge was cut short) is taken from the largest.  Broken shards are
    removed: everything in them can be made again.
    """
    for path in folder.glob(".*.tmp"):
        path.unlink()
    places: dict[str, Place] = {}
    for shard in sorted(_open_shards(folder, without), key=lambda shard: (shard.tokens, shard.name)):
        annotations = shard.pack.strings("document.annotation").tolist()
        for number, (key, annotation) in enumerate(zip(shard.keys, annotations, strict=True)):
            places[key] = places[f"={annotation}"] = (shard.name, number)
    return places


def _open_shards(folder: Path, without: frozenset[str]) -> Iterator[Shard]:
    for path in sorted(folder.glob("shard-*.pack")):
        if path.name not in without:
            try:
                yield Shard(path)
            except CorpusDamaged:
                path.unlink()


def _missing(
    ledger: Ledger, rows: Iterable[Row], chosen: Mapping[str, Annotator], places: Mapping[str, Place], all_versions: bool
) -> list[Task]:
    """The documents that are not in any shard yet, in the order of the catalog."""
    wanted = [(row.version, row.language) for row in rows if row.wanted and row.version]
    if all_versions:
        languages = {row.video: row.language for row in rows if row.wanted}
        wanted += [(v, languages[v.video]) for v in ledger.versions() if v.video in languages]
    mappings = {row["digest"]: row["definition"] for row in ledger.rows("SELECT digest, definition FROM mappings")}
    tasks = {}
    for version, language in wanted:
        key = document_key(version, chosen[language])
        if key not in places and key not in tasks:
            tasks[key] = Task(version, language, mappings.get(version.mapping, ""), chosen[language])
    return list(tasks.values())


def _make(
    study: Study, tasks: Sequence[Task], places: Mapping[str, Place], jobs: int, report: BuildReport,
    progress: Progress | None,
) -> Iterator[Batch]:
    """Make documents, and hand them over in batches of a shard's size."""
    total, done = sum(task.version.words for task in tasks), 0
    waiting: list[Batch] = []
    size = 0
    known = {key[1:]: place for key, place in places.items() if key.startswith("=")}
    for task, made in _run(Worker(RawStore(study.raw), study.corpus, known), tasks, jobs, total):
        done += task.version.words
        if progress:
            progress(done, total, task.version.video)
        if isinstance(made, Failure):
            report.failures.append(made)
            continue
        report.made += 1
        report.words += made.documents[0].words
        waiting.append(made)
        size += made.documents[0].tokens
        if size >= SHARD_TOKENS:
            yield merge(waiting)
            waiting, size = [], 0
    if waiting:
        yield merge(waiting)


def _run(worker: Worker, tasks: Sequence[Task], jobs: int, words: int) -> Iterator[tuple[Task, Batch | Failure]]:
    if jobs < 2 or words < WORDS_WORTH_A_POOL:
        yield from ((task, worker.make(task)) for task in tasks)
        return
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang
    with ProcessPoolExecutor(jobs, context, _start_worker, (worker, os.getpid())) as pool:
        try:
            yield from _results(pool, list(_bundles(tasks)), jobs)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _bundles(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """Tasks in bundles of some 5,000 words: enough to hide the cost of a message, few enough to share work evenly."""
    bundle: list[Task] = []
    for task in tasks:
        bundle.append(task)
        if sum(t.version.words for t in bundle) >= 5_000 or len(bundle) >= 50:
            yield bundle
            bundle = []
    if bundle:
        yield bundle


def _results(
    pool: ProcessPoolExecutor, bundles: list[list[Task]], jobs: int
) -> Iterator[tuple[Task, Batch | Failure]]:
    """Results as they come; only a few bundles are under way, so that memory stays bounded."""
    running: dict[Future[list[Batch | Failure]], list[Task]] = {}
    queue = iter(bundles)
    while True:
        while len(running) < 2 * jobs and (bundle := next(queue, None)):
            running[pool.submit(_make_bundle, bundle)] = bundle
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield from zip(running.pop(future), future.result(), strict=True)


_worker: Worker | None = None


def _start_worker(worker: Worker, parent: int) -> None:
    """Set up one process; it ends by itself when its parent is killed."""
    global _worker
    _worker = worker
    import threading
    import time

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _make_bundle(bundle: list[Task]) -> list[Batch | Failure]:
    assert _worker is not None
    return [_worker.make(task) for task in bundle]


def shard_name(batch: Batch) -> str:
    """A name from the keys of the documents, so that the same documents give the same name."""
    keys = "\n".join(sorted(about.key for about in batch.documents))
    return f"shard-{hashlib.sha256(keys.encode()).hexdigest()[:16]}.pack"


def _dead(ledger: Ledger) -> Callable[[str], bool]:
    """Whether a document's version is no longer in the ledger (its video was forgotten)."""
    alive = {row["version"] for row in ledger.rows("SELECT version FROM versions")}
    return lambda key: key.partition("/")[0] not in alive


def compact(folder: Path, dead: Callable[[str], bool]) -> frozenset[str]:
    """Rewrite shards that hold dead documents, and merge shards of like size when there are many.

    Returns the names of the shards that are replaced.  They stay on the disk, for readers of the present manifest,
    until a new one is published.
    """
    replaced: set[str] = set()
    for shard in _open_shards(folder, frozenset()):
        alive = [number for number, key in enumerate(shard.keys) if not dead(key)]
        if len(alive) < len(shard):
            replaced.add(shard.name)
            if alive:
                _write(folder, merge(shard.cut(number) for number in alive))
    while group := _mergeable(folder, frozenset(replaced)):
        name = _write(folder, merge(shard.batch for shard in group))
        replaced |= {shard.name for shard in group} - {name}
    return frozenset(replaced)


def _write(folder: Path, batch: Batch) -> str:
    name = shard_name(batch)
    write_shard(folder / name, batch)
    return name


def _mergeable(folder: Path, without: frozenset[str]) -> list[Shard]:
    """A group of shards of like size that is worth merging, or nothing."""
    used = {name for name, _ in known_places(folder, without).values()}
    tiers: dict[int, list[Shard]] = {}
    for shard in _open_shards(folder, without):
        if shard.name in used and shard.tokens * FAN_IN <= LARGEST_SHARD:
            tiers.setdefault(max(shard.tokens, 1).bit_length() // 2, []).append(shard)
    return next((group[:FAN_IN] for _, group in sorted(tiers.items()) if len(group) >= FAN_IN), [])


def publish(
    study: Study, ledger: Ledger, rows: Sequence[Row], chosen: Mapping[str, Annotator], as_of: str,
    failures: Iterable[Failure], replaced: frozenset[str],
) -> tuple[str, str]:
    """Write catalog and manifest; from now on readers see this corpus.  Returns the two digests."""
    manifest = _prepare(study, ledger, rows, chosen, as_of, failures, replaced)
    write_manifest(study.corpus, manifest)
    for path in study.corpus.glob("*.pack"):
        if path.name not in {*manifest.shards, manifest.catalog}:
            path.unlink()
    return manifest.recipe, manifest.result


def manifest_as_of(study: Study, as_of: str) -> Manifest:
    """A manifest of the corpus as it was known at a date, over the documents that are there; nothing is published."""
    with Ledger(study.ledger) as ledger:
        rows = select(study, ledger, read_corrections(study.corrections), as_of)
        chosen = annotators({row.language for row in rows if row.wanted}, study.models)
        places = known_places(study.corpus)
        missing = _missing(ledger, rows, chosen, places, all_versions=False)
        if missing:
            raise CorpusMissing(f"{len(missing)} of the track versions that were selected at {as_of} are not built: run "
                                f"crosscut build --all-versions")
        return _prepare(study, ledger, rows, chosen, as_of, [], frozenset())


def _prepare(
    study: Study, ledger: Ledger, rows: Sequence[Row], chosen: Mapping[str, Annotator], as_of: str,
    failures: Iterable[Failure], replaced: frozenset[str],
) -> Manifest:
    """Write the catalog of these rows; the manifest that would make it visible."""
    places = known_places(study.corpus, replaced)
    names = tuple(sorted({name for name, _ in places.values()}))
    failed = {failure.video: failure.reason for failure in failures}
    table = _table(study, ledger, rows, chosen, places, names, failed)
    recipe, result = _recipe(study, rows, chosen, as_of), _result(table)
    catalog = f"catalog-{hashlib.sha256((recipe + result + ''.join(names)).encode()).hexdigest()[:16]}.pack"
    write_catalog(study.corpus / catalog, table, {})
    return Manifest(
        built=now(), tool=f"crosscut {__version__}", recipe=recipe, result=result, catalog=catalog, shards=names,
        layers={language: list(annotator.layers) for language, annotator in chosen.items()},
        annotators={k: f"{a.tool} {a.model} {a.digest[:12]}".strip() for k, a in chosen.items()}, as_of=as_of,
    )


def _table(
    study: Study, ledger: Ledger, rows: Sequence[Row], chosen: Mapping[str, Annotator], places: Mapping[str, Place],
    names: Sequence[str], failed: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The rows of the catalog."""
    shards = {name: Shard(study.corpus / name) for name in names}
    numbers = {name: number for number, name in enumerate(names)}
    pictures = {row["video"]: row["raw"] for row in ledger.rows("SELECT video, raw FROM pictures ORDER BY imported, raw")}
    return [_catalog_row(row, chosen, places, shards, numbers, pictures, failed) for row in rows]


def _catalog_row(
    row: Row, chosen: Mapping[str, Annotator], places: Mapping[str, Place], shards: Mapping[str, Shard],
    numbers: Mapping[str, int], pictures: Mapping[str, str], failed: Mapping[str, str],
) -> dict[str, Any]:
    version, facts = row.version, row.facts
    place = places.get(document_key(version, chosen[row.language])) if row.wanted and version else None
    document = shards[place[0]].documents[place[1]] if place else None
    status = row.status
    if row.wanted and not place:
        status = f"cannot be built: {failed[row.video]}" if row.video in failed else "not built yet"
    return {
        "video": row.video, "id": row.id, "title": facts.get("title", ""), "published": facts.get("published", ""),
        "url": facts.get("url", ""), "flags": "; ".join(row.flags), "version": version.version if version else "",
        "digest": document.digest if document else "", "content": document.content if document else "",
        "thumbnail": pictures.get(row.video, ""), "platform": row.platform, "outlet": facts["outlet"],
        "language": row.language, "programme": facts.get("programme", ""), "format": facts.get("format", "unknown"),
        "kind": row.kind, "status": status, "caption_format": version.format if version else "",
        "shard": numbers[place[0]] if place else -1, "document": place[1] if place else -1,
        "tokens": document.tokens if document else 0, "words": document.words if document else 0,
        "speech_ms": document.speech_ms if document else 0, "duration_ms": int(facts.get("duration_ms") or 0),
        "punctuated": int(version.punctuated) if version else 0, "word_timed": int(version.word_timed) if version else 0,
    }


def _recipe(study: Study, rows: Sequence[Row], chosen: Mapping[str, Annotator], as_of: str) -> str:
    """Digest of everything that went in: bytes, facts, selection, settings, models, corrections and layers."""
    layers = {n: read_layer(path).digest for n, path in layer_files(study.layers, study.layers_off).items()}
    ingredients = {
        "read": READ_VERSION, "frame": repr(study.frame), "kinds": study.kinds, "speech": sorted(study.speech),
        "annotators": {language: a.fingerprint for language, a in sorted(chosen.items())}, "as_of": as_of,
        "corrections": corrections_digest(read_corrections(study.corrections)), "layers": layers,
        "videos": [(row.video, row.status, row.version.sha256 if row.version else "", row.kind, row.language,
                    sorted((str(k), str(v)) for k, v in row.facts.items())) for row in rows],
    }
    text = json.dumps(ingredients, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _result(table: Iterable[Mapping[str, Any]]) -> str:
    """Digest of what came out, from per-video digests in the order of the keys."""
    said = ("video", "status", "digest", "outlet", "published", "title", "language", "kind", "format", "programme")
    state = hashlib.sha256()
    for row in table:
        state.update(json.dumps([row[name] for name in said]).encode() + b"\n")
    return state.hexdigest()
