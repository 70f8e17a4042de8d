"""rows.csv: who each crop belongs to. Read column by name; the order of columns is free."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facetgrade_training.arrays import Doubles, Indexes
from facetgrade_training.export_manifest import ExportManifest
from facetgrade_training.refusal import RefusalError

LEVELS = ("L1L2", "L2L3", "L3L4", "L4L5", "L5S1", "L5L6", "L6S1")


@dataclass(frozen=True)
class Rows:
    """One entry per row of the arrays, in their order. `age` in years, NaN where unknown."""

    patient: list[str]
    part: list[str]
    level: list[str]
    side: list[str]
    age: Doubles
    sex: list[str]
    exam: list[str]
    pixel_hash: list[str]

    def of_part(self, part: str) -> Indexes:
        return np.flatnonzero(np.array(self.part) == part)

    def chosen(self, indexes: Indexes) -> "Rows":
        """The same columns, of these rows only."""

        def take(column: list[str]) -> list[str]:
            return [column[i] for i in indexes.tolist()]

        return Rows(
            patient=take(self.patient),
            part=take(self.part),
            level=take(self.level),
            side=take(self.side),
            age=self.age[indexes],
            sex=take(self.sex),
            exam=take(self.exam),
            pixel_hash=take(self.pixel_hash),
        )

    def cluster_numbers(self) -> Indexes:
        """A number per row that is the same for joints of one patient."""
        return np.unique(np.array(self.patient), return_inverse=True)[1].astype(np.int64)


def read_rows(path: Path) -> Rows:
    with path.open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))

    def column(name: str) -> list[str]:
        if any(row.get(name) is None for row in table):
            raise RefusalError("EXPORT_MALFORMED", f"{path.name} lacks the column {name}.")
        return [row[name] for row in table]

    def optional(name: str) -> list[str]:
        return [row.get(name) or "" for row in table]

    ages = np.array([float(age) if age else np.nan for age in optional("age_years")])
    return Rows(
        patient=column("patient"),
        part=column("part"),
        level=optional("level"),
        side=optional("side"),
        age=ages,
        sex=optional("sex"),
        exam=column("exam"),
        pixel_hash=optional("pixel_hash"),
    )


def refuse_leaking_rows(rows: Rows, manifest: ExportManifest, name: str) -> None:
    """The rows must say what the manifest says; neither patients nor exams nor pixels may be in both parts."""
    if "test" in rows.part:
        raise RefusalError("EXPORT_HAS_TEST_PATIENTS", f"{name} holds rows of test patients.")
    known = {part: set(codes) for part, codes in manifest.patients.items()}
    for patient, part in zip(rows.patient, rows.part, strict=True):
        if patient in known.get(part, set()):
            continue
        if any(patient in codes for codes in known.values()):
            raise RefusalError("EXPORT_PATIENTS_OVERLAP", f"{name} holds a patient of another part ({patient}).")
        raise RefusalError("EXPORT_HAS_TEST_PATIENTS", f"{name} holds a patient that the manifest does not name.")
    _refuse_shared(rows, rows.exam, RefusalError("EXPORT_EXAMS_OVERLAP", f"{name} has an exam in both parts."))
    _refuse_shared(
        rows, rows.pixel_hash, RefusalError("EXPORT_PIXELS_OVERLAP", f"{name} has the same image in both parts.")
    )


def _refuse_shared(rows: Rows, values: list[str], refusal: RefusalError) -> None:
    seen: dict[str, str] = {}
    for value, part in zip(values, rows.part, strict=True):
        if value and seen.setdefault(value, part) != part:
            raise refusal
