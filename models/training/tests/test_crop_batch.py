"""What the network is given: the right slices, the right way round, from the right patients, normalised by them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from facetgrade_training.crop_batch import Augmentation, augmented_crops, centre_crops
from facetgrade_training.grader_training import GraderSettings, epoch_batches, group_statistics, new_network, row_plan
from facetgrade_training.modality import Modality
from facetgrade_training.training_export import TrainingExport

STILL = Augmentation(shift_mm=0, rotation_degrees=0, rotated_share=0, slice_shift=0, gain=0, bias=0, noise=0)
ROWS = np.arange(6)


@pytest.mark.parametrize("modality", ["ct", "mr"])
def test_the_centre_is_the_middle_slices_of_each_stack_in_their_order(
    export: TrainingExport, modality: Modality
) -> None:
    crops = export.grader[modality].crops
    stacks = [crops[ROWS, first + 1 : first + 9, 8:72, 8:72] for first in range(0, crops.shape[1], 10)]
    assert np.array_equal(centre_crops(crops, ROWS, modality).numpy(), np.concatenate(stacks, 1).astype(np.float32))


def test_without_augmentation_training_sees_what_inference_sees(export: TrainingExport) -> None:
    crops = export.grader["mr"].crops
    still = augmented_crops(crops, ROWS, "mr", STILL, np.random.default_rng(1))
    assert float((still - centre_crops(crops, ROWS, "mr")).abs().max()) < 1e-4


def test_augmentation_moves_and_never_mirrors() -> None:
    """A bright corner patch, high left in the margin, stays high left however it is moved and turned."""
    crops = np.zeros((40, 10, 80, 80), np.float16)
    crops[:, :, 20:30, 18:28] = 1
    moved = augmented_crops(crops, np.arange(40), "ct", replace(Augmentation(), noise=0.0), np.random.default_rng(1))
    weight = moved.clamp(min=0.5).sub(0.5).mean(1)
    line = torch.arange(64.0)
    rows = (weight.sum(2) * line).sum(1) / weight.sum((1, 2))
    columns = (weight.sum(1) * line).sum(1) / weight.sum((1, 2))
    assert float(rows.max()) < 32
    assert float(columns.max()) < 32
    assert float(rows.std()) > 1


def test_not_one_validation_row_is_drawn_for_training(export: TrainingExport) -> None:
    data, settings = export.grader, GraderSettings(batch=16)
    plans = {modality: row_plan(one, settings) for modality, one in data.items()}
    for batch in epoch_batches(data, plans, settings, np.random.default_rng(1)):
        parts = {data[batch.modality].rows.part[row] for row in batch.rows}
        assert parts == {"train"}


def test_normalisation_knows_training_patients_alone(export: TrainingExport) -> None:
    data = export.grader["ct"]
    crops = np.array(data.crops)
    crops[data.rows.of_part("validation")] += 5
    statistics = group_statistics(replace(data, crops=crops))
    assert statistics == group_statistics(data)
    values = np.asarray(data.crops[data.rows.of_part("train")], np.float64)
    assert statistics[0] == pytest.approx((values.mean(), values.std()), rel=0.02)


def test_the_network_itself_takes_the_statistics_out(export: TrainingExport) -> None:
    """Another scale of the values with statistics to match gives the same answer: normalisation is inside, once."""
    data, settings = export.grader["ct"], GraderSettings()
    scaled = replace(data, crops=(np.asarray(data.crops, np.float32) * 2 + 1).astype(np.float16))
    answers = []
    for one in (data, scaled):
        torch.manual_seed(1)
        network = new_network({"ct": one}, settings).eval()
        with torch.no_grad():
            answers.append(network(centre_crops(one.crops, ROWS, "ct"), torch.ones(6, 1), "ct")[0])
    assert float((answers[0] - answers[1]).abs().max()) < 0.02


def test_a_stack_that_is_not_there_cannot_be_seen(export: TrainingExport) -> None:
    network = new_network({"mr": export.grader["mr"]}, GraderSettings()).eval()
    crops = centre_crops(export.grader["mr"].crops, ROWS, "mr")
    other = crops.clone()
    other[:, 8:] = 7
    present = torch.tensor([[1.0, 0.0]]).repeat(6, 1)
    with torch.no_grad():
        assert torch.equal(network(crops, present, "mr")[0], network(other, present, "mr")[0])
