"""The head of a training export: what it was made from, and the proof that no test patient is in it."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from facetgrade_training.json_reading import Json, Reader
from facetgrade_training.modality import FEATURES, MODALITIES, Modality
from facetgrade_training.refusal import RefusalError

FORMAT = "facetgrade-training-export/1"
PARTS = ("train", "validation")


@dataclass(frozen=True)
class Versioned:
    version: int
    hash: str


@dataclass(frozen=True)
class ExportManifest:
    """`levels`: grades per feature of a modality's scale; a feature that the modality is not asked for is absent.

    `pixel_hashes`: name of the file of image hashes, which travels on into the model's folder, and how many it holds.
    `hash`: SHA-256 of the bytes of manifest.json.
    """

    study_code: str
    study_kind: str
    synthetic_only: bool
    split_seal: str
    protocol: Versioned
    preprocessing: Versioned
    labels: str
    levels: dict[Modality, dict[str, int]]
    patients: dict[str, list[str]]
    pixel_hashes: tuple[str, str, int]
    files: dict[str, str]
    hash: str


def read_manifest(folder: Path) -> ExportManifest:
    """Refuses: no manifest, another format, test patients, a patient in both parts."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise RefusalError("EXPORT_MISSING", "The export folder has no manifest.json.")
    text = path.read_bytes()
    try:
        value: Json = json.loads(text)
    except ValueError as error:
        raise RefusalError("EXPORT_MALFORMED", f"manifest.json is no JSON: {error}.") from error
    read = Reader(value)
    if read("format").text() != FORMAT:
        raise RefusalError("EXPORT_MALFORMED", f"manifest.json is not of format {FORMAT}.")
    manifest = _parsed(read, sha256(text).hexdigest())
    _refuse_leaks(manifest)
    return manifest


def _parsed(read: Reader, digest: str) -> ExportManifest:
    if tuple(read("features").texts()) != FEATURES:
        raise read("features").refusal(f"is not {', '.join(FEATURES)}")
    hashes = read("pixelHashes")
    named = (hashes("file").text(), hashes("sha256").text(), hashes("count").integer())
    return ExportManifest(
        study_code=read("studyCode").text(),
        study_kind=read("studyKind").text(),
        synthetic_only=read("syntheticOnly").flag(),
        split_seal=read("splitSeal").text(),
        protocol=_versioned(read("protocol")),
        preprocessing=_versioned(read("preprocessing")),
        labels=read("labels").text(),
        levels=_levels(read("grader")),
        patients=read("patients").entries(Reader.texts),
        pixel_hashes=named,
        files=read("files").entries(lambda file: file("sha256").text()) | {named[0]: named[1]},
        hash=digest,
    )


def _versioned(read: Reader) -> Versioned:
    return Versioned(read("version").integer(), read("hash").text())


def _levels(read: Reader) -> dict[Modality, dict[str, int]]:
    """`grader`: {modality: {cutOffs: {feature: number}}}; 0 cut-offs mean that the feature is not asked."""
    found: dict[Modality, dict[str, int]] = {}
    for modality in MODALITIES:
        if not read.has(modality):
            continue
        cutoffs = read(modality)("cutOffs").entries(Reader.integer)
        unknown = set(cutoffs) - set(FEATURES)
        if unknown:
            raise read.refusal(f"names an unknown feature {sorted(unknown)[0]}")
        found[modality] = {feature: number + 1 for feature, number in cutoffs.items() if number > 0}
    return found


def _refuse_leaks(manifest: ExportManifest) -> None:
    if not set(manifest.patients) <= set(PARTS):
        raise RefusalError(
            "EXPORT_HAS_TEST_PATIENTS", "The export names patients of a part that is neither training nor validation."
        )
    if set(manifest.patients) != set(PARTS) or not all(manifest.patients.values()):
        raise RefusalError("EXPORT_PART_EMPTY", "The export needs patients in training and in validation.")
    if set(manifest.patients["train"]) & set(manifest.patients["validation"]):
        raise RefusalError("EXPORT_PATIENTS_OVERLAP", "A patient is in training and in validation.")
