"""The story of an object: revisions, links, gaps, what changed."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db.models import Q
from django.http import Http404

from accounts.models import User
from audit import scope, tracking, trail, verbs
from audit.canonical import canonical
from audit.models import Event
from oversight import story as stories
from oversight.permissions import Sight
from oversight.story import Fields, Follows, Gap, story
from tests.dossiers import NOW, person

pytestmark = [pytest.mark.django_db]
ALL = Sight(everything=True, condition=Q())


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        verbs._verbs, "thing.said", verbs.Verb("thing.said", "Thing said", "Something was said.")
    )
    monkeypatch.setitem(tracking._tracked, "auth.group", tracking.Tracked(Group, ("name",), personal=False))


@pytest.fixture
def ada() -> User:
    return person("Ada Lovelace")


def said(thing: Group, at: int, ada: User, **data: Any) -> Event:
    return trail.record("thing.said", obj=thing, actor=ada, now=NOW + timedelta(minutes=at), data=data)


def test_revisions_follow_each_other_and_changes_are_told_as_old_and_new(ada: User) -> None:
    thing = Group.objects.create(name="one")
    first = said(thing, 0, ada, size=1)
    second = said(thing, 1, ada, size=5)  # the fields stayed as they were
    thing.name = "two"
    thing.save()
    third = said(thing, 2, ada, size=7)
    found = story(ALL, "auth.group", str(thing.pk))
    assert [chapter.rev for chapter in found.chapters] == [3, 2, 1]
    assert [chapter.follows for chapter in found.chapters] == [Follows.LINKED, Follows.LINKED, Follows.FIRST]
    assert [chapter.before for chapter in found.chapters] == [second.pk, first.pk, None]
    assert [chapter.fields for chapter in found.chapters] == [Fields.CHANGED, Fields.SAME, Fields.CHANGED]
    assert [(change.old, change.new, change.said_by) for change in found.chapters[0].changes] == [
        ("5", "7", second.pk)
    ]
    assert found.chapters[1].changes == ()
    assert found.chapters[0].told.id == third.pk
    assert not any(chapter.gap or chapter.is_twin for chapter in found.chapters)


def test_what_has_the_object_as_its_root_is_part_of_its_story_and_leads_back(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing, part, other = (Group.objects.create(name=name) for name in ("thing", "part", "other"))
    monkeypatch.setitem(
        scope._resolvers, "auth.group",
        lambda group: scope.Place(root=("auth.group", thing.pk)) if group == part else scope.Place(),
    )  # fmt: skip
    for at, one in enumerate((thing, part, other)):
        said(one, at, ada)
    found = story(ALL, "auth.group", str(thing.pk))
    assert [(chapter.told.object_id, chapter.is_own) for chapter in found.chapters] == [
        (str(part.pk), False),
        (str(thing.pk), True),
    ]
    assert story(ALL, "auth.group", str(part.pk)).root == ("auth.group", str(thing.pk), f"group {thing.pk}")


def test_a_gap_is_missing_from_the_log_or_only_out_of_sight(ada: User) -> None:
    thing = Group.objects.create(name="one")
    events = [said(thing, at, ada) for at in range(5)]
    hidden = Sight(everything=False, condition=Q(pk__in=[events[0].pk, events[4].pk]))
    assert [chapter.gap for chapter in story(hidden, "auth.group", str(thing.pk)).chapters] == [
        Gap(2, 4, is_missing=False),
        None,
    ]
    forged(events[4], thing, rev=8, prev="0" * 64)
    found = story(ALL, "auth.group", str(thing.pk)).chapters
    assert [(chapter.rev, chapter.gap, chapter.follows) for chapter in found[:2]] == [
        (8, Gap(6, 7, is_missing=True), Follows.UNSEEN),
        (5, None, Follows.LINKED),
    ]


def test_an_event_that_doesnt_follow_the_one_before_is_shown_as_that(ada: User) -> None:
    thing = Group.objects.create(name="one")
    forged(said(thing, 0, ada), thing, rev=2, prev="0" * 64)
    found = story(ALL, "auth.group", str(thing.pk))
    assert [chapter.follows for chapter in found.chapters] == [Follows.BROKEN, Follows.FIRST]


def test_two_acts_at_one_moment_have_one_revision_and_are_told_as_twins(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = Group.objects.create(name="one")
    first = said(thing, 0, ada)
    before = trail._previous("auth.group", str(thing.pk))
    monkeypatch.setattr(trail, "_previous", lambda _label, _key: before)
    said(thing, 1, ada, size=1)
    said(thing, 1, ada, size=2)
    found = story(ALL, "auth.group", str(thing.pk))
    assert [(chapter.rev, chapter.is_twin, chapter.before) for chapter in found.chapters] == [
        (2, True, first.pk),
        (2, True, first.pk),
        (1, False, None),
    ]


def test_pages_lead_through_a_long_story_and_old_values_come_from_the_page_before(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "SIZE", 2)
    thing = Group.objects.create(name="0")
    for at in range(4):
        thing.name = str(at)
        thing.save()
        said(thing, at, ada, size=at)
    first = story(ALL, "auth.group", str(thing.pk))
    second = story(ALL, "auth.group", str(thing.pk), before=first.older.removeprefix("?before="))
    assert [chapter.rev for chapter in first.chapters + second.chapters] == [4, 3, 2, 1]
    assert (first.newer, second.older) == ("", "")
    assert [(change.old, change.new) for change in first.chapters[1].changes] == [("1", "2")]
    assert first.chapters[1].follows == Follows.LINKED


def test_what_is_not_in_sight_has_no_story() -> None:
    with pytest.raises(Http404):
        story(ALL, "auth.group", "77")


def forged(last: Event, thing: Group, *, rev: int, prev: str) -> Event:
    """Insert an event as somebody does who owns the database: its revision and its link are of their choice."""
    leaf = json.loads(bytes(last.leaf)) | {"rev": rev, "prev": prev, "id": str(uuid.uuid4())}
    return Event.objects.create(
        leaf=canonical(leaf), object_type="auth.group", object_id=str(thing.pk), verb=last.verb, actor="",
        root_type="auth.group", root_id=str(thing.pk), occurred_at=last.occurred_at + timedelta(minutes=1),
    )  # fmt: skip
