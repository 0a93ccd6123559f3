"""What was not collected of an outlet in some days, as far as that is known: what an absence may be nothing but.

Known are the videos that sources speak of (listings, sidecars, captions that do not count), and the days on which nothing
is there.  A video that no source ever spoke of is known to nobody: where the ledger has no record of attempts to collect,
it is said that gaps are unknown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from crosscut.ledger import Ledger
from crosscut.model import USABLE
from crosscut.query.fields import day_numbers
from crosscut.query.mask import Mask
from crosscut.tokens import norm, tokenise
from crosscut.workbench.opened import Opened

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A day that is not known.
UNKNOWN = -1
#: So many days before and after a story belong to it.
AROUND = 1
#: Titles that are named in a row.
TITLES = 3
#: Words of fewer letters say little, and so do those in more than this share of all titles.
LETTERS, RARE = 3, 0.05
LISTED, AGE, LEFT_OUT = "listed only", "age-restricted", "left out by --where or --span"
#: From this age on platforms ask who is watching.
ADULT = 18
NO_ATTEMPTS = ("there is no record of attempts to collect: of videos that no list, sidecar or caption file speaks of "
               "nothing is known (gaps unknown)")

#: What each column is.
COLUMNS = {
    "missing": "Videos of this outlet in these days, and a day around them, that are known but have no words that count.",
    "undated": "Videos of this outlet without words that count whose day is not known: they may lie in these days.",
    "empty_days": "Days of these without any video of the outlet that counts.",
    "gaps": "What is known to be missing: why (listed only: nothing but a list speaks of it), and on how many days there is "
            "no video, where that is more than usual with this outlet.",
    "titles": "Titles of what is missing or undated that have one of the terms, or a word that titles of the others share: "
              "what was not collected may be this.",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """What is known to be missing of an outlet in some days: the columns of ``COLUMNS``."""

    missing: int
    undated: int
    empty_days: int
    gaps: str
    titles: str


#: The same where the others' days are not known.
NO_DAY = (None, None, None, "no day of the others is known", "")


class Gaps:
    """What is known to be missing under a mask."""

    def __init__(self, corpus: Opened, mask: Mask) -> None:
        self.corpus, self.mask, self.days = corpus, mask, day_numbers(corpus.files.catalog)
        codes, self.outlets = corpus.files.catalog.codes("outlet")
        self.outlet = codes.astype(np.int64)

    def of(self, outlet: int, first: int, last: int, terms: Iterable[str]) -> Gap:
        """Of an outlet (its code) from one day to another and a day around; ``terms``: norms to look for in titles."""
        first, last = first - AROUND, last + AROUND
        lacking = (self.outlet == outlet) & ~self.mask.videos
        inside = np.flatnonzero(lacking & (self.days >= first) & (self.days <= last))
        undated = np.flatnonzero(lacking & (self.days == UNKNOWN))
        empty, many = self._empty(outlet, first, last)
        reasons = Counter(self._why[video] for video in inside.tolist())
        vague = Counter(f"{why}, of unknown day" for video in undated.tolist() if (why := self._why[video]) != "undated")
        vague["undated"] = sum(self._why[video] == "undated" for video in undated.tolist())
        said = [f"{why}: {count:,}" for why, count in (*sorted(reasons.items()), *sorted(vague.items())) if count]
        titled = self._titled([*inside.tolist(), *undated.tolist()], frozenset(terms))
        parts = ["; ".join(said), self._without(outlet, empty, many)]
        ending = "" if self.attempts else "gaps unknown" if not any(parts) else "others unknown"
        return Gap(len(inside), len(undated), empty, "; ".join(filter(None, (*parts, ending))) or "none known", titled)

    def _empty(self, outlet: int, first: int, last: int) -> tuple[int, int]:
        """Days without a video of the outlet that counts, and how many there are; days beyond all videos are none."""
        known = self.days[self.mask.videos & (self.days != UNKNOWN)]
        first, last = max(first, int(known.min(initial=last))), min(last, int(known.max(initial=first)))
        there = self.days[(self.outlet == outlet) & self.mask.videos & (self.days >= first) & (self.days <= last)]
        return last - first + 1 - len(set(there.tolist())), last - first + 1

    def _without(self, outlet: int, empty: int, many: int) -> str:
        """Days without a video in words, where they are more than usual with this outlet."""
        known = self.days[(self.outlet == outlet) & self.mask.videos & (self.days != UNKNOWN)]
        if not empty or not len(known):
            return "" if len(known) else "no dated video that counts"
        usual = 1 - len(set(known.tolist())) / (int(known.max()) - int(known.min()) + 1)
        return f"no video on {empty} of {many} days (usual: {usual:.0%})" if empty / many > usual else ""

    def _titled(self, videos: Sequence[int], terms: frozenset[str]) -> str:
        """The titles among some videos that have one of the terms."""
        titles = self.corpus.files.catalog.text("title")
        found = [video for video in videos if terms & self.in_titles[video]]
        named = ", ".join(f"‘{titles[video]}’" for video in found[:TITLES])
        return f"{named} and {len(found) - TITLES:,} more" if len(found) > TITLES else named

    @cached_property
    def in_titles(self) -> list[frozenset[str]]:
        """The norms of the words in each video's title."""
        return [frozenset(map(norm, tokenise(title).forms)) for title in self.corpus.files.catalog.text("title").tolist()]

    def shared_in_titles(self, videos: Ints) -> set[str]:
        """Words that two or more of some videos have in their titles, and few others have: as good as names of a story."""
        seen = Counter(word for video in set(videos.tolist()) for word in self.in_titles[video])
        return {word for word, many in seen.items() if many > 1 and len(word) >= LETTERS and word.isalpha()
                and self._titles_with[word] <= max(many, RARE * len(self.in_titles))}

    @cached_property
    def _titles_with(self) -> Counter[str]:
        return Counter(word for words in self.in_titles for word in words)

    @cached_property
    def _why(self) -> dict[int, str]:
        """Why each video that does not count does not: its status, or what the ledger knows beyond it."""
        lacking = np.flatnonzero(~self.mask.videos)
        statuses = self.corpus.files.catalog.values("status", lacking)
        why = dict(zip(lacking.tolist(), (LEFT_OUT if status == USABLE else status for status in statuses), strict=True))
        more = self._more([self.corpus.files.catalog.video[video] for video in lacking.tolist()])
        return {video: more.get(self.corpus.files.catalog.video[video], status) if status == "no captions" else status
                for video, status in why.items()}

    def _more(self, videos: Sequence[str]) -> dict[str, str]:
        """What the ledger knows of videos without captions: who must be of age, and what only a list speaks of."""
        with Ledger(self.corpus.study.ledger) as ledger:
            said = list(ledger.statements(self.corpus.files.manifest.as_of, videos))
        sources: dict[str, set[str]] = {}
        adult = set()
        for row in said:
            sources.setdefault(row["video"], set()).add(row["source"])
            limit = dict(json.loads(row["extra"])).get("age_limit", "0")
            if limit.isdigit() and int(limit) >= ADULT:
                adult.add(row["video"])
        listed = {video for video, known in sources.items() if "listing" in known <= {"listing", "path"}}
        return dict.fromkeys(listed, LISTED) | dict.fromkeys(adult, AGE)

    @cached_property
    def attempts(self) -> int:
        """How many attempts to collect are on record."""
        with Ledger(self.corpus.study.ledger) as ledger:
            return int(ledger.rows("SELECT count(*) AS n FROM attempts")[0]["n"])

    def notes(self) -> list[str]:
        """What is to be known of all gaps."""
        return [] if self.attempts else [NO_ATTEMPTS]
