"""Where training runs and how it stays the same for the same seed."""

import os
import random

import numpy as np
import torch
import torch.distributed as dist

from facetgrade_training.arrays import Indexes
from facetgrade_training.refusal import RefusalError


def chosen_device(name: str) -> torch.device:
    """`auto`: CUDA where there is one, else the CPU. Under a launcher each process takes the card of its number."""
    if name == "cuda" and not torch.cuda.is_available():
        raise RefusalError("DEVICE_MISSING", "CUDA was asked for and this machine has none; use --device cpu.")
    if name == "cpu" or not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))


def fix_seed(seed: int) -> None:
    """Same seed, same machine, same thread count → same weights."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - some libraries still draw from it
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    # Every value is written before it is read; filling memory first would cost a tenth of the time.
    setattr(torch.utils.deterministic, "fill_uninitialized_memory", False)  # noqa: B010 - untyped module


def join_processes() -> int:
    """Joins the processes that torchrun started; returns how many there are (1 without a launcher)."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return count


def is_first() -> bool:
    return not dist.is_initialized() or dist.get_rank() == 0


def own_share(
    items: Indexes,
) -> Indexes:
    """This process's part of a batch that all processes drew alike."""
    return items[dist.get_rank() :: dist.get_world_size()] if dist.is_initialized() else items


def average_gradients(network: torch.nn.Module) -> None:
    """Mean over processes, one message per step. A step has one modality: all have gradients at the same places."""
    if not dist.is_initialized():
        return
    gradients = [p.grad for p in network.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    offset = 0
    for gradient in gradients:
        gradient.copy_(flat[offset : offset + gradient.numel()].view_as(gradient))
        offset += gradient.numel()


def own_random(seed: int) -> np.random.Generator:
    """For what a process draws for its own rows; what all must draw alike comes from a generator of the seed alone."""
    return np.random.default_rng([seed, dist.get_rank() if dist.is_initialized() else 0])


def check_replicas(network: torch.nn.Module) -> None:
    """Every process holds the same weights, or the training is worth nothing."""
    if not dist.is_initialized():
        return
    total = sum((value.double().abs().sum() for value in network.state_dict().values()), torch.zeros(()).double())
    ends = torch.stack([total, -total]).to(next(network.parameters()).device)
    dist.all_reduce(ends, dist.ReduceOp.MAX)
    if float(ends[0] + ends[1]) > 1e-6 * float(ends[0].abs()):
        raise RuntimeError("the processes of this training hold different weights")


def share_buffers(network: torch.nn.Module) -> None:
    """Running statistics of normalisation: the mean over processes, once before validation."""
    if not dist.is_initialized():
        return
    for buffer in network.buffers():
        if buffer.is_floating_point():
            dist.all_reduce(buffer)
            buffer.div_(dist.get_world_size())
