"""Where a model comes from: the part of its manifest that registration insists on."""

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import torch

from facetgrade_training.export_manifest import ExportManifest
from facetgrade_training.json_reading import Json
from facetgrade_training.refusal import RefusalError

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Run:
    """What is the same for both models of one training."""

    name: str
    model_version: str
    seed: int
    device: str
    settings: dict[str, Scalar]
    code_commit: str


def code_commit() -> str:
    """The commit of this code, `-dirty` when files of this package differ; without git FACETGRADE_CODE_COMMIT."""
    given = os.environ.get("FACETGRADE_CODE_COMMIT")
    if given:
        return given
    here = Path(__file__).parent
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=True)
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--", "."], cwd=here, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        sentence = "The commit of the code is unknown: there is no git; set FACETGRADE_CODE_COMMIT."
        raise RefusalError("COMMIT_UNKNOWN", sentence) from error
    return head.stdout.strip() + ("-dirty" if changed.stdout.strip() else "")


def provenance(manifest: ExportManifest, run: Run) -> dict[str, Json]:
    """`training` of the model manifest (packages/inference, model-manifest.ts)."""
    file, digest, count = manifest.pixel_hashes
    return {
        "studyCode": manifest.study_code,
        "studyKind": manifest.study_kind,
        "splitSeal": manifest.split_seal,
        "protocol": {"version": manifest.protocol.version, "hash": manifest.protocol.hash},
        "preprocessing": {"version": manifest.preprocessing.version, "hash": manifest.preprocessing.hash},
        "dataHash": manifest.hash,
        "labels": manifest.labels,
        "patients": {part: len(codes) for part, codes in manifest.patients.items()},
        "pixelHashes": {"file": file, "sha256": digest, "count": count},
        "codeCommit": run.code_commit,
        "seed": run.seed,
        "settings": {"device": run.device, **run.settings},
        "versions": {**_versions()},
    }


def _versions() -> dict[str, Scalar]:
    named = {package: version(package) for package in ("numpy", "onnx", "onnxruntime", "onnxscript")}
    return {"python": platform.python_version(), "torch": torch.__version__, **named}
