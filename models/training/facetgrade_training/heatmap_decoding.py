"""From probabilities over the plane to points, as inference does it (packages/inference, the same steps)."""

from dataclasses import dataclass

import numpy as np

from facetgrade_training.arrays import Doubles, Floats

CANDIDATES = 8
CENTROID_REACH = 2
MASS_REACH = 3


@dataclass(frozen=True)
class Peak:
    """Column and row in heatmap pixels; `confidence`: probability within the 7 × 7 pixels around the maximum."""

    column: float
    row: float
    confidence: float


def decode_ordered(maps: Floats) -> list[Peak]:
    """maps (targets, side, side): the likeliest choice of one local maximum each with rows strictly increasing."""
    candidates = [_maxima(one) for one in maps]
    best: list[list[tuple[float, int]]] = [[(_log(maps[0], c), -1) for c in candidates[0]]]
    for target in range(1, len(maps)):
        line = []
        for c in candidates[target]:
            above = [
                (score, index)
                for index, ((score, _), p) in enumerate(zip(best[-1], candidates[target - 1], strict=True))
                if p[0] < c[0]
            ]
            score, index = max(above, default=(-np.inf, -1))
            line.append((score + _log(maps[target], c), index))
        best.append(line)
    choice = int(np.argmax([score for score, _ in best[-1]]))
    chosen = [choice]
    for target in range(len(maps) - 1, 0, -1):
        chosen.append(best[target][chosen[-1]][1])
    return [_refined(one, candidates[t][i]) for t, (one, i) in enumerate(zip(maps, reversed(chosen), strict=True))]


def decode_each(maps: Floats) -> list[Peak]:
    """The greatest maximum of each target, without order."""
    return [_refined(one, _maxima(one)[0]) for one in maps]


def _maxima(one: Floats) -> list[tuple[int, int]]:
    """(row, column) of the greatest local maxima over 3 × 3, best first; the greatest value is always among them."""
    padded = np.pad(one, 1, constant_values=-np.inf)
    shape = one.shape
    around = [padded[r : r + shape[0], c : c + shape[1]] for r in range(3) for c in range(3) if (r, c) != (1, 1)]
    rows, columns = np.nonzero(one >= np.maximum.reduce(around))
    order = np.argsort(-one[rows, columns], kind="stable")[:CANDIDATES]
    return [(int(rows[i]), int(columns[i])) for i in order]


def _log(one: Floats, place: tuple[int, int]) -> float:
    return float(np.log(max(float(one[place]), 1e-12)))


def _refined(one: Floats, place: tuple[int, int]) -> Peak:
    row, column = place
    rows = np.arange(max(0, row - CENTROID_REACH), min(one.shape[0], row + CENTROID_REACH + 1))
    columns = np.arange(max(0, column - CENTROID_REACH), min(one.shape[1], column + CENTROID_REACH + 1))
    window: Doubles = one[np.ix_(rows, columns)].astype(np.float64)
    total = max(float(window.sum()), 1e-12)
    reach = np.s_[
        max(0, row - MASS_REACH) : row + MASS_REACH + 1, max(0, column - MASS_REACH) : column + MASS_REACH + 1
    ]
    return Peak(
        column=float((window.sum(0) * columns).sum() / total),
        row=float((window.sum(1) * rows).sum() / total),
        confidence=min(1.0, float(one[reach].sum())),
    )
