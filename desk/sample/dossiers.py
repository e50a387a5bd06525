"""Steps of the requesters: draft, answer, attach, submit, withdraw; and of the secretary, who accepts and routes."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from desk.sample.content_files import Data
from desk.sample.world import Act, Made, World, after, speaking
from imprimatur.dossier.answers import rows_as_sent
from reviews.models import Answer, Board, ReviewRequest
from reviews.selectors.triage import proposal_for
from reviews.services.answers import save_answer
from reviews.services.drafting import add_contributor, draft_request
from reviews.services.evidence import add_file
from reviews.services.submission import submit_revision
from reviews.services.triage import accept_request, last_revision, route_request
from reviews.services.withdrawal import withdraw_request

_DAY = re.compile(r"\{(-?\d+)\}")


def draft(request: Data, _step: Data) -> Act:
    """Draft the request and name who contributes."""

    def act(world: World, now: datetime) -> Made:
        with speaking(world.person(request["requester"])) as actor:
            drafted = draft_request(
                actor=actor, version_id=world.id(f"version:{request['version']}"), purpose=request["purpose"],
                language=request["language"], now=now,
                amends_id=world.id(f"request:{request['amends']}") if "amends" in request else None,
                questions=request.get("questions", "2026-1"),
            )  # fmt: skip
            for key in request.get("contributors", ()):
                add_contributor(actor=actor, request_id=drafted.pk, person=world.person(key), now=now)
        return {f"request:{request['key']}": drafted.pk}

    return act


def answers(request: Data, step: Data) -> Act:
    """Answer the questions one after the other, with their files; `only`: just these."""

    def act(world: World, now: datetime) -> None:
        request_id = world.id(f"request:{request['key']}")
        saved = dict(Answer.objects.filter(request=request_id).values_list("question", "version"))
        with speaking(world.person(request["requester"])) as actor:
            for place, (question, given) in enumerate(_said_in(request, step).items()):
                at, said = after(now, 6 * place), given if isinstance(given, Mapping) else {"text": given}
                if "text" in said:
                    save_answer(
                        actor=actor, request_id=request_id, question=question, raw=_raw(world, said["text"]),
                        version=saved.get(question, 0), now=at,
                    )  # fmt: skip
                for file in said.get("files", ()):
                    upload = ContentFile(file["content"].encode(), name=file["name"])
                    add_file(actor=actor, request_id=request_id, question=question, upload=upload, now=at)

    return act


def _said_in(request: Data, step: Data) -> Data:
    """Return what the step answers: all of the request, or `only` some."""
    said: Data = step["only"] if "only" in step else request["answers"]
    return said


def _raw(world: World, value: Any) -> list[str]:  # noqa: ANN401  (as the file says it)
    """Return what a form would send; "{-245}" is the day of that working day, a list of mappings are rows."""
    if isinstance(value, list) and isinstance(value[0], Mapping):
        return [rows_as_sent([{key: _cell(cell) for key, cell in row.items()} for row in value])]
    if isinstance(value, list):
        return [str(code) for code in value]
    day = _DAY.fullmatch(str(value))
    return [world.calendar.day(int(day[1])).isoformat() if day else str(value)]


def _cell(value: Any) -> str | list[str]:  # noqa: ANN401  (as the file says it)
    return [str(code) for code in value] if isinstance(value, list) else str(value)


def submit(request: Data, step: Data) -> Act:
    """Submit the dossier as it stands."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(request["requester"])) as actor:
            submit_revision(
                actor=actor,
                request_id=world.id(f"request:{request['key']}"),
                why=step.get("why", ""),
                now=now,
            )

    return act


def withdraw(request: Data, step: Data) -> Act:
    """Withdraw the request, with a reason."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(request["requester"])) as actor:
            withdraw_request(
                actor=actor, request_id=world.id(f"request:{request['key']}"), reason=step["reason"], now=now
            )

    return act


def accept(request: Data, step: Data) -> Act:
    """Find the dossier complete."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            accept_request(actor=actor, request_id=world.id(f"request:{request['key']}"), now=now)

    return act


def route(request: Data, step: Data) -> Act:
    """Give the request to its boards, as the rules propose, or with `why` another way."""

    def act(world: World, now: datetime) -> None:
        request_id = world.id(f"request:{request['key']}")
        proposal = proposal_for(last_revision(ReviewRequest.objects.get(pk=request_id)))
        boards = {key: Board.objects.get(pk=world.id(f"board:{key}")) for key in step["boards"]}
        with speaking(world.person(step["by"])) as actor:
            route_request(
                actor=actor, request_id=request_id, tier=proposal.tier,
                procedure=step.get("procedure", proposal.procedure),
                boards=list(boards.values()), leading=boards[step["leading"]],
                override_reason=step.get("why", ""), ground=step.get("ground", ""), now=now,
            )  # fmt: skip

    return act
