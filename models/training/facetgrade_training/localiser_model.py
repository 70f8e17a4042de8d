"""From trained localisers to shipped ones: ONNX with parity, and the confidences below which nobody is trusted."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facetgrade_training.json_reading import Json
from facetgrade_training.localiser_batch import AXIAL, SAGITTAL, Plane
from facetgrade_training.localiser_training import TrainedLocaliser
from facetgrade_training.modality import Modality
from facetgrade_training.model_folder import network_entry
from facetgrade_training.onnx_networks import (
    PARITY,
    ExportedAxial,
    ExportedSagittal,
    localiser_signature,
    parity_error,
    write_onnx,
)
from facetgrade_training.parity_record import parity_entry
from facetgrade_training.refusal import RefusalError
from facetgrade_training.served_form import served_localiser

PLANES: dict[str, Plane] = {"sagittal": SAGITTAL, "axial": AXIAL}
# The reader names L5/S1 below this (model.md §1).
NAMING_CONFIDENCE = 0.9


@dataclass(frozen=True)
class FinishedLocaliser:
    networks: list[Json]
    minimum_confidence: float
    parity: dict[str, Json]


def finish_localiser(trained: dict[str, TrainedLocaliser], modality: Modality, folder: Path) -> FinishedLocaliser:
    """`trained`: by plane. Writes localiser-<plane>-<modality>.onnx."""
    networks: list[Json] = []
    parity: dict[str, Json] = {}
    for kind, one in trained.items():
        network = served_localiser(one.network)
        exported = ExportedSagittal(network) if kind == "sagittal" else ExportedAxial(network)
        signature, path = localiser_signature(PLANES[kind]), folder / f"localiser-{kind}-{modality}.onnx"
        write_onnx(exported, signature, path)
        for batch in (1, 5):
            if parity_error(exported, signature, path, batch) > PARITY:
                raise RefusalError("PARITY_FAILED", f"onnxruntime does not reproduce {path.name} at batch {batch}.")
        networks.append(network_entry(f"localiser-{kind}", modality, path, signature))
        parity[path.name] = parity_entry(exported, signature)
    return FinishedLocaliser(networks, minimum_confidence(trained["sagittal"]), parity)


def minimum_confidence(sagittal: TrainedLocaliser) -> float:
    """Half of what all but one in a hundred validation levels reach: below it this is no lumbar spine as trained on."""
    confidence = sagittal.history[sagittal.best_epoch - 1].points.confidence
    return float(np.quantile(confidence, 0.01)) / 2


def localiser_section(finished: dict[Modality, FinishedLocaliser]) -> Json:
    """`localiser` of the model manifest."""
    modalities: dict[str, Json] = {
        modality: {"minimumConfidence": one.minimum_confidence, "namingConfidence": NAMING_CONFIDENCE}
        for modality, one in finished.items()
    }
    return {"modalities": modalities}
