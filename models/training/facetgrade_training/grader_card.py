"""card.md of a grader: what it was trained on, how it did on validation patients against the baselines, its limits."""

from dataclasses import dataclass

from facetgrade_training.card_text import METHOD, SYNTHETIC, interval, number, table
from facetgrade_training.curve import Line, curve_svg
from facetgrade_training.export_manifest import ExportManifest
from facetgrade_training.grader_training import Epoch, TrainedGrader
from facetgrade_training.head_evaluation import HeadResult
from facetgrade_training.modality import Modality
from facetgrade_training.provenance import Run


@dataclass(frozen=True)
class HeadRow:
    """One head on validation patients. `others`: QWK of each baseline, as text."""

    modality: Modality
    feature: str
    result: HeadResult
    others: dict[str, str]


@dataclass(frozen=True)
class LossTrial:
    loss: str
    epochs: int
    validation_loss: float
    mean_kappa: float


def grader_curve(history: list[Epoch]) -> str:
    lines = [
        Line("training loss / 6", [epoch.train_loss / 6 for epoch in history]),
        Line("validation loss", [epoch.validation.loss for epoch in history]),
        Line("validation mean QWK", [epoch.validation.mean_kappa() for epoch in history]),
    ]
    return curve_svg("Grader: loss per head and agreement", "loss per head; QWK", lines)


def grader_card(
    manifest: ExportManifest, run: Run, trained: TrainedGrader, rows: list[HeadRow], trials: list[LossTrial]
) -> str:
    parts = [
        f"# Grader {run.name}\n",
        f"**{SYNTHETIC}**\n" if manifest.synthetic_only else "",
        _use(),
        _training(manifest, run, trained),
        "![Learning curves](learning-curves.svg)\n",
        _losses(trials),
        _results(rows),
        _calibration(rows),
        _limits(manifest),
    ]
    return "\n".join(part for part in parts if part)


def _use() -> str:
    return (
        "Grades narrowing, hypertrophy, osteophytes, erosion, cyst and overall severity of a lumbar facet joint "
        "from a 40 mm crop around a published joint point. For studies of readers and models, not for care: it is no "
        "medical device. It abstains where a crop is unlike its training.\n"
    )


def _training(manifest: ExportManifest, run: Run, trained: TrainedGrader) -> str:
    patients = {part: len(codes) for part, codes in manifest.patients.items()}
    settings = ", ".join(f"{key} {value}" for key, value in run.settings.items())
    return (
        f"## Training\nStudy `{manifest.study_code}` ({manifest.study_kind}), labels: {manifest.labels}; "
        f"{patients['train']} patients trained it, {patients['validation']} stopped and calibrated it; "
        f"no test patient is in the export. Best epoch {trained.best_epoch} of {len(trained.history)} run. "
        f"Settings: {settings}. Code {run.code_commit[:12]}, seed {run.seed}, {run.device}.\n"
    )


def _losses(trials: list[LossTrial]) -> str:
    if not trials:
        return ""
    rows = [[t.loss, str(t.epochs), number(t.validation_loss, 3), number(t.mean_kappa, 3)] for t in trials]
    head = ["loss", "epochs", "calibrated validation loss", "mean QWK"]
    return f"## Losses, compared on validation patients only\n{table(head, rows)}\n"


def _results(rows: list[HeadRow]) -> str:
    names = list(rows[0].others) if rows else []
    lines = [
        [
            row.modality,
            row.feature,
            f"{row.result.cells} / {row.result.patients}",
            "/".join(map(str, row.result.counts)),
            interval(row.result.kappa),
            *[row.others[name] for name in names],
            *[interval(one) for one in row.result.auc],
        ]
        for row in rows
    ]
    cuts = max((len(row.result.auc) for row in rows), default=0)
    head = ["modality", "feature", "cells / patients", "per grade", "QWK", *[f"QWK {name}" for name in names]]
    head += [f"AUC ≥ {k}" for k in range(1, cuts + 1)]
    lines = [line + ["–"] * (len(head) - len(line)) for line in lines]
    return (
        "## Validation patients, natural prevalence, visible cells\n"
        "These patients stopped and calibrated the model, so these figures flatter it; held-out patients: "
        f"`docs/model.md`. {METHOD}\n\n{table(head, lines)}\n"
    )


def _calibration(rows: list[HeadRow]) -> str:
    lines = [
        [
            row.modality,
            row.feature,
            " ".join(interval(one) for one in row.result.recall),
            " ".join(number(one.estimate) for one in row.result.calibration),
            " ".join(number(one) for one in row.result.coverage),
            number(row.result.set_size),
        ]
        for row in rows
    ]
    head = ["modality", "feature", "recall per grade", "calibration error per cut-off", "coverage per grade (goal .90)"]
    return f"{table([*head, 'mean set size'], lines)}\n"


def _limits(manifest: ExportManifest) -> str:
    synthetic = (
        "It has seen procedural phantoms alone. On a patient its grades are worth nothing, and every screen, "
        "export and report that shows them says so. "
        if manifest.synthetic_only
        else ""
    )
    return (
        f"## Limits\n{synthetic}One protocol's scales; a 40 mm crop, so nothing beyond it counts; it trusts its "
        "point (3 mm off costs little, a wrong level everything). A modality that is not listed has no network. "
        "Overall severity comes from its own head here; the rule over the features stands beside it in the product.\n"
    )
