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
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from crosscut import __version__
from crosscut.annotate import Annotator, annotator_for, labels
from crosscut.corrections import Corrections, read_corrections
from crosscut.corrections import digest as corrections_digest
from crosscut.errors import CorpusDamaged, CorpusMissing, CrosscutError
from crosscut.importing import now
from crosscut.ledger import Ledger
from crosscut.raw import RawStore
from crosscut.selection import Row, language_of, select
from crosscut.settings import Study
from crosscut.store.batch import Batch, Document, merge
from crosscut.store.catalog import write_catalog
from crosscut.store.corpus import CorpusFiles, Manifest, files_of, read_manifest, write_manifest
from crosscut.store.layer import layer_files, read_layer
from crosscut.store.shard import Shard, write_shard
from crosscut.work import READ_VERSION, Failure, Task, Worker, annotators, document_key, made_with

#: A shard is written when so many tokens or seconds of work are waiting: more than this no kill can cost.
SHARD_TOKENS = 200_000
SHARD_SECONDS = 5.0
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
    unknown: list[str] = field(default_factory=list)   # videos that corrections speak of and nobody has
    recipe: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build goes by: one state of ledger, corrections, layers and study file, read once."""

    rows: list[Row]
    annotators: Mapping[str, Annotator]       # by language, also of versions that are not selected
    corrections: Corrections
    layers: Mapping[str, str]                 # digest of each active layer
    pictures: Mapping[str, str]               # by video: where its thumbnail lies
    as_of: str

    @property
    def languages(self) -> set[str]:
        """Languages of the videos whose words belong into the corpus."""
        return {row.language for row in self.rows if row.wanted}


def make_plan(study: Study, ledger: Ledger, as_of: str = "") -> Plan:
    """Read everything that decides what the corpus should hold, now or as it was known at a date."""
    corrections = read_corrections(study.corrections)
    rows = select(study, ledger, corrections, as_of)
    languages = {language_of(version, row) for row in rows if row.wanted for version in row.versions}
    pictures = ledger.rows("SELECT video, raw FROM pictures ORDER BY imported, raw")
    return Plan(
        rows, annotators(languages, study.models), corrections,
        {name: read_layer(path).digest for name, path in layer_files(study.layers, study.layers_off).items()},
        {row["video"]: row["raw"] for row in pictures}, as_of,
    )


def build(
    study: Study, *, as_of: str = "", jobs: int | None = None, progress: Progress | None = None, all_versions: bool = False,
) -> BuildReport:
    """Bring the corpus up to date; ``all_versions`` annotates tracks that are not selected too."""
    study.corpus.mkdir(parents=True, exist_ok=True)
    with _one_builder(study.corpus), Ledger(study.ledger) as ledger:
        report = BuildReport()
        plan = make_plan(study, ledger, as_of)
        places = known_places(study.corpus)
        tasks = _missing(ledger, plan, places, all_versions)
        report.kept = sum(1 for row in plan.rows if row.wanted and _key(row, plan) in places)
        for batch in _make(study, tasks, places, jobs or study.jobs, report, progress):
            _write(study.corpus, batch)
        report.unknown = sorted(set(plan.corrections) - {row.video for row in plan.rows})
        report.recipe, report.result = publish(study, plan, report.failures, compact(study.corpus, _dead(study, ledger)))
    return report


def refresh(study: Study) -> None:
    """Make tombstones visible, and drop the words of what was forgotten; a corpus as of a date stays one."""
    with _one_builder(study.corpus), Ledger(study.ledger) as ledger:
        before = read_manifest(study.corpus)
        plan = make_plan(study, ledger, before.as_of if before else "")
        publish(study, plan, [], compact(study.corpus, _dead(study, ledger)))


def current_recipe(study: Study, as_of: str = "") -> str:
    """The recipe that a build would have now; unlike the manifest's, something changed since the last build."""
    with Ledger(study.ledger) as ledger:
        return _recipe(study, make_plan(study, ledger, as_of))


@contextmanager
def _one_builder(folder: Path) -> Iterator[None]:
    """One build at a time, by a lock that the operating system drops when its holder dies (not on Windows).

    Whoever holds it clears away what a killed build left: scratch files, and shards that cannot be read.
    """
    with (folder / ".lock").open("w") as handle:
        if os.name == "posix":
            import fcntl

            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CrosscutError(f"another build is running in {folder}: wait for it, or stop it") from error
        sound = {shard.name for shard in _open_shards(folder)}
        for path in (*folder.glob(".*.tmp"), *folder.glob("shard-*.pack")):
            if path.name not in sound:
                path.unlink()
        yield


def known_places(folder: Path, without: frozenset[str] = frozenset()) -> dict[str, Place]:
    """Where each document lies, by key and (with a leading ``=``) by annotation key.

    A document that lies in several shards (a merge was cut short) is taken from the largest.
    """
    places: dict[str, Place] = {}
    for shard in sorted(_open_shards(folder, without), key=lambda shard: (shard.tokens, shard.name)):
        annotations = shard.pack.strings("document.annotation").tolist()
        for number, (key, annotation) in enumerate(zip(shard.keys, annotations, strict=True)):
            places[key] = places[f"={annotation}"] = (shard.name, number)
    return places


def _open_shards(folder: Path, without: frozenset[str] = frozenset()) -> Iterator[Shard]:
    """All shards that can be read; what a broken one held is made again."""
    for path in sorted(folder.glob("shard-*.pack")):
        if path.name not in without:
            with suppress(CorpusDamaged):
                yield Shard(path)


def _key(row: Row, plan: Plan) -> str:
    """The key of the document that speaks for a video."""
    assert row.version is not None
    return document_key(row.version, plan.annotators[row.language])


def _missing(ledger: Ledger, plan: Plan, places: Mapping[str, Place], all_versions: bool) -> list[Task]:
    """The documents that are not in any shard yet, in the order of the catalog."""
    wanted = [(row.version, row.language) for row in plan.rows if row.wanted and row.version]
    if all_versions:
        wanted += [(version, language_of(version, row))
                   for row in plan.rows if row.wanted for version in row.versions]
    mappings = {row["digest"]: row["definition"] for row in ledger.rows("SELECT digest, definition FROM mappings")}
    tasks = {}
    for version, language in wanted:
        key = document_key(version, plan.annotators[language])
        if key not in places and key not in tasks:
            tasks[key] = Task(version, language, mappings.get(version.mapping, ""), plan.annotators[language])
    return list(tasks.values())


def _make(
    study: Study, tasks: Sequence[Task], places: Mapping[str, Place], jobs: int, report: BuildReport,
    progress: Progress | None,
) -> Iterator[Batch]:
    """Make documents, and hand them over in batches of a shard's size."""
    total, done = sum(task.version.words for task in tasks), 0
    waiting: list[Batch] = []
    size = 0
    stopped: KeyboardInterrupt | None = None
    written = time.monotonic()
    known = {key[1:]: place for key, place in places.items() if key.startswith("=")}
    try:
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
            if size >= SHARD_TOKENS or time.monotonic() - written >= SHARD_SECONDS:
                yield merge(waiting)
                waiting, size, written = [], 0, time.monotonic()
    except KeyboardInterrupt as stop:
        stopped = stop  # what is finished is written before the build ends
    if waiting:
        yield merge(waiting)
    if stopped:
        raise stopped


def _run(worker: Worker, tasks: Sequence[Task], jobs: int, words: int) -> Iterator[tuple[Task, Batch | Failure]]:
    if jobs < 2 or words < WORDS_WORTH_A_POOL:
        yield from ((task, worker.make(task)) for task in tasks)
        return
    context = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang
    with ProcessPoolExecutor(jobs, context, _start_worker, (worker, os.getpid())) as pool:
        try:
            yield from _results(pool, list(_bundles(tasks)), jobs)
        except BrokenProcessPool as error:
            raise CrosscutError("a process that annotates ended: in a script, put the work under if __name__ == "
                                "'__main__', or build with jobs=1") from error
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
    """Set up one process; it leaves Ctrl-C to its parent, and ends by itself when that is killed."""
    global _worker
    _worker = worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)

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


def _dead(study: Study, ledger: Ledger) -> Callable[[Document], bool]:
    """Whether nothing can ask for a document any more: its video was forgotten, or its annotator is another now."""
    alive = {row["version"] for row in ledger.rows("SELECT version FROM versions")}

    @cache
    def now_made(language: str) -> str:
        return made_with(annotator_for(language, study.models))

    def dead(document: Document) -> bool:
        version, _, made_by = document.key.partition("/")
        return version not in alive or made_by != now_made(document.language)

    return dead


def compact(folder: Path, dead: Callable[[Document], bool]) -> frozenset[str]:
    """Rewrite shards that hold dead documents, and merge shards of like size when there are many.

    Returns the names of the shards that are replaced.  They stay on the disk, for readers of the present manifest,
    until a new one is published.
    """
    replaced: set[str] = set()
    for shard in _open_shards(folder):
        alive = [number for number, document in enumerate(shard.documents) if not dead(document)]
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


def publish(study: Study, plan: Plan, failures: Iterable[Failure], replaced: frozenset[str]) -> tuple[str, str]:
    """Write catalog and manifest; from now on readers see this corpus.  Returns the two digests."""
    manifest = _prepare(study, plan, failures, replaced, study.corpus)
    write_manifest(study.corpus, manifest)
    for path in study.corpus.glob("*.pack"):
        if path.name not in {*manifest.shards, manifest.catalog}:
            with suppress(PermissionError):  # Windows: a reader has it open; a later build drops it
                path.unlink()
    return manifest.recipe, manifest.result


def files_as_of(study: Study, as_of: str) -> CorpusFiles:
    """The corpus as it was known at a date, over the documents that are there; nothing on the disk changes."""
    with Ledger(study.ledger) as ledger:
        plan = make_plan(study, ledger, as_of)
        missing = _missing(ledger, plan, known_places(study.corpus), all_versions=False)
    if missing:
        raise CorpusMissing(f"{len(missing)} of the track versions that were selected at {as_of} are not built: "
                            f"run crosscut build --all-versions")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        manifest = _prepare(study, plan, [], frozenset(), Path(folder))
        return files_of(manifest, study.corpus, Path(folder))


def _prepare(
    study: Study, plan: Plan, failures: Iterable[Failure], replaced: frozenset[str], catalogs: Path
) -> Manifest:
    """Write the catalog of a plan; the manifest that would make it visible."""
    places = known_places(study.corpus, replaced)
    names = tuple(sorted({name for name, _ in places.values()}))
    table = _table(study, plan, places, names, {failure.video: failure.reason for failure in failures})
    recipe, result = _recipe(study, plan), _result(table)
    catalog = f"catalog-{hashlib.sha256((recipe + result + ''.join(names)).encode()).hexdigest()[:16]}.pack"
    write_catalog(catalogs / catalog, table, {})
    used = {language: plan.annotators[language] for language in sorted(plan.languages)}
    return Manifest(
        built=now(), tool=f"crosscut {__version__}", recipe=recipe, result=result, catalog=catalog, shards=names,
        layers={language: list(annotator.layers) for language, annotator in used.items()},
        labels={language: labels(annotator) for language, annotator in used.items()},
        annotators={k: " ".join(filter(None, (a.tool, a.model, a.digest[:12], a.scheme))) for k, a in used.items()},
        as_of=plan.as_of,
    )


def _table(
    study: Study, plan: Plan, places: Mapping[str, Place], names: Sequence[str], failed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The rows of the catalog."""
    documents = {name: Shard(study.corpus / name).documents for name in names}
    numbers = {name: number for number, name in enumerate(names)}
    rows = []
    for row in plan.rows:
        place = places.get(_key(row, plan)) if row.wanted else None
        document = documents[place[0]][place[1]] if place else None
        where = (numbers[place[0]], place[1]) if place else (-1, -1)
        missing = f"cannot be built: {failed[row.video]}" if row.video in failed else "not built yet"
        status = missing if row.wanted and not place else row.status
        rows.append(_catalog_row(row, status, document, where, plan.pictures.get(row.video, "")))
    return rows


def _catalog_row(
    row: Row, status: str, document: Document | None, where: tuple[int, int], picture: str
) -> dict[str, Any]:
    version, facts = row.version, row.facts
    return {
        "video": row.video, "id": row.id, "title": facts.get("title", ""), "published": facts.get("published", ""),
        "url": facts.get("url", ""), "flags": "; ".join(row.flags), "version": version.version if version else "",
        "digest": document.digest if document else "", "content": document.content if document else "",
        "thumbnail": picture, "platform": row.platform, "outlet": facts["outlet"],
        "language": row.language, "programme": facts.get("programme", ""), "format": facts.get("format", "unknown"),
        "kind": row.kind, "status": status, "caption_format": version.format if version else "",
        "shard": where[0], "document": where[1],
        "tokens": document.tokens if document else 0, "words": document.words if document else 0,
        "speech_ms": document.speech_ms if document else 0, "duration_ms": int(facts.get("duration_ms") or 0),
        "punctuated": int(version.punctuated) if version else 0, "word_timed": int(version.word_timed) if version else 0,
    }


def _recipe(study: Study, plan: Plan) -> str:
    """Digest of everything that went in: bytes, facts, selection, settings, models, corrections and layers."""
    ingredients = {
        "read": READ_VERSION, "frame": repr(study.frame), "kinds": study.kinds, "speech": sorted(study.speech),
        "annotators": {language: plan.annotators[language].fingerprint for language in sorted(plan.languages)},
        "as_of": plan.as_of, "corrections": corrections_digest(plan.corrections), "layers": dict(plan.layers),
        "videos": [(row.video, row.status, row.version.version if row.version else "", row.kind, row.language,
                    sorted((str(k), str(v)) for k, v in row.facts.items())) for row in plan.rows],
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
