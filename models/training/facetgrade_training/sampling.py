"""Balanced sampling, and what it does to the prevalence of every cut-off."""

from dataclasses import dataclass

import numpy as np

from facetgrade_training.arrays import Doubles, Floats, Indexes

WEIGHT_CAP = 8.0


@dataclass(frozen=True)
class SamplingPlan:
    """`weights`: chance of each training row, summing to 1.

    `shift`: (6, cut-offs) to be added to a logit that was learnt under these weights: logit of the natural prevalence
    less logit of the sampled one. Without it a head that is right on balanced data is badly wrong on natural data.
    """

    weights: Doubles
    shift: Doubles


@dataclass(frozen=True)
class LabelRows:
    """labels (rows, 6, cut-offs), mask (rows, 6)."""

    labels: Floats
    mask: Floats


def sampling_plan(train: LabelRows, natural: LabelRows, power: float) -> SamplingPlan:
    """Weight of a row: mean over visible heads of (1 / share of its grade) ** power, capped. power 0: no balancing.

    `natural`: rows whose prevalence the model will meet (validation; balanced cohorts may have joined training).
    """
    labels, mask = train.labels, train.mask
    weights = np.ones(len(labels))
    total, heads = np.zeros(len(labels)), np.zeros(len(labels))
    for head in range(labels.shape[1]):
        seen = mask[:, head] > 0
        if not seen.any():
            continue
        grade = np.rint(labels[:, head].sum(1)).astype(int)
        share = np.bincount(grade[seen], minlength=labels.shape[2] + 1) / seen.sum()
        total[seen] += np.minimum((1 / np.maximum(share[grade[seen]], 1e-3)) ** power, WEIGHT_CAP)
        heads += seen
    visible = heads > 0
    weights[visible] = total[visible] / heads[visible]
    # A row without any visible cell teaches nothing.
    weights[~visible] = 0
    weights /= weights.sum()
    return SamplingPlan(weights, prior_shift(train, weights, natural))


def prior_shift(train: LabelRows, weights: Doubles, natural: LabelRows) -> Doubles:
    """(6, cut-offs), logits; 0 where nobody is seen. Half a cell more on both sides: rare is never never."""
    found = _logit(_prevalence(natural, np.full(len(natural.labels), 1 / len(natural.labels))))
    shift: Doubles = found - _logit(_prevalence(train, weights))
    return shift


def _prevalence(rows: LabelRows, row_weights: Doubles) -> Doubles:
    """(6, cut-offs) share of visible cells that reach each cut-off."""
    cell = rows.mask * row_weights[:, None]
    count = (rows.mask > 0).sum(0)[:, None]
    shares = (rows.labels * cell[..., None]).sum(0) / np.maximum(cell.sum(0), 1e-12)[:, None]
    smoothed: Doubles = (shares * count + 0.5) / (count + 1)
    return smoothed


def draw(plan: SamplingPlan, count: int, random: np.random.Generator) -> Indexes:
    """Row positions for one epoch, drawn systematically: a row of weight w comes floor or ceil of count · w times."""
    ticks = (np.arange(count) + random.random()) / count
    positions = np.searchsorted(np.cumsum(plan.weights), ticks).clip(max=len(plan.weights) - 1)
    return random.permutation(positions)


def _logit(share: Doubles) -> Doubles:
    clipped = np.clip(share, 1e-6, 1 - 1e-6)
    result: Doubles = np.log(clipped) - np.log1p(-clipped)
    return result
