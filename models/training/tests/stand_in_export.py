"""A small export of the agreed format whose images show their labels: bars and discs, no anatomy."""

import csv
import json
from hashlib import sha256
from pathlib import Path

import numpy as np

from facetgrade_training.arrays import Doubles, Floats, Grades
from facetgrade_training.json_reading import Json
from facetgrade_training.modality import FEATURES, LAYOUTS, MARGIN_SIDE, Modality

LEVELS = ("L1L2", "L2L3", "L3L4", "L4L5", "L5S1")
GRADER_COLUMNS = (
    *("row", "patient", "part", "modality", "level", "side", "age_years", "sex", "exam"),
    *("input_hash", "pixel_hash"),
)
LOCALISER_COLUMNS = ("row", "patient", "part", "modality", "exam", "level")
SHARES = (0.4, 0.3, 0.2, 0.1)
CODE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def patient_code(number: int) -> str:
    return (
        "P"
        + "".join(CODE[(number * 7 + i * (number + 3)) % 32] for i in range(8))
        + CODE[number // 32]
        + CODE[number % 32]
    )


def write_export(
    folder: Path,
    patients: tuple[int, int] = (24, 12),
    modalities: tuple[Modality, ...] = ("ct",),
    localiser: bool = False,
    seed: int = 0,
) -> Path:
    """`patients`: in training and in validation."""
    random = np.random.default_rng(seed)
    codes = [patient_code(n) for n in range(sum(patients))]
    parts = {code: "train" if n < patients[0] else "validation" for n, code in enumerate(codes)}
    for modality in modalities:
        _write_grader(folder / "grader" / modality, modality, parts, random)
        if localiser and modality != "xray":
            _write_localiser(folder / "localiser" / modality, modality, parts, random)
    write_manifest(folder, parts, modalities)
    return folder


def write_manifest(folder: Path, parts: dict[str, str], modalities: tuple[Modality, ...]) -> None:
    hashes = "".join(f"{sha256(code.encode()).hexdigest()[:16]}\n" for code in sorted(parts))
    (folder / "pixel-hashes.txt").write_text(hashes)
    names = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in ("manifest.json", "pixel-hashes.txt"))
    files: Json = {
        str(p.relative_to(folder)): {"sha256": sha256(p.read_bytes()).hexdigest(), "bytes": p.stat().st_size}
        for p in names
    }

    def of_part(part: str) -> list[str]:
        return sorted(code for code, one in parts.items() if one == part)

    document: Json = {
        "format": "facetgrade-training-export/1",
        "studyCode": "stand-in",
        "studyKind": "synthetic",
        "syntheticOnly": True,
        "splitSeal": "a" * 64,
        "protocol": {"version": 1, "hash": "b" * 64},
        "preprocessing": {"version": 1, "hash": "c" * 64},
        "labels": "phantom-truth",
        "patients": {"train": list[Json](of_part("train")), "validation": list[Json](of_part("validation"))},
        "features": list(FEATURES),
        "grader": {
            m: {"cutOffs": {f: 0 if m == "xray" and f in ("erosion", "cyst") else 3 for f in FEATURES}}
            for m in modalities
        },
        "pixelHashes": {"file": "pixel-hashes.txt", "sha256": sha256(hashes.encode()).hexdigest(), "count": len(parts)},
        "files": files,
    }
    (folder / "manifest.json").write_text(json.dumps(document))


def _write_grader(folder: Path, modality: Modality, parts: dict[str, str], random: np.random.Generator) -> None:
    folder.mkdir(parents=True)
    joints = [(code, level, side) for code in parts for level in LEVELS for side in ("left", "right")]
    truth = random.choice(4, (len(joints), len(FEATURES)), p=SHARES).astype(np.int8)
    crops = np.stack([drawn_crop(modality, row, random) for row in truth])
    mask = np.ones(truth.shape, np.float32)
    mask[random.random(truth.shape) < 0.05] = 0
    if modality == "xray":
        mask[:, [FEATURES.index("erosion"), FEATURES.index("cyst")]] = 0
    labels = (truth[..., None] >= np.arange(1, 4)).astype(np.float32) * mask[..., None]
    np.save(folder / "crops.npy", crops.astype(np.float16))
    np.save(folder / "present.npy", np.ones((len(joints), LAYOUTS[modality].groups), np.uint8))
    np.save(folder / "labels.npy", labels)
    np.save(folder / "mask.npy", mask)
    np.save(folder / "truth.npy", np.where(mask > 0, truth, -1).astype(np.int8))
    with (folder / "rows.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(GRADER_COLUMNS)
        for row, (code, level, side) in enumerate(joints):
            exam, pixels = f"exam-{code}-{modality}", sha256(f"{code}{modality}".encode()).hexdigest()
            age = 40 + len(code) + row % 30
            digest = sha256(crops[row].tobytes()).hexdigest()
            table.writerow(
                [row, code, parts[code], modality, level, side, age, "F" if row % 2 else "M", exam, digest, pixels]
            )


def drawn_crop(modality: Modality, grades: Grades, random: np.random.Generator) -> Floats:
    """Each feature has a place of its own; the higher the grade, the larger and the brighter its square."""
    layout = LAYOUTS[modality]
    crop: Doubles = 0.4 + 0.03 * random.standard_normal((layout.exported_channels, MARGIN_SIDE, MARGIN_SIDE))
    for feature, grade in enumerate(grades):
        row, column = 22 + 18 * (feature // 3), 20 + 18 * (feature % 3)
        size = 2 + 2 * int(grade)
        crop[:, row : row + size, column : column + size] += 0.15 * float(grade)
    return crop.astype(np.float32)


def _write_localiser(folder: Path, modality: Modality, parts: dict[str, str], random: np.random.Generator) -> None:
    folder.mkdir(parents=True)
    sagittal = [_sagittal(random) for _ in parts]
    axial = [_axial(random) for _ in parts for _ in LEVELS]
    _save_targets(folder, "sagittal", sagittal)
    _save_targets(folder, "axial", axial)
    for kind, rows in (
        ("sagittal", [(c, "") for c in parts]),
        ("axial", [(c, level) for c in parts for level in LEVELS]),
    ):
        with (folder / f"{kind}_rows.csv").open("w", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(LOCALISER_COLUMNS)
            for row, (code, level) in enumerate(rows):
                table.writerow([row, code, parts[code], modality, f"exam-{code}-{modality}", level])


def _save_targets(folder: Path, kind: str, drawn: list[tuple[Floats, Floats]]) -> None:
    np.save(folder / f"{kind}.npy", np.stack([image for image, _ in drawn]).astype(np.float16))
    points = np.stack([points for _, points in drawn]).astype(np.float32)
    np.save(folder / f"{kind}_points.npy", points)
    np.save(folder / f"{kind}_mask.npy", np.ones(points.shape[:2], np.float32))


def _blob(image: Floats, column: float, row: float, spread: float) -> None:
    rows, columns = np.mgrid[: image.shape[-2], : image.shape[-1]]
    image += np.exp(-((columns - column) ** 2 + (rows - row) ** 2) / (2 * spread**2)).astype(np.float32)


def _sagittal(random: np.random.Generator) -> tuple[Floats, Floats]:
    image = (0.05 * random.standard_normal((11, 144, 144))).astype(np.float32)
    top, column = random.uniform(20, 40), random.uniform(55, 90)
    points = np.array([[column + 2 * n, top + 19 * n] for n in range(5)], np.float32)
    for n, (x, y) in enumerate(points):
        _blob(image, float(x), float(y), 2.5 + n)
    return image, points


def _axial(random: np.random.Generator) -> tuple[Floats, Floats]:
    image = (0.05 * random.standard_normal((7, 80, 80))).astype(np.float32)
    middle, row = random.uniform(36, 44), random.uniform(36, 44)
    heights = random.uniform(-6, 6, 2)
    points = np.array([[middle + 14, row, heights[0]], [middle - 14, row, heights[1]]], np.float32)
    for x, y, height in points:
        for index in range(7):
            _blob(image[index], float(x), float(y), 4 - 0.4 * abs((index - 3) * 4 - float(height)) / 2)
    return image, points
