"""What comes about by time alone, such as a date that passes: no event of the log tells of it, so dates are asked."""

from datetime import datetime

from django.db import transaction

from webhooks import types
from webhooks.emission import Happening, listening, tell
from webhooks.models import Clock


def look(now: datetime) -> int:
    """Tell endpoints of every date that has come since the last look, each once; return how many messages that were.

    The first look at a type begins now: what was late before anybody listened isn't told.
    """
    return sum(_look(kind, now) for kind in types.known() if kind.due is not None)


@transaction.atomic
def _look(kind: types.Type, now: datetime) -> int:
    assert kind.due is not None
    clock, _made = Clock.objects.select_for_update().get_or_create(type=kind.name, defaults={"until": now})
    since = clock.until
    if since >= now:
        return 0
    clock.until = now
    clock.save(update_fields=["until"])
    mine = [endpoint for endpoint in listening() if kind.name in endpoint.types]
    if not mine:
        return 0
    said = [(kind.says(obj, {}), moment) for obj, moment in kind.due(since, now)]
    happened = [Happening(kind.name, data, "", moment) for data, moment in said if data is not None]
    tell(happened, mine, now)
    return len(happened)
