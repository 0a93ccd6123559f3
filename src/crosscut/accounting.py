"""What is there, what is missing, and why?  Accounts that balance, and the frame: declared → listed → had → usable."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crosscut.building import current_recipe
from crosscut.corrections import read_corrections
from crosscut.errors import CorpusMissing, NotFound
from crosscut.ledger import Ledger
from crosscut.model import USABLE
from crosscut.selection import Row, precision, select
from crosscut.settings import Study
from crosscut.store.corpus import open_files
from crosscut.workbench.copies import share_copied
from crosscut.workbench.corpus import Corpus
from crosscut.workbench.stories import the_stories

FRAME_FIELDS = ("outlet", "programme", "format", "kind", "language", "month")


def status(study: Study, by: tuple[str, ...] = ("outlet",)) -> dict[str, Any]:
    """All accounts of a study, as plain data; ``by`` groups the frame table."""
    with Ledger(study.ledger) as ledger:
        rows = select(study, ledger, read_corrections(study.corrections))
        listed = {row["video"] for row in ledger.rows("SELECT DISTINCT video FROM listings")}
        accounts = _file_accounts(ledger)
        tracks = _track_accounts(ledger, rows)
        forgotten = len(ledger.tombstones())
    corpus = _last_build(study)
    built = _built(corpus)
    statuses = Counter(_video_status(row, built) for row in rows)
    return {
        **accounts, "tracks": tracks,
        "videos": {"known": len(rows), "usable": statuses.pop(USABLE, 0), "set_aside": dict(sorted(statuses.items())),
                   "forgotten": forgotten},
        "words": sum(words for status, words in built.values() if status == USABLE),
        "outlets": _outlets(study, rows, built),
        "frame": {"declared": _declared(study), "by": list(by), "table": _frame(rows, listed, built, by)},
        "differences": corpus.differences(corpus.mask()) if corpus else [], "flags": _flags(rows),
        "copies": share_copied(corpus) if corpus else None, "stories": _stories(corpus), "corpus": _corpus(corpus),
    }


def _stories(corpus: Corpus | None) -> dict[str, Any]:
    """How many stories are told apart; empty where none are."""
    if corpus is None:
        return {}
    try:
        marks = the_stories(corpus)
    except NotFound:
        return {}
    codes, _ = corpus.files.catalog.codes("outlet")
    outlets: dict[str, set[int]] = {}
    for label, video in zip(marks.attribute("label"), marks.video.tolist(), strict=True):
        outlets.setdefault(label, set()).add(int(codes[video]))
    return {"stories": len(outlets), "matched": sum(len(mine) > 1 for mine in outlets.values()), "pieces": len(marks.spans),
            "stale": marks.stale, "current": marks.of == corpus.files.manifest.result}


def _file_accounts(ledger: Ledger) -> dict[str, Any]:
    """Files and records by outcome, and what was excluded, by reason, with an example."""
    def outcomes(table: str) -> dict[str, int]:
        found = {row["outcome"]: row["n"]
                 for row in ledger.rows(f"SELECT outcome, count(*) AS n FROM {table} GROUP BY outcome")}
        return {"seen": sum(found.values()), **{name: found.get(name, 0) for name in ("imported", "joined", "excluded")}}

    reasons = [
        {"what": what, "reason": row["reason"], "count": row["n"], "example": row["example"]}
        for what, query in (
            ("file", "SELECT reason, count(*) AS n, min(path) AS example FROM files WHERE outcome = 'excluded'"
                     " GROUP BY reason ORDER BY n DESC, reason"),
            ("record", "SELECT records.reason, count(*) AS n, min(path || ' ' || locator) AS example FROM records"
                       " JOIN files USING (file) WHERE records.outcome = 'excluded' AND files.outcome != 'excluded'"
                       " GROUP BY records.reason ORDER BY n DESC, records.reason"),
        )
        for row in ledger.rows(query)
    ]
    return {"files": outcomes("files"), "records": outcomes("records"), "exclusions": reasons}


def _track_accounts(ledger: Ledger, rows: list[Row]) -> dict[str, Any]:
    """Track versions: those that speak for a video, and the others with the reason why they do not."""
    total = int(ledger.rows("SELECT count(*) AS n FROM versions")[0]["n"])
    selected = sum(1 for row in rows if row.version)
    silent: Counter[str] = Counter()
    for row in rows:
        for version in row.versions:
            if row.version and version != row.version:
                same = (version.kind, version.language, version.format) == (
                    row.version.kind, row.version.language, row.version.format)
                silent["a later version of the track speaks" if same else "another track of the video speaks"] += 1
    kinds = {row["kind"]: row["n"] for row in ledger.rows(
        "SELECT kind, count(*) AS n FROM versions JOIN tracks USING (track) GROUP BY kind ORDER BY kind")}
    return {"versions": total, "selected": selected, "not_selected": dict(sorted(silent.items())), "kinds": kinds}


def _last_build(study: Study) -> Corpus | None:
    """The corpus as it was built last."""
    try:
        return Corpus(study, open_files(study.corpus))
    except CorpusMissing:
        return None


def _built(corpus: Corpus | None) -> dict[str, tuple[str, int]]:
    """Status and words of each video in the corpus as it was built last."""
    if corpus is None:
        return {}
    catalog = corpus.files.catalog
    return {video: (status, int(words)) for video, status, words in
            zip(catalog.video.tolist(), catalog.values("status"), catalog.number("words").tolist(), strict=True)}


def _video_status(row: Row, built: dict[str, tuple[str, int]]) -> str:
    """The video's status now; what is not in the corpus yet, or could not be built, says so."""
    if not row.wanted:
        return row.status
    there, words = built.get(row.video, ("", 0))
    if not words:
        return there if there.startswith("cannot be built") else "not built yet"
    return row.status


def _outlets(study: Study, rows: list[Row], built: dict[str, tuple[str, int]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = str(row.facts["outlet"])
        entry = found.setdefault(key, {
            "outlet": key, "name": study.outlets[key].name if key in study.outlets else key, "videos": 0, "usable": 0,
            "words": 0, "first": "", "last": "", "languages": set(), "kinds": Counter()})
        entry["videos"] += 1
        if _video_status(row, built) == USABLE:
            entry["usable"] += 1
            entry["words"] += built[row.video][1]
            entry["languages"].add(row.language)
            entry["kinds"][row.kind] += 1
            if day := str(row.facts.get("published", ""))[:10]:
                entry["first"] = min(entry["first"] or day, day)
                entry["last"] = max(entry["last"], day)
    for entry in found.values():
        entry["languages"], entry["kinds"] = sorted(entry["languages"]), dict(sorted(entry["kinds"].items()))
    return [found[key] for key in sorted(found)]


def _declared(study: Study) -> dict[str, Any]:
    frame = study.frame
    return {"from": frame.since, "until": frame.until, "outlets": list(frame.outlets), "languages": list(frame.languages),
            "formats": list(frame.formats), "programmes": list(frame.programmes), "min_words": frame.min_words,
            "claim": frame.claim}


def _frame(
    rows: list[Row], listed: set[str], built: dict[str, tuple[str, int]], by: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Listed → had → usable, by the fields of ``by``; ``listed`` is None where no listing speaks of the group."""
    groups: dict[tuple[str, ...], Counter[str]] = {}
    for row in rows:
        counts = groups.setdefault(tuple(_field(row, name) for name in by), Counter())
        counts["listed"] += row.video in listed
        counts["had"] += row.version is not None
        counts["usable"] += _video_status(row, built) == USABLE
        counts["missing"] += row.version is None
    return [
        {**dict(zip(by, key, strict=True)), "listed": counts["listed"] or None, "had": counts["had"],
         "missing": counts["missing"], "usable": counts["usable"]}
        for key, counts in sorted(groups.items())
    ]


def _field(row: Row, name: str) -> str:
    if name in ("kind", "language"):
        return row.kind if name == "kind" else row.language
    if name == "month":
        return str(row.facts.get("published", ""))[:7]
    return str(row.facts.get(name, "")) or ("unknown" if name == "format" else "")


def _flags(rows: list[Row]) -> list[dict[str, Any]]:
    """What a reader should know of single videos: conflicts, changed titles, imprecise dates."""
    found = [{"video": row.video, "flag": flag} for row in rows for flag in row.flags]
    found += [{"video": row.video, "flag": "only the month is known"}
              for row in rows if precision(str(row.facts.get("published", ""))) == "month"]
    return sorted(found, key=lambda flag: (flag["flag"].split()[0], flag["video"]))


def _corpus(corpus: Corpus | None) -> dict[str, Any]:
    if corpus is None:
        return {"built": "", "note": "nothing is built yet: run crosscut build"}
    manifest = corpus.files.manifest
    changed = current_recipe(corpus.study, manifest.as_of) != manifest.recipe
    note = {"note": "something changed since the corpus was built: run crosscut build"} if changed else {}
    return {**note, "built": manifest.built, "recipe": manifest.recipe, "result": manifest.result,
            "shards": len(manifest.shards), "layers": manifest.layers,
            "annotators": manifest.annotators, "as_of": manifest.as_of}
