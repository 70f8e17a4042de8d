"""Learning curves as one small SVG, drawn here so that a card needs no plotting library."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 560, 260, 52, 36, 24, 120
COLOURS = ("#1b6ca8", "#c4572b", "#3f7d3a", "#7a4b9a")


@dataclass(frozen=True)
class Line:
    name: str
    values: Sequence[float]


def curve_svg(title: str, y_label: str, lines: Sequence[Line]) -> str:
    """One line per name over epochs 1, 2, …; y runs from 0 (or the least value below it) to the greatest."""
    length = max(len(line.values) for line in lines)
    low = min(0.0, *(min(line.values) for line in lines))
    high = max(max(line.values) for line in lines) or 1.0
    body = [_frame(title, y_label, length, (low, high))]
    for index, line in enumerate(lines):
        body.append(_drawn(line, COLOURS[index % len(COLOURS)], length, (low, high)))
        y = TOP + 16 * index + 8
        body.append(f'<text x="{WIDTH - RIGHT + 10}" y="{y}" fill="{COLOURS[index % len(COLOURS)]}">{line.name}</text>')
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="11">'
    return head + '<rect width="100%" height="100%" fill="#fff"/>' + "".join(body) + "</svg>\n"


def _x(epoch: int, length: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (epoch - 1) / max(1, length - 1)


def _y(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - low) / (high - low)


def _frame(title: str, y_label: str, length: int, limits: tuple[float, float]) -> str:
    parts = [f'<text x="{LEFT}" y="14" font-weight="bold">{title}</text>']
    for share in range(5):
        value = limits[0] + (limits[1] - limits[0]) * share / 4
        y = _y(value, limits)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>')
    ticks = sorted({1, max(1, length // 2), length})
    y = HEIGHT - BOTTOM + 16
    parts.extend(f'<text x="{_x(epoch, length):.1f}" y="{y}" text-anchor="middle">{epoch}</text>' for epoch in ticks)
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">epoch</text>')
    parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{HEIGHT - 6}" fill="#555">{y_label}</text>')
    return "".join(parts)


def _drawn(line: Line, colour: str, length: int, limits: tuple[float, float]) -> str:
    points = " ".join(f"{_x(i + 1, length):.1f},{_y(v, limits):.1f}" for i, v in enumerate(line.values))
    return f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>'
