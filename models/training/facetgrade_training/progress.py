"""One line per epoch: what it gave, how long it took, how long is left."""

import sys
import time

from facetgrade_training.device import is_first


class Progress:
    """Speaks on stderr, so that stdout stays for results; only the first process of a launcher speaks."""

    def __init__(self, name: str, epochs: int) -> None:
        self.name = name
        self.epochs = epochs
        self.started = time.monotonic()

    def epoch(self, number: int, text: str) -> None:
        spent = time.monotonic() - self.started
        left = spent / number * (self.epochs - number)
        self.say(f"epoch {number}/{self.epochs}  {text}  {_clock(spent)} gone, {_clock(left)} left")

    def say(self, text: str) -> None:
        if is_first():
            print(f"{self.name}  {text}", file=sys.stderr, flush=True)


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
