"""How far a joint's embedding lies from those of the training joints: the score of being unlike them."""

from dataclasses import dataclass

import numpy as np

from facetgrade_training.arrays import Doubles, Floats

# Of the validation joints this share may be called unlike training.
TAIL = 0.005
SHRINKAGE = 0.05


@dataclass(frozen=True)
class FeatureDistance:
    """distance(x) = |whitening · (x − mean)| / sqrt(dimensions): about 1 for a training joint, unitless."""

    mean: Floats
    whitening: Floats


def fit_distance(embedding: Floats) -> FeatureDistance:
    """Mahalanobis distance with a covariance shrunk towards its mean variance. embedding (joints, dimensions)."""
    mean = embedding.mean(0)
    covariance: Doubles = np.cov((embedding - mean).T.astype(np.float64))
    floor = np.trace(covariance) / len(covariance) or 1.0
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * floor * np.eye(len(covariance))
    values, vectors = np.linalg.eigh(shrunk)
    whitening = (vectors / np.sqrt(values)).T
    # 16 bits hold it (half_weights.py).
    return FeatureDistance(mean, whitening.astype(np.float16).astype(np.float32))


def distances(embedding: Floats, fitted: FeatureDistance) -> Floats:
    """(joints,)."""
    white = (embedding - fitted.mean) @ fitted.whitening.T
    found: Floats = np.sqrt((white**2).mean(1))
    return found


def maximum_distance(validation: Floats) -> float:
    """Conformal quantile: a joint drawn like the validation joints lies beyond it with a chance of at most `TAIL`.

    With too few joints for that it is a fifth more than the greatest distance seen.
    """
    rank = int(np.ceil((1 - TAIL) * (len(validation) + 1)))
    ordered = np.sort(validation)
    return float(ordered[rank - 1]) if rank <= len(ordered) else float(ordered[-1]) * 1.2
