"""What a grader says of rows of an export, uncalibrated and calibrated."""

from dataclasses import dataclass

import numpy as np
import torch

from facetgrade_training.arrays import Doubles, Floats, Indexes
from facetgrade_training.calibration import Calibration, calibrated, fit_calibration, grade_probabilities
from facetgrade_training.crop_batch import centre_crops
from facetgrade_training.grader_network import GraderNetwork
from facetgrade_training.modality import FEATURES
from facetgrade_training.training_export import GraderData

PREDICTION_BATCH = 128


@dataclass(frozen=True)
class RawPrediction:
    """logits (rows, 6, cut-offs) of P(y >= k); embedding (rows, 192)."""

    logits: Floats
    embedding: Floats


def predict(network: GraderNetwork, data: GraderData, rows: Indexes, device: torch.device) -> RawPrediction:
    """Centre crops, evaluation mode, no gradient."""
    network.eval()
    logits, embeddings = [], []
    with torch.no_grad():
        for start in range(0, len(rows), PREDICTION_BATCH):
            chosen = rows[start : start + PREDICTION_BATCH]
            crops = centre_crops(data.crops, chosen, data.modality).to(device)
            present = torch.from_numpy(np.asarray(data.present[chosen], dtype=np.float32)).to(device)
            found, embedding = network.cumulative(crops, present, data.modality)
            logits.append(found.cpu().numpy())
            embeddings.append(embedding.cpu().numpy())
    return RawPrediction(np.concatenate(logits), np.concatenate(embeddings))


def asked_heads(data: GraderData) -> list[int]:
    """Columns of the features that this modality is asked for."""
    return [index for index, feature in enumerate(FEATURES) if feature in data.levels]


def head_calibration(
    prediction: RawPrediction, data: GraderData, rows: Indexes, shift: Doubles
) -> dict[int, Calibration]:
    """Fitted per head on the visible cells of these (validation) rows."""
    found: dict[int, Calibration] = {}
    for head in asked_heads(data):
        cutoffs = data.levels[FEATURES[head]] - 1
        seen = np.asarray(data.mask[rows, head]) > 0
        logits = prediction.logits[seen, head, :cutoffs]
        found[head] = fit_calibration(
            logits, np.asarray(data.labels[rows[seen], head, :cutoffs]), shift[head, :cutoffs]
        )
    return found


def head_probabilities(prediction: RawPrediction, head: int, calibration: Calibration) -> Doubles:
    """(rows, grades) of one head."""
    return grade_probabilities(calibrated(prediction.logits[:, head, : len(calibration.shifts)], calibration))
