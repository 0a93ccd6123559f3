"""One run over the pieces of a corpus: which stories they have, what a person says, what is found, what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from crosscut.counts import Counts
from crosscut.query.concordance import text_between
from crosscut.query.fields import day_numbers
from crosscut.settings import StoryChoices
from crosscut.store.layer import LayerSpan
from crosscut.stories import clusters
from crosscut.stories.onepass import NONE as NO_STORY
from crosscut.tokens import norm
from crosscut.workbench import called, keeping, wording
from crosscut.workbench.described import Texts
from crosscut.workbench.keeping import Asked, Before
from crosscut.workbench.opened import Opened
from crosscut.workbench.passages import Cut
from crosscut.workbench.telling import NONE, Word, new_name

Ints = npt.NDArray[np.int64]
Singles = npt.NDArray[np.float32]

#: So many tokens of a piece are read for its sense: more than the encoder takes.
_READ = 320
#: What stands before the word that asks for a story that nobody has yet, where ids stand.
_FRESH = "\0"


def settings_of(choices: StoryChoices) -> clusters.Settings:
    """The study's settings over those of the room."""
    given = {name: value for name in ("threshold", "days") if (value := getattr(choices, name)) is not None}
    return replace(clusters.Settings(), **given)


@dataclass(frozen=True, slots=True)
class _Known:
    """The pieces, and of each the span that it ``was``, its video, the digest of the video's words, its day or ""."""

    cut: Cut
    was: Sequence[LayerSpan | None]
    video: Sequence[str]
    content: Sequence[str]
    day: Sequence[str]
    title: Sequence[str]       # of pieces that are whole videos

    @classmethod
    def of(cls, corpus: Opened, cut: Cut, texts: Texts, before: Before) -> _Known:
        """What corpus and layer say."""
        catalog = corpus.files.catalog
        video, content = catalog.video.take(cut.video), catalog.text("content").take(cut.video)
        columns = zip(video, content, cut.start.tolist(), cut.end.tolist(), cut.alone.tolist(), strict=True)
        was = [before.last(key, digest, start, end, alone=alone) for key, digest, start, end, alone in columns]
        days = [published[:10] if len(published) >= 10 else "" for published in catalog.values("published", cut.video)]
        titles = [texts.titles[one] if alone else ""
                  for one, alone in zip(cut.video.tolist(), cut.alone.tolist(), strict=True)]
        return cls(cut, was, video, content, days, titles)


@dataclass(frozen=True, slots=True)
class Grouping:
    """The ``spans`` of the layer, and for its header the ids that are gone; ``asked``: what a person's word came to."""

    spans: Sequence[LayerSpan]
    gone: tuple[tuple[str, str], ...]
    asked: Asked
    new_stories: int
    new_pieces: int

    @classmethod
    def of(
        cls, corpus: Opened, cut: Cut, terms: wording.Terms, texts: Texts, word: Word, before: Before, *, anew: bool = False,
    ) -> Grouping:
        """Put each piece into a story; ``anew``: as if none had one."""
        known, nobodys = _Known.of(corpus, cut, texts, before), keeping.nobodys(word, before.ids)
        word = keeping.checked(word, before.ids)
        asked = keeping.followed(word, corpus.files, cut, known.was, before, anew=anew)
        asked.unknown = [*nobodys, *asked.unknown]
        chosen = np.array([place for place, said in enumerate(asked.said) if said != NONE], np.int64)
        number, ids = _numbered(asked, chosen)
        names = _without(wording.names(corpus.files, cut.parts, cut.into, len(cut)), _own_names(corpus))
        pieces = _pieces(corpus, known, terms, texts, names.counts, chosen, number, _apart(asked, chosen, ids))
        found = clusters.cluster(pieces, settings_of(corpus.study.stories))
        stories = _Stories(known, asked, word, before, chosen, found)
        stories.call(ids, _terms(pieces, found, terms, names), anew=anew)
        spans = sorted(stories.spans(), key=lambda span: (span.video.encode("utf-8", "surrogatepass"), span.start))
        new = sum(known.was[place] is None for place in chosen.tolist())
        return cls(spans, _gone(before, spans), asked, stories.new, new)


def _numbered(asked: Asked, chosen: Ints) -> tuple[Ints, dict[str, int]]:
    """The story that each piece has, as a number, and the number of each story."""
    ids: dict[str, int] = {}
    number = np.full(len(chosen), NO_STORY, np.int64)
    for at, place in enumerate(chosen.tolist()):
        story = asked.story[place] or (f"{_FRESH}{asked.fresh[place]}" if place in asked.fresh else "")
        if story:
            number[at] = ids.setdefault(story, len(ids))
    return number, ids


def _apart(asked: Asked, chosen: Ints, ids: Mapping[str, int]) -> list[tuple[int, int]]:
    """Pieces and stories that they are not, by number."""
    at = {place: number for number, place in enumerate(chosen.tolist())}
    return [(at[place], ids[story]) for place, story in asked.apart if place in at and story in ids]


def _pieces(
    corpus: Opened, known: _Known, terms: wording.Terms, texts: Texts, names: Counts, chosen: Ints, number: Ints,
    apart: Sequence[tuple[int, int]],
) -> clusters.Pieces:
    """The chosen pieces as the room of stories takes them."""
    cut, catalog = known.cut, corpus.files.catalog
    many, videos = len(cut), cut.video[chosen]
    languages = catalog.values("language", cut.video)
    alone = [place for place in chosen.tolist() if cut.alone[place]]
    titles, descriptions = (
        wording.of_texts(terms, {place: given[int(cut.video[place])] for place in alone}, languages, many)
        for given in (texts.titles, texts.descriptions))
    words = wording.words(corpus.files, terms, cut.parts, cut.into, many)
    words, titles, descriptions = (_columns(wording.with_things(table, len(terms.values)), chosen)
                                   for table in (words, titles, descriptions))
    day, language = day_numbers(catalog)[videos], catalog.codes("language")[0][videos].astype(np.int64)
    senses = _senses(corpus, known, chosen, day, language, number)
    return clusters.Pieces(day, language, words, _columns(names, chosen), titles, descriptions, number, apart, senses)


def _senses(corpus: Opened, known: _Known, chosen: Ints, day: Ints, language: Ints, number: Ints) -> Singles | None:
    """Sentence vectors, where the study asks for them and speaks several languages: of pieces near those to be found.

    They only join what is told in several languages, so pieces that no new one can come near need none.
    """
    choices, files = corpus.study.stories, corpus.files
    if not choices.embeddings or len(np.unique(language)) < 2:
        return None
    from crosscut.stories import embedding  # of all commands, only this one may need the encoder

    wanted, days = np.unique(day[number == NO_STORY]), settings_of(choices).days
    near = np.searchsorted(wanted, day - days) < np.searchsorted(wanted, day + days, side="right")
    spoken = np.array([code in embedding.LANGUAGES for code in files.catalog.codes("language")[1]], bool)[language]
    some = np.flatnonzero(near & spoken)
    found = np.zeros((len(chosen), embedding.DIMENSIONS), np.float32)
    cut = known.cut

    def text(place: int) -> tuple[str, str]:
        video, start, end = (int(column[place]) for column in (cut.video, cut.start, cut.end))
        return known.title[place], text_between(files, video, start, min(end, start + _READ))

    found[some] = embedding.sentence_vectors(map(text, chosen[some].tolist()))
    return found


def _terms(
    pieces: clusters.Pieces, found: clusters.Stories, terms: wording.Terms, names: wording.Names,
) -> dict[int, list[str]]:
    """The terms that define each story, as they are written."""
    def written(term: clusters.Term) -> str:
        return names.shown[term.code] if term.kind == clusters.NAME else terms.values[term.code]

    return {story: called.distinct(list(map(written, defining)))
            for story, defining in clusters.defining(pieces, found).items()}


@dataclass(slots=True)
class _Stories:
    """What was found, and what each story is called: ``label`` by number, ``name`` by label.

    ``by_program``: the label that the program would give a number, where a merger gives another.
    """

    known: _Known
    asked: Asked
    word: Word
    before: Before
    chosen: Ints
    found: clusters.Stories
    label: dict[int, str] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=dict)
    by_program: dict[int, str] = field(default_factory=dict)
    new: int = 0

    def call(self, ids: Mapping[str, int], terms: Mapping[int, Sequence[str]], *, anew: bool) -> None:
        """Give each story its id and its name; those that have them keep them."""
        said = {number: story.removeprefix(_FRESH) for story, number in ids.items() if story.startswith(_FRESH)}
        began = {ids[story]: self.asked.said[place] for place, story in self.asked.began.items() if story in ids}
        self.label = {number: story for story, number in ids.items() if number not in said}
        if anew:
            self._as_before()
        self.name = {label: self.before.names.get(label, "") for label in self.label.values()}
        taken = set(self.before.ids) | set(self.label.values())
        for number in dict.fromkeys(self.found.story.tolist()):
            members = self.chosen[self.found.pieces(number)]
            if number not in self.label:
                days = sorted(day for place in members.tolist() if (day := self.known.day[place]))
                self.label[number] = called.new_id(days[0] if days else "", terms.get(number, ()), taken)
                taken.add(self.label[number])
                self.new += 1
            label = self.label[number]
            if not self.name.get(label):
                self.name[label] = new_name(said.get(number, began.get(number, ""))) or called.new_name(
                    self._title(number), terms.get(number, ()))

    def _title(self, number: int) -> str:
        """The title of the piece nearest to the centre of a story, of those that are whole videos."""
        members = self.found.pieces(number)
        order = members[np.argsort(-self.found.similarity[members], kind="stable")]
        return next((title for place in self.chosen[order].tolist() if (title := self.known.title[place])), "")

    def _as_before(self) -> None:
        """Put together anew: the id of an old story goes to the new one that has most of its tokens."""
        shared: dict[tuple[int, str], int] = {}
        for number, place in zip(self.found.story.tolist(), self.chosen.tolist(), strict=True):
            old = keeping.found_of(self.known.was[place])
            if old and number not in self.label:
                tokens = int(self.known.cut.end[place] - self.known.cut.start[place])
                shared[number, old] = shared.get((number, old), 0) + tokens
        taken = set(self.label.values())
        for number, old in sorted(shared, key=lambda key: (-shared[key], key)):
            if number not in self.label and old not in taken:
                taken.add(old)
                self.by_program[number], self.label[number] = old, self.word.at_last(old)

    def spans(self) -> Iterator[LayerSpan]:
        """The spans of the layer."""
        cut = self.known.cut
        columns = zip(self.found.story.tolist(), self.found.similarity.tolist(), self.chosen.tolist(), strict=True)
        for number, similarity, place in columns:
            label, was, said = self.label[number], self.known.was[place], self.asked.said[place]
            start, end, content = int(cut.start[place]), int(cut.end[place]), self.known.content[place]
            same = was is not None and (was.content, was.start, was.end, was.label) == (content, start, end, label)
            near = was.confidence if was and same else round(min(max(similarity, 0.0), 1.0), 3)
            program = self._program(number, place)
            more = {**self._named(label), **({keeping.FOUND: program} if program != label else {}),
                    **({keeping.SAID: said} if said else {}),
                    **({keeping.BEGAN: began} if (began := self.asked.began.get(place, label)) != label else {})}
            yield LayerSpan(self.known.video[place], content, start, end, label, near, tuple(more.items()))

    def _program(self, number: int, place: int) -> str:
        """The story that the program finds for a piece; "" where it was never asked, as a person said it first."""
        if self.asked.said[place]:
            return keeping.found_of(self.known.was[place])
        if not self.asked.story[place]:
            return self.by_program.get(number, self.label[number])
        return keeping.found_of(self.known.was[place]) or self.label[number]

    def _named(self, label: str) -> dict[str, str]:
        """The name of a story as its spans have it: a person's, and then also the one that it had before."""
        name, said = self.name[label], self.word.names.get(label, (0, ""))[1]
        return {keeping.NAME: said, keeping.NAMED_BEFORE: name} if said and said != name else {keeping.NAME: name}


def _gone(before: Before, spans: Sequence[LayerSpan]) -> tuple[tuple[str, str], ...]:
    """The ids that were given once and that no span has now, for the header of the layer."""
    kept = {story for span in spans for story in (span.label, keeping.found_of(span), keeping.began_of(span))}
    left = sorted(before.ids - kept)
    return ((keeping.GONE, " ".join(left)),) if left else ()


def _columns(counts: Counts, chosen: Ints) -> Counts:
    """Some of the columns, in order."""
    places = np.full(counts.videos, -1, np.int64)
    places[chosen] = np.arange(len(chosen))
    return counts.by(places, len(chosen))


def _own_names(corpus: Opened) -> frozenset[str]:
    """What outlets and their programmes are called: no story is about who tells it."""
    told = {name for outlet in corpus.study.outlets.values() for name in (outlet.name, *outlet.names, *outlet.programmes)}
    told |= {name for field_ in ("programme", "outlet") for name in corpus.files.catalog.codes(field_)[1]}
    return frozenset(" ".join(map(norm, name.split())) for name in told if name)


def _without(names: wording.Names, left_out: frozenset[str]) -> wording.Names:
    """Names without some: they keep their codes, and are nowhere."""
    kept = np.array([value not in left_out for value in names.values], bool)
    counts = names.counts
    some = kept[counts.thing]
    shape = len(counts), counts.videos
    return wording.Names(names.values, names.shown, Counts.of(counts.thing[some], counts.video[some], counts.n[some], shape))
