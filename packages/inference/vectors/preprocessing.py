"""Golden vectors for the resampler: every output voxel by itself, straight from the definition in
src/preprocessing.ts, with nothing of the product's code. Run: python3 preprocessing.py > preprocessing.json
"""
import json
import math

import numpy as np

STORED = (10, 80, 80)
SPACING = (2.5, 0.625, 0.625)


def stored_value(k, r, c):
    return (k * 131 + r * 37 + c * 101 + ((r * c) % 17) * 13 + ((k * r) % 5) * 29) % 2048


def js_round(x):
    return math.floor(x + 0.5)


def hat(positions, at, spacing):
    """Pairs (index, weight) of linear interpolation; [] outside."""
    last = len(positions) - 1
    if at <= positions[0]:
        return [(0, 1.0)] if at >= positions[0] - spacing / 2 else []
    if at >= positions[last]:
        return [(last, 1.0)] if at <= positions[last] + spacing / 2 else []
    low = int(np.searchsorted(positions, at, side="right")) - 1
    f = (at - positions[low]) / (positions[low + 1] - positions[low])
    return [(low, 1 - f), (low + 1, f)]



class Volume:
    def __init__(self, case):
        self.n, self.rows, self.cols = case["slices"], case["rows"], case["columns"]
        self.row = np.array(case["iop"][:3])
        self.col = np.array(case["iop"][3:])
        self.normal = np.cross(self.row, self.col)
        order = np.argsort([np.dot(p, self.normal) for p in case["positions"]], kind="stable")
        self.pos = [np.array(case["positions"][i]) for i in order]
        self.file = list(order)
        self.dr, self.dc = case["spacing"]
        self.slope, self.intercept = case["slope"], case["intercept"]
        self.sign = -1 if case["photometric"] == "MONOCHROME1" and case["modality"] != "ct" else 1
        self.offsets = np.array([np.dot(p, self.normal) for p in self.pos])

    def voxel(self, k, r, c):
        return self.sign * (self.slope * stored_value(int(self.file[k]), r, c) + self.intercept)

    def at(self, p, fill):
        """Trilinear value at a point of the patient; each slice by its own origin."""
        total, weight = 0.0, 0.0
        steps = np.sort(np.diff(self.offsets))
        for k, wk in hat(self.offsets, float(np.dot(p, self.normal)), steps[(len(self.offsets) - 1) // 2]):
            q = p - self.pos[k]
            cs = hat(np.arange(self.cols) * self.dc, float(np.dot(q, self.row)), self.dc)
            rs = hat(np.arange(self.rows) * self.dr, float(np.dot(q, self.col)), self.dr)
            for r, wr in rs:
                for c, wc in cs:
                    total += wk * wr * wc * self.voxel(k, r, c)
                    weight += wk * wr * wc
        return total + (1 - weight) * fill

    def axes(self):
        """For patient x, y, z: unit direction of the acquisition nearest to it, and its source spacing."""
        steps = np.sort(np.diff(self.offsets))
        own = [(self.row, self.dc), (self.col, self.dr), (self.normal, steps[(len(self.offsets) - 1) // 2])]
        best = max(
            ([a, b, c] for a in range(3) for b in range(3) for c in range(3) if len({a, b, c}) == 3),
            key=lambda m: sum(abs(own[m[i]][0][i]) for i in range(3)),
        )
        out = []
        for i in range(3):
            d, s = own[best[i]]
            out.append((d if d[i] >= 0 else -d, s))
        return out


def percentiles(volume):
    rows, cols = volume.rows // 2, volume.cols // 2
    every = max(1, math.ceil(math.sqrt(rows * cols * volume.n / 65536)))
    top, left = (volume.rows - rows) // 2, (volume.cols - cols) // 2
    v = [
        volume.voxel(k, top + r, left + c)
        for k in range(volume.n)
        for r in range(0, rows, every)
        for c in range(0, cols, every)
    ]
    return np.percentile(v, 1), np.percentile(v, 99)


def crop_voxel(volume, case, z, y, x, fill):
    (dx, sx), (dy, sy), (dz, sz) = volume.axes()
    mirror = -1 if case["side"] == "right" else 1
    steps = (SPACING[0], SPACING[1], SPACING[2] * mirror)
    stencils = [min(8, max(1, js_round(a / s))) for a, s in zip(SPACING, (sz, sy, sx))]
    total = 0.0
    for i in range(stencils[0]):
        for j in range(stencils[1]):
            for k in range(stencils[2]):
                o = [
                    (index - (count - 1) / 2 + (part + 0.5) / p - 0.5) * step
                    for index, count, part, p, step in zip((z, y, x), STORED, (i, j, k), stencils, steps)
                ]
                total += volume.at(np.array(case["point"]) + o[0] * dz + o[1] * dy + o[2] * dx, fill)
    return total / np.prod(stencils)


def volume_case(case, picks):
    volume = Volume(case)
    low, high, least, greatest, fill = -400.0, 1400.0, 0.0, 1.0, -1000.0
    if case["modality"] == "mr":
        low, high = percentiles(volume)
        least, greatest, fill = 0.0, 1.25, low
    expect = []
    for z, y, x in picks:
        value = (crop_voxel(volume, case, z, y, x, fill) - low) / (high - low)
        expect.append([z, y, x, float(np.clip(value, least, greatest))])
    return {**case, "expect": expect}


def projection_case(case, picks):
    """Every voxel of the stored crop is needed for its percentiles."""
    dr, dc = case["spacing"]
    sign = -1 if case["photometric"] == "MONOCHROME1" else 1
    image = np.array(
        [[sign * (case["slope"] * stored_value(0, r, c) + case["intercept"]) for c in range(case["columns"])]
         for r in range(case["rows"])]
    )
    u, v = case["point"]
    fill = image[int(np.clip(js_round(v), 0, case["rows"] - 1)), int(np.clip(js_round(u), 0, case["columns"] - 1))]
    forward = case["orientation"][0] == "P" if case["view"] == "lateral" else case["patientRight"] == "left-edge"
    mirrored = case["view"] != "lateral" and case["side"] == "right"
    across = -1 if forward == mirrored else 1
    down = -1 if case["orientation"][1] == "H" else 1
    pr, pc = (min(8, max(1, js_round(0.625 / s))) for s in (dr, dc))

    def at(y, x):
        value, weight = 0.0, 0.0
        for r, wr in hat(np.arange(case["rows"]) * dr, y, dr):
            for c, wc in hat(np.arange(case["columns"]) * dc, x, dc):
                value += wr * wc * image[r, c]
                weight += wr * wc
        return value + (1 - weight) * fill

    out = np.zeros(STORED[1:])
    for y in range(80):
        for x in range(80):
            out[y, x] = np.mean([
                at(v * dr + (y - 39.5 + (i + 0.5) / pr - 0.5) * 0.625 * down,
                   u * dc + (x - 39.5 + (j + 0.5) / pc - 0.5) * 0.625 * across)
                for i in range(pr) for j in range(pc)
            ])
    low, high = np.percentile(out, 2), np.percentile(out, 98)
    out = np.clip((out - low) / (high - low), -0.25, 1.25)
    return {**case, "expect": [[0, y, x, float(out[y, x])] for _, y, x in picks]}


def grid(origin, direction, step, count):
    return [[round(o + d * step * i, 6) for o, d in zip(origin, direction)] for i in range(count)]


AXIAL = [1, 0, 0, 0, 1, 0]
BASE = {"slope": 1.0, "intercept": -1024.0, "photometric": "MONOCHROME2", "side": "left", "modality": "ct"}
CASES = [
    {**BASE, "name": "axial, fine, rescaled", "rows": 96, "columns": 100, "slices": 24, "spacing": [0.5, 0.3],
     "iop": AXIAL, "positions": grid([-15, -24, 100], (0, 0, 1), 1.0, 24), "slope": 0.75, "intercept": -900.5,
     "point": [0.35, -0.2, 111.1]},
    {**BASE, "name": "right joint, coarse slices, outside the volume", "rows": 40, "columns": 44, "slices": 7,
     "spacing": [0.9, 0.9], "iop": AXIAL, "positions": grid([-20, -18, -9], (0, 0, 1), 3.0, 7),
     "side": "right", "point": [7.3, 5.1, 4.2]},
    {**BASE, "name": "gantry tilt", "rows": 80, "columns": 80, "slices": 16, "spacing": [0.7, 0.7],
     "iop": [1, 0, 0, 0, 0.96, -0.28], "positions": grid([-28, -27, 40], (0, 0, 1), 2.0, 16), "point": [1.5, 2.5, 48.5]},
    {**BASE, "name": "uneven spacing", "rows": 70, "columns": 70, "slices": 9, "spacing": [0.8, 0.8], "iop": AXIAL,
     "positions": [[-28, -28, z] for z in (0, 2, 4.5, 6.5, 8, 11, 13, 15.25, 17)], "point": [0.1, -0.3, 8.4]},
    {**BASE, "name": "axial from the left, head first in the file", "rows": 72, "columns": 72, "slices": 14,
     "spacing": [0.75, 0.75], "iop": [-1, 0, 0, 0, 1, 0], "positions": grid([27, -26, 14], (0, 0, -1), 2.0, 14),
     "point": [-0.4, 0.8, 1.3]},
    {**BASE, "name": "sagittal acquisition", "rows": 90, "columns": 90, "slices": 52, "spacing": [0.6, 0.6],
     "iop": [0, 1, 0, 0, 0, -1], "positions": grid([-26, -27, 30], (1, 0, 0), 1.0, 52), "side": "right",
     "point": [-0.7, 0.2, 3.3]},
    {**BASE, "name": "MR, MONOCHROME1, oblique axial", "modality": "mr", "photometric": "MONOCHROME1", "rows": 80,
     "columns": 80, "slices": 8, "spacing": [0.65, 0.65], "iop": [1, 0, 0, 0, 0.96, 0.28], "slope": 2.0, "intercept": 0.0,
     "positions": grid([-26, -24, -16], (0, -0.28, 0.96), 4.4, 8), "point": [0.4, 1.0, -1.2]},
    {**BASE, "name": "multi-frame", "multiframe": True, "rows": 64, "columns": 64, "slices": 12, "spacing": [0.85, 0.85],
     "iop": AXIAL, "positions": grid([-27, -26, -14], (0, 0, 1), 2.5, 12), "slope": 1.5, "intercept": -1000.0,
     "point": [0.2, 0.6, -0.4]},
]
PROJECTIONS = [
    {**BASE, "name": "AP, MONOCHROME1, right joint", "modality": "xray", "photometric": "MONOCHROME1", "intercept": 0.0,
     "rows": 150, "columns": 140, "slices": 1, "spacing": [0.4, 0.4], "view": "ap", "patientRight": "left-edge",
     "orientation": ["L", "F"], "side": "right", "point": [61.3, 70.8]},
    {**BASE, "name": "lateral towards the front, head down", "modality": "xray", "intercept": 0.0, "rows": 120,
     "columns": 130, "slices": 1, "spacing": [0.2, 0.2], "view": "lateral", "patientRight": "none",
     "orientation": ["A", "H"], "side": "right", "point": [66.2, 58.1]},
    {**BASE, "name": "oblique, right at the right edge", "modality": "xray", "intercept": 0.0, "rows": 100,
     "columns": 100, "slices": 1, "spacing": [0.7, 0.7], "view": "oblique", "patientRight": "right-edge",
     "orientation": ["R", "F"], "side": "left", "point": [48.5, 51.25]},
]


def main():
    picker = np.random.default_rng(7)
    picks = [tuple(int(picker.integers(n)) for n in STORED) for _ in range(60)]
    vectors = {
        "numpy": np.__version__,
        "volumes": [volume_case(case, picks) for case in CASES],
        "projections": [projection_case(case, picks) for case in PROJECTIONS],
    }
    print(json.dumps(vectors))


main()
