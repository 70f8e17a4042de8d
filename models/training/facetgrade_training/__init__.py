"""Trains the localiser and the grader of FacetGrade on a training export."""

import os

# Read when torch first loads its thread library: waiting threads sleep instead of spinning, which on a machine that is
# shared (a training beside a running portal) is six times faster and on a quiet one costs nothing measurable.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
