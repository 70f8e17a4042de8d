"""What each modality's crops look like and what the network sees of them."""

from dataclasses import dataclass
from typing import Literal

Modality = Literal["ct", "mr", "xray"]
MODALITIES: tuple[Modality, ...] = ("ct", "mr", "xray")
FEATURES = ("narrowing", "hypertrophy", "osteophytes", "erosion", "cyst", "severity")

CROP_SIDE = 64
MARGIN_SIDE = 80
PIXEL_MM = 0.625


@dataclass(frozen=True)
class CropLayout:
    """`groups` stacks (CT, T2 and T1) or views (X-ray), each of `exported` slices of which the network sees `seen`."""

    groups: int
    exported: int
    seen: int

    @property
    def exported_channels(self) -> int:
        return self.groups * self.exported

    @property
    def seen_channels(self) -> int:
        return self.groups * self.seen


LAYOUTS: dict[Modality, CropLayout] = {
    "ct": CropLayout(groups=1, exported=10, seen=8),
    "mr": CropLayout(groups=2, exported=10, seen=8),
    "xray": CropLayout(groups=3, exported=1, seen=1),
}
