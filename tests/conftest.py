"""One hypothesis profile for all, and what is expensive once a session."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from crosscut.annotate import annotator_for, load
from crosscut.annotate.choose import Loaded

# In CI the same examples each time, so that a red run is the change's doing; at a desk new ones, to find what is left.
settings.register_profile(
    "crosscut", derandomize=bool(os.environ.get("CI")), deadline=None, max_examples=60,
    suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("crosscut")


@pytest.fixture(scope="session")
def english() -> Loaded:
    """The English pipeline, loaded once."""
    return load(annotator_for("en", {}))
