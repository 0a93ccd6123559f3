"""Do the rates of two outlets follow one another: their correlation at each lag, with intervals."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.figures import estimates
from crosscut.figures.about import About, Row
from crosscut.figures.style import Sketch

_KIND = estimates.Kind(
    "correlation", "correlation at the lag", "correlation",
    "Correlation of two rates when the second is so many periods behind the first (below 0: the first behind the second).",
    form="+.2f", bounds=(-1.0, 1.0), zero=0.0, over="over blocks of periods",
    counts=("periods", lambda row: f"{row['periods']:,}" if row.get("periods") is not None else ""))


def draw(columns: Sequence[str], rows: Sequence[Row], about: About) -> Sketch:
    """A column of lags for each pair."""
    signed = [{**row, "lag": f"{row['lag']:+d}".replace("-", "−") if row["lag"] else "0"} for row in rows]
    return estimates.draw(_KIND, columns, signed, about, "lag")
