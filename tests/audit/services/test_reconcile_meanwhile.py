"""Reconciling while people work: what is committed in between, with its event, is no finding."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from audit import tracking, trail
from audit.reconciling import comparing, running
from audit.reconciling.comparing import Kind
from audit.reconciling.running import reconcile
from tests.audit.conftest import NOW

pytestmark = pytest.mark.both_engines


def test_nothing_stands_still_meanwhile_and_what_changes_with_its_event_is_not_named(
    guarded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading of the events and of the rows a service changes one, adds one and removes one."""

    @transaction.atomic
    def service(forgets: bool) -> None:
        changed, removed = Group.objects.order_by("name")[:2]
        changed.name = f"{changed.name} changed"
        changed.save()
        added = Group.objects.create(name="added" if forgets else "new")
        seen = [] if forgets else [added]
        trail.record("thing.changed", obj=changed, also=seen, gone=[removed], actor=None, now=NOW)
        removed.delete()

    def meanwhile(*given: Any, forgets: bool) -> Iterator[Any]:
        if given[0].model is Group:
            service(forgets)
        yield from comparing.differences(*given)

    monkeypatch.setattr(tracking, "_tracked", {})
    tracking.track(Group, ["name"])
    with transaction.atomic():
        Group.objects.all().delete()
        made = [Group.objects.create(name=name) for name in "abcd"]
        trail.record("thing.changed", obj=made[0], also=made[1:], actor=None, now=NOW)
    monkeypatch.setattr(running, "differences", partial(meanwhile, forgets=False))
    assert reconcile().first == []
    monkeypatch.setattr(running, "differences", partial(meanwhile, forgets=True))
    [named] = reconcile().first
    assert (named.kind, named.id) == (Kind.INSERTED, str(Group.objects.get(name="added").pk))
