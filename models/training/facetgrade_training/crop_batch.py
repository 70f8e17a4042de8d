"""Crops as the network sees them: the centre, or a jittered, slightly rotated and noisier piece of the margin."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from facetgrade_training.arrays import Halves, Indexes
from facetgrade_training.modality import CROP_SIDE, LAYOUTS, MARGIN_SIDE, PIXEL_MM, Modality

CENTRE = (MARGIN_SIDE - CROP_SIDE) // 2


@dataclass(frozen=True)
class Augmentation:
    """How far training may stray. Millimetres in the plane of the crop; shifts stay inside the exported margin."""

    shift_mm: float = 3.0
    rotation_degrees: float = 8.0
    rotated_share: float = 0.5
    slice_shift: int = 1
    gain: float = 0.12
    bias: float = 0.06
    noise: float = 0.03


def centre_crops(crops: Halves, rows: Indexes, modality: Modality) -> Tensor:
    """(rows, seen channels, 64, 64): what inference cuts around the same point."""
    layout = LAYOUTS[modality]
    first = (layout.exported - layout.seen) // 2
    centre = slice(CENTRE, CENTRE + CROP_SIDE)
    chosen = np.ascontiguousarray(crops[rows][:, _channels(modality, first), centre, centre], dtype=np.float32)
    return torch.from_numpy(chosen)


def augmented_crops(
    crops: Halves, rows: Indexes, modality: Modality, augmentation: Augmentation, random: np.random.Generator
) -> Tensor:
    """As `centre_crops`, each row moved, turned, brightened and made noisier by its own draw."""
    layout = LAYOUTS[modality]
    middle = (layout.exported - layout.seen) // 2
    reach = min(augmentation.slice_shift, middle)
    starts = middle + random.integers(-reach, reach + 1, len(rows))
    wide = np.stack([crops[row][_channels(modality, first)] for row, first in zip(rows, starts, strict=True)])
    image = grid_sample(
        torch.from_numpy(wide.astype(np.float32)),
        _grid(len(rows), augmentation, random),
        padding_mode="border",
        align_corners=False,
    )
    return _intensity(image, layout.groups, augmentation, random)


def _channels(modality: Modality, first: int) -> Indexes:
    """Channel numbers of `seen` slices from `first` on, in every group."""
    layout = LAYOUTS[modality]
    within = np.arange(first, first + layout.seen)
    return (np.arange(layout.groups)[:, None] * layout.exported + within).ravel()


def _grid(count: int, augmentation: Augmentation, random: np.random.Generator) -> Tensor:
    """Where each pixel of a 64 × 64 piece is taken from. Whole pixels unless turned, so that most stay sharp."""
    most = min(round(augmentation.shift_mm / PIXEL_MM), CENTRE)
    shift = random.integers(-most, most + 1, (count, 2))
    turned = random.random(count) < augmentation.rotated_share
    angle = np.deg2rad(random.uniform(-1, 1, count) * augmentation.rotation_degrees) * turned
    theta = np.zeros((count, 2, 3), np.float32)
    share = CROP_SIDE / MARGIN_SIDE
    theta[:, 0, 0] = theta[:, 1, 1] = np.cos(angle) * share
    theta[:, 1, 0] = np.sin(angle) * share
    theta[:, 0, 1] = -theta[:, 1, 0]
    theta[:, :, 2] = shift * 2 / MARGIN_SIDE
    return affine_grid(torch.from_numpy(theta), [count, 1, CROP_SIDE, CROP_SIDE], align_corners=False)


def _intensity(image: Tensor, groups: int, augmentation: Augmentation, random: np.random.Generator) -> Tensor:
    """Gain and bias per stack (scanners differ by stack), noise of a level per crop."""
    count, channels = image.shape[:2]

    def per_stack(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Tensor:
        return torch.from_numpy(values.repeat(channels // groups, axis=1).astype(np.float32))[..., None, None]

    gain = per_stack(1 + random.uniform(-1, 1, (count, groups)) * augmentation.gain)
    bias = per_stack(random.uniform(-1, 1, (count, groups)) * augmentation.bias)
    level = torch.from_numpy((random.random((count, 1, 1, 1)) * augmentation.noise).astype(np.float32))
    noise = torch.from_numpy(random.standard_normal(image.shape, dtype=np.float32))
    return image * gain + bias + noise * level
