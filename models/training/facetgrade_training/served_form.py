"""A network as it is served: one modality, normalisation folded into the convolutions, weights that 16 bits hold.

Folding changes nothing but rounding; 16 bits halve the files. What the manifest says is measured on this form.
"""

from copy import deepcopy
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from facetgrade_training.grader_network import GraderNetwork, ModalityNorm, ResidualBlock, Stem
from facetgrade_training.localiser_network import HeatmapNetwork, Step
from facetgrade_training.modality import Modality


class Folded(nn.Module):
    """Stands where a normalisation was."""

    def forward(self, x: Tensor, modality: Modality | None = None) -> Tensor:
        del modality
        return x


def served_grader(network: GraderNetwork, modality: Modality) -> GraderNetwork:
    """A copy on the CPU that knows this modality alone."""
    served = deepcopy(network).cpu().eval()
    stem = served.stems[modality]
    assert isinstance(stem, Stem)
    stem.convolution, served.stem_norm = _folded(stem.convolution, served.stem_norm, modality)
    served.stems = nn.ModuleDict({modality: stem})
    for block in served.blocks:
        assert isinstance(block, ResidualBlock)
        block.first, block.first_norm = _folded(block.first, block.first_norm, modality)
        block.second, block.second_norm = _folded(block.second, block.second_norm, modality)
    return _rounded(served)


def served_localiser(network: HeatmapNetwork) -> HeatmapNetwork:
    served = deepcopy(network).cpu().eval()
    for step in served.modules():
        if isinstance(step, Step):
            for index in (0, 3):
                convolution, norm = step.layers[index], step.layers[index + 1]
                assert isinstance(convolution, nn.Conv2d)
                assert isinstance(norm, nn.BatchNorm2d)
                step.layers[index], step.layers[index + 1] = fuse_conv_bn_eval(convolution, norm), Folded()
    return _rounded(served)


def _folded(convolution: nn.Conv2d, norm: nn.Module, modality: Modality) -> tuple[nn.Conv2d, Folded]:
    assert isinstance(norm, ModalityNorm)
    own = norm.norms[modality]
    assert isinstance(own, nn.BatchNorm2d)
    return fuse_conv_bn_eval(convolution, own), Folded()


Network = TypeVar("Network", bound=nn.Module)


def _rounded(network: Network) -> Network:
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half().float())
    return network
