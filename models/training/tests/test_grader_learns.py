"""model.md §4: 1 overfit, 2 shuffled labels, 3 blank crops, 10 same seed."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from facetgrade_training.crop_batch import centre_crops
from facetgrade_training.device import fix_seed
from facetgrade_training.grader_training import GraderSettings, TrainedGrader, new_network, train_grader
from facetgrade_training.grader_validation import validate
from facetgrade_training.losses import ordinal_loss
from facetgrade_training.training_export import GraderData, TrainingExport

CPU = torch.device("cpu")
QUICK = GraderSettings(epochs=8, patience=8, batch=16, balance=0.0)


@pytest.fixture(scope="module")
def trained(export: TrainingExport) -> TrainedGrader:
    fix_seed(1)
    return train_grader({"ct": export.grader["ct"]}, QUICK, CPU)


def test_it_overfits_32_crops_in_40_steps(export: TrainingExport) -> None:
    fix_seed(1)
    data, rows = export.grader["ct"], np.arange(32)
    network = new_network({"ct": data}, QUICK)
    optimiser = torch.optim.AdamW(network.parameters(), lr=4e-3)
    crops, present = centre_crops(data.crops, rows, "ct"), torch.ones(32, 1)
    labels, mask = torch.from_numpy(data.labels[rows]), torch.from_numpy(data.mask[rows])
    losses = []
    for _ in range(40):
        optimiser.zero_grad()
        logits, _ = network(crops, present, "ct")
        loss = ordinal_loss("soft", logits, labels, mask, torch.from_numpy(data.cutoff_mask()))
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.05 * losses[0]


def test_a_tiny_real_training_learns_every_head(trained: TrainedGrader) -> None:
    kappas = trained.history[trained.best_epoch - 1].validation.kappas
    assert len(kappas) == 6
    assert all(kappa is not None and kappa > 0.8 for kappa in kappas.values()), kappas


def test_shuffled_labels_teach_nothing(export: TrainingExport) -> None:
    data = export.grader["ct"]
    order = np.random.default_rng(3).permutation(len(data.truth))
    shuffled = replace(data, labels=data.labels[order], mask=data.mask[order], truth=data.truth[order])
    fix_seed(1)
    found = train_grader({"ct": shuffled}, replace(QUICK, epochs=4), CPU)
    kappas = found.history[found.best_epoch - 1].validation.kappas.values()
    assert all(abs(kappa or 0) <= 0.15 for kappa in kappas), kappas


@pytest.mark.parametrize("fault", ["blank", "shifted", "masked"])
def test_without_the_joint_there_is_no_grade(export: TrainingExport, trained: TrainedGrader, fault: str) -> None:
    data = _spoilt(export.grader["ct"], fault)
    found = validate(trained.network, {"ct": data}, trained.plans, QUICK.heads, CPU)
    assert all((kappa or 0) <= 0.15 for kappa in found.kappas.values()), found.kappas


def test_the_same_seed_gives_the_same_weights(export: TrainingExport) -> None:
    settings = replace(QUICK, epochs=1, rows={"ct": 64, "mr": 64})
    states = []
    for seed in (5, 5, 6):
        fix_seed(seed)
        states.append(train_grader(export.grader, replace(settings, seed=seed), CPU).network.state_dict())
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])
    assert any(not torch.equal(states[0][key], states[2][key]) for key in states[0])


def _spoilt(data: GraderData, fault: str) -> GraderData:
    crops = np.array(data.crops)
    if fault == "blank":
        crops[:] = 0.4
    if fault == "shifted":
        crops = np.roll(crops, 40, axis=3)
    if fault == "masked":
        crops[:, :, 14:66, 14:66] = 0.4
    return replace(data, crops=crops)
