"""What must be beaten: the commonest grade, and what level, side, age and sex alone would say."""

import numpy as np
import torch
from torch import Tensor

from facetgrade_training.arrays import Doubles, Floats
from facetgrade_training.calibration import grade_probabilities
from facetgrade_training.export_rows import LEVELS, Rows
from facetgrade_training.losses import ordinal_loss
from facetgrade_training.modality import FEATURES
from facetgrade_training.training_export import GraderData


def majority_probability(data: GraderData, head: int) -> Doubles:
    """(grades,): 1 at the commonest grade of the visible training cells."""
    rows = data.rows.of_part("train")
    truth = np.asarray(data.truth[rows, head])[np.asarray(data.mask[rows, head]) > 0]
    levels = data.levels[FEATURES[head]]
    found = np.zeros(levels)
    found[int(np.argmax(np.bincount(truth, minlength=levels)))] = 1
    return found


def circumstances(rows: Rows) -> Floats:
    """(rows, 11): level one-hot, left side, age in decades from 55, its square, female, and whether age is unknown."""
    level = np.array([[one == name for name in LEVELS] for one in rows.level], np.float32).reshape(len(rows.level), -1)
    decades = np.nan_to_num((rows.age - 55) / 10, nan=0.0)
    others = [
        np.array([side == "left" for side in rows.side]),
        decades,
        decades**2,
        np.array([sex.upper().startswith("F") for sex in rows.sex]),
        np.isnan(rows.age),
    ]
    return np.concatenate([level, np.stack(others, 1).astype(np.float32)], axis=1)


def circumstances_probability(data: GraderData, target: Rows) -> dict[int, Doubles]:
    """By head (rows of `target`, grades): a cumulative logistic regression on the training joints, no image seen."""
    train = data.rows.of_part("train")
    inputs = torch.from_numpy(circumstances(data.rows)[train])
    labels, mask = (torch.from_numpy(np.asarray(array[train])) for array in (data.labels, data.mask))
    weights = _fitted(inputs, labels, mask, torch.from_numpy(data.cutoff_mask()))
    logits = (_with_one(torch.from_numpy(circumstances(target))) @ weights).view(-1, *labels.shape[1:]).numpy()
    cumulative = np.minimum.accumulate(1 / (1 + np.exp(-logits.astype(np.float64))), axis=2)
    asked = {head: data.levels[feature] - 1 for head, feature in enumerate(FEATURES) if feature in data.levels}
    return {head: grade_probabilities(cumulative[:, head, :cutoffs]) for head, cutoffs in asked.items()}


def _fitted(inputs: Tensor, labels: Tensor, mask: Tensor, cutoff_mask: Tensor) -> Tensor:
    design = _with_one(inputs)
    weights = torch.zeros(design.shape[1], labels.shape[1] * labels.shape[2], requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        logits = (design @ weights).view(labels.shape)
        loss = ordinal_loss("soft", logits, labels, mask, cutoff_mask) + 1e-3 * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    return weights.detach()


def _with_one(inputs: Tensor) -> Tensor:
    return torch.cat([inputs, torch.ones(len(inputs), 1)], 1)
