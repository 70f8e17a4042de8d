"""Ordinal losses over cumulative labels.

Shapes, everywhere: logits and labels (batch, heads, cut-offs); mask (batch, heads) 1 where the cell may be judged;
cut-off mask (heads, cut-offs) 1 where the feature's scale has that cut-off. Labels are the mean over readers of
1[y >= k], k = 1 ... levels - 1, so a single truth is a row of ones followed by zeros.
"""

from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, softplus

Loss = Literal["cumulative", "soft", "corn"]
LOSSES: tuple[Loss, ...] = ("cumulative", "soft", "corn")


def ordinal_loss(loss: Loss, logits: Tensor, labels: Tensor, mask: Tensor, cutoff_mask: Tensor) -> Tensor:
    """Sum over heads of the mean loss of the head's visible cells, a scalar; a head that nobody sees adds nothing.

    `cumulative`: binary cross-entropy against the majority's indicator. `soft`: against the mean indicator, which
    keeps the readers' disagreement. `corn`: conditional on having passed the cut-off below (Shi et al. 2023), where
    the logits are those of P(y >= k | y >= k - 1).
    """
    targets = (labels >= 0.5).to(labels.dtype) if loss == "cumulative" else labels
    cells = _corn(logits, targets) if loss == "corn" else _cumulative(logits, targets)
    per_head = (cells * cutoff_mask).sum(2)
    seen = mask.sum(0)
    return ((per_head * mask).sum(0) / seen.clamp(min=1)).sum()


def cumulative_logits(loss: Loss, logits: Tensor) -> Tensor:
    """Logits of P(y >= k), whatever the loss was; for `corn` the product of the conditional probabilities."""
    if loss != "corn":
        return logits
    log_passed = logsigmoid(logits).cumsum(2).clamp(max=-1e-6)
    # logit(p) from log(p): log p - log(1 - p).
    return log_passed - torch.log(-torch.expm1(log_passed))


def _cumulative(logits: Tensor, targets: Tensor) -> Tensor:
    return targets * softplus(-logits) + (1 - targets) * softplus(logits)


def _corn(logits: Tensor, targets: Tensor) -> Tensor:
    """Weighted by P(y >= k - 1): an example that did not reach the cut-off below says nothing about this one."""
    passed_below = torch.cat([torch.ones_like(targets[..., :1]), targets[..., :-1]], dim=2)
    return targets * softplus(-logits) + (passed_below - targets) * softplus(logits)
