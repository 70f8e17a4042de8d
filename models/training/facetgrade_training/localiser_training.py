"""Trains one plane of the localiser; stopped by validation patients alone."""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import smooth_l1_loss

from facetgrade_training.arrays import Doubles, Indexes
from facetgrade_training.device import average_gradients, check_replicas, own_random, own_share, share_buffers
from facetgrade_training.heatmap_decoding import decode_each, decode_ordered
from facetgrade_training.localiser_batch import Plane, Targets, augmented, centred
from facetgrade_training.localiser_network import HEATMAP_SIDE, HeatmapNetwork
from facetgrade_training.progress import Progress
from facetgrade_training.training_export import LocaliserData


@dataclass(frozen=True)
class LocaliserSettings:
    epochs: int = 40
    patience: int = 12
    batch: int = 16
    passes: int = 2
    most_steps: int = 30
    learning_rate: float = 4e-3
    seed: int = 1


@dataclass(frozen=True)
class PointErrors:
    """Of visible targets: `errors_mm` in the plane, with height where there is one; `confidence` in the same order."""

    errors_mm: Doubles
    confidence: Doubles

    def text(self) -> str:
        median, high = np.quantile(self.errors_mm, [0.5, 0.95])
        return f"validation error median {median:.2f} mm, 95 % {high:.2f} mm"


@dataclass(frozen=True)
class LocaliserEpoch:
    train_loss: float
    validation_loss: float
    points: PointErrors


@dataclass(frozen=True)
class TrainedLocaliser:
    network: HeatmapNetwork
    history: list[LocaliserEpoch]
    best_epoch: int


def train_localiser(
    data: LocaliserData, plane: Plane, settings: LocaliserSettings, device: torch.device, name: str
) -> TrainedLocaliser:
    """Keeps the weights of the epoch whose validation loss was least."""
    random, own = np.random.default_rng(settings.seed), own_random(settings.seed)
    torch.manual_seed(settings.seed)
    network = _new_network(data, plane).to(memory_format=torch.channels_last).to(device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=settings.learning_rate, weight_decay=0.01)
    rows = len(data.rows.of_part("train"))
    steps = min(settings.most_steps, -(-settings.passes * rows // settings.batch))
    total = settings.epochs * steps
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.learning_rate, total, pct_start=0.2)
    progress, history = Progress(name, settings.epochs), list[LocaliserEpoch]()
    best, best_state = 0, deepcopy(network.state_dict())
    for number in range(1, settings.epochs + 1):
        losses = []
        for _ in range(steps):
            losses.append(_step(network, data, plane, (settings.batch, random, own)))
            optimiser.step()
            schedule.step()
        share_buffers(network)
        loss, points = validate_points(network, data, plane, device)
        history.append(LocaliserEpoch(float(np.mean(losses)), loss, points))
        progress.epoch(number, f"training loss {np.mean(losses):.3f}  validation loss {loss:.3f}  {points.text()}")
        if loss < history[best].validation_loss or number == 1:
            best, best_state = number - 1, deepcopy(network.state_dict())
        elif number - 1 - best >= settings.patience:
            progress.say(f"stopped: validation has not improved for {settings.patience} epochs")
            break
    network.load_state_dict(best_state)
    check_replicas(network)
    return TrainedLocaliser(network.eval(), history, best + 1)


def heatmap_loss(log_maps: Tensor, heights: Tensor, targets: Targets, spread: float) -> Tensor:
    """Cross-entropy against a bell around the point, and the height's error in centimetres; masked, a scalar."""
    grid = torch.arange(HEATMAP_SIDE, dtype=torch.float32, device=log_maps.device)
    column, row = (targets.points[..., i, None].to(log_maps.device) for i in (0, 1))
    bells = [torch.exp(-((grid - centre) ** 2) / (2 * spread**2)) for centre in (row, column)]
    bell = bells[0][..., :, None] * bells[1][..., None, :]
    bell = bell / bell.sum((2, 3), keepdim=True).clamp(min=1e-6)
    mask = targets.mask.to(log_maps.device)
    place = -(bell * log_maps).sum((2, 3))
    height = smooth_l1_loss(heights / 10, targets.heights.to(log_maps.device) / 10, reduction="none")
    return ((place + 5 * height) * mask).sum() / mask.sum().clamp(min=1)


def validate_points(
    network: HeatmapNetwork, data: LocaliserData, plane: Plane, device: torch.device
) -> tuple[float, PointErrors]:
    """Loss and point errors over all validation rows, as inference would decode them."""
    network.eval()
    rows, losses, errors, confidence = data.rows.of_part("validation"), list[float](), list[float](), list[float]()
    with torch.no_grad():
        for start in range(0, len(rows), 32):
            targets = centred(data, rows[start : start + 32], plane)
            log_maps, heights = network(targets.images.to(device))
            losses.append(float(heatmap_loss(log_maps, heights, targets, plane.spread)) * len(targets.images))
            for index, maps in enumerate(log_maps.exp().cpu().numpy()):
                peaks = decode_ordered(maps) if plane.kind == "sagittal" else decode_each(maps)
                for target, peak in enumerate(peaks):
                    if targets.mask[index, target] == 0:
                        continue
                    x, y = targets.points[index, target].tolist()
                    off = (float(heights[index, target]) - float(targets.heights[index, target])) * (
                        plane.kind == "axial"
                    )
                    flat = np.hypot(peak.column - x, peak.row - y) * plane.heatmap_mm
                    errors.append(float(np.hypot(flat, off)))
                    confidence.append(peak.confidence)
    return sum(losses) / max(1, len(rows)), PointErrors(np.array(errors), np.array(confidence))


def _new_network(data: LocaliserData, plane: Plane) -> HeatmapNetwork:
    network = plane.new_network()
    rows = data.rows.of_part("train")
    values = np.asarray(data.images[rows[:: max(1, len(rows) // 200)]], np.float64)
    network.mean.fill_(float(values.mean()))
    network.deviation.fill_(max(1e-3, float(values.std())))
    return network


def _step(
    network: HeatmapNetwork,
    data: LocaliserData,
    plane: Plane,
    draws: tuple[int, np.random.Generator, np.random.Generator],
) -> float:
    """Gradients of one batch. `draws`: its size, the generator that all processes share, this process's own."""
    batch, random, own = draws
    device = next(network.parameters()).device
    train = data.rows.of_part("train")
    rows: Indexes = own_share(random.choice(train, min(batch, len(train)), replace=False))
    targets = augmented(data, rows, plane, own)
    network.train()
    network.zero_grad()
    log_maps, heights = network(targets.images.to(device, memory_format=torch.channels_last))
    loss = heatmap_loss(log_maps, heights, targets, plane.spread)
    loss.backward()  # type: ignore[no-untyped-call]
    average_gradients(network)
    return float(loss.detach())
