"""Whether every endpoint of webhooks hears, for the page of health."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from desk.selectors.part import Check, Level
from reminders.wording import moment
from webhooks.models import Endpoint, EndpointState, OffBecause


def checks(_now: datetime) -> Iterator[Check]:
    """Yield one check: bad when the system switched an endpoint off, a warning while one fails."""
    title, there = _("Webhooks"), list(Endpoint.objects.exclude(state=EndpointState.REMOVED))
    silent = [each for each in there if not each.is_on and each.off_because != OffBecause.BY_HAND]
    off = [_in_words(endpoint) for endpoint in silent]
    failing = [_in_words(endpoint) for endpoint in there if endpoint.is_on and endpoint.failing_since]
    if off or failing:
        yield Check(title, Level.BAD if off else Level.WARN, " ".join([*off, *failing]))
    elif any(endpoint.is_on for endpoint in there):
        yield Check(title, Level.GOOD, _("Every endpoint accepts what it is told."))
    else:
        yield Check(title, Level.GOOD, _("Nobody outside is told anything."))


def _in_words(endpoint: Endpoint) -> str:
    if endpoint.is_on:
        since = moment(endpoint.failing_since) if endpoint.failing_since else ""
        return _("{name} has failed since {moment}.").format(name=endpoint.description, moment=since)
    since = moment(endpoint.off_since) if endpoint.off_since else ""
    return _("{name} is off since {moment}: {why}").format(
        name=endpoint.description, moment=since, why=endpoint.get_off_because_display()
    )
