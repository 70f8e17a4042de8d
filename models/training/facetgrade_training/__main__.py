"""`python -m facetgrade_training --export <folder> --out <folder>`; `pnpm train` makes the environment for it."""

import argparse
import sys
from pathlib import Path
from typing import cast

import torch

from facetgrade_training.device import chosen_device, fix_seed, is_first, join_processes
from facetgrade_training.grader_training import GraderSettings
from facetgrade_training.localiser_training import LocaliserSettings
from facetgrade_training.losses import LOSSES, Loss
from facetgrade_training.modality import MODALITIES, Modality
from facetgrade_training.model_folder import refuse_taken
from facetgrade_training.provenance import Run, code_commit
from facetgrade_training.refusal import RefusalError
from facetgrade_training.training_export import open_export
from facetgrade_training.training_run import Plan, train_grader_model, train_localiser_model

REFUSED = 3


def main(arguments: list[str]) -> int:
    """0 done · 2 usage · 3 refused, with code and sentence on stderr."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except RefusalError as refusal:
        print(f"{refusal.code}: {refusal.sentence}", file=sys.stderr)
        return REFUSED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("pnpm train", description="Trains a localiser and a grader on a training export.")
    parser.add_argument("--export", type=Path, required=True, help="folder that `facetgrade training-export` wrote")
    parser.add_argument(
        "--out", type=Path, required=True, help="<out>/<name>-grader and <out>/<name>-localiser are written"
    )
    parser.add_argument("--name", help="prefix of the models' ids (the study's code)")
    parser.add_argument("--model-version", default="1.0.0")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=16, help="of the grader, at most (16)")
    parser.add_argument("--localiser-epochs", type=int, default=30, help="of each localiser, at most (30)")
    parser.add_argument("--rows", type=_rows, default={}, help="joints per epoch, ct=1440,mr=700 (all that train)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--loss", choices=[*LOSSES, "compare"], default="soft", help="compare: try each, keep the best")
    parser.add_argument("--compare-epochs", type=int, default=4, help="of each loss, with --loss compare (4)")
    parser.add_argument("--ablations", action="store_true", help="also train a network per feature, for the card")
    parser.add_argument("--only", choices=["grader", "localiser"], help="train one of the two")
    parser.add_argument("--threads", type=int, default=0, help="of the CPU (all)")
    return parser


def _rows(text: str) -> dict[Modality, int]:
    found: dict[Modality, int] = {}
    for pair in text.split(","):
        name, _, count = pair.partition("=")
        known = [modality for modality in MODALITIES if modality == name]
        if not known or not count.isdigit() or int(count) < 1:
            raise argparse.ArgumentTypeError(f"{pair} is not a modality and a number, such as ct=1440")
        found[known[0]] = int(count)
    return found


def _run(options: argparse.Namespace) -> None:
    processes = join_processes()
    device = chosen_device(options.device)
    if options.threads > 0:
        torch.set_num_threads(options.threads)
    export = open_export(options.export)
    name = options.name or export.manifest.study_code
    folders = {kind: options.out / f"{name}-{kind}" for kind in ("grader", "localiser") if options.only in (None, kind)}
    for folder in folders.values():
        refuse_taken(folder)
    seed, threads = options.seed, torch.get_num_threads()
    run = Run(
        name, options.model_version, seed, device.type, {"processes": processes, "threads": threads}, code_commit()
    )
    loss = cast(Loss, "soft" if options.loss == "compare" else options.loss)
    plan = Plan(
        grader=GraderSettings(loss=loss, epochs=options.epochs, rows=options.rows, seed=seed),
        localiser=LocaliserSettings(epochs=options.localiser_epochs, seed=seed),
        compare=options.compare_epochs if options.loss == "compare" else 0,
        ablate=options.ablations,
    )
    for kind, folder in folders.items():
        fix_seed(seed)
        train = train_grader_model if kind == "grader" else train_localiser_model
        train(export, folder, run, plan, device)
        if is_first():
            print(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
