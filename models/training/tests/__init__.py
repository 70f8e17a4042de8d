"""Imports the package before anything imports torch."""

import facetgrade_training as facetgrade_training
