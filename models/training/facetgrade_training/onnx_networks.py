"""One ONNX file per modality and role, checked against PyTorch before anyone may use it."""

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from facetgrade_training.arrays import Floats
from facetgrade_training.feature_distance import FeatureDistance
from facetgrade_training.grader_network import GraderNetwork
from facetgrade_training.half_weights import store_in_half
from facetgrade_training.localiser_batch import Plane
from facetgrade_training.localiser_network import HeatmapNetwork
from facetgrade_training.modality import CROP_SIDE, LAYOUTS, Modality

OPSET = 20
PARITY = 1e-4


@dataclass(frozen=True)
class Signature:
    """Names and shapes without the batch, in order."""

    inputs: dict[str, tuple[int, ...]]
    outputs: dict[str, tuple[int, ...]]


class ExportedGrader(nn.Module):
    """The path of one modality: windowed crops in, cumulative logits of the asked heads and the distance out."""

    mean: Tensor
    whitening: Tensor
    chosen: Tensor

    def __init__(
        self, network: GraderNetwork, modality: Modality, columns: list[int], distance: FeatureDistance
    ) -> None:
        super().__init__()
        self.network = network
        self.modality: Modality = modality
        self.register_buffer("chosen", torch.tensor(columns))
        self.register_buffer("mean", torch.from_numpy(distance.mean))
        self.register_buffer("whitening", torch.from_numpy(distance.whitening))

    def forward(self, crops: Tensor, present: Tensor) -> tuple[Tensor, Tensor]:
        logits, embedding = self.network.cumulative(crops, present, self.modality)
        white = (embedding - self.mean) @ self.whitening.T
        return logits.flatten(1).index_select(1, self.chosen), (white**2).mean(1, keepdim=True).sqrt()


class ExportedSagittal(nn.Module):
    """Probabilities over the plane."""

    def __init__(self, network: HeatmapNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, slices: Tensor) -> Tensor:
        maps: Tensor = self.network(slices)[0].exp()
        return maps


class ExportedAxial(nn.Module):
    """Probabilities over the plane, and heights in mm towards the head."""

    def __init__(self, network: HeatmapNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, slab: Tensor) -> tuple[Tensor, Tensor]:
        log_maps, heights = self.network(slab)
        return log_maps.exp(), heights


def grader_signature(modality: Modality, outputs: int) -> Signature:
    layout = LAYOUTS[modality]
    crops = (layout.seen_channels, CROP_SIDE, CROP_SIDE)
    return Signature({"crops": crops, "present": (layout.groups,)}, {"logits": (outputs,), "distance": (1,)})


def localiser_signature(plane: Plane) -> Signature:
    image = (plane.channels, plane.side, plane.side)
    if plane.kind == "sagittal":
        return Signature({"slices": image}, {"heatmaps": (5, 64, 64)})
    return Signature({"slab": image}, {"heatmaps": (2, 64, 64), "offset": (2,)})


def write_onnx(network: nn.Module, signature: Signature, path: Path) -> None:
    """A whole file: no external data, no operator beyond the standard set, batch free."""
    example = tuple(torch.rand(2, *shape) for shape in signature.inputs.values())
    batch = torch.export.Dim("batch", min=1, max=4096)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network.eval(),
            example,
            path,
            input_names=list(signature.inputs),
            output_names=list(signature.outputs),
            dynamic_shapes=tuple({0: batch} for _ in example),
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    _strip(path)


def parity_error(network: nn.Module, signature: Signature, path: Path, batch: int, seed: int = 0) -> float:
    """Greatest absolute difference between PyTorch and onnxruntime over all outputs of one random batch."""
    random = np.random.default_rng(seed)
    feed = {name: _example(name, (batch, *shape), random) for name, shape in signature.inputs.items()}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    served = session.run(list(signature.outputs), feed)
    with torch.no_grad():
        found = network.eval()(*(torch.from_numpy(value) for value in feed.values()))
    own = [found] if isinstance(found, Tensor) else list(found)
    return max(float(np.abs(a.numpy() - b).max()) for a, b in zip(own, served, strict=True))


def _example(name: str, shape: tuple[int, ...], random: np.random.Generator) -> Floats:
    if name == "present":
        return np.ones(shape, np.float32)
    return random.random(shape, dtype=np.float32)


def _strip(path: Path) -> None:
    """The exporter writes source paths of this machine into the file; they must not travel."""
    model = onnx.load(path)
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]
        value.doc_string = ""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    del model.graph.value_info[:]
    model.doc_string = model.graph.doc_string = ""
    store_in_half(model)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))
