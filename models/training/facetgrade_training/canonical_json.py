"""RFC 8785 for what manifests hold: texts, flags, whole numbers and finite numbers."""

import json
import math

from facetgrade_training.json_reading import Json


def canonical_json(value: Json) -> str:
    """Sorted keys (UTF-16 order), no spaces, numbers as ECMAScript prints them."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical_json(key)}:{canonical_json(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical_json(item) for item in value) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """Number::toString of ECMAScript: shortest digits; an exponent below 1e-6 and from 1e21."""
    if not math.isfinite(value):
        raise ValueError("a number that is not finite has no JSON")
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    sign, digits, exponent = _shortest(value)
    point = len(digits) + exponent
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if 0 < point < len(digits):
        return f"{sign}{digits[:point]}.{digits[point:]}"
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    power = point - 1
    return f"{sign}{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"


def _shortest(value: float) -> tuple[str, str, int]:
    mantissa, _, exponent = f"{abs(value)!r}".replace("E", "e").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    stripped = digits.rstrip("0")
    shift = len(digits) - len(stripped)
    return ("-" if value < 0 else "", stripped, int(exponent or 0) - len(fraction) + shift)
