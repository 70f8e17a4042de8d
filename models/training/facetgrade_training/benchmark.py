"""`python -m facetgrade_training.benchmark`: training images a second, against a bare loop over ready tensors.

Bare: the same network, loss and optimiser, the same batch again and again, already cut, on the same threads. Both are
timed in turns, so that a busy machine disturbs both alike. One JSON line on stdout.
"""

import json
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import torch

from facetgrade_training.crop_batch import centre_crops
from facetgrade_training.device import fix_seed
from facetgrade_training.export_rows import Rows
from facetgrade_training.grader_training import Batch, GraderSettings, new_network, training_step
from facetgrade_training.losses import ordinal_loss
from facetgrade_training.modality import FEATURES
from facetgrade_training.training_export import GraderData

ROWS = 256
BATCH = 64
ROUNDS = 9


def main() -> None:
    fix_seed(1)
    data, settings = _noise(), GraderSettings(batch=BATCH)
    own, bare = _own_step(data, settings), _bare_step(data, settings)
    own(), bare()
    times: dict[str, list[float]] = {"own": [], "bare": []}
    for _ in range(ROUNDS):
        for name, step in (("own", own), ("bare", bare)):
            started = time.perf_counter()
            for _ in range(4):
                step()
            times[name].append((time.perf_counter() - started) / 4)
    rates = {name: BATCH / median(seconds) for name, seconds in times.items()}
    print(json.dumps(rates | {"batch": BATCH, "rounds": ROUNDS, "threads": torch.get_num_threads()}))


def _own_step(data: GraderData, settings: GraderSettings) -> Callable[[], None]:
    network = new_network({"ct": data}, settings).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters())
    random = np.random.default_rng(1)

    def step() -> None:
        training_step(network, data, Batch("ct", random.integers(0, ROWS, BATCH)), settings, random)
        optimiser.step()

    return step


def _bare_step(data: GraderData, settings: GraderSettings) -> Callable[[], None]:
    network = new_network({"ct": data}, settings).to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(network.parameters())
    crops = centre_crops(data.crops, np.arange(BATCH), "ct").contiguous(memory_format=torch.channels_last)
    present, cutoffs = torch.ones(BATCH, 1), torch.from_numpy(data.cutoff_mask())
    labels, mask = torch.from_numpy(data.labels[:BATCH]), torch.from_numpy(data.mask[:BATCH])

    def step() -> None:
        optimiser.zero_grad()
        logits, _ = network(crops, present, "ct")
        ordinal_loss("soft", logits, labels, mask, cutoffs).backward()  # type: ignore[no-untyped-call]
        optimiser.step()

    return step


def _noise() -> GraderData:
    random = np.random.default_rng(1)
    truth = random.integers(0, 4, (ROWS, len(FEATURES))).astype(np.int8)
    nobody = [""] * ROWS
    return GraderData(
        modality="ct",
        levels=dict.fromkeys(FEATURES, 4),
        crops=random.random((ROWS, 10, 80, 80), dtype=np.float32).astype(np.float16),
        present=np.ones((ROWS, 1), np.uint8),
        labels=(truth[..., None] >= np.arange(1, 4)).astype(np.float32),
        mask=np.ones(truth.shape, np.float32),
        truth=truth,
        rows=Rows(nobody, ["train"] * ROWS, nobody, nobody, np.full(ROWS, np.nan), nobody, nobody, nobody),
    )


if __name__ == "__main__":
    main()
