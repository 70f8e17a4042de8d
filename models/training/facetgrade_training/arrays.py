"""Names for the arrays that travel between the rooms of this package."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Halves = npt.NDArray[np.float16]
Bytes = npt.NDArray[np.uint8]
Grades = npt.NDArray[np.int8]
Indexes = npt.NDArray[np.int64]
