"""The score at which the model calls a cut-off passed: greatest Youden index on validation, then frozen."""

import numpy as np

from facetgrade_training.arrays import Doubles


def youden_threshold(positive: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], score: Doubles) -> float | None:
    """A positive call is score >= threshold, midway between two scores. None where one kind is missing."""
    if positive.all() or not positive.any():
        return None
    values = np.unique(score)
    below_positive = np.searchsorted(np.sort(score[positive]), values, side="left") / positive.sum()
    below_negative = np.searchsorted(np.sort(score[~positive]), values, side="left") / (~positive).sum()
    best = int(np.argmax(below_negative - below_positive))
    lower = values[best - 1] if best > 0 else 0.0
    return float((lower + values[best]) / 2)
