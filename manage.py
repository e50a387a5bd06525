#!/usr/bin/env python
"""Runs Django's commands and ours; settings are those of the embedded product unless the environment says otherwise."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command; what the machine or the environment lacks is said in a sentence, with exit status 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(str(fault))
    except OSError as fault:
        if "cannot load library" not in str(fault):
            raise
        sys.exit(
            f"A library for printing records is missing ({fault}); on Debian: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"
        )


if __name__ == "__main__":
    main()
