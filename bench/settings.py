"""Settings of the measurements: those of the tests, and the libraries that are compared with."""

from config.settings.base import BASE_DIR
from config.settings.test import *  # noqa: F403  (settings modules extend each other by name)
from config.settings.test import INSTALLED_APPS, TEMPLATES

INSTALLED_APPS = [*INSTALLED_APPS, "auditlog", "simple_history", "bench.peers"]
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "bench" / "templates"]
ROOT_URLCONF = "bench.urls"
