"""What one head is worth on cells whose grade is known, with intervals over patients."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from facetgrade_training.arrays import Doubles, Grades, Indexes
from facetgrade_training.clustered_interval import Interval, clustered_interval
from facetgrade_training.conformal import conformal_sets, model_grades
from facetgrade_training.ordinal_metrics import auc, calibration_error, recalls, weighted_kappa

REPLICATES = 1000
Statistic = Callable[[Indexes], float | None]


@dataclass(frozen=True)
class Cells:
    """Visible cells of one head: probability (cells, grades), truth (cells,), patient number (cells,)."""

    probability: Doubles
    truth: Grades
    patients: Indexes


@dataclass(frozen=True)
class HeadResult:
    """At the prevalence of these cells. Lists run over cut-offs >= 1, >= 2, ... or over grades 0, 1, ...

    `coverage`: share of the cells of each true grade whose conformal set holds it; `set_size`: mean number of grades.
    """

    cells: int
    patients: int
    counts: list[int]
    kappa: Interval
    auc: list[Interval]
    recall: list[Interval]
    calibration: list[Interval]
    coverage: list[float | None]
    set_size: float


def evaluate_head(
    cells: Cells, minimum_probability: list[float], seed: int = 1, replicates: int = REPLICATES
) -> HeadResult:
    """Malformed cells raise; what is undefined (one grade only) is an interval without an estimate."""
    levels = cells.probability.shape[1]
    grades = model_grades(cells.probability)
    cumulative = np.cumsum(cells.probability[:, ::-1], axis=1)[:, ::-1]
    truth = cells.truth.astype(np.int8)

    def interval(statistic: Statistic) -> Interval:
        return clustered_interval(cells.patients, statistic, replicates, seed)

    sets = conformal_sets(cells.probability, minimum_probability)
    held = np.array([t in one for t, one in zip(truth.tolist(), sets, strict=True)], bool)
    return HeadResult(
        cells=len(truth),
        patients=len(np.unique(cells.patients)),
        counts=np.bincount(truth, minlength=levels).tolist(),
        kappa=interval(lambda i: weighted_kappa(truth[i], grades[i], levels)),
        auc=[interval(_auc_at(truth, cumulative[:, k], k)) for k in range(1, levels)],
        recall=[interval(_recall_at(truth, grades, k)) for k in range(levels)],
        calibration=[interval(_calibration_at(truth, cumulative[:, k], k)) for k in range(1, levels)],
        coverage=[float(held[truth == g].mean()) if (truth == g).any() else None for g in range(levels)],
        set_size=float(np.mean([len(one) for one in sets])),
    )


def _auc_at(truth: Grades, score: Doubles, cut: int) -> Statistic:
    return lambda i: auc(truth[i] >= cut, score[i])


def _recall_at(truth: Grades, grades: Grades, level: int) -> Statistic:
    return lambda i: recalls(truth[i], grades[i], level + 1)[level]


def _calibration_at(truth: Grades, score: Doubles, cut: int) -> Statistic:
    return lambda i: calibration_error(truth[i] >= cut, score[i])
