"""Opens a training export: every file present, of the hash that the manifest names, of the shape that is agreed."""

from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from facetgrade_training.arrays import Bytes, Floats, Grades, Halves
from facetgrade_training.export_manifest import ExportManifest, read_manifest
from facetgrade_training.export_rows import Rows, read_rows, refuse_leaking_rows
from facetgrade_training.localiser_network import AXIAL_TARGETS, SAGITTAL_TARGETS
from facetgrade_training.modality import FEATURES, LAYOUTS, MARGIN_SIDE, Modality
from facetgrade_training.refusal import RefusalError

SAGITTAL_STORED = (11, 144, 144)
FEWEST_CELLS = {"train": 40, "validation": 10}
AXIAL_STORED = (7, 80, 80)


@dataclass(frozen=True)
class GraderData:
    """Every joint is a left joint. Values are windowed to about 0 ... 1. `levels`: of the features that can be learnt.

    crops (N, channels, 80, 80) · present (N, groups) · labels (N, 6, cut-offs) · mask (N, 6) · truth (N, 6), −1 unseen.
    """

    modality: Modality
    levels: dict[str, int]
    crops: Halves
    present: Bytes
    labels: Floats
    mask: Floats
    truth: Grades
    rows: Rows

    def cutoff_mask(self) -> Floats:
        """(6, cut-offs): 1 where the feature's scale has that cut-off; a feature not asked here has none."""
        mask = np.zeros(self.labels.shape[1:], np.float32)
        for index, feature in enumerate(FEATURES):
            mask[index, : max(0, self.levels.get(feature, 1) - 1)] = 1
        return mask


@dataclass(frozen=True)
class LocaliserData:
    """images (M, slices, side, side) · points (M, targets, 2 or 3): column, row, height in mm · mask (M, targets)."""

    images: Halves
    points: Floats
    mask: Floats
    rows: Rows


@dataclass(frozen=True)
class TrainingExport:
    folder: Path
    manifest: ExportManifest
    grader: dict[Modality, GraderData]
    sagittal: dict[Modality, LocaliserData]
    axial: dict[Modality, LocaliserData]


def open_export(folder: Path) -> TrainingExport:
    """Refuses anything that could make a model silently wrong; see `RefusalCode`."""
    manifest = read_manifest(folder)
    _check_files(folder, manifest.files)
    grader = {m: _grader(folder, manifest, m) for m in manifest.levels if f"grader/{m}/crops.npy" in manifest.files}
    kinds: dict[str, dict[Modality, LocaliserData]] = {"sagittal": {}, "axial": {}}
    for kind, found in kinds.items():
        for modality in manifest.levels:
            if f"localiser/{modality}/{kind}.npy" in manifest.files:
                found[modality] = _localiser(folder, manifest, f"localiser/{modality}/{kind}")
    return TrainingExport(folder, manifest, grader, kinds["sagittal"], kinds["axial"])


def _check_files(folder: Path, files: dict[str, str]) -> None:
    for name, expected in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise RefusalError("EXPORT_MALFORMED", f"The manifest names a file outside of the export: {name}.")
        if not path.is_file():
            raise RefusalError("EXPORT_FILE_MISSING", f"The export lacks {name}.")
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != expected:
                raise RefusalError("EXPORT_HASH_MISMATCH", f"{name} is not the file that the manifest names.")


def _grader(folder: Path, manifest: ExportManifest, modality: Modality) -> GraderData:
    base = f"grader/{modality}"
    rows = read_rows(_named(folder, manifest, f"{base}/rows.csv"))
    refuse_leaking_rows(rows, manifest, f"{base}/rows.csv")
    layout = LAYOUTS[modality]
    count = len(rows.patient)
    data = GraderData(
        modality=modality,
        levels={},
        crops=_array(folder, manifest, f"{base}/crops.npy", np.float16),
        present=_array(folder, manifest, f"{base}/present.npy", np.uint8),
        labels=_array(folder, manifest, f"{base}/labels.npy", np.float32),
        mask=_array(folder, manifest, f"{base}/mask.npy", np.float32),
        truth=_array(folder, manifest, f"{base}/truth.npy", np.int8),
        rows=rows,
    )
    _expect(f"{base}/crops.npy", data.crops.shape, (count, layout.exported_channels, MARGIN_SIDE, MARGIN_SIDE))
    _expect(f"{base}/present.npy", data.present.shape, (count, layout.groups))
    _expect(f"{base}/labels.npy", data.labels.shape[:2], (count, len(FEATURES)))
    _expect(f"{base}/mask.npy", data.mask.shape, (count, len(FEATURES)))
    _expect(f"{base}/truth.npy", data.truth.shape, (count, len(FEATURES)))
    if max(manifest.levels[modality].values()) - 1 > data.labels.shape[2]:
        raise RefusalError(
            "EXPORT_SHAPE_MISMATCH", f"{base}/labels.npy has fewer cut-offs than a scale of the protocol."
        )
    if not (data.mask[rows.of_part("train")].any() and data.mask[rows.of_part("validation")].any()):
        raise RefusalError("EXPORT_LABELS_MISSING", f"{base} has no visible cell in training or in validation.")
    return replace(data, levels=_learnable(data, manifest.levels[modality]))


def _learnable(data: GraderData, asked: dict[str, int]) -> dict[str, int]:
    """With too few visible cells a feature gets no head: better none, and an abstention, than an invented one."""
    cells = {part: (np.asarray(data.mask[data.rows.of_part(part)]) > 0).sum(0).tolist() for part in FEWEST_CELLS}
    return {
        feature: asked[feature]
        for column, feature in enumerate(FEATURES)
        if feature in asked and all(cells[part][column] >= fewest for part, fewest in FEWEST_CELLS.items())
    }


def _localiser(folder: Path, manifest: ExportManifest, base: str) -> LocaliserData:
    rows = read_rows(_named(folder, manifest, f"{base}_rows.csv"))
    refuse_leaking_rows(rows, manifest, f"{base}_rows.csv")
    wide = (SAGITTAL_STORED, SAGITTAL_TARGETS, 2) if base.endswith("sagittal") else (AXIAL_STORED, AXIAL_TARGETS, 3)
    data = LocaliserData(
        images=_array(folder, manifest, f"{base}.npy", np.float16),
        points=_array(folder, manifest, f"{base}_points.npy", np.float32),
        mask=_array(folder, manifest, f"{base}_mask.npy", np.float32),
        rows=rows,
    )
    count = len(rows.patient)
    _expect(f"{base}.npy", data.images.shape, (count, *wide[0]))
    _expect(f"{base}_points.npy", data.points.shape, (count, *wide[1:]))
    _expect(f"{base}_mask.npy", data.mask.shape, (count, wide[1]))
    return data


def _named(folder: Path, manifest: ExportManifest, name: str) -> Path:
    """Only files that the manifest hashes are read."""
    if name not in manifest.files:
        raise RefusalError("EXPORT_FILE_MISSING", f"The manifest does not name {name}.")
    return folder / name


def _array(folder: Path, manifest: ExportManifest, name: str, dtype: type[np.generic]) -> npt.NDArray[Any]:
    path = _named(folder, manifest, name)
    try:
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise RefusalError("EXPORT_SHAPE_MISMATCH", f"{name} is no array: {error}.") from error
    if array.dtype == np.uint8 and dtype is np.float32:
        return array.astype(np.float32)
    if array.dtype != dtype:
        raise RefusalError("EXPORT_SHAPE_MISMATCH", f"{name} holds {array.dtype}, not {np.dtype(dtype)}.")
    return array


def _expect(name: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if shape != expected:
        raise RefusalError("EXPORT_SHAPE_MISMATCH", f"{name} is of shape {shape}, not {expected}.")
