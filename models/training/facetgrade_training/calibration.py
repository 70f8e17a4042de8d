"""From the network's logits to probabilities at natural prevalence: a temperature per head, a shift per cut-off."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from facetgrade_training.arrays import Doubles, Floats

# Strength with which a fitted shift is held at the prior shift, in cells: few positives move it little.
SHIFT_RIDGE = 10.0


@dataclass(frozen=True)
class Calibration:
    """Of one head: P(y >= k) = running minimum over k of sigmoid(logit_k / temperature + shifts_k)."""

    temperature: float
    shifts: tuple[float, ...]


def fit_calibration(logits: Floats, labels: Floats, prior_shifts: Doubles) -> Calibration:
    """Least cross-entropy on validation cells at natural prevalence; shifts lean on the prior shifts of the sampling.

    logits and labels (cells, cut-offs) of one head's visible cells; without cells the prior shifts stand alone.
    """
    if len(logits) == 0:
        return Calibration(1.0, tuple(map(float, prior_shifts)))
    x, y = torch.from_numpy(logits.astype(np.float64)), torch.from_numpy(labels.astype(np.float64))
    prior = torch.from_numpy(np.array(prior_shifts, np.float64))
    log_temperature = torch.zeros((), dtype=torch.float64, requires_grad=True)
    shifts = prior.clone().requires_grad_()
    optimiser = torch.optim.LBFGS([log_temperature, shifts], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        likelihood = binary_cross_entropy_with_logits(x / log_temperature.exp() + shifts, y, reduction="sum")
        held = SHIFT_RIDGE * ((shifts - prior) ** 2).sum() / 2 + log_temperature**2 / 2
        objective = likelihood + held
        objective.backward()  # type: ignore[no-untyped-call]
        return objective

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return Calibration(float(log_temperature.detach().exp()), tuple(float(s) for s in shifts.detach()))


def calibrated(logits: Floats, calibration: Calibration) -> Doubles:
    """(cells, cut-offs) P(y >= k), never rising with k."""
    scaled = logits.astype(np.float64) / calibration.temperature + np.array(calibration.shifts)
    probability: Doubles = np.minimum.accumulate(1 / (1 + np.exp(-scaled)), axis=1)
    return probability


def grade_probabilities(cumulative: Doubles) -> Doubles:
    """(cells, cut-offs) P(y >= k) → (cells, grades), each row summing to 1."""
    ones, zeros = np.ones((len(cumulative), 1)), np.zeros((len(cumulative), 1))
    probability: Doubles = -np.diff(np.concatenate([ones, cumulative, zeros], axis=1), axis=1)
    return probability
