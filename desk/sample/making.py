"""Making the sample: step by step, each with its marker in one transaction; killed, it goes on where it stood."""

import ipaddress
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusal import Refused
from desk.models import SampleStep
from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import requests
from desk.sample.letters import issue_letters
from desk.sample.story import story
from desk.sample.world import Step, World
from desk.selectors.sample import BEGIN

Tell = Callable[[int, int], None]


def make_sample(*, now: datetime, tell: Tell = lambda _done, _total: None) -> int:
    """Make what is still missing of the sample organisation; return how many steps were done now.

    `now` is the day that the story leads up to, kept from the first run on. `tell(done, total)` hears of the progress.
    Raises Refused outside a sample, in a database that is in use, or where other machines could reach it.
    """
    if reason := why_not_make():
        raise Refused(reason)
    today = _begin(now)
    steps = story(today)
    SampleStep.objects.filter(name=BEGIN).update(made={"steps": len(steps), "requests": len(requests())})
    world = _world(today)
    done = set(SampleStep.objects.values_list("name", flat=True))
    made = 0
    for number, step in enumerate(steps, 1):
        if step.name not in done:
            made += _do(step, world, now)
            tell(number, len(steps))
    return made


def why_not_make() -> str | None:
    """Say why the sample can't be made here, or None."""
    if not settings.SAMPLE:
        return _("The sample organisation is made only where the settings say that this is a sample.")
    if not all(is_loopback(host) for host in settings.ALLOWED_HOSTS):
        return _(
            "Everybody knows the passwords of the sample organisation, so it is made only where no other machine can "
            "reach it. Leave only localhost among the hosts, or begin without the sample."
        )
    if not SampleStep.objects.exists() and User.objects.exists():
        return _("There are people in this database already. The sample organisation wants an empty one.")
    return None


def is_loopback(host: str) -> bool:
    """Say whether the name or address of a host means this machine only."""
    bare = host.strip("[]")
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare in {"localhost", "testserver"} or bare.endswith(".localhost")


def _begin(now: datetime) -> datetime:
    """Return the moment that the story leads up to: that of the first run."""
    first, _created = SampleStep.objects.get_or_create(
        name=BEGIN, defaults={"happened_at": now, "done_at": now}
    )
    return first.happened_at


def _world(today: datetime) -> World:
    """Return what was made so far."""
    world = World(StoryCalendar(today.date()))
    for made in SampleStep.objects.exclude(name=BEGIN).values_list("made", flat=True):
        world.ids.update(made)
    return world


def _do(step: Step, world: World, now: datetime) -> int:
    """Do the step and mark it; 0 when another run was quicker.

    The marker goes in first: a second run at the same moment waits on it, and then finds the step done.
    """
    try:
        with transaction.atomic():
            with transaction.atomic():
                marker = SampleStep.objects.create(
                    name=step.name, counts=step.counts, happened_at=step.at, done_at=now
                )
            marker.made = dict(step.act(world, step.at) or {})
            if step.name.startswith("request/"):
                issue_letters(step.at)
            marker.save(update_fields=["made"])
    except IntegrityError:
        found = SampleStep.objects.filter(name=step.name).first()
        if found is None:
            raise
        world.ids.update(found.made)
        return 0
    except Exception as fault:
        fault.add_note(f"in the step {step.name} of the sample, which happened at {step.at:%Y-%m-%d %H:%M}")
        raise
    world.ids.update(marker.made)
    return 1
