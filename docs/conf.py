"""How the documentation is built: ``make docs``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "helix-jupyter"
author = "The helix-jupyter developers"
project_copyright = "The helix-jupyter developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.doctest", "helix_tables"]
exclude_patterns = ["_build", "images"]
html_theme = "furo"
html_title = "helix-jupyter"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
napoleon_google_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
napoleon_preprocess_types = False
doctest_global_setup = """
import os, tempfile
os.environ["HELIX_JUPYTER_HOME"] = tempfile.mkdtemp()
os.chdir(tempfile.mkdtemp())
"""
