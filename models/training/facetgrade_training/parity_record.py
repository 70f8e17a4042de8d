"""What PyTorch answered to an input that any language can make, for others to compare their runtime with (test 8)."""

import numpy as np
import torch
from torch import Tensor, nn

from facetgrade_training.arrays import Floats
from facetgrade_training.json_reading import Json
from facetgrade_training.onnx_networks import Signature

BATCH = 16
MOST_VALUES = 512
INPUT = "x[i] = 0.5 + 0.5 sin(0.37 i), i flat over the batch, float32; present all 1"


def known_input(name: str, shape: tuple[int, ...]) -> Floats:
    if name == "present":
        return np.ones((BATCH, *shape), np.float32)
    flat = np.arange(BATCH * int(np.prod(shape)), dtype=np.float64)
    return (0.5 + 0.5 * np.sin(0.37 * flat)).astype(np.float32).reshape(BATCH, *shape)


def parity_entry(network: nn.Module, signature: Signature) -> dict[str, Json]:
    """By output: its shape, and every `stride`-th value of the flat output."""
    with torch.no_grad():
        inputs = [torch.from_numpy(known_input(name, shape)) for name, shape in signature.inputs.items()]
        answer = network.eval()(*inputs)
    outputs = [answer] if isinstance(answer, Tensor) else list(answer)
    entry: dict[str, Json] = {}
    for name, output in zip(signature.outputs, outputs, strict=True):
        flat = output.flatten().numpy().astype(np.float64)
        stride = max(1, -(-len(flat) // MOST_VALUES))
        values: list[Json] = [round(value, 7) for value in flat[::stride].tolist()]
        entry[name] = {"shape": list(output.shape), "stride": stride, "values": values}
    return entry


def parity_document(entries: dict[str, Json]) -> Json:
    return {"batch": BATCH, "input": INPUT, "networks": entries}
