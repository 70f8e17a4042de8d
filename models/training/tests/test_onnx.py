"""model.md §4, 8: what is served is what was trained."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from facetgrade_training.feature_distance import fit_distance
from facetgrade_training.grader_network import GraderNetwork
from facetgrade_training.localiser_batch import AXIAL, SAGITTAL
from facetgrade_training.onnx_networks import (
    PARITY,
    ExportedAxial,
    ExportedGrader,
    ExportedSagittal,
    Signature,
    grader_signature,
    localiser_signature,
    parity_error,
    write_onnx,
)
from facetgrade_training.served_form import served_grader, served_localiser


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> tuple[ExportedGrader, Signature, Path]:
    torch.manual_seed(4)
    network = GraderNetwork(("ct", "mr"), 3, "corn")
    embedding = np.random.default_rng(1).standard_normal((400, 192)).astype(np.float32)
    exported = ExportedGrader(served_grader(network, "mr"), "mr", list(range(18)), fit_distance(embedding))
    path = tmp_path_factory.mktemp("onnx") / "grader-mr.onnx"
    write_onnx(exported, grader_signature("mr", 18), path)
    return exported, grader_signature("mr", 18), path


@pytest.mark.parametrize("batch", [1, 10, 16])
def test_onnxruntime_gives_what_pytorch_gives(grader: tuple[ExportedGrader, Signature, Path], batch: int) -> None:
    exported, signature, path = grader
    assert parity_error(exported, signature, path, batch) <= PARITY


def test_the_grades_are_identical(grader: tuple[ExportedGrader, Signature, Path]) -> None:
    exported, _, path = grader
    crops, present = torch.rand(16, 16, 64, 64), torch.tensor([[1.0, 1.0], [0.0, 1.0]]).repeat(8, 1)
    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    served = session.run(["logits"], {"crops": crops.numpy(), "present": present.numpy()})[0]
    with torch.no_grad():
        own = exported(crops, present)[0].numpy()
    assert ((served > 0) == (own > 0)).all()


def test_the_file_is_whole_and_says_nothing_of_the_machine(grader: tuple[ExportedGrader, Signature, Path]) -> None:
    model = onnx.load(grader[2], load_external_data=False)
    assert {entry.domain for entry in model.opset_import} <= {"", "ai.onnx"}
    assert all(entry.version == 20 for entry in model.opset_import)
    assert all(one.data_location == onnx.TensorProto.DEFAULT for one in model.graph.initializer)
    assert grader[2].stat().st_size < 2.2e6
    assert b"facetgrade_training" not in grader[2].read_bytes()


def test_the_localiser_is_served_alike(tmp_path: Path) -> None:
    for plane, wrapper in ((SAGITTAL, ExportedSagittal), (AXIAL, ExportedAxial)):
        torch.manual_seed(2)
        network = wrapper(served_localiser(plane.new_network()))
        signature, path = localiser_signature(plane), tmp_path / f"{plane.kind}.onnx"
        write_onnx(network, signature, path)
        assert parity_error(network, signature, path, 3) <= PARITY


def test_folding_normalisation_changes_nothing_but_rounding() -> None:
    torch.manual_seed(3)
    network = GraderNetwork(("ct", "mr"), 3, "soft")
    for _ in range(3):
        network(torch.rand(8, 8, 64, 64), torch.ones(8, 1), "ct")
    crops, present = torch.rand(4, 8, 64, 64), torch.ones(4, 1)
    with torch.no_grad():
        own, served = network.eval()(crops, present, "ct")[0], served_grader(network, "ct")(crops, present, "ct")[0]
    assert float((own - served).abs().max()) < 0.01
