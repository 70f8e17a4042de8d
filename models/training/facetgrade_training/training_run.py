"""The whole training: an export in, a grader's and a localiser's folder out."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from shutil import copyfile

import torch

from facetgrade_training.ablations import best_loss, compare_losses, single_task_kappas
from facetgrade_training.device import is_first
from facetgrade_training.grader_card import LossTrial, grader_card, grader_curve
from facetgrade_training.grader_model import finish_grader, grader_section
from facetgrade_training.grader_training import GraderSettings, train_grader
from facetgrade_training.json_reading import Json
from facetgrade_training.localiser_card import localiser_card, localiser_curve
from facetgrade_training.localiser_model import PLANES, FinishedLocaliser, finish_localiser, localiser_section
from facetgrade_training.localiser_training import LocaliserSettings, TrainedLocaliser, train_localiser
from facetgrade_training.modality import Modality
from facetgrade_training.model_folder import whole_folder, write_document
from facetgrade_training.parity_record import parity_document
from facetgrade_training.provenance import Run, Scalar, provenance
from facetgrade_training.training_export import TrainingExport
from facetgrade_training.validation_results import validation_rows


@dataclass(frozen=True)
class Plan:
    """`compare`: epochs of each loss's trial, 0 for none. `ablate`: train single-task networks for the card too."""

    grader: GraderSettings
    localiser: LocaliserSettings
    compare: int
    ablate: bool


def train_grader_model(export: TrainingExport, folder: Path, run: Run, plan: Plan, device: torch.device) -> None:
    """Writes manifest.json, card.md, learning-curves.svg, pixel hashes and an ONNX file per modality into `folder`."""
    settings, trials = plan.grader, list[LossTrial]()
    if plan.compare > 0:
        trials = compare_losses(export.grader, settings, plan.compare, device)
        settings = replace(settings, loss=best_loss(trials))
    trained = train_grader(export.grader, settings, device)
    single = single_task_kappas(export.grader, settings, device) if plan.ablate else {}
    if not is_first():
        return
    named = replace(run, settings={**run.settings, **_grader_scalars(settings)})
    with whole_folder(folder) as draft:
        finished = finish_grader(trained, export.grader, device, draft)
        networks: list[Json] = [one.network for one in finished.values()]
        document = _document(export, named, folder.name, "grader", networks)
        write_document(draft / "manifest.json", document | {"grader": grader_section(finished)})
        write_parity(draft, [one.parity for one in finished.values()])
        card = grader_card(export.manifest, named, trained, validation_rows(finished, export.grader, single), trials)
        _write_rest(export, draft, card, grader_curve(trained.history))


def train_localiser_model(export: TrainingExport, folder: Path, run: Run, plan: Plan, device: torch.device) -> None:
    """As `train_grader_model`, with a sagittal and an axial network for each modality that has both."""
    found: dict[Modality, dict[str, TrainedLocaliser]] = {}
    for modality in sorted(export.sagittal.keys() & export.axial.keys()):
        data = {"sagittal": export.sagittal[modality], "axial": export.axial[modality]}
        found[modality] = {
            kind: train_localiser(one, PLANES[kind], plan.localiser, device, f"localiser {modality} {kind}")
            for kind, one in data.items()
        }
    if not is_first():
        return
    named = replace(run, settings={**run.settings, **{k: v for k, v in asdict(plan.localiser).items() if k != "seed"}})
    with whole_folder(folder) as draft:
        finished = {modality: finish_localiser(planes, modality, draft) for modality, planes in found.items()}
        document = _document(export, named, folder.name, "localiser", _networks(finished))
        write_document(draft / "manifest.json", document | {"localiser": localiser_section(finished)})
        write_parity(draft, [one.parity for one in finished.values()])
        _write_rest(export, draft, localiser_card(export.manifest, named, found), localiser_curve(found))


def write_parity(draft: Path, parts: list[dict[str, Json]]) -> None:
    entries: dict[str, Json] = {file: entry for part in parts for file, entry in part.items()}
    (draft / "parity.json").write_text(json.dumps(parity_document(entries)) + "\n", encoding="utf-8")


def _networks(finished: dict[Modality, FinishedLocaliser]) -> list[Json]:
    return [network for one in finished.values() for network in one.networks]


def _document(export: TrainingExport, run: Run, identity: str, kind: str, networks: list[Json]) -> dict[str, Json]:
    manifest = export.manifest
    what = "phantoms" if manifest.synthetic_only else manifest.study_code
    return {
        "format": "facetgrade-model/1",
        "id": identity,
        "version": run.model_version,
        "kind": kind,
        "title": f"Facet-joint {kind}, trained on {what}",
        "syntheticOnly": manifest.synthetic_only,
        "training": provenance(manifest, run),
        "networks": networks,
    }


def _write_rest(export: TrainingExport, draft: Path, card: str, curve: str) -> None:
    (draft / "card.md").write_text(card, encoding="utf-8")
    (draft / "learning-curves.svg").write_text(curve, encoding="utf-8")
    copyfile(export.folder / export.manifest.pixel_hashes[0], draft / export.manifest.pixel_hashes[0])


def _grader_scalars(settings: GraderSettings) -> dict[str, Scalar]:
    flat: dict[str, Scalar] = {
        k: v for k, v in asdict(settings).items() if isinstance(v, str | int | float) and k != "seed"
    }
    flat |= {f"rows_{modality}": count for modality, count in settings.rows.items()}
    return flat | {f"augmentation_{key}": value for key, value in asdict(settings.augmentation).items()}
