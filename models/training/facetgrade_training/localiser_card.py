"""card.md of a localiser."""

import numpy as np

from facetgrade_training.card_text import SYNTHETIC, number, table
from facetgrade_training.curve import Line, curve_svg
from facetgrade_training.export_manifest import ExportManifest
from facetgrade_training.localiser_training import TrainedLocaliser
from facetgrade_training.modality import Modality
from facetgrade_training.provenance import Run

Trained = dict[Modality, dict[str, TrainedLocaliser]]


def localiser_curve(trained: Trained) -> str:
    lines = [
        Line(f"{modality} {kind}", [epoch.validation_loss for epoch in one.history])
        for modality, planes in trained.items()
        for kind, one in planes.items()
    ]
    return curve_svg("Localiser: validation loss", "cross-entropy", lines)


def localiser_card(manifest: ExportManifest, run: Run, trained: Trained) -> str:
    rows = []
    for modality, planes in trained.items():
        for kind, one in planes.items():
            errors = one.history[one.best_epoch - 1].points.errors_mm
            median, high = np.quantile(errors, [0.5, 0.95])
            within = float((errors <= 10).mean())
            rows.append(
                [
                    modality,
                    kind,
                    str(len(errors)),
                    number(float(median)),
                    number(float(high)),
                    number(within),
                    str(one.best_epoch),
                ]
            )
    head = ["modality", "plane", "points", "median error, mm", "95 % error, mm", "share within 10 mm", "best epoch"]
    patients = {part: len(codes) for part, codes in manifest.patients.items()}
    return (
        f"# Localiser {run.name}\n\n"
        + (f"**{SYNTHETIC}**\n\n" if manifest.synthetic_only else "")
        + "Proposes the ten joint points: five levels on nine mid-sagittal slices, order enforced, then left and right "
        "on an axial slab of each level. A coordinator publishes them; nothing is graded at a point that no person "
        "accepted, except in a command run on a folder, which says so.\n\n"
        f"## Training\nStudy `{manifest.study_code}` ({manifest.study_kind}); {patients['train']} patients trained it, "
        f"{patients['validation']} stopped it. Code {run.code_commit[:12]}, seed {run.seed}, {run.device}.\n\n"
        "![Learning curves](learning-curves.svg)\n\n"
        "## Validation patients\nEach network alone: the sagittal one on slices through the true middle, the axial one "
        f"on a slab at the true level. Both together, on held-out patients: `docs/model.md`.\n\n{table(head, rows)}\n\n"
        "## Limits\nA transitional vertebra shifts every name: below the naming confidence a person names L5/S1. "
        "The spine must be covered; what is outside the volume gets no point.\n"
    )
