"""One clear sentence and a stable code for an input that cannot be used."""

from typing import Literal

RefusalCode = Literal[
    "EXPORT_MISSING",
    "EXPORT_MALFORMED",
    "EXPORT_FILE_MISSING",
    "EXPORT_HASH_MISMATCH",
    "EXPORT_SHAPE_MISMATCH",
    "EXPORT_HAS_TEST_PATIENTS",
    "EXPORT_PATIENTS_OVERLAP",
    "EXPORT_PIXELS_OVERLAP",
    "EXPORT_EXAMS_OVERLAP",
    "EXPORT_PART_EMPTY",
    "EXPORT_LABELS_MISSING",
    "DEVICE_MISSING",
    "OUT_NOT_EMPTY",
    "COMMIT_UNKNOWN",
    "PARITY_FAILED",
]


class RefusalError(Exception):
    """The caller can act on it: the command prints `sentence` and exits with status 3."""

    def __init__(self, code: RefusalCode, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
