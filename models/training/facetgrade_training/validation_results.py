"""The validation table of the card: every head against its baselines."""

import numpy as np

from facetgrade_training.arrays import Doubles
from facetgrade_training.baselines import circumstances_probability, majority_probability
from facetgrade_training.card_text import interval, number
from facetgrade_training.clustered_interval import clustered_interval
from facetgrade_training.conformal import model_grades
from facetgrade_training.grader_card import HeadRow
from facetgrade_training.grader_model import FinishedModality
from facetgrade_training.head_evaluation import REPLICATES, Cells, evaluate_head
from facetgrade_training.modality import FEATURES, Modality
from facetgrade_training.ordinal_metrics import weighted_kappa
from facetgrade_training.training_export import GraderData


def validation_rows(
    finished: dict[Modality, FinishedModality], data: dict[Modality, GraderData], single: dict[str, float | None]
) -> list[HeadRow]:
    """`single`: from the ablations, empty where they were not run."""
    rows = []
    for modality, one in finished.items():
        circumstances = _circumstances(data[modality])
        for head in one.heads:
            if len(head.cells.truth) == 0:
                continue
            column = FEATURES.index(head.feature)
            others = {
                "majority": kappa_text(
                    head.cells, np.tile(majority_probability(data[modality], column), (len(head.cells.truth), 1))
                ),
                "level, side, age, sex": kappa_text(head.cells, circumstances[column]),
            }
            if single:
                others["single task"] = number(single.get(f"{modality}/{head.feature}"))
            rows.append(HeadRow(modality, head.feature, evaluate_head(head.cells, head.minimum_probability), others))
    return rows


def kappa_text(cells: Cells, probability: Doubles) -> str:
    """QWK, with its interval, of other probabilities (cells, grades) on the same cells."""
    grades, levels = model_grades(probability), probability.shape[1]
    return interval(
        clustered_interval(
            cells.patients, lambda i: weighted_kappa(cells.truth[i], grades[i], levels), REPLICATES, seed=1
        )
    )


def _circumstances(data: GraderData) -> dict[int, Doubles]:
    """By head (visible validation cells, grades)."""
    rows = data.rows.of_part("validation")
    found = circumstances_probability(data, data.rows.chosen(rows))
    return {head: probability[np.asarray(data.mask[rows, head]) > 0] for head, probability in found.items()}
