"""What kind of text is it?  Every real caption file through an import, against ``kinds.tsv``, which was filled by hand.

The unit is a track; of a file with many records each is one.  Files are tested or free by a hash of their path, as the
documents of ``gold`` are; nothing may be tuned on those that are tested.  ``?`` in the table: nobody could say.
"""

from __future__ import annotations

import csv
import hashlib
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from benchmarks import material
from benchmarks.quality.gold import TEST_SHARE
from benchmarks.quality.measure import Figure
from crosscut import read
from crosscut.detect import traits_of
from crosscut.detect.speech import is_speech
from crosscut.importing import import_, read_mappings
from crosscut.ledger import Ledger, Version
from crosscut.model import Record
from crosscut.selection import is_debris, spoken
from crosscut.tokens import tokenise

TABLE = Path(__file__).with_name("kinds.tsv")
FOLDERS = ("captions", "tv-news", "transcripts")
#: As the matrices and floors name them.  ``kind`` is told from the content, ``kind by mapping`` by the user's word;
#: ``speech by words`` looks at nothing but the words, as where a track has no times.
TRAITS = ("kind", "kind by mapping", "punctuated", "case", "language", "rolling", "speech", "speech by words", "debris")
EXCLUDED = "excluded"
UNSURE, NONE = "?", "–"
#: An honest "I cannot tell", and a file that asks for a mapping.
NO_ANSWER = (NONE, "unknown", EXCLUDED)
_ROLLED = re.compile(r"[1-9][0-9]* of [0-9]+ screens repeat a line|roll-up repeats taken out")

Said = dict[str, str]
#: (trait, truth, answer) → how often.
Matrix = Counter[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: a pattern for paths, and what is true of the tracks of the files it fits."""

    path: str
    true: Said

    def fits(self, path: str) -> bool:
        """Whether a file, or a record ``path#locator`` of one, is meant."""
        return fnmatchcase(path, self.path) or ("#" not in self.path and fnmatchcase(path.partition("#")[0], self.path))


def table(path: Path = TABLE) -> list[Row]:
    """The rows; of those that fit a file the last one counts."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [Row(row.pop("path"), row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


def truth(rows: Iterable[Row], path: str) -> Said:
    """What is true of a track; a file without a row is a mistake."""
    fitting = [row.true for row in rows if row.fits(path)]
    if not fitting:
        raise KeyError(f"{TABLE.name}: no row for {path}")
    return fitting[-1]


def is_test(path: str) -> bool:
    """Whether a file is set aside for testing."""
    return int(hashlib.sha256(path.encode()).hexdigest(), 16) % TEST_SHARE == 0


def answers(root: Path, folders: Iterable[str] = FOLDERS) -> Iterator[tuple[str, Said]]:
    """What an import says of each track, and of each file that brings none, by path below ``root``."""
    with tempfile.TemporaryDirectory() as folder:
        study = material.study(Path(folder) / "study")
        mappings = read_mappings(material.MAPPINGS)
        import_(study, [root / name for name in folders], mappings=mappings)
        with Ledger(study.ledger) as ledger:
            versions = list(ledger.versions())
            files = {(row["path"], row["sha256"]): row for row in ledger.rows("SELECT * FROM files ORDER BY file")}
    by_bytes = {version.sha256: version for version in versions}
    tracked = {version.origin for version in versions}
    text = _Texts(root)
    for version in versions:
        yield f"{version.origin}#{version.locator}" if version.locator else version.origin, _said(version, text(version))
    for (path, sha256), row in files.items():
        if path not in tracked and (twin := by_bytes.get(sha256)):  # the same bytes under two names are one version
            yield path, _said(twin, text(twin))
        elif path not in tracked:
            yield path, {"kind": EXCLUDED, "reason": row["reason"] or row["outcome"]}


def _said(version: Version, text: str) -> Said:
    traits = version.traits
    return {
        "kind": version.kind, "mapped": _yes(bool(version.mapping)), "punctuated": _yes(version.punctuated),
        "case": traits.case, "language": spoken(version).partition("-")[0] or NONE,
        "rolling": _yes(_ROLLED.search(version.evidence) is not None), "debris": _yes(is_debris(version)),
        "speech": _speech(traits.speech), "speech by words": _speech(is_speech(text, traits.language)),
    }


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _speech(value: bool | None) -> str:
    return NONE if value is None else "speech" if value else "summary"


class _Texts:
    """The text of a version, read once more from its file."""

    def __init__(self, root: Path) -> None:
        self.root, self.mappings = root, read_mappings(material.MAPPINGS)
        self._records = cache(self._read)

    def __call__(self, version: Version) -> str:
        return self._records(version.origin).get((version.locator, version.place), "")

    def _read(self, origin: str) -> dict[tuple[str, int], str]:
        file = read.File(str(self.root / origin), (self.root / origin).read_bytes(), self.mappings)
        module = read.recognise(file)
        records: Iterable[Record] = module.read(file) if module else ()
        return {(record.locator, place): track.transcript.text
                for record in records for place, track in enumerate(record.tracks)}


def compare(rows: list[Row], found: Iterable[tuple[str, Said]]) -> Matrix:
    """Count truths and answers, trait by trait."""
    counts: Matrix = Counter()
    for path, said in found:
        true = truth(rows, path)
        if true["kind"] == "-" or said["kind"] == EXCLUDED:
            right = true["kind"] == "-" and said["kind"] == EXCLUDED and said["reason"].startswith(true["reason"])
            answer = EXCLUDED if right else f"{EXCLUDED}: other reason" if said["kind"] == true["kind"] else said["kind"]
            counts["kind", EXCLUDED if true["kind"] == "-" else true["kind"], answer] += 1
            continue
        counts["kind by mapping" if said["mapped"] == "yes" else "kind", true["kind"], said["kind"]] += 1
        for trait in TRAITS[2:]:
            counts[trait, true[trait.partition(" ")[0]], said[trait]] += 1
    return counts


def figures(counts: Matrix) -> dict[str, Figure]:
    """F1 of each trait: what was not answered lowers what is found, not what is right of the answers."""
    found = {}
    for trait in TRAITS:
        here = {(true, said): count for (name, true, said), count in counts.items() if name == trait and true != UNSURE}
        gold = sum(here.values())
        answered = sum(count for (true, said), count in here.items() if said not in NO_ANSWER or said == true)
        right = sum(count for (true, said), count in here.items() if true == said)
        if gold:
            found[trait.replace(" ", "-")] = Figure(right, answered, gold)
    return found


#: Runs of so many characters are lost, one character in so many begins one.
LOST, RATES = (1, 6), (0.0, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15)
LIVE = "captions/tv-closed-captions-srt"


def lose(text: str, rate: float, seed: str) -> str:
    """Lose runs of characters within the lines of a SubRip file, as a live feed does; times and numbers stay."""
    chance = random.Random(seed)
    lines = []
    for line in text.split("\n"):
        kept, at = [], 0
        while at < len(line):
            if "-->" not in line and not line.strip("\ufeff\r").isdecimal() and chance.random() < rate:
                at += chance.randint(*LOST)
            else:
                kept.append(line[at])
                at += 1
        lines.append("".join(kept))
    return "\n".join(lines)


def debris(root: Path, split: str) -> dict[float, Figure]:
    """How many real broadcasts are taken for debris when they lose letters at each rate; odd files are for development.

    At rate 0 it is the other way round: how many are not.
    """
    paths = sorted((root / LIVE).rglob("*.srt"))[0 if split == "test" else 1 :: 2]
    seen = {}
    for rate in RATES:
        hits = sum(_is_debris(path.name, lose(path.read_text("utf-8-sig"), rate, f"{path.name} {rate}")) for path in paths)
        seen[rate] = Figure(hits if rate else len(paths) - hits, len(paths), len(paths))
    return seen


def _is_debris(name: str, text: str) -> bool:
    module = read.recognise(file := read.File(name, text.encode()))
    track = next(iter(module.read(file))).tracks[0] if module else None
    if track is None:
        return False
    return traits_of(track.transcript, tokenise(track.transcript.text, "")).debris or "debris:" in track.evidence


def digest(root: Path) -> str:
    """SHA-256 of the table and of the names and sizes of the files it is about."""
    state = hashlib.sha256(TABLE.read_bytes())
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                state.update(f"{path.relative_to(root)} {path.stat().st_size}\n".encode())
    return state.hexdigest()
