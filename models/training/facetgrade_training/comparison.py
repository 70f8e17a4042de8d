"""`python -m facetgrade_training.comparison`: losses, and one network per task, each trained equally short.

Prints two markdown tables of validation results. What ships is trained longer; here only the difference counts.
"""

import argparse
from pathlib import Path

from facetgrade_training.ablations import compare_losses, single_task_kappas
from facetgrade_training.card_text import number, table
from facetgrade_training.device import chosen_device, fix_seed
from facetgrade_training.grader_training import GraderSettings, train_grader
from facetgrade_training.modality import MODALITIES
from facetgrade_training.training_export import open_export


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--export", type=Path, required=True)
    parser.add_argument("--modality", choices=MODALITIES, default="ct")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    device = chosen_device("auto")
    export = open_export(options.export)
    data = {options.modality: export.grader[options.modality]}
    settings = GraderSettings(epochs=options.epochs, patience=options.epochs, seed=options.seed)
    fix_seed(options.seed)
    trials = compare_losses(data, settings, options.epochs, device)
    rows = [[t.loss, str(t.epochs), number(t.validation_loss, 3), number(t.mean_kappa, 3)] for t in trials]
    print(table(["loss", "epochs", "calibrated validation loss", "mean QWK"], rows) + "\n")
    fix_seed(options.seed)
    multi = train_grader(data, settings, device, "all tasks")
    together = multi.history[multi.best_epoch - 1].validation.kappas
    alone = single_task_kappas(data, settings, device)
    rows = [[name, number(together[name]), number(alone.get(name))] for name in together]
    print(table(["feature", "QWK, all tasks in one network", "QWK, a network of its own"], rows))


if __name__ == "__main__":
    main()
