"""Trains one grader: batches of one modality each, stopped by validation patients alone."""

from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from facetgrade_training.arrays import Indexes
from facetgrade_training.crop_batch import Augmentation, augmented_crops
from facetgrade_training.device import average_gradients, check_replicas, own_random, own_share, share_buffers
from facetgrade_training.grader_network import GraderNetwork, Stem
from facetgrade_training.grader_validation import Validation, validate
from facetgrade_training.losses import Loss, ordinal_loss
from facetgrade_training.modality import FEATURES, LAYOUTS, Modality
from facetgrade_training.progress import Progress
from facetgrade_training.sampling import LabelRows, SamplingPlan, draw, sampling_plan
from facetgrade_training.training_export import GraderData


@dataclass(frozen=True)
class GraderSettings:
    """`heads`: the features that are learnt (all, or one for a single task). `rows`: draws in an
    epoch by modality, else as many as there are training joints.
    """

    loss: Loss = "soft"
    epochs: int = 16
    patience: int = 10
    batch: int = 64
    rows: dict[Modality, int] = field(default_factory=dict)
    learning_rate: float = 3e-3
    weight_decay: float = 0.03
    balance: float = 0.5
    seed: int = 1
    heads: tuple[str, ...] = FEATURES
    augmentation: Augmentation = field(default_factory=Augmentation)


@dataclass(frozen=True)
class Epoch:
    train_loss: float
    validation: Validation


@dataclass(frozen=True)
class TrainedGrader:
    network: GraderNetwork
    plans: dict[Modality, SamplingPlan]
    history: list[Epoch]
    best_epoch: int


@dataclass(frozen=True)
class Batch:
    modality: Modality
    rows: Indexes


def train_grader(
    data: dict[Modality, GraderData], settings: GraderSettings, device: torch.device, name: str = "grader"
) -> TrainedGrader:
    """Keeps the weights of the epoch whose calibrated validation loss was least."""
    random, own = np.random.default_rng(settings.seed), own_random(settings.seed)
    torch.manual_seed(settings.seed)
    network = new_network(data, settings).to(memory_format=torch.channels_last).to(device)
    plans = {modality: row_plan(one, settings) for modality, one in data.items()}
    optimiser = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)
    steps = settings.epochs * len(epoch_batches(data, plans, settings, np.random.default_rng(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.learning_rate, steps, pct_start=0.2)
    progress, history = Progress(name, settings.epochs), list[Epoch]()
    best, best_state = 0, deepcopy(network.state_dict())
    for number in range(1, settings.epochs + 1):
        losses = []
        for batch in epoch_batches(data, plans, settings, random):
            losses.append(training_step(network, data[batch.modality], batch, settings, own))
            optimiser.step()
            schedule.step()
        share_buffers(network)
        history.append(Epoch(float(np.mean(losses)), validate(network, data, plans, settings.heads, device)))
        progress.epoch(number, f"training loss {history[-1].train_loss:.3f}  {history[-1].validation.text()}")
        if history[-1].validation.loss < history[best].validation.loss or number == 1:
            best, best_state = number - 1, deepcopy(network.state_dict())
        elif number - 1 - best >= settings.patience:
            progress.say(f"stopped: validation has not improved for {settings.patience} epochs")
            break
    network.load_state_dict(best_state)
    check_replicas(network)
    return TrainedGrader(network.eval(), plans, history, best + 1)


def new_network(data: dict[Modality, GraderData], settings: GraderSettings) -> GraderNetwork:
    """With the normalisation statistics of the training rows inside."""
    cutoffs = max(one.labels.shape[2] for one in data.values())
    network = GraderNetwork(tuple(data), cutoffs, settings.loss)
    for modality, one in data.items():
        stem = network.stems[modality]
        assert isinstance(stem, Stem)
        for group, (mean, deviation) in enumerate(group_statistics(one)):
            stem.mean[group], stem.deviation[group] = mean, deviation
    return network


def group_statistics(data: GraderData) -> list[tuple[float, float]]:
    """Mean and standard deviation of the values of each stack or view, over training rows that have it."""
    layout = LAYOUTS[data.modality]
    rows, found = data.rows.of_part("train"), list[tuple[float, float]]()
    for group in range(layout.groups):
        present = rows[np.asarray(data.present[rows, group]) > 0]
        sample = present[:: max(1, len(present) // 500)]
        if len(sample) == 0:
            found.append((0.0, 1.0))
            continue
        values = np.asarray(data.crops[sample, group * layout.exported : (group + 1) * layout.exported], np.float64)
        found.append((float(values.mean()), max(1e-3, float(values.std()))))
    return found


def row_plan(data: GraderData, settings: GraderSettings) -> SamplingPlan:
    """Weights of the training rows, and the shift back to the prevalence of the validation rows."""
    learnt = np.array([feature in settings.heads for feature in FEATURES])

    def rows_of(part: str) -> LabelRows:
        rows = data.rows.of_part(part)
        return LabelRows(np.asarray(data.labels[rows]), np.asarray(data.mask[rows]) * learnt)

    return sampling_plan(rows_of("train"), rows_of("validation"), settings.balance)


def epoch_batches(
    data: dict[Modality, GraderData],
    plans: dict[Modality, SamplingPlan],
    settings: GraderSettings,
    random: np.random.Generator,
) -> list[Batch]:
    """All modalities of one epoch in random order. A last, short batch is left out: normalisation needs company."""
    batches = []
    for modality, one in data.items():
        train = one.rows.of_part("train")
        rows = train[draw(plans[modality], settings.rows.get(modality, len(train)), random)]
        size = min(settings.batch, len(rows))
        batches += [Batch(modality, rows[start : start + size]) for start in range(0, len(rows) - size + 1, size)]
    return [batches[i] for i in random.permutation(len(batches))]


def training_step(
    network: GraderNetwork, data: GraderData, batch: Batch, settings: GraderSettings, random: np.random.Generator
) -> float:
    """Gradients of one batch, averaged over processes; the loss is returned."""
    device = next(network.parameters()).device
    rows = own_share(batch.rows)
    crops = augmented_crops(data.crops, rows, batch.modality, settings.augmentation, random)
    crops = crops.to(device, memory_format=torch.channels_last)
    network.train()
    network.zero_grad()
    logits, _ = network(crops, _tensor(data.present[rows], device), batch.modality)
    mask = _tensor(data.mask[rows], device) * learnt_heads(settings.heads).to(device)
    labels, cutoffs = _tensor(data.labels[rows], device), torch.from_numpy(data.cutoff_mask()).to(device)
    loss = ordinal_loss(settings.loss, logits, labels, mask, cutoffs)
    loss.backward()  # type: ignore[no-untyped-call]
    average_gradients(network)
    return float(loss.detach())


def learnt_heads(heads: tuple[str, ...]) -> Tensor:
    return torch.tensor([float(feature in heads) for feature in FEATURES])


def _tensor(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]], device: torch.device) -> Tensor:
    return torch.from_numpy(np.asarray(array, dtype=np.float32)).to(device)
