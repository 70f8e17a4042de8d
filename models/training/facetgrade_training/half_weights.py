"""ONNX files of half the size that lose nothing (`served_form.py` rounds the weights first)."""

import numpy as np
import onnx


def store_in_half(model: onnx.ModelProto) -> None:
    """Stores large constants that 16 bits hold exactly in 16 bits, and casts them when the file is loaded."""
    kept, casts = [], []
    for constant in model.graph.initializer:
        values = onnx.numpy_helper.to_array(constant)
        with np.errstate(over="ignore"):
            half = values.astype(np.float16)
        if values.dtype != np.float32 or values.size < 1024 or not (half.astype(np.float32) == values).all():
            kept.append(constant)
            continue
        stored = f"{constant.name}_16"
        kept.append(onnx.numpy_helper.from_array(half, stored))
        casts.append(onnx.helper.make_node("Cast", [stored], [constant.name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
