"""``python -m helix_jupyter.cli``."""

import sys

from helix_jupyter.cli import main

sys.exit(main())
