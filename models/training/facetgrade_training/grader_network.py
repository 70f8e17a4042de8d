"""The grader: a stem per modality, one trunk, six heads of cumulative logits."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from facetgrade_training.losses import Loss, cumulative_logits
from facetgrade_training.modality import FEATURES, LAYOUTS, Modality

WIDTHS = (32, 64, 128, 192)


class ModalityNorm(nn.Module):
    """Batch normalisation with statistics of its own per modality.

    Batches are of one modality. Shared running statistics would be a mixture that no batch ever had, and the network
    would behave differently in training and in use.
    """

    def __init__(self, modalities: tuple[Modality, ...], channels: int) -> None:
        super().__init__()
        self.norms = nn.ModuleDict({modality: nn.BatchNorm2d(channels) for modality in modalities})

    def forward(self, x: Tensor, modality: Modality) -> Tensor:
        return cast(Tensor, self.norms[modality](x))


class ResidualBlock(nn.Module):
    """Two 3 × 3 convolutions beside a shortcut; halves the plane when `stride` is 2."""

    def __init__(self, modalities: tuple[Modality, ...], inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm: nn.Module = ModalityNorm(modalities, outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm: nn.Module = ModalityNorm(modalities, outputs)
        self.shortcut = None if inputs == outputs and stride == 1 else nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x: Tensor, modality: Modality) -> Tensor:
        inner = relu(self.first_norm(self.first(x), modality))
        inner = self.second_norm(self.second(inner), modality)
        return relu(inner + (x if self.shortcut is None else self.shortcut(x)))


class Stem(nn.Module):
    """(batch, channels, 64, 64) windowed values → (batch, 32, 32, 32); normalisation happens here and nowhere else."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, modality: Modality) -> None:
        super().__init__()
        layout = LAYOUTS[modality]
        self.seen = layout.seen
        self.register_buffer("mean", torch.zeros(layout.groups))
        self.register_buffer("deviation", torch.ones(layout.groups))
        self.convolution = nn.Conv2d(layout.seen_channels, WIDTHS[0], 3, 2, 1, bias=False)

    def forward(self, crops: Tensor, present: Tensor) -> Tensor:
        def per_channel(values: Tensor) -> Tensor:
            return values.repeat_interleave(self.seen, dim=-1)[..., None, None]

        # A stack that does not exist is the mean, that is zero, and never a black image that could be read as bone.
        normal = (crops - per_channel(self.mean)) / per_channel(self.deviation) * per_channel(present)
        return cast(Tensor, self.convolution(normal))


class GraderNetwork(nn.Module):
    """About 0.9 M parameters and 60 M multiply-adds a crop.

    `modalities`: those that it is trained on. `cutoffs`: the most cut-offs that any scale has (3 for grades 0 to 3).
    """

    def __init__(self, modalities: tuple[Modality, ...], cutoffs: int, loss: Loss) -> None:
        super().__init__()
        self.loss: Loss = loss
        self.cutoffs = cutoffs
        self.stems = nn.ModuleDict({modality: Stem(modality) for modality in modalities})
        self.stem_norm: nn.Module = ModalityNorm(modalities, WIDTHS[0])
        inputs = (WIDTHS[0], *WIDTHS[:-1])
        self.blocks = nn.ModuleList(
            ResidualBlock(modalities, inputs[i], WIDTHS[i], stride=1 if i == 0 else 2) for i in range(len(WIDTHS))
        )
        # Mean and maximum: a small cyst is a maximum, a narrow joint is an average.
        self.heads = nn.Linear(2 * WIDTHS[-1], len(FEATURES) * cutoffs)

    def forward(self, crops: Tensor, present: Tensor, modality: Modality) -> tuple[Tensor, Tensor]:
        """Crops (batch, channels, 64, 64), present (batch, groups) → logits (batch, 6, cut-offs), embedding.

        Raw: for `corn` they are conditional.
        """
        x = relu(self.stem_norm(self.stems[modality](crops, present), modality))
        for block in self.blocks:
            x = block(x, modality)
        mean, maximum = x.mean((2, 3)), x.amax((2, 3))
        logits = self.heads(torch.cat([mean, maximum], 1)).view(-1, len(FEATURES), self.cutoffs)
        return logits, mean

    def cumulative(self, crops: Tensor, present: Tensor, modality: Modality) -> tuple[Tensor, Tensor]:
        """As `forward`, with logits of P(y >= k) whatever the loss."""
        logits, embedding = self(crops, present, modality)
        return cumulative_logits(self.loss, logits), embedding
