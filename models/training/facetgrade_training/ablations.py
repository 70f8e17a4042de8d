"""What is compared on validation patients before a grader is trusted: losses, and one network per task."""

from dataclasses import replace

import torch

from facetgrade_training.grader_card import LossTrial
from facetgrade_training.grader_training import GraderSettings, train_grader
from facetgrade_training.losses import LOSSES, Loss
from facetgrade_training.modality import FEATURES, Modality
from facetgrade_training.training_export import GraderData


def compare_losses(
    data: dict[Modality, GraderData], settings: GraderSettings, epochs: int, device: torch.device
) -> list[LossTrial]:
    """A short training with each loss. Where all labels are 0 or 1 `soft` is `cumulative` and is not run twice."""
    trials = []
    for loss in LOSSES:
        if loss == "soft" and not any(has_disagreement(one) for one in data.values()):
            continue
        found = train_grader(data, replace(settings, loss=loss, epochs=epochs), device, f"loss {loss}")
        best = found.history[found.best_epoch - 1].validation
        trials.append(LossTrial(loss, epochs, best.loss, best.mean_kappa()))
    return trials


def best_loss(trials: list[LossTrial]) -> Loss:
    """Least calibrated validation loss. Without disagreement `cumulative` is `soft`, and that name is kept."""
    named = min(trials, key=lambda trial: trial.validation_loss).loss
    return "corn" if named == "corn" else "soft" if named == "soft" or len(trials) < len(LOSSES) else "cumulative"


def has_disagreement(data: GraderData) -> bool:
    return bool(((data.labels > 0) & (data.labels < 1)).any())


def single_task_kappas(
    data: dict[Modality, GraderData], settings: GraderSettings, device: torch.device
) -> dict[str, float | None]:
    """'ct/cyst' → QWK on validation of a network of the same size and training that learns this feature alone."""
    found: dict[str, float | None] = {}
    for feature in FEATURES:
        asked = {modality: one for modality, one in data.items() if feature in one.levels}
        if not asked:
            continue
        single = train_grader(asked, replace(settings, heads=(feature,)), device, f"single task {feature}")
        found |= single.history[single.best_epoch - 1].validation.kappas
    return found
