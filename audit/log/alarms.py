"""Alarms of the log: raised once while the cause lasts, ended by whoever finds it gone."""

from datetime import datetime

from audit.models import Alarm


def raise_(kind: str, text: str, now: datetime) -> Alarm:
    """Raise the alarm, or say its open one in other words."""
    alarm, is_new = Alarm.objects.get_or_create(
        kind=kind, ended_at=None, defaults={"text": text, "raised_at": now}
    )
    if not is_new and alarm.text != text:
        alarm.text = text
        alarm.save(update_fields=["text"])
    return alarm


def end(prefix: str, now: datetime) -> int:
    """End the open alarms whose kind begins with this; return how many there were."""
    return Alarm.objects.filter(kind__startswith=prefix, ended_at=None).update(ended_at=now)


def open_alarms() -> list[Alarm]:
    """Return the alarms that nobody ended yet, the newest first."""
    return list(Alarm.objects.filter(ended_at=None))
