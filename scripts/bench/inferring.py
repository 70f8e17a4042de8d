"""The grader's network in PyTorch, timed on request, beside the runtime that serves it.

Writes the network as ONNX to the path that it is given, says so with one line, and then answers each line `default` or
`channels_last` on stdin with the seconds that a number of batches took in that memory layout.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch

from facetgrade_training.feature_distance import FeatureDistance
from facetgrade_training.grader_network import WIDTHS, GraderNetwork
from facetgrade_training.onnx_networks import ExportedGrader, grader_signature, write_onnx
from facetgrade_training.served_form import served_grader

HEADS, CUTOFFS = 6, 3


def main() -> None:
    path, threads, batch, batches = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    network = served_grader(GraderNetwork(("ct",), CUTOFFS, "soft").eval(), "ct")
    distance = FeatureDistance(
        mean=np.zeros(WIDTHS[-1], np.float32), whitening=np.eye(WIDTHS[-1], dtype=np.float32)
    )
    exported = ExportedGrader(network, "ct", list(range(HEADS * CUTOFFS)), distance).eval()
    write_onnx(exported, grader_signature("ct", HEADS * CUTOFFS), path)
    crops, present = torch.rand(batch, 8, 64, 64), torch.ones(batch, 1)
    print("ready", flush=True)
    for line in sys.stdin:
        layout = torch.channels_last if line.strip() == "channels_last" else torch.contiguous_format
        exported.to(memory_format=layout)
        given = crops.contiguous(memory_format=layout)
        with torch.inference_mode():
            exported(given, present)
            started = time.perf_counter()
            for _ in range(batches):
                exported(given, present)
        print(time.perf_counter() - started, flush=True)


main()
