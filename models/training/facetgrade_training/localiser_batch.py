"""Images of the localiser with their targets: the centre of the margin, or moved, scaled, brightened and noisier."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from facetgrade_training.arrays import Doubles, Floats, Indexes
from facetgrade_training.localiser_network import (
    AXIAL_CHANNELS,
    AXIAL_SIDE,
    HEATMAP_SIDE,
    SAGITTAL_CHANNELS,
    SAGITTAL_SIDE,
    HeatmapNetwork,
    axial_network,
    sagittal_network,
)
from facetgrade_training.training_export import LocaliserData


@dataclass(frozen=True)
class Plane:
    """`pixel_mm`: of the image; `slice_mm`: between slices (for heights); `spread`: of a target, in heatmap pixels."""

    kind: str
    channels: int
    side: int
    pixel_mm: float
    slice_mm: float
    spread: float

    def new_network(self) -> HeatmapNetwork:
        return sagittal_network() if self.kind == "sagittal" else axial_network()

    @property
    def heatmap_mm(self) -> float:
        return self.pixel_mm * self.side / HEATMAP_SIDE


SAGITTAL = Plane("sagittal", SAGITTAL_CHANNELS, SAGITTAL_SIDE, pixel_mm=2.0, slice_mm=2.0, spread=1.2)
AXIAL = Plane("axial", AXIAL_CHANNELS, AXIAL_SIDE, pixel_mm=1.25, slice_mm=4.0, spread=1.6)


@dataclass(frozen=True)
class Targets:
    """images (batch, channels, side, side); points (batch, targets, 2): column, row in heatmap pixels; heights, mm."""

    images: Tensor
    points: Tensor
    heights: Tensor
    mask: Tensor


def centred(data: LocaliserData, rows: Indexes, plane: Plane) -> Targets:
    """What inference sees."""
    return _taken(data, rows, plane, Draws.none(len(rows)))


def augmented(data: LocaliserData, rows: Indexes, plane: Plane, random: np.random.Generator) -> Targets:
    return _taken(data, rows, plane, Draws.drawn(len(rows), data.images.shape[2] - plane.side, random))


@dataclass(frozen=True)
class Draws:
    """Per row: shift of the piece in pixels (column, row), scale and turn, shift in slices, gain, bias and noise."""

    shift: Doubles
    scale: Doubles
    angle: Doubles
    slices: Indexes
    gain: Doubles
    bias: Doubles
    noise: Floats

    @staticmethod
    def none(count: int) -> "Draws":
        zero, one = np.zeros(count), np.ones(count)
        return Draws(np.zeros((count, 2)), one, zero, np.zeros(count, np.int64), one, zero, np.zeros(count, np.float32))

    @staticmethod
    def drawn(count: int, margin: int, random: np.random.Generator) -> "Draws":
        return Draws(
            shift=random.uniform(-1, 1, (count, 2)) * margin / 2,
            scale=random.uniform(0.92, 1.08, count),
            angle=np.deg2rad(random.uniform(-8, 8, count)),
            slices=random.integers(-1, 2, count),
            gain=random.uniform(0.85, 1.15, count),
            bias=random.uniform(-0.06, 0.06, count),
            noise=(random.random(count) * 0.05).astype(np.float32),
        )


def _taken(data: LocaliserData, rows: Indexes, plane: Plane, draws: Draws) -> Targets:
    stored = data.images.shape[2]
    first = (data.images.shape[1] - plane.channels) // 2 + draws.slices
    wide = np.stack([data.images[row, start : start + plane.channels] for row, start in zip(rows, first, strict=True)])
    theta, matrix, centre = _transform(draws, plane.side, stored)
    grid = affine_grid(torch.from_numpy(theta), [len(rows), 1, plane.side, plane.side], align_corners=False)
    image = grid_sample(torch.from_numpy(wide.astype(np.float32)), grid, padding_mode="border", align_corners=False)
    image = image * _column(draws.gain) + _column(draws.bias) + torch.randn_like(image) * _column(draws.noise)
    points = np.asarray(data.points[rows], np.float64)
    moved = np.einsum("nij,nkj->nki", np.linalg.inv(matrix), points[..., :2] - (stored - 1) / 2 - centre[:, None])
    on_heatmap = (moved + plane.side / 2) * HEATMAP_SIDE / plane.side - 0.5
    inside = ((on_heatmap >= 0) & (on_heatmap <= HEATMAP_SIDE - 1)).all(2)
    heights = (
        points[..., 2] - draws.slices[:, None] * plane.slice_mm if points.shape[2] > 2 else np.zeros(points.shape[:2])
    )
    mask = np.asarray(data.mask[rows]) * inside
    return Targets(image, *(torch.from_numpy(a.astype(np.float32)) for a in (on_heatmap, heights, mask)))


def _transform(draws: Draws, side: int, stored: int) -> tuple[Floats, Doubles, Doubles]:
    """affine_grid's matrix; and the same in pixels about the middle: stored = matrix · piece + shift."""
    cos, sin = np.cos(draws.angle) * draws.scale, np.sin(draws.angle) * draws.scale
    matrix = np.stack([np.stack([cos, -sin], 1), np.stack([sin, cos], 1)], 1)
    theta = np.concatenate([matrix * side / stored, draws.shift[..., None] * 2 / stored], 2)
    return theta.astype(np.float32), matrix, draws.shift


def _column(values: Doubles | Floats) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))[:, None, None, None]
