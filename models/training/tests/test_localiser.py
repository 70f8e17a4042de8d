"""The localiser learns where things are, in order, and decodes as inference does."""

import numpy as np
import torch

from facetgrade_training.device import fix_seed
from facetgrade_training.heatmap_decoding import decode_each, decode_ordered
from facetgrade_training.localiser_batch import AXIAL, SAGITTAL, augmented, centred
from facetgrade_training.localiser_training import LocaliserSettings, train_localiser
from facetgrade_training.training_export import TrainingExport

CPU = torch.device("cpu")
QUICK = LocaliserSettings(epochs=3, passes=8, most_steps=16, batch=12, learning_rate=6e-3)


def test_a_tiny_training_finds_the_levels(export: TrainingExport) -> None:
    fix_seed(1)
    found = train_localiser(export.sagittal["ct"], SAGITTAL, QUICK, CPU, "sagittal ct")
    assert np.median(found.history[found.best_epoch - 1].points.errors_mm) < 4


def test_a_tiny_training_finds_left_and_right_and_their_height(export: TrainingExport) -> None:
    fix_seed(1)
    found = train_localiser(export.axial["ct"], AXIAL, QUICK, CPU, "axial ct")
    assert np.median(found.history[found.best_epoch - 1].points.errors_mm) < 4


def test_augmentation_moves_points_with_the_image(export: TrainingExport) -> None:
    """The drawn blobs are brightest at their points: after any move the image is bright where the target says."""
    data, rows = export.axial["ct"], np.arange(40)
    for targets in (centred(data, rows, AXIAL), augmented(data, rows, AXIAL, np.random.default_rng(2))):
        for image, points, mask in zip(targets.images, targets.points, targets.mask, strict=True):
            for (x, y), seen in zip(points.tolist(), mask.tolist(), strict=True):
                if seen:
                    assert image[:, round(y), round(x)].mean() > image.mean() + 0.3


def test_the_order_of_levels_outweighs_a_brighter_wrong_peak() -> None:
    maps = np.full((3, 64, 64), 1e-6, np.float32)
    maps[0, 10, 30] = maps[2, 50, 30] = 0.8
    maps[1, 5, 30], maps[1, 30, 32] = 0.5, 0.4
    assert [round(peak.row) for peak in decode_ordered(maps)] == [10, 30, 50]
    assert round(decode_each(maps)[1].row) == 5


def test_a_peak_between_pixels_is_found_between_them() -> None:
    grid = np.arange(64, dtype=np.float64)
    bell = np.exp(-((grid - 20.5) ** 2) / 4)[:, None] * np.exp(-((grid - 33.25) ** 2) / 4)[None]
    peak = decode_each((bell / bell.sum()).astype(np.float32)[None])[0]
    assert abs(peak.row - 20.5) < 0.35
    assert abs(peak.column - 33.25) < 0.1
    assert peak.confidence > 0.9
