"""Typed reading of JSON from outside: what is absent or of another type is refused by the path of the key."""

from collections.abc import Callable
from typing import TypeVar

from facetgrade_training.refusal import RefusalError

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
T = TypeVar("T")


class Reader:
    """A JSON value with the path that leads to it."""

    def __init__(self, value: Json, path: str = "manifest") -> None:
        self.value = value
        self.path = path

    def __call__(self, key: str) -> "Reader":
        if not isinstance(self.value, dict) or key not in self.value:
            raise self.refusal(f"has no {key}")
        return Reader(self.value[key], f"{self.path}.{key}")

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.refusal("is no text")
        return self.value

    def integer(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self.refusal("is no whole number")
        return self.value

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.refusal("is no number")
        return float(self.value)

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.refusal("is neither true nor false")
        return self.value

    def items(self, read: Callable[["Reader"], T]) -> list[T]:
        if not isinstance(self.value, list):
            raise self.refusal("is no list")
        return [read(Reader(item, f"{self.path}[{index}]")) for index, item in enumerate(self.value)]

    def entries(self, read: Callable[["Reader"], T]) -> dict[str, T]:
        if not isinstance(self.value, dict):
            raise self.refusal("is no object")
        return {key: read(Reader(item, f"{self.path}.{key}")) for key, item in self.value.items()}

    def texts(self) -> list[str]:
        return self.items(Reader.text)

    def refusal(self, what: str) -> RefusalError:
        return RefusalError("EXPORT_MALFORMED", f"{self.path} {what}.")
