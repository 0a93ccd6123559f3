"""A versioned set of spans over words: names, turns, stories, copies, codes, whatever comes later and changes.

A layer never touches the words.  Each span is bound to the digest of its document: when a video's words change, its
spans no longer apply and are reported, instead of pointing at other words.  A layer is one JSON Lines file in
``layers/`` (so that a person can read, diff and edit it): a header line ``{"layer", "version", "author", "method",
"created"}`` (of a program also ``of`` and ``more``), then one line a span ``{"video", "content", "start", "end",
"label", "confidence", "more"}``; ``start`` and ``end`` count the video's tokens, end exclusive.  Of several versions of
a layer the highest is used.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crosscut.errors import NotFound, StudyError
from crosscut.store.pack import write_text

#: Layers that a command of ours makes.
MADE_BY = {"copies": "crosscut copies", "segments": "crosscut stories", "stories": "crosscut stories"}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_FURTHEST = (1 << 31) - 1  # places of tokens are 32 bits
_RESERVED = frozenset({"video", "sentence", "s", "text", "word", "norm", "lemma", "pos", "tag", "dep", "entity", "head"})


@dataclass(frozen=True, slots=True)
class LayerSpan:
    """A stretch of one video's tokens with a label; ``confidence`` from 0 to 1.

    ``content`` is the digest of the video's tokens (``corpus.video(id)["content"]``); ``more`` holds what else a layer
    says of a span: a speaker's role and name, a group of copies, the evidence.
    """

    video: str
    content: str
    start: int
    end: int
    label: str
    confidence: float = 1.0
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One version of a span layer, with who made it and how.

    ``of``: the result digest of the corpus that a program looked at, all of it; "" where the spans are somebody's choice.
    ``more``: what the program wants to know next time; not part of the digest.
    """

    name: str
    version: int
    author: str
    method: str
    created: str
    spans: tuple[LayerSpan, ...]
    of: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name in _RESERVED:
            raise StudyError(f"{self.name!r} cannot name a layer: lower-case letters, digits and _, and not one of the "
                             f"names that queries use already")

    @property
    def digest(self) -> str:
        """Digest of the layer's contents, for the recipe."""
        lines = sorted(repr((s.video, s.content, s.start, s.end, s.label, s.confidence, sorted(s.more))) for s in self.spans)
        about = f"{self.name}\0{self.version}\0{self.author}\0{self.method}\0"
        return hashlib.sha256((about + "\n".join(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def write_layer(folder: Path, layer: Layer) -> Path:
    """Write one version of a layer; versions are never overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{layer.name}.{layer.version}.jsonl"
    if path.exists():
        raise StudyError(f"{path} exists: a version of a layer is never overwritten, give it version {layer.version + 1}")
    header = {"layer": layer.name, "version": layer.version, "author": layer.author, "method": layer.method,
              "created": layer.created, **({"of": layer.of} if layer.of else {}),
              **({"more": dict(layer.more)} if layer.more else {})}
    lines: Iterable[Mapping[str, object]] = (
        {"video": s.video, "content": s.content, "start": s.start, "end": s.end, "label": s.label,
         "confidence": s.confidence, **({"more": dict(s.more)} if s.more else {})} for s in layer.spans)
    write_text(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (header, *lines)))
    return path


def layer_files(folder: Path, off: frozenset[str] = frozenset()) -> dict[str, Path]:
    """The file of the highest version of each layer that is not switched off."""
    best: dict[str, tuple[int, Path]] = {}
    for path in sorted(folder.glob("*.*.jsonl")) if folder.is_dir() else ():
        name, _, version = path.name.removesuffix(".jsonl").partition(".")
        if version.isascii() and version.isdigit() and name not in off and int(version) > best.get(name, (-1, path))[0]:
            best[name] = (int(version), path)
    return {name: path for name, (_, path) in sorted(best.items())}


def read_layer(path: Path) -> Layer:
    """Read one layer file; an unreadable line is an error that names it."""
    lines = _lines(path)
    header = next(lines, None)
    if header is None:
        raise StudyError(f"{path}: empty")
    try:
        spans = tuple(map(_span, lines))
        return Layer(str(header["layer"]), int(str(header["version"])), str(header["author"]), str(header["method"]),
                     str(header["created"]), spans, str(header.get("of", "")), _more(header))
    except (KeyError, ValueError) as error:
        raise StudyError(f"{path}: a line lacks or misspells {error}") from error


def made_by(path: Path) -> tuple[str, str]:
    """Of a layer file the digest of the corpus that a program looked at ("" where people made it), and the method."""
    header = next(_lines(path), {})
    return str(header.get("of", "")), str(header.get("method", ""))


def _span(line: Mapping[str, object]) -> LayerSpan:
    span = LayerSpan(
        str(line["video"]), str(line["content"]), int(str(line["start"])), int(str(line["end"])), str(line["label"]),
        float(str(line.get("confidence", 1.0))), _more(line))
    if max(abs(span.start), abs(span.end)) > _FURTHEST:
        raise ValueError(f"start or end: no video has {_FURTHEST:,} tokens")
    return span


def _more(line: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    more = line.get("more", {})
    if not isinstance(more, dict):
        raise ValueError("more")
    return tuple((str(k), str(v)) for k, v in more.items())


def _lines(path: Path) -> Iterator[Mapping[str, object]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                found = json.loads(line.decode("utf-8"))
            except (ValueError, RecursionError) as error:
                raise StudyError(f"{path}, line {number}: not JSON: {error}") from error
            if not isinstance(found, dict):
                raise StudyError(f"{path}, line {number}: not an object")
            yield found


def find_layer(folder: Path, name: str, off: frozenset[str] = frozenset()) -> Layer:
    """The highest version of a layer by name."""
    files = layer_files(folder, off)
    if name not in files:
        if name in off:
            raise NotFound(f"the layer {name!r} is switched off in the study file: layers.off")
        if name in MADE_BY:
            raise NotFound(f"no layer {name!r} here yet: run {MADE_BY[name]}")
        known = ", ".join(files) or "none yet"
        raise NotFound(f"no span layer {name!r} here; there is: {known}")
    return read_layer(files[name])
