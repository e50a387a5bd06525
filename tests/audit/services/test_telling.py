"""Events as people read them, the story of an object, and pages of the log."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import translation

from accounts.models import User
from audit import scope
from audit.models import Event
from audit.selectors import Cursor, Filter, events, page, timeline, within
from audit.telling import tell
from tests.audit.conftest import Record

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_old_and_new_values_are_told_as_such(record: Record) -> None:
    told = tell([record(data={"state": {"old": "first", "new": "second"}, "count": 3, "sha256": "ab" * 32})])[
        0
    ]
    assert [(row.label, row.old, row.value) for row in told.rows if row.changed] == [
        ("state", "first", "second")
    ]
    assert told.summary == "number: 3; state: first → second"
    assert told.label == "Thing changed"


def test_a_line_shows_the_name_instead_of_the_pseudonym_or_the_begin_of_it(
    record: Record, wang: User
) -> None:
    data, name = {"person": str(wang.pseudonym)}, {"person": "王淑兰"}
    told = tell([record(data=data, personal=name), record(data=data)])
    assert [event.summary for event in told] == ["person: 王淑兰", f"person: {str(wang.pseudonym)[:8]}…"]


def test_empty_and_nested_values_are_told_in_words(record: Record) -> None:
    told = tell(
        [record(data={"due": None, "roles": [], "rows": {"old": False, "new": True}, "x": {"count": [1, 2]}})]
    )
    assert told[0].summary == "due: nothing; roles: nothing; rows: no → yes; x: number: 1, 2"


def test_who_acted_for_whom_is_told_by_name(record: Record, wang: User) -> None:
    told = tell([record(on_behalf_of=wang), record(actor=None)])
    assert [(event.who, event.for_whom) for event in told] == [("Ada Lovelace", "王淑兰"), ("the system", "")]


def test_an_event_whose_verb_is_not_known_any_more_is_still_told(record: Record) -> None:
    event = record()
    Event.objects.filter(pk=event.pk)
    event.verb = "thing.gone"
    assert tell([event])[0].label == "thing.gone"


@pytest.mark.parametrize(
    "leaf",
    [b"", b"\xff\xfe", b"[]", b'"x"', b"{}", b'{"rev": 1}', b"no json"],
    ids=["empty", "no text", "list", "string", "nothing", "half", "words"],
)
def test_a_leaf_that_somebody_made_unreadable_is_told_as_that(record: Record, leaf: bytes) -> None:
    event = record(reason="why")
    event.leaf = leaf
    told = tell([event])[0]
    assert (told.verb, told.object_id, told.reason, told.rows) == (
        "thing.changed",
        event.object_id,
        "why",
        (),
    )
    assert told.sentence == "Its leaf can't be read: somebody changed it. Have the log verified."
    assert told.leaf["rev"] == 0


def test_the_story_of_an_object_includes_what_has_it_as_root(
    record: Record, thing: Group, wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, other = Group.objects.create(name="part"), Group.objects.create(name="other")
    monkeypatch.setitem(
        scope._resolvers,
        "auth.group",
        lambda group: scope.Place(root=("auth.group", thing.pk)) if group == part else scope.Place(),
    )
    for obj in (thing, part, other):
        record(obj=obj)
    assert [event.object_id for event in timeline(thing)] == [str(part.pk), str(thing.pk)]
    assert [event.object_id for event in timeline(part)] == [str(part.pk)]
    assert [event.object_id for event in timeline(other)] == [str(other.pk)]


def test_pages_lead_through_the_whole_log_and_back_without_doubles_or_gaps(
    record: Record, now: datetime
) -> None:
    made = [record(now=now + timedelta(minutes=at // 2)).pk for at in range(7)]
    first = page(Event.objects.all(), size=3)
    second = page(Event.objects.all(), before=first.older, size=3)
    third = page(Event.objects.all(), before=second.older, size=3)
    assert [event.pk for event in first.events + second.events + third.events] == made[::-1]
    assert (first.newer, third.older) == (None, None)
    back = page(Event.objects.all(), after=third.newer, size=3)
    assert [event.pk for event in back.events] == [event.pk for event in second.events]
    assert page(Event.objects.all(), after=back.newer, size=3).newer is None


def test_events_in_time_order_are_paged_by_time_even_when_recorded_later(
    record: Record, now: datetime
) -> None:
    late, early = record(now=now), record(now=now - timedelta(days=3))
    assert [event.pk for event in page(Event.objects.all()).events] == [late.pk, early.pk]


@pytest.mark.parametrize(
    "text", ["", "x", "1-2", "20261102T093000000000Z-", "20261102T093000000000Z-x", "99-99"]
)
def test_a_broken_cursor_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None


def test_a_cursor_survives_the_address(now: datetime) -> None:
    assert Cursor.parse(str(Cursor(now, 12))) == Cursor(now, 12)


def test_filters_narrow_and_never_widen(
    record: Record, thing: Group, ada: User, wang: User, now: datetime
) -> None:
    other = Group.objects.create(name="other")
    first = record()
    record(obj=other, actor=wang, now=now + timedelta(days=1), verb="thing.read")
    assert events(Filter()).count() == 2
    for asked in (
        Filter(object_type="auth.group", object_id=str(thing.pk)),
        Filter(actors=(str(ada.pseudonym),)),
        Filter(verb="thing.changed"),
        Filter(until=now + timedelta(days=1)),
        Filter(root=("auth.group", str(thing.pk))),
    ):
        assert [event.pk for event in events(asked)] == [first.pk]
    assert not events(Filter(actors=())).exists()
    assert not events(Filter(since=now + timedelta(days=2))).exists()


def test_a_scope_holds_its_projects_its_boards_and_what_its_boards_share(
    record: Record, thing: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {
        "project 1": scope.Place(project=1),
        "project 2": scope.Place(project=2),
        "board 5": scope.Place(project=2, board=5, root=("auth.group", thing.pk)),
        "board 6": scope.Place(project=2, board=6, root=("auth.group", thing.pk)),
        "shared": scope.Place(project=2, root=("auth.group", thing.pk)),
        "nowhere": scope.Place(),
    }
    monkeypatch.setitem(scope._resolvers, "auth.group", lambda group: places[group.name])
    monkeypatch.setattr(scope, "_shared", {})
    scope.share(
        "auth.group",
        lambda boards: Group.objects.filter(pk=thing.pk) if 5 in boards else Group.objects.none(),
    )
    for name in places:
        record(obj=Group.objects.create(name=name))
    names = {str(group.pk): group.name for group in Group.objects.all()}

    def seen(projects: list[int], boards: list[int]) -> set[str]:
        found = Event.objects.filter(within(projects=projects, boards=boards))
        return {names[event.object_id] for event in found}

    assert seen([], []) == set()
    assert seen([1], []) == {"project 1"}
    assert seen([], [5]) == {"board 5", "shared"}
    assert seen([], [6]) == {"board 6"}
    assert seen([2], []) == {"project 2", "board 5", "board 6", "shared"}


def test_words_of_the_log_follow_the_language_of_the_reader(record: Record) -> None:
    event = record(actor=None)
    with translation.override("zh-hans"):
        assert tell([event])[0].who
