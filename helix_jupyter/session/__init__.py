"""The composer of all stages: what a notebook, a script or a test holds in its hands. Knows nothing of IPython."""

from helix_jupyter.session.session import Session

__all__ = ["Session"]
