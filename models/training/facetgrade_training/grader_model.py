"""From a trained grader to a shipped one: calibrated, with conformal thresholds, operating points, ONNX and parity."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from facetgrade_training.arrays import Doubles, Floats, Indexes
from facetgrade_training.calibration import Calibration
from facetgrade_training.conformal import ALPHA, minimum_probabilities
from facetgrade_training.crop_batch import centre_crops
from facetgrade_training.feature_distance import distances, fit_distance, maximum_distance
from facetgrade_training.grader_prediction import asked_heads, head_calibration, head_probabilities, predict
from facetgrade_training.grader_training import TrainedGrader
from facetgrade_training.head_evaluation import Cells
from facetgrade_training.json_reading import Json
from facetgrade_training.modality import FEATURES, LAYOUTS, Modality
from facetgrade_training.model_folder import network_entry
from facetgrade_training.onnx_networks import PARITY, ExportedGrader, grader_signature, parity_error, write_onnx
from facetgrade_training.operating_point import youden_threshold
from facetgrade_training.parity_record import parity_entry
from facetgrade_training.refusal import RefusalError
from facetgrade_training.served_form import served_grader
from facetgrade_training.training_export import GraderData

# By this share of the range of training crops a crop's mean and deviation may lie outside of it.
RANGE_MARGIN = 0.25


@dataclass(frozen=True)
class FinishedHead:
    """`cells`: the visible validation cells, calibrated on themselves: optimistic, and the card says so."""

    feature: str
    calibration: Calibration
    minimum_probability: list[float]
    thresholds: list[float | None]
    cells: Cells


@dataclass(frozen=True)
class FinishedModality:
    heads: list[FinishedHead]
    maximum_distance: float
    ranges: dict[str, tuple[float, float]]
    network: dict[str, Json]
    parity: dict[str, Json]


def finish_grader(
    trained: TrainedGrader, data: dict[Modality, GraderData], device: torch.device, folder: Path
) -> dict[Modality, FinishedModality]:
    """Writes grader-<modality>.onnx into `folder`. Every threshold comes from validation patients."""
    return {modality: _finish(trained, one, device, folder) for modality, one in data.items()}


def _finish(trained: TrainedGrader, data: GraderData, device: torch.device, folder: Path) -> FinishedModality:
    rows = data.rows.of_part("validation")
    served = served_grader(trained.network, data.modality).to(device)
    prediction = predict(served, data, rows, device)
    calibration = head_calibration(prediction, data, rows, trained.plans[data.modality].shift)
    heads = [
        finish_head(data, rows, head, calibration[head], head_probabilities(prediction, head, calibration[head]))
        for head in asked_heads(data)
    ]
    sample = data.rows.of_part("train")[:4000]
    distance = fit_distance(predict(served, data, sample, device).embedding)
    signature = grader_signature(data.modality, sum(len(head.calibration.shifts) for head in heads))
    exported = ExportedGrader(served.cpu(), data.modality, _columns(data), distance)
    path = folder / f"grader-{data.modality}.onnx"
    write_onnx(exported, signature, path)
    for batch in (1, 10, 16):
        if parity_error(exported, signature, path, batch) > PARITY:
            raise RefusalError("PARITY_FAILED", f"onnxruntime does not reproduce {path.name} at batch {batch}.")
    return FinishedModality(
        heads=heads,
        maximum_distance=maximum_distance(distances(prediction.embedding, distance)),
        ranges=value_ranges(data),
        network=network_entry("grader", data.modality, path, signature),
        parity={path.name: parity_entry(exported, signature)},
    )


def finish_head(
    data: GraderData, rows: Indexes, head: int, calibration: Calibration, probability: Doubles
) -> FinishedHead:
    seen = np.asarray(data.mask[rows, head]) > 0
    truth = np.asarray(data.truth[rows, head])[seen]
    own = probability[seen]
    at_least = np.cumsum(own[:, ::-1], axis=1)[:, ::-1]
    return FinishedHead(
        feature=FEATURES[head],
        calibration=calibration,
        minimum_probability=minimum_probabilities(own, truth),
        thresholds=[youden_threshold(truth >= cut, at_least[:, cut]) for cut in range(1, own.shape[1])],
        cells=Cells(own, truth, data.rows.cluster_numbers()[rows][seen]),
    )


def _columns(data: GraderData) -> list[int]:
    """Columns of the asked cut-offs in the network's flat logits, heads one after another."""
    cutoffs = data.labels.shape[2]
    return [head * cutoffs + k for head in asked_heads(data) for k in range(data.levels[FEATURES[head]] - 1)]


def value_ranges(data: GraderData) -> dict[str, tuple[float, float]]:
    """Least and greatest mean and standard deviation of central crops over their present groups, widened."""
    rows = np.concatenate([data.rows.of_part("train"), data.rows.of_part("validation")])
    found = np.concatenate([_moments(data, rows[start : start + 256]) for start in range(0, len(rows), 256)])
    low, high = found.min(0), found.max(0)
    margin = RANGE_MARGIN * (high - low)
    pairs = zip((low - margin).tolist(), (high + margin).tolist(), strict=True)
    return dict(zip(("mean", "standardDeviation"), pairs, strict=True))


def _moments(data: GraderData, rows: Indexes) -> Floats:
    """(rows with anything present, 2): mean and standard deviation."""
    crops = centre_crops(data.crops, rows, data.modality).numpy()
    weight = np.repeat(np.asarray(data.present[rows], np.float32), LAYOUTS[data.modality].seen, axis=1)[..., None, None]
    count = (weight.sum(1) * crops.shape[2] * crops.shape[3]).ravel()
    kept = count > 0
    mean = (crops * weight).sum((1, 2, 3))[kept] / count[kept]
    square = (crops**2 * weight).sum((1, 2, 3))[kept] / count[kept]
    moments: Floats = np.stack([mean, np.sqrt(np.maximum(square - mean**2, 0))], 1)
    return moments


def grader_section(finished: dict[Modality, FinishedModality]) -> Json:
    """`grader` of the model manifest."""
    return {"modalities": {modality: _modality_section(one) for modality, one in finished.items()}}


def _modality_section(finished: FinishedModality) -> dict[str, Json]:
    ranges: dict[str, Json] = {key: {"min": low, "max": high} for key, (low, high) in finished.ranges.items()}
    unlike: dict[str, Json] = {"maximumDistance": finished.maximum_distance, **ranges}
    return {"heads": [_head_section(head) for head in finished.heads], "unlikeTraining": unlike}


def _head_section(head: FinishedHead) -> dict[str, Json]:
    points = [(cut, threshold) for cut, threshold in enumerate(head.thresholds, 1) if threshold is not None]
    return {
        "feature": head.feature,
        "levels": len(head.minimum_probability),
        "temperature": head.calibration.temperature,
        "shifts": list(head.calibration.shifts),
        "conformal": {"alpha": ALPHA, "minimumProbability": list(head.minimum_probability)},
        "operatingPoints": [{"cutGrade": cut, "threshold": threshold} for cut, threshold in points],
    }
