"""One small export for the tests that only read it, and two threads, so that sums are added in one order."""

from pathlib import Path

import pytest
import torch

from facetgrade_training.training_export import TrainingExport, open_export
from tests.stand_in_export import write_export


@pytest.fixture(scope="session", autouse=True)
def _two_threads() -> None:
    torch.set_num_threads(2)


@pytest.fixture(scope="session")
def export_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("export"), modalities=("ct", "mr"), localiser=True)


@pytest.fixture(scope="session")
def export(export_folder: Path) -> TrainingExport:
    return open_export(export_folder)
