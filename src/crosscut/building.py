"""Make the corpus: annotate what is not annotated yet, write shards, and make the whole visible in one step.

``kill -9``, a full disk or a power cut at any moment costs at most the documents since the last shard.  An incremental
build gives the digests and the answers of a fresh one: documents depend on nothing but their own bytes, and everything
that is counted later goes by the catalog, which is sorted by video.

Most builds follow up an import.  Where nothing but additions came since the last build, its catalog stands, and only
the videos of which something new is known are looked at again; anything else (another study file, corrections, model
or reader, something taken away, a look at the past, a shard too many or too few) makes the catalog anew.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from crosscut import __version__, read, selection
from crosscut.annotate import Annotator, annotator_for, labels
from crosscut.corrections import Corrections, read_corrections
from crosscut.corrections import digest as corrections_digest
from crosscut.errors import CorpusDamaged, CorpusMissing
from crosscut.importing import now
from crosscut.ledger import Ledger, Version
from crosscut.model import FOUND, UNKNOWN, VIEWS
from crosscut.query import fields
from crosscut.raw import RawStore
from crosscut.selection import Row, is_debris, language_of, select
from crosscut.settings import Study
from crosscut.store.batch import Batch, Document, merge
from crosscut.store.catalog import Catalog, Table
from crosscut.store.corpus import CorpusFiles, Manifest, files_of, read_manifest, write_manifest
from crosscut.store.layer import layer_files, made_by, read_layer
from crosscut.store.lock import only_one
from crosscut.store.shelf import Place, Shelf
from crosscut.work import Failure, Task, Worker, annotators, document_key, made_as, made_with, make_all

#: A shard is written when so many tokens or seconds of work are waiting: more than this no kill can cost.
SHARD_TOKENS = 200_000
SHARD_SECONDS = 5.0
#: Copying a document costs nothing that a kill could: larger shards need less merging.
COPIED_TOKENS = 2_000_000

Progress = Callable[[int, int, str], None]


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
    levelled: BuildReport | None = None    # of the levelled view, where there is one


@dataclass(frozen=True, slots=True)
class Base:
    """The last build, where it can be followed up: its catalog, and the shards whose numbers it uses."""

    table: Table
    shards: tuple[str, ...]
    mark: str                # how far the ledger had come


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build goes by: one state of ledger, corrections, layers and study file, read once.

    ``rows``: all videos; after a ``base``, those of which something new is known.
    """

    rows: list[Row]
    annotators: Mapping[str, Annotator]       # by language, also of versions that are not selected
    corrections: Corrections
    layers: Mapping[str, str]                 # digest of each active layer
    pictures: Mapping[str, str]               # by video: where its thumbnail lies
    as_of: str
    mark: str                                 # how far the ledger has come
    view: str = FOUND
    base: Base | None = None


def make_plan(
    study: Study, ledger: Ledger, as_of: str = "", view: str = FOUND, base: Base | None = None,
    corrections: Corrections | None = None,
) -> Plan:
    """Read everything that decides what the corpus should hold, now or as it was known at a date."""
    mark, videos = ledger.mark(), None
    corrections = read_corrections(study.corrections) if corrections is None else corrections
    if base:
        news = ledger.additions_since(base.mark)
        base, videos = (None, None) if news is None else (base, {*news, *_unmade(base.table)})
    rows = select(study, ledger, corrections, as_of, videos)
    languages = {language_of(version, row) for row in rows if row.wanted for version in row.versions}
    return Plan(
        rows, annotators(languages, study.models), corrections,
        {name: read_layer(path).digest for name, path in layer_files(study.layers, study.layers_off).items()
         if not made_by(path)[0]},  # what a program found in the corpus did not go into it
        ledger.pictures(videos), as_of, mark, view, base,
    )


def _unmade(table: Table) -> list[str]:
    """The videos whose documents could not be made: tried again by every build."""
    return table.text["video"].take(np.flatnonzero((table.numbers["wanted"] > 0) & (table.numbers["shard"] < 0)))


def build(
    study: Study, *, as_of: str = "", jobs: int | None = None, progress: Progress | None = None,
    all_versions: bool = False, levelled: bool = False,
) -> BuildReport:
    """Bring the corpus up to date; ``all_versions`` annotates tracks that are not selected too.

    ``levelled`` makes the levelled view as well; once it is there, every build keeps it up to date.
    """
    report, *others = [_build(study, view, as_of, jobs or study.jobs, progress, all_versions)
                       for view in VIEWS if view == FOUND or levelled or study.view(view).is_dir()]
    report.levelled = others[0] if others else None
    return report


def _build(
    study: Study, view: str, as_of: str, jobs: int, progress: Progress | None, all_versions: bool
) -> BuildReport:
    study.view(view).mkdir(parents=True, exist_ok=True)
    with _one_builder(study.view(view)) as shelf, Ledger(study.ledger) as ledger:
        corrections = read_corrections(study.corrections)
        base = None if as_of or all_versions else _base(study, view, corrections, shelf)
        plan = make_plan(study, ledger, as_of, view, base, corrections)
        report = BuildReport()
        tasks = _missing(study, ledger, plan, shelf, all_versions)
        for batch in _make(study, tasks, shelf, jobs, report, progress):
            shelf.add(batch)
        table = _publish(study, ledger, plan, shelf, report)
        new = shelf.places({task.key for task in tasks} & set(_selected(plan).values()))
        report.kept = int(np.count_nonzero(table.numbers["shard"] >= 0)) - len(new)
        report.unknown = sorted(video for video in plan.corrections if table.text["video"].find(video) < 0)
    return report


def refresh(study: Study) -> None:
    """Make tombstones visible, and drop the words of what was forgotten; a corpus as of a date stays one."""
    for view in VIEWS:
        if study.view(view).is_dir() and (before := read_manifest(study.view(view))):
            with _one_builder(study.view(view)) as shelf, Ledger(study.ledger) as ledger:
                plan = make_plan(study, ledger, before.as_of, view)
                _publish(study, ledger, plan, shelf, BuildReport())


def current_recipe(study: Study, as_of: str = "") -> str:
    """The recipe that a build would have now; unlike the manifest's, something changed since the last build."""
    with Ledger(study.ledger) as ledger:
        plan = make_plan(study, ledger, as_of)
    used = {row.language for row in plan.rows if row.wanted}
    rows = hashlib.sha256("".join(map(_row_recipe, plan.rows)).encode()).hexdigest()
    return _recipe(study, plan, annotators(used, study.models), rows)


@contextmanager
def _one_builder(folder: Path) -> Iterator[Shelf]:
    """One build at a time; whoever builds clears away what a killed build left."""
    with only_one(folder, "another build"):
        shelf = Shelf(folder)
        shelf.clear_away()
        yield shelf


def _base(study: Study, view: str, corrections: Corrections, shelf: Shelf) -> Base | None:
    """The last build, if nothing but the ledger can have changed since."""
    last = read_manifest(shelf.folder)
    if last is None or shelf.names != last.shards:
        return None
    try:
        table = Catalog(shelf.folder / last.catalog).table()
    except CorpusDamaged:
        return None
    rules = _rules(study, view, "", corrections, table.values["language"])
    return Base(table, last.shards, last.mark) if rules == last.rules else None


def _rules(study: Study, view: str, as_of: str, corrections: Corrections, languages: Iterable[str]) -> str:
    """Digest of what a row of the catalog hangs on beside what the ledger says of its video."""
    made = {language: made_with(annotator_for(language, study.models), view) for language in languages}
    rules = (__version__, selection.VERSION, as_of, repr(study.frame), study.kinds, sorted(study.speech),
             repr(study.outlets), corrections_digest(corrections), sorted(made.items()))
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()


def rules_changed(study: Study, files: CorpusFiles, view: str) -> bool:
    """Whether the study file or the corrections say something else now than when a corpus was built; not where they differ
    in what only questions ask of (naming sets, events, word lists)."""
    manifest, languages = files.manifest, files.catalog.codes("language")[1]
    corrections = read_corrections(study.corrections)
    return _rules(study, view, manifest.as_of, corrections, languages) != manifest.rules


def _missing(study: Study, ledger: Ledger, plan: Plan, shelf: Shelf, all_versions: bool) -> list[Task]:
    """The documents that are not in any shard yet, in the order of the catalog."""
    wanted = [(row.version, row.language) for row in plan.rows if row.wanted and row.version]
    if all_versions:
        wanted += [(version, language_of(version, row))
                   for row in plan.rows if row.wanted for version in row.versions]
    mappings = {row["digest"]: row["definition"] for row in ledger.rows("SELECT digest, definition FROM mappings")}
    tasks = {}
    for version, language in wanted:
        task = Task(version, language, mappings.get(version.mapping, ""), plan.annotators[language], plan.view)
        tasks[task.key] = task
    there = shelf.places(tasks)
    worker = Worker(RawStore(study.raw))
    return [worker.with_digest(task) for key, task in tasks.items() if key not in there]


def _make(
    study: Study, tasks: Sequence[Task], shelf: Shelf, jobs: int, report: BuildReport, progress: Progress | None,
) -> Iterator[Batch]:
    """Make documents, and hand them over in batches of a shard's size.

    Of tasks with equal words one is annotated, and the others are copied; where that one fails, another has its turn.
    """
    total, done = sum(task.version.words for task in tasks), 0

    def shown(task: Task) -> None:
        nonlocal done
        done += task.version.words
        if progress:
            progress(done, total, task.version.video)

    waiting = list(tasks)
    while waiting:
        places = shelf.places((task.annotation for task in waiting), "annotation")
        copied = [task for task in waiting if task.annotation in places]
        yield from _gathered(_counted(report, shelf.copies(
            {task.key: places[task.annotation] for task in copied}, COPIED_TOKENS)), COPIED_TOKENS)
        done += sum(task.version.words for task in copied)
        unlike = {task.annotation: task for task in reversed(waiting) if task.annotation not in places}
        yield from _gathered(_counted(report, _annotated(study, list(unlike.values())[::-1], jobs, report, shown)),
                             SHARD_TOKENS)
        now_made = {task.key for task in (*copied, *unlike.values())}
        waiting = [task for task in waiting if task.key not in now_made]


def _annotated(
    study: Study, tasks: Sequence[Task], jobs: int, report: BuildReport, shown: Callable[[Task], None]
) -> Iterator[Batch]:
    for task, made in make_all(Worker(RawStore(study.raw)), tasks, jobs):
        shown(task)
        if isinstance(made, Failure):
            report.failures.append(made)
        else:
            yield made


def _counted(report: BuildReport, batches: Iterable[Batch]) -> Iterator[Batch]:
    for batch in batches:
        report.made += len(batch)
        report.words += sum(about.words for about in batch.documents)
        yield batch


def _gathered(batches: Iterator[Batch], most: int) -> Iterator[Batch]:
    """Small batches in one, of about so many tokens or so many seconds of work."""
    waiting: list[Batch] = []
    stopped: KeyboardInterrupt | None = None
    size, began = 0, time.monotonic()
    try:
        for batch in batches:
            waiting.append(batch)
            size += int(batch.bounds[-1])
            if size >= most or time.monotonic() - began >= SHARD_SECONDS:
                yield merge(waiting)
                waiting, size, began = [], 0, time.monotonic()
    except KeyboardInterrupt as stop:
        stopped = stop  # what is finished is written before the build ends
    if waiting:
        yield merge(waiting)
    if stopped:
        raise stopped


def _dead(study: Study, ledger: Ledger, view: str) -> Callable[[Document], bool]:
    """Whether nothing can ask for a document any more: its video was forgotten, or its annotator is another now."""
    alive = {row["version"] for row in ledger.rows("SELECT version FROM versions")}

    @cache
    def now_made(language: str) -> str:
        return made_with(annotator_for(language, study.models), view)

    def dead(document: Document) -> bool:
        version, _, made_by = document.key.partition("/")
        return version not in alive or made_by != now_made(document.language)

    return dead


def _publish(study: Study, ledger: Ledger, plan: Plan, shelf: Shelf, report: BuildReport) -> Table:
    """Tidy the shards, write catalog and manifest; from now on readers see this corpus."""
    if plan.base is None:
        shelf.drop(_dead(study, ledger, plan.view))
    shelf.compact()
    manifest, table = _prepare(study, plan, shelf, report.failures, shelf.folder)
    write_manifest(shelf.folder, manifest)
    shelf.remove_all_but((*manifest.shards, manifest.catalog))
    report.recipe, report.result = manifest.recipe, manifest.result
    return table


def files_as_of(study: Study, as_of: str, view: str = FOUND) -> CorpusFiles:
    """The corpus as it was known at a date, over the documents that are there; nothing on the disk changes."""
    shelf = Shelf(study.view(view))
    with Ledger(study.ledger) as ledger:
        plan = make_plan(study, ledger, as_of, view)
        missing = _missing(study, ledger, plan, shelf, all_versions=False)
    if missing:
        raise CorpusMissing(f"{len(missing)} of the track versions that were selected at {as_of} are not built: "
                            f"run crosscut build --all-versions")
    return _unpublished(study, plan, shelf)[0]


def _unpublished(study: Study, plan: Plan, shelf: Shelf) -> tuple[CorpusFiles, Table]:
    """The corpus of a plan over the shards that are there, which nobody else sees."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        manifest, table = _prepare(study, plan, shelf, [], Path(folder))
        return files_of(manifest, shelf.folder, Path(folder)), table


def files_of_tracks(study: Study) -> tuple[CorpusFiles, int]:
    """A corpus in which each track of a video with several kinds of speech speaks for itself, and how many are not built.

    Rows are called ``VIDEO KIND``; of the versions of one kind and language the last one speaks.
    """
    shelf = Shelf(study.corpus)
    with Ledger(study.ledger) as ledger:
        plan = make_plan(study, ledger)
    rows = [track for row in plan.rows if row.wanted for track in _tracks(study, row)]
    plan = replace(plan, rows=sorted(rows, key=lambda row: row.video.encode("utf-8", "surrogatepass")))
    files, table = _unpublished(study, plan, shelf)
    return files, int(np.count_nonzero(table.numbers["shard"] < 0))


def _tracks(study: Study, row: Row) -> list[Row]:
    """A row for each kind of speech that a video has in the language of the track that speaks for it."""
    by_kind = {}
    for version in sorted(row.versions, key=lambda version: version.obtained):
        kind = row.kind if version is row.version else version.kind  # a person may have said which kind it is
        if kind in study.speech and language_of(version, row) == row.language and not is_debris(version):
            by_kind[kind] = version
    if len(by_kind) < 2:
        return []
    return [replace(row, video=f"{row.video} {kind}", version=version, kind=kind) for kind, version in by_kind.items()]


def _prepare(
    study: Study, plan: Plan, shelf: Shelf, failures: Iterable[Failure], catalogs: Path
) -> tuple[Manifest, Table]:
    """Write the catalog of a plan; the manifest that would make it visible."""
    table = _table(plan, shelf, {failure.video: failure.reason for failure in failures})
    wanted = np.unique(table.codes["language"][table.numbers["wanted"] > 0]).tolist()
    used = annotators({table.values["language"][code] for code in wanted}, study.models)
    rows = hashlib.sha256(table.text["recipe"].blob.tobytes()).hexdigest()
    recipe = _recipe(study, plan, used, rows)
    result = hashlib.sha256(table.text["result"].blob.tobytes()).hexdigest()
    catalog = f"catalog-{hashlib.sha256((recipe + result + ''.join(shelf.names)).encode()).hexdigest()[:16]}.pack"
    table.write(catalogs / catalog)
    return Manifest(
        built=now(), tool=f"crosscut {__version__}", recipe=recipe, result=result, catalog=catalog, shards=shelf.names,
        layers={language: list(annotator.layers) for language, annotator in used.items()},
        labels={language: labels(annotator) for language, annotator in used.items()},
        annotators={k: " ".join(filter(None, (a.tool, a.model, a.digest[:12], a.scheme))) for k, a in used.items()},
        as_of=plan.as_of, mark=plan.mark, rows=rows,
        rules=_rules(study, plan.view, plan.as_of, plan.corrections, table.values["language"]),
    ), table


def _selected(plan: Plan) -> dict[str, str]:
    """By video, the key of the document that speaks for it."""
    return {row.video: document_key(row.version, plan.annotators[row.language], plan.view)
            for row in plan.rows if row.wanted and row.version}


def _table(plan: Plan, shelf: Shelf, failed: Mapping[str, str]) -> Table:
    """The catalog: of all rows, or of those of the last build and what is new."""
    keys = _selected(plan)
    places = shelf.places(keys.values())
    numbers = {name: number for number, name in enumerate(shelf.names)}
    rows = [_catalog_row(row, places.get(keys.get(row.video, "")), shelf, numbers, failed, plan.pictures.get(row.video, ""))
            for row in plan.rows]
    if plan.base is None:
        return Table.of(rows)
    where = [shelf.moved(name) for name in plan.base.shards]
    shards = np.array([*(numbers[name] for name, _ in where), -1])       # the last one is for videos without words
    before = np.array([*(offset for _, offset in where), 0])
    old = plan.base.table
    at, document = old.numbers["shard"], old.numbers["document"]
    moved = {**old.numbers, "shard": shards[at], "document": document + before[at]}
    return Table(old.text, moved, old.codes, old.values).with_rows(rows)


def _catalog_row(
    row: Row, place: Place | None, shelf: Shelf, numbers: Mapping[str, int], failed: Mapping[str, str], picture: str
) -> dict[str, Any]:
    version, facts = row.version, row.facts
    document = shelf.document(place) if place else None
    missing = f"cannot be built: {failed[row.video]}" if row.video in failed else "not built yet"
    found = {
        "video": row.video, "id": row.id, "title": facts.get("title", ""), "published": facts.get("published", ""),
        "url": facts.get("url", ""), "flags": "; ".join(row.flags), "version": version.version if version else "",
        "digest": document.digest if document else "", "content": document.content if document else "",
        "thumbnail": picture, "platform": row.platform, "outlet": facts["outlet"],
        "language": row.language, "programme": facts.get("programme", ""), "format": facts.get("format", "unknown"),
        "kind": row.kind, "status": missing if row.wanted and not place else row.status,
        "caption_format": version.format if version else "",
        "shard": numbers[place[0]] if place else -1, "document": place[1] if place else -1,
        "tokens": document.tokens if document else 0, "words": document.words if document else 0,
        "speech_ms": document.speech_ms if document else 0, "duration_ms": int(facts.get("duration_ms") or 0),
        "punctuated": int(version.punctuated) if version else 0, "word_timed": int(version.word_timed) if version else 0,
        "wanted": int(row.wanted), "recipe": _row_recipe(row), **_shown(version),
    }
    return found | {"result": _digest([found[name] for name in _RESULT])}


def _shown(version: Version | None) -> dict[str, Any]:
    """What the words of a track show by themselves, as the catalog keeps it."""
    traits = version.traits if version else UNKNOWN

    def whole(value: float | None, factor: int) -> int:
        return -1 if value is None else round(factor * value)

    return {"case": traits.case, "identified": traits.language, "unknown": whole(traits.unknown, 1000),
            "a_minute": whole(traits.a_minute, 1), "silence_ms": whole(traits.longest_silence, 1000)}


#: The columns of a row that answers depend on: its words, and all that can be asked for.
_RESULT = ("digest", *sorted(set(fields.COLUMNS.values())))


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _row_recipe(row: Row) -> str:
    """Digest of what is believed of a video, and of the bytes that speak for it."""
    return _digest([row.video, row.status, row.version.version if row.version else "", row.kind, row.language,
                    sorted((str(name), str(value)) for name, value in row.facts.items())])


def _recipe(study: Study, plan: Plan, used: Mapping[str, Annotator], rows: str) -> str:
    """Digest of all that went in: bytes and facts (digest of the rows), selection, settings, models, corrections, layers."""
    return _digest({
        "view": made_as(plan.view), "read": read.VERSION, "selection": selection.VERSION,
        "frame": repr(study.frame), "kinds": study.kinds, "speech": sorted(study.speech),
        "annotators": {language: annotator.fingerprint for language, annotator in used.items()},
        "as_of": plan.as_of, "corrections": corrections_digest(plan.corrections), "layers": dict(plan.layers),
        "videos": rows,
    })
