"""`python -m facetgrade_training.real_points`: where a localiser's points land on a real CT that has vertebra masks.

Takes the output of `facetgrade predict --json` on the DICOM series and the masks of the same scan (TotalSegmentator
labels). A joint's place in the masks: the centre of the voxels behind the bodies, on its side, that lie within 5 mm of
both vertebrae. Prints one JSON line a joint; writes pictures to a folder that is not kept.
"""

import argparse
import gzip
import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from facetgrade_training.arrays import Doubles

# TotalSegmentator: 26 S1, 27 L5 ... 31 L1.
MASKS = {"L1L2": (31, 30), "L2L3": (30, 29), "L3L4": (29, 28), "L4L5": (28, 27), "L5S1": (27, 26)}
TYPES = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4"}
NEAR_MM = 5.0


@dataclass(frozen=True)
class Nifti:
    """values (i, j, k); `lps`: 3 × 4, voxel index → patient coordinates in mm (NIfTI's own are RAS)."""

    values: npt.NDArray[Any]
    lps: Doubles

    def place(self, index: npt.NDArray[Any]) -> Doubles:
        found: Doubles = index @ self.lps[:, :3].T + self.lps[:, 3]
        return found

    def index(self, mm: Doubles) -> Doubles:
        found: Doubles = np.linalg.solve(self.lps[:, :3], (mm - self.lps[:, 3]).T).T.astype(np.float64)
        return found


def read_nifti(path: Path) -> Nifti:
    data = gzip.decompress(path.read_bytes())
    shape = struct.unpack("<8h", data[40:56])[1:4]
    kind = TYPES[struct.unpack("<h", data[70:72])[0]]
    offset = int(struct.unpack("<f", data[108:112])[0])
    affine = np.array([struct.unpack("<4f", data[280 + 16 * row : 296 + 16 * row]) for row in range(3)])
    affine[:2] *= -1
    values = np.frombuffer(data, kind, int(np.prod(shape)), offset).reshape(shape, order="F")
    return Nifti(values, affine.astype(np.float64))


def joint_centres(masks: Nifti, level: str) -> dict[str, Doubles]:
    """By side, LPS mm; a side without a contact is absent."""
    upper, lower = (masks.place(np.argwhere(masks.values == label)) for label in MASKS[level])
    if len(upper) == 0 or len(lower) == 0:
        return {}
    middle = (np.median(upper, 0) + np.median(lower, 0)) / 2
    # Behind the bodies: the pedicles and what lies behind them; +y is the patient's back.
    contact = np.concatenate([_near(upper, lower), _near(lower, upper)])
    behind = contact[contact[:, 1] > middle[1] + 8]
    sides = {"left": behind[behind[:, 0] > middle[0] + 5], "right": behind[behind[:, 0] < middle[0] - 5]}
    return {side: points.mean(0) for side, points in sides.items() if len(points) > 0}


def _near(points: Doubles, others: Doubles) -> Doubles:
    near = [points[i : i + 500] for i in range(0, len(points), 500)]
    kept = [part[np.linalg.norm(part[:, None] - others[None], axis=2).min(1) <= NEAR_MM] for part in near]
    return np.concatenate(kept)


def picture(image: Nifti, points: dict[str, Doubles], path: Path) -> None:
    """The axial slice at the mean height of the points, each marked by a cross; bone window."""
    places = {side: np.rint(image.index(mm[None])[0]).astype(int) for side, mm in points.items()}
    k = round(float(np.mean([place[2] for place in places.values()])))
    slab = np.clip((image.values[:, :, k].astype(np.float64) + 200) / 1200, 0, 1)
    grey = (slab * 255).astype(np.uint8)
    for place in places.values():
        i, j = int(place[0]), int(place[1])
        grey[max(0, i - 4) : i + 5, j] = 255
        grey[i, max(0, j - 4) : j + 5] = 255
    # Seen from the feet, the patient's left on the right: rows run to the back, columns to the left.
    turned = grey.T[:: -1 if image.lps[1, 1] < 0 else 1, :: -1 if image.lps[0, 0] < 0 else 1]
    write_png(np.kron(turned, np.ones((4, 4), np.uint8)), path)


def write_png(grey: npt.NDArray[np.uint8], path: Path) -> None:
    def chunk(tag: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    height, width = grey.shape
    rows = b"".join(b"\0" + row.tobytes() for row in grey)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--predicted", type=Path, required=True)
    parser.add_argument("--masks", type=Path, required=True)
    parser.add_argument("--image", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True, help="a folder that is not kept")
    options = parser.parse_args()
    masks, image = read_nifti(options.masks), read_nifti(options.image)
    options.pictures.mkdir(parents=True, exist_ok=True)
    (exam,) = json.loads(options.predicted.read_text())["exams"]
    by_level: dict[str, dict[str, Doubles]] = {}
    for joint in exam["joints"]:
        for point in joint["points"]:
            by_level.setdefault(joint["level"], {})[joint["side"]] = np.array(point["mm"])
    for level, points in by_level.items():
        centres = joint_centres(masks, level)
        picture(image, points, options.pictures / f"{level}.png")
        for side, mm in points.items():
            off = None if side not in centres else round(float(np.linalg.norm(mm - centres[side])), 1)
            print(json.dumps({"level": level, "side": side, "mm": mm.round(1).tolist(), "off_mm": off}))


if __name__ == "__main__":
    main()
