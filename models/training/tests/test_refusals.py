"""model.md §4, 4: nothing that could leak or mislead is trained on; each refusal has its code."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from facetgrade_training.__main__ import REFUSED, main
from facetgrade_training.refusal import RefusalError
from facetgrade_training.training_export import open_export
from tests.stand_in_export import patient_code, write_export, write_manifest

TRAIN, VALIDATION = patient_code(0), patient_code(3)
PARTS = {patient_code(n): "train" if n < 3 else "validation" for n in range(5)}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("small"), patients=(3, 2), localiser=True)


def changed_manifest(folder: Path, change: Callable[[Any], None]) -> None:
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def changed_rows(folder: Path, change: Callable[[list[str]], None], name: str = "grader/ct/rows.csv") -> None:
    """With a manifest that agrees with the changed file: only the content is wrong."""
    path = folder / name
    lines = path.read_text().splitlines()
    change(lines)
    path.write_text("\n".join(lines) + "\n")
    write_manifest(folder, PARTS, ("ct",))


def a_test_part(document: Any) -> None:
    document["patients"]["test"] = ["P0000000000"]


def a_patient_in_both(document: Any) -> None:
    document["patients"]["validation"].append(TRAIN)


def no_validation(document: Any) -> None:
    document["patients"]["validation"] = []


def another_format(document: Any) -> None:
    document["format"] = "facetgrade-training-export/9"


def no_seal(document: Any) -> None:
    del document["splitSeal"]


def a_wrong_hash(document: Any) -> None:
    document["files"]["grader/ct/truth.npy"]["sha256"] = "0" * 64


def a_file_outside(document: Any) -> None:
    document["files"]["../elsewhere"] = {"sha256": "0" * 64, "bytes": 1}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (a_test_part, "EXPORT_HAS_TEST_PATIENTS"),
        (a_patient_in_both, "EXPORT_PATIENTS_OVERLAP"),
        (no_validation, "EXPORT_PART_EMPTY"),
        (another_format, "EXPORT_MALFORMED"),
        (no_seal, "EXPORT_MALFORMED"),
        (a_wrong_hash, "EXPORT_HASH_MISMATCH"),
        (a_file_outside, "EXPORT_MALFORMED"),
    ],
)
def test_a_manifest_that_cannot_be_trusted(
    small: Path, tmp_path: Path, change: Callable[[Any], None], code: str
) -> None:
    folder = copytree(small, tmp_path / "export")
    changed_manifest(folder, change)
    assert refused(folder) == code


def a_test_row(lines: list[str]) -> None:
    lines[1] = lines[1].replace(",train,", ",test,")


def a_stranger(lines: list[str]) -> None:
    lines[1] = lines[1].replace(TRAIN, "P0000000000")


def a_row_in_the_other_part(lines: list[str]) -> None:
    lines[1] = lines[1].replace(",train,", ",validation,")


def an_image_twice(lines: list[str]) -> None:
    """The planted duplicate: a validation joint cut from the images of a training patient."""
    first, last = lines[1].split(","), lines[-1].split(",")
    last[-1] = first[-1]
    lines[-1] = ",".join(last)


def an_exam_twice(lines: list[str]) -> None:
    lines[-1] = lines[-1].replace(f"exam-{patient_code(4)}-ct", f"exam-{TRAIN}-ct")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (a_test_row, "EXPORT_HAS_TEST_PATIENTS"),
        (a_stranger, "EXPORT_HAS_TEST_PATIENTS"),
        (a_row_in_the_other_part, "EXPORT_PATIENTS_OVERLAP"),
        (an_image_twice, "EXPORT_PIXELS_OVERLAP"),
        (an_exam_twice, "EXPORT_EXAMS_OVERLAP"),
    ],
)
def test_rows_that_leak(small: Path, tmp_path: Path, change: Callable[[list[str]], None], code: str) -> None:
    folder = copytree(small, tmp_path / "export")
    changed_rows(folder, change)
    assert refused(folder) == code


def test_a_leak_into_the_localiser_is_seen_too(small: Path, tmp_path: Path) -> None:
    folder = copytree(small, tmp_path / "export")
    changed_rows(folder, a_row_in_the_other_part, "localiser/ct/axial_rows.csv")
    assert refused(folder) == "EXPORT_PATIENTS_OVERLAP"


def test_a_missing_file_and_a_missing_folder(small: Path, tmp_path: Path) -> None:
    folder = copytree(small, tmp_path / "export")
    (folder / "grader/ct/crops.npy").unlink()
    assert refused(folder) == "EXPORT_FILE_MISSING"
    assert refused(tmp_path / "nowhere") == "EXPORT_MISSING"


def test_the_command_says_one_sentence_and_writes_nothing(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = copytree(small, tmp_path / "export")
    changed_manifest(folder, a_test_part)
    assert main(["--export", str(folder), "--out", str(tmp_path / "models")]) == REFUSED
    error = capsys.readouterr().err
    assert error.startswith("EXPORT_HAS_TEST_PATIENTS: ")
    assert error.count("\n") == 1
    assert not (tmp_path / "models").exists()


def refused(folder: Path) -> str:
    with pytest.raises(RefusalError) as caught:
        open_export(folder)
    return caught.value.code
