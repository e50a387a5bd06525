"""Steps about interests and standing in: an alternate, teams, disclosures, nothing to declare, and who is away."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from accounts.services.profile import change_person
from desk.sample.calendar import StoryCalendar
from desk.sample.world import Act, Step, World, after, speaking
from reviews.models import Policy, Seat
from reviews.services.alternates import name_alternate
from reviews.services.boards import seat_person, set_policy
from reviews.services.delegating import delegate
from reviews.services.disclosing import InterestDraft, declare_nothing, disclose

TEAMS = (("aylin", "Speech and translation"), ("mateo", "Earth and fields"), ("wenbo", "医疗组"))
NOOR = (
    InterestDraft("project", "Harbour", "Took part in user tests on two days in 2024, paid by the hour."),
    InterestDraft("organisation", "Nordlicht Clinics", "My brother works there as a nurse."),
)


def interests(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the steps: a deputy signs for somebody in spring; the rest is shortly before today."""
    yield Step(calendar.moment("-170 09:00"), "away/oliver", _away_in_spring(calendar))
    for minute, (person, team) in enumerate(TEAMS):
        yield Step(calendar.moment(f"-1 15:0{minute}"), f"team/{person}", _team(person, team))
    yield Step(calendar.moment("-1 15:10"), "asked/ethics", _asks)
    yield Step(calendar.moment("-1 15:15"), "alternate/leonie", _alternate)
    today = calendar.moment("-1 15:20")
    yield Step(today, "disclosure/noor", _disclosure("noor", NOOR))
    yield Step(after(today, 5), "disclosure/xiulan", _disclosure("xiulan", ()))
    yield Step(after(today, 10), "nothing/xiulan", _nothing)
    yield Step(after(today, 15), "away/xiulan", _away_next_week)


def _team(person: str, team: str) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person("petra")) as actor:
            change_person(actor=actor, person_id=world.person(person).pk, values={"team": team}, now=now)

    return act


def _asks(world: World, now: datetime) -> None:
    """Let the ethics board ask its members for their interests once a year."""
    board = world.id("board:ethics")
    last = Policy.objects.filter(board=board).latest("version")
    with speaking(world.person("petra")) as actor:
        set_policy(
            actor=actor, board_id=board, content=last.content | {"declaration_months": 12},
            reason="Members disclose their interests once a year from now on.", now=now,
        )  # fmt: skip


def _alternate(world: World, now: datetime) -> None:
    board = world.id("board:ethics")
    with speaking(world.person("petra")) as actor:
        seat_person(
            actor=actor, board_id=board, person_id=world.person("leonie").pk, role="alternate",
            attributes=["lay", "external", "non_technical"], now=now,
        )  # fmt: skip
        seat = Seat.objects.get(board=board, person=world.person("xiulan"), until__isnull=True)
        name_alternate(actor=actor, seat_id=seat.pk, person_id=world.person("leonie").pk, now=now)


def _disclosure(person: str, lines: Sequence[InterestDraft]) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person(person)) as actor:
            disclose(actor=actor, interests=lines, none=not lines, now=now)

    return act


def _nothing(world: World, now: datetime) -> None:
    with speaking(world.person("xiulan")) as actor:
        declare_nothing(actor=actor, request_id=world.id("request:voice"), now=now)


def _away_in_spring(calendar: StoryCalendar) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person("oliver")) as actor:
            delegate(
                actor=actor, board_id=None, deputy_id=world.person("zhiyuan").pk, since=now,
                until=calendar.moment("-160 17:00"), reason="On leave.", now=now,
            )  # fmt: skip

    return act


def _away_next_week(world: World, now: datetime) -> None:
    with speaking(world.person("xiulan")) as actor:
        delegate(
            actor=actor, board_id=world.id("board:ethics"), deputy_id=world.person("leonie").pk,
            since=now + timedelta(days=6), until=now + timedelta(days=13), reason="探亲。", now=now,
        )  # fmt: skip
