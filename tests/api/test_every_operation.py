"""Every operation, called by everybody with what schemathesis makes up from the description.

No call ends in a fault of ours, in an answer that isn't described, or in a word of what the role must not be told.
The seed is fixed, so the same calls are made each time; the long run makes many more.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import OF_A_BOARD, OF_A_PROJECT, ROLES, World
from tests.calling import Caller

Case = Any  # schemathesis.Case, whose arguments of type say nothing here
SEED = 20261105
CHECKS: list[Any] = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance, negative_data_rejection,
]  # fmt: skip
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def calls_of(operation: Any, each: int, aim: dict[str, Any]) -> list[Case]:
    """Return so many calls of each mode that were made up for the operation, those as described first.

    Most are aimed: the address names things of the world, instead of things that don't exist.
    """
    found = []
    for mode in MODES:
        for number, case in enumerate(made_up(operation, mode, each)):
            if (
                case.path_parameters
                and (number % 2 == 0 or mode == GenerationMode.POSITIVE)
                and may_aim(case)
            ):
                given = case.path_parameters.items()
                case.path_parameters = {name: aim.get(name, value) for name, value in given}
            found.append(case)
    return found


def may_aim(case: Case) -> bool:
    """Say whether the call stays wrong where it was made wrong, if its address is mended."""
    wrong = {where for where, part in case.meta.components.items() if part.mode == GenerationMode.NEGATIVE}
    return ParameterLocation.PATH not in wrong or bool(
        wrong & {ParameterLocation.BODY, ParameterLocation.QUERY}
    )


def made_up(operation: Any, mode: GenerationMode, count: int) -> list[Case]:
    found: list[Case] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:  # an operation without parameters can't be called wrongly
        if mode == GenerationMode.POSITIVE:
            raise
    return found


@pytest.fixture(scope="module")
def made(world: World) -> list[list[Case]]:
    """A call of each mode for every operation."""
    return gathered(world, each=1)


def gathered(world: World, each: int) -> list[list[Case]]:
    from config.wsgi import application  # noqa: PLC0415  (its checks ask the database)

    def from_here(environment: dict[str, Any], start: Any) -> Any:
        return application(environment | {"REMOTE_ADDR": "127.0.0.1"}, start)

    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", from_here)
    operations = [result.ok() for result in described.get_all_operations() if isinstance(result, Ok)]
    return [calls_of(operation, each, world.values) for operation in operations]


def some_of(made: list[list[Case]], role: str) -> Iterator[Case]:
    """Yield a call of every third operation, for the next role of the next one: in turns, mostly as described."""
    turn = list(ROLES).index(role)
    for number, cases in enumerate(made):
        if (number + turn) % 3 == 0:
            yield cases[-1] if (number + turn) % 12 == 0 else cases[0]


def told(world: World, role: str, calls: Iterable[Case]) -> tuple[list[str], set[int]]:
    """Make the calls and return what is wrong with the answers, and the statuses that came."""
    wrong, statuses = [], set()
    for case in calls:
        headers = {"Authorization": f"Bearer {world.tokens[role]}"}
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        statuses.add(response.status_code)
        name = f"{case.method} {case.formatted_path}"
        said = f"{words_in(response.content)} {dict(response.headers)}"
        wrong += [
            f"{name}: tells {mark}"
            for mark in world.hidden_from(role, case.path)
            if mark in said and mark not in str(case.body)
        ]
        try:
            case.validate_response(response, checks=CHECKS)
        except Exception as fault:  # noqa: BLE001  (a list of what is wrong says more than the first)
            wrong.append(f"{name}: {fault}")
    return wrong, statuses


def words_in(content: bytes) -> str:
    """Return what an answer says, also where it is a workbook, which is a ZIP."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


@pytest.fixture(autouse=True)
def _unlimited(settings: Any) -> None:
    settings.API_CALLS_OF_TOKEN = settings.API_CALLS_OF_ADDRESS = 10**6


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_answers_as_described_and_tells_nothing_that_the_role_must_not_know(
    world: World, made: list[list[Case]], role: str
) -> None:
    wrong, statuses = told(world, role, some_of(made, role))
    assert wrong == [], f"{len(wrong)}\n" + "\n\n".join(wrong[:12])
    assert {200, 404, 422} <= statuses, statuses


def test_the_marks_are_there_to_be_found(world: World) -> None:
    caller = {role: Caller(token) for role, token in world.tokens.items()}
    assert OF_A_PROJECT in str(caller["secretary"].get("/projects"))
    assert OF_A_PROJECT not in str(caller["requester"].get("/projects"))
    path = f"/requests/{world.values['reference']}"
    assert OF_A_BOARD in str(caller["member"].get(f"{path}/discussion"))
    assert OF_A_BOARD in str(caller["member"].get(f"{path}/motions"))


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_every_operation_with_many_calls(world: World, role: str) -> None:
    calls = [case for cases in gathered(world, each=20) for case in cases]
    wrong, _statuses = told(world, role, calls)
    assert wrong == [], "\n\n".join(wrong[:12])
