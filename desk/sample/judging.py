"""Steps of the boards: comments, findings, notes, questions, answers, deliberation, motions, ballots and votes."""

from collections.abc import Iterator
from datetime import datetime

from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import Data
from desk.sample.world import Act, Made, Step, World, after, speaking
from reviews.models import Ballot, BoardReview
from reviews.rules.exemption import ExemptionGround
from reviews.services.discussing import comment_on_answer, find_fault, settle_comment
from reviews.services.escalating import send_on
from reviews.services.exempting import determine_exempt
from reviews.services.motions import ConditionDraft, move_motion, second_motion
from reviews.services.noting import write_note
from reviews.services.opening import open_ballot
from reviews.services.reading import answer_question, ask_question, begin_deliberation
from reviews.services.voting import cast_vote


def _review(world: World, request: Data, board: str) -> int:
    """Return the id of the board's present review of the request."""
    found = BoardReview.objects.filter(
        request=world.id(f"request:{request['key']}"), board=world.id(f"board:{board}")
    )
    return found.latest("id").pk


def comment(request: Data, step: Data) -> Act:
    """Write beside an answer."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            comment_on_answer(
                actor=actor, request_id=world.id(f"request:{request['key']}"), text=step["text"],
                question_key=step["about"], quote=step.get("quote", ""), audience=step.get("audience", "board"),
                now=now,
            )  # fmt: skip

    return act


def find(request: Data, step: Data) -> Act:
    """Make a finding as a member of a board."""

    def act(world: World, now: datetime) -> Made:
        with speaking(world.person(step["by"])) as actor:
            found = find_fault(
                actor=actor, review_id=_review(world, request, step["board"]), finding=step["finding"],
                text=step["text"], question_key=step["about"], quote=step.get("quote", ""), now=now,
            )  # fmt: skip
        return {f"finding:{request['key']}/{step['name']}": found.pk}

    return act


def resolve(request: Data, step: Data) -> Act:
    """Resolve a finding, with a word on why."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            settle_comment(
                actor=actor, comment_id=world.id(f"finding:{request['key']}/{step['finding']}"), why=step["why"],
                now=now,
            )  # fmt: skip

    return act


def note(request: Data, step: Data) -> Act:
    """Write a note for oneself, or a privileged one."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            write_note(
                actor=actor, request_id=world.id(f"request:{request['key']}"), readers=step["readers"],
                text=step["text"], question_key=step["about"], quote=step.get("quote", ""), now=now,
            )  # fmt: skip

    return act


def ask(request: Data, step: Data) -> Act:
    """Ask the requester on behalf of a board."""

    def act(world: World, now: datetime) -> Made:
        with speaking(world.person(step["by"])) as actor:
            question = ask_question(
                actor=actor, review_id=_review(world, request, step["board"]), text=step["text"],
                question_key=step["about"], now=now,
            )  # fmt: skip
        return {f"question:{request['key']}/{step['name']}": question.pk}

    return act


def answer(request: Data, step: Data) -> Act:
    """Answer a board's question."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(request["requester"])) as actor:
            answer_question(
                actor=actor, question_id=world.id(f"question:{request['key']}/{step['to']}"),
                text=step["text"], now=now,
            )  # fmt: skip

    return act


def deliberate(request: Data, step: Data) -> Act:
    """Let a board begin to deliberate."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            begin_deliberation(actor=actor, review_id=_review(world, request, step["board"]), now=now)

    return act


def motion(request: Data, step: Data, calendar: StoryCalendar, name: str) -> Iterator[Step]:
    """Yield the steps of a motion that is moved and seconded."""
    at = calendar.moment(step["at"])
    yield Step(at, name, _move(request, step, name))
    yield Step(after(at, 10), f"{name}/second", _second(step, name))


def ballot(request: Data, step: Data, calendar: StoryCalendar, name: str) -> Iterator[Step]:
    """Yield the steps of a motion, its ballot and the votes."""
    yield from motion(request, step, calendar, name)
    yield Step(after(calendar.moment(step["at"]), 20), f"{name}/open", _open(step, name))
    for vote in step["votes"]:
        yield Step(calendar.moment(vote["at"]), f"{name}/vote/{vote['by']}", _vote(vote, name))


def _move(request: Data, step: Data, name: str) -> Act:
    def act(world: World, now: datetime) -> Made:
        conditions = [
            ConditionDraft(
                text=condition["text"], owner_id=world.person(condition["owner"]).pk,
                due=world.calendar.day(condition["due"]), verifier_id=world.person(condition["verifier"]).pk,
                blocks_release=condition["blocks"],
            )
            for condition in step.get("conditions", ())
        ]  # fmt: skip
        with speaking(world.person(step["mover"])) as actor:
            moved = move_motion(
                actor=actor, review_id=_review(world, request, step["board"]), kind=step["kind"],
                text=step["text"], conditions=conditions, now=now,
            )  # fmt: skip
        return {f"motion:{name}": moved.pk}

    return act


def _second(step: Data, name: str) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["seconder"])) as actor:
            second_motion(actor=actor, motion_id=world.id(f"motion:{name}"), now=now)

    return act


def _open(step: Data, name: str) -> Act:
    def act(world: World, now: datetime) -> Made:
        with speaking(world.person(step["opener"])) as actor:
            opened = open_ballot(actor=actor, motion_id=world.id(f"motion:{name}"), now=now)
        return {f"ballot:{name}": opened.pk}

    return act


def _vote(vote: Data, name: str) -> Act:
    def act(world: World, now: datetime) -> None:
        opened = Ballot.objects.get(pk=world.id(f"ballot:{name}"))
        with speaking(world.person(vote["by"])) as actor:
            cast_vote(
                actor=actor, ballot_id=opened.pk, position=vote["position"], reason=vote["reason"],
                revision_sha256=opened.revision_sha256, block_text=vote.get("block", ""), now=now,
            )  # fmt: skip

    return act


def doubt(request: Data, step: Data) -> Act:
    """Send the request to a stricter procedure."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            send_on(
                actor=actor, review_id=_review(world, request, step["board"]), procedure=step["procedure"],
                reason=step["reason"], now=now,
            )  # fmt: skip

    return act


def exempt(request: Data, step: Data) -> Act:
    """Determine that the request is exempt."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            determine_exempt(
                actor=actor, review_id=_review(world, request, step["board"]), reason=step["reason"], now=now,
                grounds=[ground.value for ground in ExemptionGround],
            )  # fmt: skip

    return act
