"""All matches of a pattern in one shard.

A sequence starts from its rarest part and is followed from there to both sides.  What is followed are *paths*: columns of
where each stands by now, and of the match that it started from; a step moves all of them at once.  A gap before a word
jumps: the places of the word are looked up in the stretch that each path can reach.  Nothing is done hit by hit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from crosscut.model import SENTENCE
from crosscut.query import pattern as tree
from crosscut.query.engine.constraint import Decided
from crosscut.query.engine.matches import (
    UNBOUND,
    Matches,
    check_size,
    distinct,
    documents_of,
    holds_one,
    joined,
    lies_in,
    merge_bound,
    numbered_rows,
    widened,
)
from crosscut.query.engine.relations import relation_rows
from crosscut.query.pattern import Pattern
from crosscut.query.shape import least, may_be_skipped, surroundings
from crosscut.query.spans import first_at_least
from crosscut.store.shard import Shard

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A gap is walked rather than jumped where the word behind it is more frequent than all that the paths can reach.
WALKED = 4
#: A part that nothing can be started from.
NOWHERE = 1 << 62


@dataclass(frozen=True, slots=True)
class Paths:
    """Where each path stands, the row of the match that it started from, and the labels that it bound."""

    origin: Ints
    at: Ints
    bound: Mapping[str, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.at)

    def take(self, chosen: Ints | Bools) -> Paths:
        """Some of the paths."""
        return Paths(self.origin[chosen], self.at[chosen], {name: column[chosen] for name, column in self.bound.items()})

    def moved(self, chosen: Ints | Bools, at: Ints) -> Paths:
        """Some of the paths, each at another place."""
        return Paths(self.origin[chosen], at, {name: column[chosen] for name, column in self.bound.items()})

    def distinct(self) -> Paths:
        """Each once."""
        return self.take(distinct(self.origin, self.at, *(self.bound[name] for name in sorted(self.bound))))


class Videos:
    """The videos of some places: from which token to which each reaches, worked out when it is asked for."""

    def __init__(self, bounds: Ints, places: Ints) -> None:
        self._bounds, self._places = bounds, places

    @cached_property
    def _documents(self) -> Ints:
        return documents_of(self._bounds, self._places)

    @cached_property
    def low(self) -> Ints:
        """First token of each."""
        return self._bounds[self._documents].astype(np.int64)

    @cached_property
    def high(self) -> Ints:
        """End of each."""
        return self._bounds[self._documents + 1].astype(np.int64)

    def holds(self, rows: Ints, at: Ints) -> Bools:
        """Whether some tokens lie in the videos of some of the places."""
        if "_documents" in self.__dict__:
            return (at >= self.low[rows]) & (at < self.high[rows])
        document, place = documents_of(self._bounds, at), self._places[rows]  # one look for each, most often for few
        same: Bools = (self._bounds[document] <= place) & (place < self._bounds[document + 1])
        return same


class Matcher:
    """Finds the matches of patterns in one shard; ``documents`` says which of its videos are searched at all.

    ``structures`` gives the spans of a layer, or the videos, by name and tests; ``pause`` is called between steps, and may
    raise to end the search.
    """

    def __init__(
        self, shard: Shard, documents: Bools, structures: Callable[[tree.Region], Matches],
        pause: Callable[[], None] = lambda: None,
    ) -> None:
        self.shard, self.documents, self.structures, self.pause = shard, documents, structures, pause
        self._decided: dict[tree.Constraint | None, Decided] = {}
        self._sentences: Ints | None = None
        #: What was estimated and found for each part from which a search started: see ``--explain``.
        self.steps: list[tuple[str, int, int]] = []

    # What is known before anything is searched.

    def decided(self, constraint: tree.Constraint | None) -> Decided:
        """A constraint in this shard, decided once."""
        if constraint not in self._decided:
            self._decided[constraint] = Decided(self.shard, constraint)
        return self._decided[constraint]

    def estimate(self, part: Pattern) -> int:
        """How many matches a part has at most, as far as frequencies tell; ``NOWHERE`` where it may match nothing at all."""
        match part:
            case tree.Token() | tree.Label():
                return self.decided((part.token if isinstance(part, tree.Label) else part).constraint).count
            case tree.Repeat():
                return self.estimate(part.part) if part.low and not _may_be_empty(part.part) else NOWHERE
            case tree.Either():
                return min(sum(map(self.estimate, part.parts)), NOWHERE)
            case tree.Sequence():
                return min(map(self.estimate, part.parts))
            case tree.Within() | tree.Containing():
                return self.estimate(part.part)
            case tree.Relation():
                nodes = [part.head, *(link.target for link in part.links if not link.negated)]
                return min(self.estimate(node) for node in nodes if node)
            case tree.Region():
                return len(self.shard) if part.structure == "video" else self.shard.tokens // 10
        return NOWHERE

    # All matches.

    def matches(self, part: Pattern) -> Matches:
        """All matches of a pattern that are not empty, each once, in ascending order."""
        self.pause()
        found = self._matches(part)
        check_size(len(found), 2 + len(found.bound))
        return found

    def _matches(self, part: Pattern) -> Matches:
        match part:
            case tree.Token():
                at = self._searched(self.decided(part.constraint).places)
                self.steps.append((str(part), self.decided(part.constraint).count, len(at)))
                return Matches(at, at + 1)
            case tree.Label():
                spans = self.matches(part.token)
                return Matches(spans.start, spans.end, {part.name: spans.start})
            case tree.Either():
                return self._either(part)
            case tree.Repeat():
                return self._repeated(part)
            case tree.Sequence():
                return self._sequence(part)
            case tree.Within() | tree.Containing():
                return self._filtered(self.matches(part.part), part)
            case tree.Region():
                return self._regions(part)
            case tree.Relation():
                rows = relation_rows(self, part)
                return Matches(rows.first, rows.last + 1, rows.bound).distinct()
        return Matches.none()  # an edge, a gap: nothing by themselves

    def _searched(self, at: Ints) -> Ints:
        """Of ascending places those in videos that are searched."""
        if self.documents.all():
            return at
        sizes = np.diff(np.searchsorted(at, self.shard.bounds))
        return at[np.repeat(self.documents, sizes)]

    def _either(self, part: tree.Either) -> Matches:
        found: list[Matches] = []
        for one in dict.fromkeys(part.parts):
            found.append(self.matches(one))
            check_size(sum(map(len, found)), 2 + len(found[-1].bound))
        return joined(found)

    def _repeated(self, part: tree.Repeat) -> Matches:
        """Once, and then more often; what may match without a token may have done so before."""
        if not part.most:
            return Matches.none()
        once, found = self.matches(part.part), []
        low = 0 if may_be_skipped(part.part) else part.low
        for before in range(max(low, 1) if _may_be_empty(part.part) else 1):
            more = tree.Repeat(part.part, max(low - 1 - before, 0), part.most - 1 - before)
            left = (tree.Repeat(part.part, before, before),) if before else ()
            found.append(self._around(once, left, (more,) if more.high else ()))
        return joined(found)

    def _sequence(self, part: tree.Sequence) -> Matches:
        """From the rarest part to both sides; where each part may match nothing, from each of them."""
        estimates = list(map(self.estimate, part.parts))
        begin = estimates.index(min(estimates))
        starts = [begin] if estimates[begin] < NOWHERE else [i for i, one in enumerate(part.parts) if not _is_empty(one)]
        found = [self._around(self.matches(part.parts[i]), part.parts[:i], part.parts[i + 1 :]) for i in starts]
        return joined(found) if found else Matches.none()

    def _around(self, found: Matches, left: Sequence[Pattern], right: Sequence[Pattern]) -> Matches:
        """Matches of a sequence from the matches of one of its parts, and the parts on both sides of it."""
        if not len(found) or not (left or right):
            return found
        videos, rows = Videos(self.shard.bounds, found.start), np.arange(len(found))
        after = self._follow(Paths(rows, found.end), right, videos, forward=True)
        before = self._follow(Paths(rows, found.start), left, videos, forward=False)
        if not left:
            bound = merge_bound(_taken(found.bound, after.origin), after.bound)
            spans = Matches(found.start[after.origin], after.at, bound)
        elif not right:
            bound = merge_bound(before.bound, _taken(found.bound, before.origin))
            spans = Matches(before.at, found.end[before.origin], bound)
        else:
            spans = _crossed(found, before, after)
        return spans.distinct()

    # Following paths.

    def _follow(self, paths: Paths, parts: Sequence[Pattern], videos: Videos, *, forward: bool) -> Paths:
        """Move paths over some parts, one after the other, each within the video that it started in."""
        waiting = list(parts if forward else reversed(parts))
        while waiting and len(paths):
            self.pause()
            part = waiting.pop(0)
            if not _is_gap(part):
                paths = self._step(paths, part, videos, forward=forward)
                continue
            jump = self._jump(paths, part, waiting[0], videos, forward=forward) if waiting else None
            if jump is None:
                paths = self._step(paths, part, videos, forward=forward)
            else:
                paths = jump
                waiting.pop(0)
        return paths

    def _step(self, paths: Paths, part: Pattern, videos: Videos, *, forward: bool) -> Paths:
        self.pause()
        match part:
            case tree.Token():
                at = paths.at if forward else paths.at - 1
                good = np.flatnonzero((at >= 0) & (at < self.shard.tokens))
                good = good[self.decided(part.constraint).holds(at[good])]
                good = good[videos.holds(paths.origin[good], at[good])]  # last: it costs most
                return paths.moved(good, (at + 1 if forward else at)[good])
            case tree.Label():
                return _named(self._step(paths, part.token, videos, forward=forward), part.name, forward=forward)
            case tree.Sequence():
                return self._follow(paths, part.parts, videos, forward=forward)
            case tree.Either():
                return _together([self._step(paths, one, videos, forward=forward) for one in part.parts])
            case tree.Repeat():
                return self._times(paths, part, videos, forward=forward)
            case tree.Edge():
                return paths.take(self._at_edge(paths, part, videos))
            case tree.Gap():
                return paths.moved(*numbered_rows(*self._reach(paths, part, videos, forward=forward)))
        inside = paths.at < videos.high[paths.origin] if forward else paths.at > videos.low[paths.origin]
        return self._over(paths.take(inside), self.matches(part), forward=forward)

    def _times(self, paths: Paths, part: tree.Repeat, videos: Videos, *, forward: bool) -> Paths:
        """Over a part again and again, until nothing new comes."""
        if _is_gap(part):
            first, stop = self._reach(paths, part, videos, forward=forward)
            low, high = videos.low[paths.origin], videos.high[paths.origin]
            return paths.moved(*numbered_rows(np.maximum(first, low), np.minimum(stop, high + 1)))
        fewest = 0 if may_be_skipped(part.part) else part.low
        reached = [paths] if fewest == 0 else []
        there = paths
        alike = not _has_one_length(part.part)  # else no two rounds can come to the same place
        for times in range(1, part.most + 1):
            self.pause()
            before, there = there, self._step(there, part.part, videos, forward=forward).distinct()
            if reached and alike:
                there = _without(there, _together(reached))
            if not len(there) or (not reached and times < fewest and _same(there, before)):
                break
            if times >= fewest:
                reached.append(there)
                check_size(sum(map(len, reached)), 2 + len(there.bound))
        else:
            return _together(reached) if reached else paths.take(np.zeros(0, np.int64))
        if len(there) and not reached:  # the same again and again, as often as is asked for
            reached.append(there)
        return _together(reached) if reached else paths.take(np.zeros(0, np.int64))

    def _reach(self, paths: Paths, part: Pattern, videos: Videos, *, forward: bool) -> tuple[Ints, Ints]:
        """The stretch of places that each path can be at behind a gap, first and end (exclusive): beyond its video, too."""
        if isinstance(part, tree.Gap):
            return self._in_time(paths.at, part, videos.low[paths.origin], videos.high[paths.origin], forward=forward)
        assert isinstance(part, tree.Repeat)
        first, stop = (part.low, part.most + 1) if forward else (-part.most, 1 - part.low)
        return paths.at + first, paths.at + stop

    def _in_time(self, at: Ints, gap: tree.Gap, begin: Ints, stop: Ints, *, forward: bool) -> tuple[Ints, Ints]:
        """By time: of the tokens from here on (or up to here) those that begin so long after (before) the neighbour."""
        start = self.shard.column("start")
        last = len(start) - 1
        if forward:
            known = (at > begin) & (at < stop)
            heard = start[np.clip(at - 1, 0, last)].astype(np.int64)
            first = first_at_least(start, at, stop, heard + gap.low)
            end = first_at_least(start, at, stop, heard + gap.high + 1)
        else:
            known = (at > begin) & (at < stop)
            heard = start[np.clip(at, 0, last)].astype(np.int64)
            first = first_at_least(start, begin, at, heard - gap.high) + 1  # behind the token before the gap
            end = first_at_least(start, begin, at, heard - gap.low + 1) + 1
        known &= heard >= 0
        return np.where(known, first, 0), np.where(known, end, 0)

    def _jump(
        self, paths: Paths, gap: Pattern, part: Pattern, videos: Videos, *, forward: bool,
    ) -> Paths | None:
        """Over a gap and the word behind it in one step, by the places of the word; None where walking is quicker."""
        token = part.token if isinstance(part, tree.Label) else part
        if not isinstance(token, tree.Token) or token.constraint is None:
            return None
        decided, reach = self.decided(token.constraint), self._reach(paths, gap, videos, forward=forward)
        if decided.count > WALKED * int(np.maximum(reach[1] - reach[0], 0).sum()):
            return None
        places = decided.places
        back = 0 if forward else 1  # backwards the word ends where the path stands
        rows, nth = numbered_rows(np.searchsorted(places, reach[0] - back), np.searchsorted(places, reach[1] - back))
        at = places[nth]
        inside = videos.holds(paths.origin[rows], at)
        rows, at = rows[inside], at[inside]
        moved = paths.moved(rows, at + 1 if forward else at)
        return _named(moved, part.name, forward=forward) if isinstance(part, tree.Label) else moved

    def _over(self, paths: Paths, spans: Matches, *, forward: bool) -> Paths:
        """Over any of some stretches that begin (or end) where a path stands."""
        key, other = (spans.start, spans.end) if forward else (spans.end, spans.start)
        order = np.argsort(key, kind="stable")
        rows, nth = numbered_rows(np.searchsorted(key[order], paths.at), np.searchsorted(key[order], paths.at, side="right"))
        chosen = order[nth]
        bound = [_taken(spans.bound, chosen), _taken(paths.bound, rows)]
        return Paths(paths.origin[rows], other[chosen], merge_bound(*(reversed(bound) if forward else bound))).distinct()

    # Structures.

    def _at_edge(self, paths: Paths, edge: tree.Edge, videos: Videos) -> Bools:
        at, begin, stop = paths.at, videos.low[paths.origin], videos.high[paths.origin]
        over: Bools = at == (stop if edge.end else begin)
        if edge.structure == "video":
            return over
        if edge.structure == "s":
            flags = self.shard.column("flags")
            marked: Bools = (flags[np.minimum(at, len(flags) - 1)] & SENTENCE) > 0
            return over | (marked & (at > begin) & (at < stop))
        spans = self.structures(tree.Region(edge.structure))
        places = np.sort(spans.end if edge.end else spans.start)
        there: Bools = np.searchsorted(places, at, side="right") > np.searchsorted(places, at)
        return there & (at > begin if edge.end else at < stop)  # not those of a video that begins or ends here

    def _regions(self, region: tree.Region) -> Matches:
        if region.structure != "s":
            spans = self.structures(region)
            return spans.take(self.documents[documents_of(self.shard.bounds, spans.start)]).distinct()
        starts = self.sentences()
        return Matches(starts[:-1], starts[1:]).take(self.documents[documents_of(self.shard.bounds, starts[:-1])])

    def sentences(self) -> Ints:
        """Where sentences begin, and the end of the last one."""
        if self._sentences is None:
            begins = (self.shard.column("flags") & SENTENCE) > 0
            begins[self.shard.bounds[:-1][np.diff(self.shard.bounds) > 0]] = True
            self._sentences = np.append(np.flatnonzero(begins), self.shard.tokens)
        return self._sentences

    def _filtered(self, spans: Matches, part: tree.Within | tree.Containing) -> Matches:
        if isinstance(part, tree.Containing):
            good = holds_one(spans, self.matches(part.held))
        elif isinstance(part.outer, tree.Window):
            spans = spans.take(self.shard.column("start")[spans.start] >= 0)  # else nobody knows whether it does
            good = self._in_window(spans, part.outer)
        elif part.outer == tree.Region("s"):
            starts = self.sentences()
            good = np.searchsorted(starts, spans.start, side="right") == np.searchsorted(starts, spans.end, side="left")
        else:
            good = lies_in(spans, self._outer(part.outer))
        return spans.take(~good if part.negated else good)

    def _outer(self, outer: Pattern) -> Matches:
        """What stretches may lie in: of ``[]{0,10} A []{0,10}`` the widest matches only, as they hold the others."""
        left, part, right = surroundings(outer)
        found = self.matches(part)
        return widened(found, self.shard.bounds, left, right) if left or right else found

    def _in_window(self, spans: Matches, window: tree.Window) -> Bools:
        start = self.shard.column("start")
        first, last = start[spans.start].astype(np.int64), start[spans.end - 1].astype(np.int64)
        over = start[Videos(self.shard.bounds, spans.start).high - 1].astype(np.int64)
        inside: Bools = {"any": last - first <= window.ms, "first": last < window.ms, "last": first >= over - window.ms}[
            window.where]
        return inside


def _may_be_empty(part: Pattern) -> bool:
    """Whether a part may match without a token."""
    return least(part) == 0


def _has_one_length(part: Pattern) -> bool:
    """Whether all matches of a part have the same number of tokens."""
    match part:
        case tree.Token() | tree.Label():
            return True
        case tree.Repeat():
            return part.low == part.most and _has_one_length(part.part)
        case tree.Sequence():
            return all(map(_has_one_length, part.parts))
        case tree.Either():
            return all(map(_has_one_length, part.parts)) and len(set(map(least, part.parts))) == 1
    return False


def _same(paths: Paths, others: Paths) -> bool:
    """Whether two sets of paths in order are the same."""
    return len(paths) == len(others) and paths.bound.keys() == others.bound.keys() and all(
        np.array_equal(one, other) for one, other in zip(
            (paths.origin, paths.at, *(paths.bound[name] for name in sorted(paths.bound))),
            (others.origin, others.at, *(others.bound[name] for name in sorted(others.bound))), strict=True))


def _is_empty(part: Pattern) -> bool:
    """Whether a part has no token in any match that a search could start from."""
    return isinstance(part, (tree.Edge, tree.Gap))


def _is_gap(part: Pattern) -> bool:
    """Whether a part is any tokens, of a number or a time."""
    return isinstance(part, tree.Gap) or (isinstance(part, tree.Repeat) and part.part == tree.Token())


def _named(paths: Paths, name: str, *, forward: bool) -> Paths:
    """Bind the token that was stepped over just now; going backwards, what was bound before stands further on."""
    token = paths.at - 1 if forward else paths.at
    before = paths.bound.get(name)
    if before is not None and not forward:
        token = np.where(before == UNBOUND, token, before)
    return Paths(paths.origin, paths.at, {**paths.bound, name: token})


def _together(parts: Sequence[Paths]) -> Paths:
    """All paths of several sets, each once."""
    names = sorted({name for part in parts for name in part.bound})
    bound = {name: np.concatenate([part.bound.get(name, np.full(len(part), UNBOUND)) for part in parts]) for name in names}
    check_size(sum(map(len, parts)), 2 + len(names))
    origin, at = (np.concatenate([getattr(part, column) for part in parts]) for column in ("origin", "at"))
    return Paths(origin, at, bound).distinct()


def _without(paths: Paths, seen: Paths) -> Paths:
    """The paths that are not among those seen."""
    names = sorted({*paths.bound, *seen.bound})
    both = [np.concatenate([paths.origin, seen.origin]), np.concatenate([paths.at, seen.at])]
    both += [np.concatenate([one.bound.get(name, np.full(len(one), UNBOUND)) for one in (paths, seen)]) for name in names]
    old = np.arange(len(both[0])) >= len(paths)
    order = np.lexsort((~old, *both[::-1]))  # of equal rows the seen one comes first
    new = np.zeros(len(order), bool)
    new[:1] = True
    for column in both:
        new[1:] |= column[order][1:] != column[order][:-1]
    fresh = order[new]
    return paths.take(np.sort(fresh[fresh < len(paths)]))


def _taken(bound: Mapping[str, Ints], rows: Ints) -> dict[str, Ints]:
    return {name: column[rows] for name, column in bound.items()}


def _crossed(found: Matches, before: Paths, after: Paths) -> Matches:
    """Each way to the left with each way to the right, from the same match."""
    order = np.argsort(after.origin, kind="stable")
    origin = after.origin[order]
    rows, nth = numbered_rows(np.searchsorted(origin, before.origin), np.searchsorted(origin, before.origin, side="right"))
    right = order[nth]
    bound = merge_bound(_taken(before.bound, rows), _taken(found.bound, before.origin[rows]), _taken(after.bound, right))
    return Matches(before.at[rows], after.at[right], bound)
