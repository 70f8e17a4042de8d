"""The localiser: two small U-shaped networks whose answers are probabilities over the plane."""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, relu

SAGITTAL_CHANNELS = 9
SAGITTAL_SIDE = 128
SAGITTAL_TARGETS = 5
AXIAL_CHANNELS = 5
AXIAL_SIDE = 64
AXIAL_TARGETS = 2
HEATMAP_SIDE = 64


class Step(nn.Module):
    """Two convolutions, the first of which may halve the plane."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        )

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.layers(x))


class HeatmapNetwork(nn.Module):
    """(batch, channels, side, side) windowed values → features at 64 × 64, seen through four scales."""

    mean: Tensor
    deviation: Tensor
    place: Tensor

    def __init__(self, channels: int, side: int, targets: int, widths: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.targets = targets
        self.register_buffer("mean", torch.zeros(()))
        self.register_buffer("deviation", torch.ones(()))
        # Where a pixel lies, as two more channels: left and right joint look alike, only their places differ.
        line = torch.linspace(-1, 1, side)
        self.register_buffer("place", torch.stack([line.expand(side, side), line[:, None].expand(side, side)])[None])
        self.stem = Step(channels + 2, widths[0], stride=side // HEATMAP_SIDE)
        self.downs = nn.ModuleList(Step(widths[i], widths[i + 1], stride=2) for i in range(3))
        self.ups = nn.ModuleList(nn.Conv2d(widths[i + 1] + widths[i], widths[i], 3, 1, 1) for i in reversed(range(3)))
        self.maps = nn.Conv2d(widths[0], targets, 1)
        self.heights = nn.Conv2d(widths[0], targets, 1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Log-probabilities over the plane (batch, targets, 64, 64) and expected height (batch, targets), mm."""
        normal = (image - self.mean) / self.deviation
        x = self.stem(torch.cat([normal, self.place.expand(image.shape[0], -1, -1, -1)], 1))
        skips: list[Tensor] = []
        for down in self.downs:
            skips.append(x)
            x = down(x)
        for up, skip in zip(self.ups, reversed(skips), strict=True):
            x = relu(up(torch.cat([interpolate(x, scale_factor=2.0, mode="nearest"), skip], 1)))
        log_map = self.maps(x).flatten(2).log_softmax(2)
        # The height is read where the joint is believed to be, not from the whole slab.
        height = (log_map.exp() * self.heights(x).flatten(2)).sum(2) * HEIGHT_UNIT_MM
        return log_map.view(-1, self.targets, HEATMAP_SIDE, HEATMAP_SIDE), height


HEIGHT_UNIT_MM = 10.0


def sagittal_network() -> HeatmapNetwork:
    """Nine mid-sagittal slices → five levels, head to foot: midpoints of left and right joint, seen from the side."""
    return HeatmapNetwork(SAGITTAL_CHANNELS, SAGITTAL_SIDE, SAGITTAL_TARGETS, (16, 32, 48, 72))


def axial_network() -> HeatmapNetwork:
    """A slab of five axial slices → the left and the right joint and their heights in the slab."""
    return HeatmapNetwork(AXIAL_CHANNELS, AXIAL_SIDE, AXIAL_TARGETS, (16, 32, 48, 72))
