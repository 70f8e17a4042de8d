"""The losses against sums written out by hand."""

from math import exp, log

import numpy as np
import pytest
import torch

from facetgrade_training.losses import LOSSES, Loss, cumulative_logits, ordinal_loss

GRADES = (0, 3, 1, 2)


def indicators(grades: tuple[int, ...]) -> torch.Tensor:
    return torch.tensor([[[float(grade >= k) for k in (1, 2, 3)]] for grade in grades])


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


def test_corn_is_the_likelihood_of_each_step_that_was_reached() -> None:
    logits = torch.randn(4, 1, 3, generator=torch.Generator().manual_seed(1))
    expected = 0.0
    for row, grade in enumerate(GRADES):
        for k in (1, 2, 3):
            if grade >= k - 1:
                passed = sigmoid(float(logits[row, 0, k - 1]))
                expected -= log(passed if grade >= k else 1 - passed)
    found = ordinal_loss("corn", logits, indicators(GRADES), torch.ones(4, 1), torch.ones(1, 3))
    assert float(found) == pytest.approx(expected / 4, rel=1e-5)


def test_corn_probabilities_are_products_of_the_steps() -> None:
    logits = torch.tensor([[[0.3, -1.0, 2.0]]])
    steps = [sigmoid(x) for x in (0.3, -1.0, 2.0)]
    expected = [steps[0], steps[0] * steps[1], steps[0] * steps[1] * steps[2]]
    assert torch.sigmoid(cumulative_logits("corn", logits))[0, 0].tolist() == pytest.approx(expected, rel=1e-5)


def test_cumulative_is_binary_cross_entropy_at_each_cutoff() -> None:
    logits = torch.randn(4, 1, 3, generator=torch.Generator().manual_seed(2))
    expected = 0.0
    for row, grade in enumerate(GRADES):
        for k in (1, 2, 3):
            p = sigmoid(float(logits[row, 0, k - 1]))
            expected -= log(p if grade >= k else 1 - p)
    found = ordinal_loss("cumulative", logits, indicators(GRADES), torch.ones(4, 1), torch.ones(1, 3))
    assert float(found) == pytest.approx(expected / 4, rel=1e-5)


def test_soft_is_least_at_the_share_of_readers_who_say_so() -> None:
    labels = torch.tensor([[[0.75, 0.25, 0.0]]])

    def at(shares: tuple[float, float, float]) -> float:
        logits = torch.tensor([[[log(p / (1 - p)) for p in shares]]])
        return float(ordinal_loss("soft", logits, labels, torch.ones(1, 1), torch.ones(1, 3)))

    least = at((0.75, 0.25, 1e-6))
    assert least < at((0.85, 0.25, 1e-6))
    assert least < at((0.65, 0.25, 1e-6))
    assert least < at((0.75, 0.35, 1e-6))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_cell_that_nobody_can_see_teaches_nothing(loss: Loss) -> None:
    logits = torch.randn(4, 2, 3, requires_grad=True)
    mask = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    labels = indicators(GRADES).repeat(1, 2, 1)
    ordinal_loss(loss, logits, labels, mask, torch.ones(2, 3)).backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert (logits.grad[mask == 0] == 0).all()
    assert (logits.grad[mask > 0] != 0).any(dim=1).all()


def test_a_cutoff_beyond_the_scale_teaches_nothing() -> None:
    logits = torch.randn(4, 1, 3, requires_grad=True)
    cutoffs = torch.tensor([[1.0, 1.0, 0.0]])
    ordinal_loss("soft", logits, indicators(GRADES), torch.ones(4, 1), cutoffs).backward()  # type: ignore[no-untyped-call]
    assert logits.grad is not None
    assert (logits.grad[..., 2] == 0).all()


def test_a_head_without_any_visible_cell_is_no_division_by_zero() -> None:
    found = ordinal_loss("soft", torch.zeros(4, 1, 3), indicators(GRADES), torch.zeros(4, 1), torch.ones(1, 3))
    assert np.isfinite(float(found))
    assert float(found) == 0
