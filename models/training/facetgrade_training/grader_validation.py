"""How good the grader is on validation patients, at natural prevalence."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy

from facetgrade_training.calibration import calibrated, grade_probabilities
from facetgrade_training.conformal import model_grades
from facetgrade_training.grader_network import GraderNetwork
from facetgrade_training.grader_prediction import asked_heads, head_calibration, predict
from facetgrade_training.modality import FEATURES, Modality
from facetgrade_training.ordinal_metrics import weighted_kappa
from facetgrade_training.sampling import SamplingPlan
from facetgrade_training.training_export import GraderData


@dataclass(frozen=True)
class Validation:
    """`loss`: calibrated cross-entropy per cell, summed over cut-offs, mean of the heads. `kappas`: 'ct/cyst' → QWK."""

    loss: float
    kappas: dict[str, float | None]

    def mean_kappa(self) -> float:
        known = [kappa for kappa in self.kappas.values() if kappa is not None]
        return float(np.mean(known)) if known else 0.0

    def text(self) -> str:
        return f"validation loss {self.loss:.3f}  mean QWK {self.mean_kappa():.3f}"


def validate(
    network: GraderNetwork,
    data: dict[Modality, GraderData],
    plans: dict[Modality, SamplingPlan],
    heads: tuple[str, ...],
    device: torch.device,
) -> Validation:
    """Calibrates on the same validation cells first: what is compared is what would be shipped."""
    losses: list[float] = []
    kappas: dict[str, float | None] = {}
    for modality, one in data.items():
        rows = one.rows.of_part("validation")
        prediction = predict(network, one, rows, device)
        calibration = head_calibration(prediction, one, rows, plans[modality].shift)
        for head in asked_heads(one):
            seen = np.asarray(one.mask[rows, head]) > 0
            if FEATURES[head] not in heads or not seen.any():
                continue
            cutoffs = len(calibration[head].shifts)
            cumulative = calibrated(prediction.logits[seen, head, :cutoffs], calibration[head])
            labels = np.asarray(one.labels[rows[seen], head, :cutoffs], np.float64)
            losses.append(float(binary_cross_entropy(torch.from_numpy(cumulative), torch.from_numpy(labels))) * cutoffs)
            grades = model_grades(grade_probabilities(cumulative))
            truth = np.asarray(one.truth[rows[seen], head])
            kappas[f"{modality}/{FEATURES[head]}"] = weighted_kappa(truth, grades, cutoffs + 1)
    return Validation(float(np.mean(losses)), kappas)
