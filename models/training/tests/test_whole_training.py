"""The command as it is given: export in, two model folders out, registered documents whole."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from facetgrade_training.__main__ import REFUSED, main
from facetgrade_training.modality import FEATURES
from facetgrade_training.onnx_networks import PARITY
from facetgrade_training.parity_record import known_input
from tests.stand_in_export import write_export

HERE = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("tiny"), (6, 3), ("ct", "xray"), localiser=True)


@pytest.fixture(scope="module")
def models(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    arguments = ["--export", str(tiny), "--out", str(out), "--name", "tiny", "--epochs", "1", "--localiser-epochs", "1"]
    os.environ["FACETGRADE_CODE_COMMIT"] = "0123456789abcdef"
    assert main([*arguments, "--loss", "compare", "--compare-epochs", "1", "--ablations"]) == 0
    return out


def test_the_manifest_names_files_that_are_there(models: Path, tiny: Path) -> None:
    for kind, networks in (("grader", 2), ("localiser", 2)):
        folder = models / f"tiny-{kind}"
        manifest = json.loads((folder / "manifest.json").read_text())
        assert manifest["id"] == f"tiny-{kind}"
        assert manifest["syntheticOnly"] is True
        assert len(manifest["networks"]) == networks
        for network in manifest["networks"]:
            assert sha256((folder / network["file"]).read_bytes()).hexdigest() == network["sha256"]
        training = manifest["training"]
        assert training["dataHash"] == sha256((tiny / "manifest.json").read_bytes()).hexdigest()
        assert training["codeCommit"] == "0123456789abcdef"
        hashes = (folder / training["pixelHashes"]["file"]).read_bytes()
        assert training["pixelHashes"]["sha256"] == sha256(hashes).hexdigest()


def test_heads_fit_the_outputs_and_an_unasked_feature_has_none(models: Path) -> None:
    folder = models / "tiny-grader"
    modalities = json.loads((folder / "manifest.json").read_text())["grader"]["modalities"]
    assert [head["feature"] for head in modalities["ct"]["heads"]] == list(FEATURES)
    assert [head["feature"] for head in modalities["xray"]["heads"]] == [
        "narrowing",
        "hypertrophy",
        "osteophytes",
        "severity",
    ]
    for modality, channels, groups in (("ct", 8, 1), ("xray", 3, 3)):
        session = onnxruntime.InferenceSession((folder / f"grader-{modality}.onnx").read_bytes())
        feed = {"crops": np.zeros((2, channels, 64, 64), np.float32), "present": np.ones((2, groups), np.float32)}
        logits, distance = session.run(["logits", "distance"], feed)
        assert logits.shape == (2, sum(head["levels"] - 1 for head in modalities[modality]["heads"]))
        assert distance.shape == (2, 1)


def test_the_record_for_other_runtimes_is_what_the_file_answers(models: Path) -> None:
    for folder in (models / "tiny-grader", models / "tiny-localiser"):
        record = json.loads((folder / "parity.json").read_text())
        for file, outputs in record["networks"].items():
            session = onnxruntime.InferenceSession((folder / file).read_bytes())
            feed = {one.name: known_input(one.name, tuple(one.shape[1:])) for one in session.get_inputs()}
            for output, found in zip(outputs.values(), session.run(list(outputs), feed), strict=True):
                assert list(found.shape) == output["shape"]
                assert np.abs(found.flatten()[:: output["stride"]] - output["values"]).max() <= PARITY


def test_the_card_has_every_baseline_and_the_sentence(models: Path) -> None:
    card = (models / "tiny-grader" / "card.md").read_text()
    for wanted in (
        "QWK majority",
        "QWK level, side, age, sex",
        "QWK single task",
        "says nothing about patients",
        "corn",
    ):
        assert wanted in card
    assert "nan" not in card.lower().replace("finance", "")
    assert (models / "tiny-grader" / "learning-curves.svg").read_text().startswith("<svg")
    assert "says nothing about patients" in (models / "tiny-localiser" / "card.md").read_text()


def test_a_model_is_never_overwritten(models: Path, tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--export", str(tiny), "--out", str(models), "--name", "tiny"]) == REFUSED
    assert "OUT_NOT_EMPTY" in capsys.readouterr().err


def test_two_processes_train_one_model(tiny: Path, tmp_path: Path) -> None:
    """The documented launcher, on the CPU; the training itself checks that both end with the same weights."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    arguments = ["--export", str(tiny), "--out", str(tmp_path), "--name", "two", "--epochs", "1", "--only", "grader"]
    environment = os.environ | {"FACETGRADE_CODE_COMMIT": "0123456", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, "-m", "facetgrade_training", *arguments, "--device", "cpu"],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr.count("epoch 1/1") == 1
    manifest = json.loads((tmp_path / "two-grader" / "manifest.json").read_text())
    assert manifest["training"]["settings"]["processes"] == 2
