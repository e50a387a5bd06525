"""Runs the command line: `python -m imprimatur`."""

import sys

from imprimatur.cli import main

sys.exit(main())
