"""Class-conditional conformal sets: of each true grade at least 1 − alpha of the cells keep it in their set."""

import numpy as np

from facetgrade_training.arrays import Doubles, Grades

ALPHA = 0.1


def minimum_probabilities(probability: Doubles, truth: Grades, alpha: float = ALPHA) -> list[float]:
    """For each grade the least probability with which it still belongs to a set.

    probability (cells, grades), truth (cells,) of validation cells. A grade with too few cells for a promise of its own
    (fewer than 1 / alpha − 1) belongs to a set from a probability of alpha on, without a promise: always including it
    would make every set reach to it and say nothing. The card's counts show which grades these are.
    """
    own = [_threshold(probability[truth == grade, grade], alpha) for grade in range(probability.shape[1])]
    return [alpha if threshold is None else threshold for threshold in own]


def _threshold(own: Doubles, alpha: float) -> float | None:
    """Split-conformal quantile: k-th smallest of the true grade, k = floor(alpha (n + 1)); None if k = 0."""
    rank = int(np.floor(alpha * (len(own) + 1)))
    return float(np.sort(own)[rank - 1]) if rank >= 1 else None


def conformal_sets(probability: Doubles, minimum: list[float]) -> list[list[int]]:
    """The contiguous hull of the grades that reach their threshold, and of the model's own grade."""
    own = model_grades(probability)
    sets = []
    for row, grade in zip(probability, own, strict=True):
        within = [g for g, p in enumerate(row) if p >= minimum[g]] + [int(grade)]
        sets.append(list(range(min(within), max(within) + 1)))
    return sets


def model_grades(probability: Doubles) -> Grades:
    """Number of cut-offs with P(y >= k) >= .5."""
    cumulative = np.cumsum(probability[:, ::-1], axis=1)[:, ::-1][:, 1:]
    grades: Grades = (cumulative >= 0.5).sum(1).astype(np.int8)
    return grades
