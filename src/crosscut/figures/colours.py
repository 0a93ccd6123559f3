"""Colours that readers can tell apart, whatever the study file says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

#: Okabe & Ito 2008, in an order that keeps neighbours apart; their black is a grey here, to be seen on a dark page.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A7A7A", "#F0E442")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def colours(wanted: Mapping[str, str]) -> dict[str, str]:
    """A colour for each outlet: its own if it is #rrggbb, else the next of the palette that nobody has."""
    taken = {colour.upper() for colour in wanted.values() if _HEX.fullmatch(colour)}
    free = [colour for colour in PALETTE if colour not in taken] or list(PALETTE)
    found, used = {}, 0
    for key, colour in wanted.items():
        if _HEX.fullmatch(colour):
            found[key] = colour
        else:
            found[key], used = free[used % len(free)], used + 1
    return found


def chosen(keys: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """The colour of each outlet of a table: by the study file where it has one, and the same for an outlet in any table."""
    found = colours({**wanted, **{key: "" for key in keys if key not in wanted}})
    return {key: found[key] for key in keys}
