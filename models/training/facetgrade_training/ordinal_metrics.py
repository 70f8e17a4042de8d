"""What a grade is worth: agreement, ranking, calibration. Malformed input raises; an undefined value is None."""

import numpy as np

from facetgrade_training.arrays import Doubles, Grades


def weighted_kappa(truth: Grades, grade: Grades, levels: int) -> float | None:
    """Quadratic-weighted kappa (Cohen 1968); None without cells or where both are one and the same grade throughout."""
    if len(truth) == 0:
        return None
    table = np.zeros((levels, levels))
    np.add.at(table, (truth.astype(int), grade.astype(int)), 1)
    steps = np.subtract.outer(np.arange(levels), np.arange(levels)) ** 2
    expected = np.outer(table.sum(1), table.sum(0)) / len(truth)
    disagreement = float((steps * expected).sum())
    return None if disagreement == 0 else 1 - float((steps * table).sum()) / disagreement


def auc(positive: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], score: Doubles) -> float | None:
    """Probability that a positive outranks a negative, ties counting half; None where one kind is missing."""
    ups, downs = int(positive.sum()), int((~positive).sum())
    if ups == 0 or downs == 0:
        return None
    values, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    mid_ranks = np.cumsum(counts) - (counts - 1) / 2
    del values
    return float((mid_ranks[place][positive].sum() - ups * (ups + 1) / 2) / (ups * downs))


def calibration_error(positive: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], probability: Doubles) -> float | None:
    """Expected calibration error in ten bins of equal width; None without cells."""
    if len(probability) == 0:
        return None
    bins = np.minimum((probability * 10).astype(int), 9)
    total = np.zeros(10)
    np.add.at(total, bins, positive - probability)
    return float(np.abs(total).sum() / len(probability))


def recalls(truth: Grades, grade: Grades, levels: int) -> list[float | None]:
    """Share of each true grade that was given that grade; None for a grade that never occurs."""
    return [
        float((grade[truth == level] == level).mean()) if (truth == level).any() else None for level in range(levels)
    ]
