"""How numbers are written in cards: never without interval, number and method."""

from collections.abc import Sequence

from facetgrade_training.clustered_interval import Interval

SYNTHETIC = "Synthetic phantoms; says nothing about patients."
METHOD = (
    "Intervals: 95 %, percentile bootstrap over patients (joints of a patient stay together), 1,000 replicates. "
    "A dash: not defined on these cells (a grade or a side of the cut-off does not occur)."
)


def number(value: float | None, digits: int = 2) -> str:
    """`.87`, `−.02`, a dash for what is undefined."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}".replace("-", "−")
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def interval(value: Interval) -> str:
    if value.estimate is None:
        return "–"
    if value.low is None or value.high is None:
        return number(value.estimate)
    return f"{number(value.estimate)} ({number(value.low)}–{number(value.high)})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
