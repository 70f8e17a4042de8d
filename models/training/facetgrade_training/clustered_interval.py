"""Bootstrap over patients: joints of one patient are never independent."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from facetgrade_training.arrays import Indexes


@dataclass(frozen=True)
class Interval:
    """95 % percentile interval; `low` and `high` None where fewer than 90 % of the replicates were defined."""

    estimate: float | None
    low: float | None
    high: float | None


def clustered_interval(
    patients: Indexes, statistic: Callable[[Indexes], float | None], replicates: int, seed: int
) -> Interval:
    """`patients`: cluster number of each cell; `statistic`: of the cells with these indexes (repeats allowed)."""
    whole = statistic(np.arange(len(patients)))
    order = np.argsort(patients, kind="stable")
    clusters = np.split(order, np.flatnonzero(np.diff(patients[order])) + 1)
    random = np.random.default_rng(seed)
    drawn: list[float] = []
    for _ in range(replicates if len(clusters) > 1 else 0):
        chosen = random.integers(0, len(clusters), len(clusters))
        value = statistic(np.concatenate([clusters[i] for i in chosen]))
        if value is not None:
            drawn.append(value)
    if whole is None or len(drawn) < 0.9 * replicates or not drawn:
        return Interval(whole, None, None)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(whole, float(low), float(high))
