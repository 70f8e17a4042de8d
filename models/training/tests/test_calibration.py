"""model.md §4, 6 and 12: probabilities mean what they say at natural prevalence; sets keep their promise."""

import numpy as np
import pytest

from facetgrade_training.arrays import Floats, Grades
from facetgrade_training.calibration import Calibration, calibrated, fit_calibration, grade_probabilities
from facetgrade_training.clustered_interval import clustered_interval
from facetgrade_training.conformal import conformal_sets, minimum_probabilities
from facetgrade_training.feature_distance import distances, fit_distance, maximum_distance
from facetgrade_training.operating_point import youden_threshold
from facetgrade_training.ordinal_metrics import auc, calibration_error, recalls, weighted_kappa
from facetgrade_training.sampling import LabelRows, draw, sampling_plan

CUTS = np.array([0.8, 2.2, 3.6])


def graded(count: int, seed: int) -> tuple[Floats, Grades, Floats]:
    """True logits of P(y >= k), grades drawn from them, indicators. Natural prevalence: the high grades are rare."""
    random = np.random.default_rng(seed)
    logits = (1.5 * random.standard_normal((count, 1)) - CUTS).astype(np.float32)
    noise = random.random((count, 1))
    labels = (noise < 1 / (1 + np.exp(-logits))).astype(np.float32)
    return logits, labels.sum(1).astype(np.int8), labels


def test_temperature_and_shift_undo_overconfidence_and_balancing() -> None:
    logits, _, labels = graded(4000, 1)
    spoilt = logits * 2.5 + 1.2
    fitted = fit_calibration(spoilt, labels, np.zeros(3))
    unseen, _, truth = graded(20000, 2)
    probability = calibrated(unseen * 2.5 + 1.2, fitted)
    for cut in range(3):
        error = calibration_error(truth[:, cut] > 0, probability[:, cut])
        assert error is not None
        assert error <= 0.05


def test_without_the_prior_shift_rare_grades_are_called_far_too_often() -> None:
    """The trap of model.md §1.6: good on balanced data, useless at natural prevalence."""
    logits, _, labels = graded(8000, 3)
    rows = LabelRows(labels[:, None], np.ones((8000, 1), np.float32))
    plan = sampling_plan(rows, rows, power=1.0)
    sampled = draw(plan, 8000, np.random.default_rng(1))
    learnt = np.log(labels[sampled].mean(0)) - np.log1p(-labels[sampled].mean(0))
    natural = np.log(labels.mean(0)) - np.log1p(-labels.mean(0))
    moved = (logits + learnt - natural).astype(np.float32)
    for cut, positive in enumerate((labels > 0).T):
        naive = calibration_error(positive, calibrated(moved, Calibration(1, (0, 0, 0)))[:, cut])
        shifted = calibration_error(positive, calibrated(moved, Calibration(1, tuple(plan.shift[0])))[:, cut])
        assert naive is not None
        assert shifted is not None
        assert shifted <= 0.05 < naive


def test_the_prior_shift_is_the_difference_of_the_prevalences() -> None:
    _, _, labels = graded(5000, 4)
    rows = LabelRows(labels[:, None], np.ones((5000, 1), np.float32))
    plan = sampling_plan(rows, rows, power=0.5)
    drawn = draw(plan, 200_000, np.random.default_rng(1))
    logit = [np.log(share / (1 - share)) for share in (labels.mean(0), labels[drawn].mean(0))]
    assert plan.shift[0] == pytest.approx(logit[0] - logit[1], abs=0.01)
    assert sampling_plan(rows, rows, power=0.0).shift == pytest.approx(0)
    half = LabelRows(rows.labels[:2500] * 0, rows.mask[:2500])
    assert (sampling_plan(rows, half, power=0.0).shift < -3).all()


def test_probabilities_are_a_distribution_whatever_the_logits_are() -> None:
    logits = np.random.default_rng(1).standard_normal((200, 3)).astype(np.float32) * 5
    probability = grade_probabilities(calibrated(logits, Calibration(0.7, (0.4, -0.2, 0.9))))
    assert probability.sum(1) == pytest.approx(1)
    assert (probability >= 0).all()


def test_sets_cover_every_grade_and_have_no_holes() -> None:
    logits, grades, _ = graded(6000, 5)
    probability = grade_probabilities(calibrated(logits, Calibration(1, (0, 0, 0))))
    minimum = minimum_probabilities(probability[:3000], grades[:3000])
    sets = conformal_sets(probability[3000:], minimum)
    for grade in range(4):
        own = [grade in one for one, truth in zip(sets, grades[3000:], strict=True) if truth == grade]
        assert np.mean(own) >= 0.85
    assert all(one == list(range(one[0], one[-1] + 1)) for one in sets)


def test_a_grade_with_too_few_cells_belongs_from_alpha_on() -> None:
    probability = np.tile([0.9, 0.1], (50, 1))
    assert minimum_probabilities(probability, np.zeros(50, np.int8)) == pytest.approx([0.9, 0.1])
    assert minimum_probabilities(probability[:3], np.zeros(3, np.int8)) == [0.1, 0.1]


def test_the_operating_point_is_where_youden_is_greatest() -> None:
    score = np.array([0.1, 0.2, 0.3, 0.6, 0.7, 0.9])
    assert youden_threshold(np.array([False, False, False, True, True, True]), score) == pytest.approx(0.45)
    assert youden_threshold(np.zeros(6, bool), score) is None


def test_metrics_equal_hand_counts() -> None:
    truth, grade = np.array([0, 1, 2, 3, 1], np.int8), np.array([0, 1, 1, 3, 2], np.int8)
    # observed disagreement 2; expected from the margins: 17.6 / ... computed by hand as sum over pairs / n.
    expected = 1 - 2 / sum((int(a) - int(b)) ** 2 for a in truth for b in grade) * 5
    assert weighted_kappa(truth, grade, 4) == pytest.approx(expected)
    assert weighted_kappa(np.zeros(3, np.int8), np.zeros(3, np.int8), 4) is None
    assert auc(np.array([False, True, True]), np.array([0.2, 0.2, 0.9])) == pytest.approx(0.75)
    assert recalls(truth, grade, 5) == [1.0, 0.5, 0.0, 1.0, None]


def test_intervals_know_that_joints_of_a_patient_are_alike() -> None:
    random = np.random.default_rng(1)
    patients = np.repeat(np.arange(40), 10)
    value = np.repeat(random.standard_normal(40), 10)
    clustered = clustered_interval(patients, lambda i: float(value[i].mean()), 500, 1)
    naive = clustered_interval(np.arange(400), lambda i: float(value[i].mean()), 500, 1)
    assert clustered.low is not None
    assert clustered.high is not None
    assert naive.low is not None
    assert naive.high is not None
    assert clustered.high - clustered.low > 2 * (naive.high - naive.low)


def test_what_is_unlike_training_lies_far() -> None:
    random = np.random.default_rng(2)
    basis = random.standard_normal((24, 24))
    inside = (random.standard_normal((2000, 24)) @ basis).astype(np.float32)
    fitted = fit_distance(inside[:1000])
    limit = maximum_distance(distances(inside[1000:], fitted))
    fresh = (random.standard_normal((2000, 24)) @ basis).astype(np.float32)
    assert (distances(fresh, fitted) > limit).mean() < 0.02
    assert (distances(fresh + 4 * basis.sum(0), fitted) > limit).mean() > 0.95
