"""What all tests share: no deadlines (machines are noisy, and no test asserts times), a key of their own."""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

# the signing key lies outside a project: here in a folder that goes with the test run
os.environ.setdefault("HELIX_JUPYTER_HOME", tempfile.mkdtemp(prefix="helix-home-"))
