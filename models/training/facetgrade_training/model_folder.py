"""A model's folder appears whole or not at all."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from facetgrade_training.json_reading import Json
from facetgrade_training.onnx_networks import OPSET, Signature
from facetgrade_training.refusal import RefusalError


def refuse_taken(folder: Path) -> None:
    """Asked before the training starts, not after it."""
    if folder.exists() and any(folder.iterdir()):
        raise RefusalError("OUT_NOT_EMPTY", f"There is a model in {folder.name} already; name another, or remove it.")


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Gives a folder beside `folder` to write into; renames it at the end, removes it when something fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield draft
        refuse_taken(folder)
        draft.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        os.replace(draft, folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def network_entry(role: str, modality: str, path: Path, signature: Signature) -> dict[str, Json]:
    """One line of `networks` in the model manifest."""

    def tensors(shapes: dict[str, tuple[int, ...]]) -> list[Json]:
        return [{"name": name, "shape": ["batch", *shape], "type": "float32"} for name, shape in shapes.items()]

    return {
        "role": role,
        "modality": modality,
        "file": path.name,
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "opset": OPSET,
        "inputs": tensors(signature.inputs),
        "outputs": tensors(signature.outputs),
    }


def write_document(path: Path, document: Json) -> None:
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
