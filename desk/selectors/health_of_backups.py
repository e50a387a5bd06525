"""When the last backup was made, for the page of health."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from desk.backup import last
from desk.selectors.part import Check, Level

STALE = timedelta(days=7)


def checks(now: datetime) -> Iterator[Check]:
    """Say when; in production it is a warning when there is none, or none of the last seven days."""
    title, found = _("Backup"), last.read()
    bad = Level.GOOD if settings.EMBEDDED else Level.WARN
    if found is None:
        text = _(
            "None was made yet: run `manage.py backup`, and restore it elsewhere to see that it is whole."
        )
        yield Check(title, bad, text)
        return
    if now - found.made_at > STALE:
        level, text = (
            bad,
            _("The last one is older than seven days; see what keeps `manage.py backup`: {folder}"),
        )
    else:
        level, text = Level.GOOD, _("Made on {day}, {size}: {folder}")
    about = {"day": f"{found.made_at:%Y-%m-%d}", "size": filesizeformat(found.size), "folder": found.folder}
    yield Check(title, level, text.format(**about))
