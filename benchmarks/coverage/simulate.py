"""Draw samples of a population, make every interval of each, and count how often they hold the truth."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.coverage import populations
from benchmarks.coverage.intervals import RATES, RATIOS, Limits, ours
from benchmarks.coverage.populations import Population
from crosscut.measure.exact import FEW

Floats = npt.NDArray[np.float64]

SAMPLES = 1_000
SIZES = (10, 20, 50, 150, 500)
PAIRS = ((20, 20), (50, 50), (150, 150), (20, 150), (500, 500))
#: Samples by how many of their videos have hits.
BANDS = {"none": (0, 1), "1 to 4": (1, 5), "5 to 9": (5, 10), "10 or more": (10, 10**9)}
#: What is known of how hits come together: from the group alone, or from so many other groups of the same query.
OTHERS = 3
KNOWN = "ours, with three other groups"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """Samples one by one: whether the interval held the truth, lay below or above it, and its upper limit over the truth."""

    covered: npt.NDArray[np.bool_]
    below: npt.NDArray[np.bool_]
    above: npt.NDArray[np.bool_]
    width: Floats
    high: Floats


def held(limits: Limits, truth: float) -> Held:
    """What became of some intervals of a rate."""
    low, high = limits
    return Held((low <= truth) & (truth <= high), high < truth, low > truth, (high - low) / truth, high / truth)


def simulate(samples: int = SAMPLES, *, jobs: int = 2) -> dict[str, Any]:
    """Everything: a row a population, size and method; a row a band of videos with hits; a row a pair of groups."""
    asked = [*populations.made(), *populations.real()]
    with ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(partial(one_population, samples=samples), range(len(asked))))
    return {"samples": samples,
            "rates": [row for rates, _, _ in found for row in rates],
            "few": banded([band for _, bands, _ in found for band in bands]),
            "ratios": [row for _, _, ratios in found for row in ratios]}


def one_population(place: int, samples: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Rates, bands and ratios of one population, by its place among all: what a process does."""
    population = [*populations.made(), *populations.real()][place]
    random = np.random.default_rng(zlib.crc32(population.name.encode()))
    rates, bands = [], []
    for size in SIZES:
        rows, some = rates_of(population, size, samples, random)
        rates += rows
        bands += some
    return rates, bands, list(ratios_of(population, samples // 2, random))


def rates_of(
    population: Population, size: int, samples: int, random: np.random.Generator,
) -> tuple[list[Row], list[Row]]:
    """How often the intervals of each method hold the rate, over samples of so many videos; and by videos with hits."""
    hits, words = population.draw(random, samples, size)
    others = population.draw(random, samples, OTHERS * size)
    with_hits = np.count_nonzero(hits, axis=1)
    results = {name: method(hits, words) for name, method in RATES.items()}
    few = with_hits < FEW
    low, high = (ends.copy() for ends in results["ours"])
    if few.any():
        low[few], high[few] = ours(hits[few], words[few], (others[0][few], others[1][few]))
    results[KNOWN] = low, high
    kept = {name: held(limits, population.rate) for name, limits in results.items()}
    about = {"population": population.name, "real": population.real, "per_million": 1e6 * population.rate, "videos": size}
    rows = [{**about, "method": name, **summary(found)} for name, found in kept.items()]
    return rows, list(_bands(kept, with_hits))


def summary(found: Held) -> Row:
    """Shares in percent, and the median width as a multiple of the truth."""
    return {"covered": 100 * float(found.covered.mean()), "below": 100 * float(found.below.mean()),
            "above": 100 * float(found.above.mean()), "width": float(np.median(found.width))}


def _bands(kept: Mapping[str, Held], with_hits: npt.NDArray[np.int64]) -> Iterator[Row]:
    for band, (least, end) in BANDS.items():
        some = (with_hits >= least) & (with_hits < end)
        for name, found in kept.items() if some.any() else ():
            yield {"videos_with_hits": band, "method": name, "samples": int(some.sum()),
                   "covered": int(found.covered[some].sum()), "high": found.high[some]}


def banded(rows: Sequence[Row]) -> list[Row]:
    """The same over all populations and sizes."""
    found = []
    for band in BANDS:
        for method in dict.fromkeys(row["method"] for row in rows):
            some = [row for row in rows if (row["videos_with_hits"], row["method"]) == (band, method)]
            samples = sum(row["samples"] for row in some)
            found.append({"videos_with_hits": band, "method": method, "samples": samples,
                          "covered": 100 * sum(row["covered"] for row in some) / max(samples, 1),
                          "high": float(np.median(np.concatenate([row["high"] for row in some])))})
    return found


def ratios_of(population: Population, samples: int, random: np.random.Generator) -> Iterator[Row]:
    """The log ratio of two samples of one population, which is 0 in truth; where each has hits in five videos or more."""
    for sizes in PAIRS:
        one, other = (population.draw(random, samples, size) for size in sizes)
        some = np.minimum(np.count_nonzero(one[0], axis=1), np.count_nonzero(other[0], axis=1)) >= FEW
        if some.mean() < 0.5:
            continue
        for name, method in RATIOS.items():
            low, high = method((one[0][some], one[1][some]), (other[0][some], other[1][some]))
            yield {"population": population.name, "real": population.real, "videos": list(sizes), "method": name,
                   "samples": int(some.sum()), "covered": 100 * float(((low <= 0) & (high >= 0)).mean()),
                   "width": float(np.median(high - low))}
