"""Logs go to standard error, one line for each event, with the request or job that it came from."""

import logging
from typing import Any

from audit.requests import origin


class Origin(logging.Filter):
    """Adds `origin`: the id of the request, or of the job, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Complete the record; lets every record through."""
        record.origin = origin() or "-"
        return True


def logging_settings(level: str) -> dict[str, Any]:
    """Return Django's LOGGING; libraries that say much about nothing are heard from WARNING on."""
    quiet = ("fontTools", "weasyprint", "pyhanko", "pyhanko_certvalidator", "celery", "kombu", "PIL")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"origin": {"()": "config.log.Origin"}},
        "formatters": {"line": {"format": "{asctime} {levelname} {name} [{origin}] {message}", "style": "{"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "filters": ["origin"], "formatter": "line"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            **{name: {"level": "WARNING" if level in {"DEBUG", "INFO"} else level} for name in quiet},
        },
    }
