"""Two processes that get the same call at the same moment: it acts once, and nobody is told something else."""

import threading
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import Client

from accounts.api_tokens import KeptAnswer
from accounts.roles import Role
from registry.models import Project
from tests.calling import Caller, a_token, problem
from tests.dossiers import person

CALLS = 4


@pytest.mark.engine("postgresql")
@pytest.mark.usefixtures("committed")
def test_calls_with_one_key_at_one_moment_act_once() -> None:
    token = a_token(person("Ravi Requester", Role.RESEARCHER))
    together, answers = threading.Barrier(CALLS), list[Any]()

    def call() -> None:
        together.wait(timeout=20)
        answers.append(
            Caller(token, Client())("POST", "/projects", {"name": "Harbor"}, idempotency_key="one")
        )
        connections.close_all()

    threads = [threading.Thread(target=call) for _each in range(CALLS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    statuses = sorted(answer.status_code for answer in answers)
    assert len(statuses) == CALLS
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    made = {answer.content for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert Project.objects.count() == 1
    assert KeptAnswer.objects.count() == 1


@pytest.mark.engine("postgresql")
@pytest.mark.usefixtures("committed")
def test_while_a_call_is_at_work_another_with_its_key_is_told_so() -> None:
    caller = Caller(a_token(person("Ravi Requester", Role.RESEARCHER)))
    first, over, told = threading.Event(), threading.Event(), list[Any]()

    def slow(self: Any, response: Any) -> None:
        first.set()
        over.wait(timeout=30)

    def call() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("accounts.api.repeating.Call.keep", slow)
            told.append(caller("POST", "/projects", {"name": "Harbor"}, idempotency_key="one"))
        connections.close_all()

    thread = threading.Thread(target=call)
    thread.start()
    assert first.wait(timeout=30)
    answer = Caller(caller.token, Client())("POST", "/projects", {"name": "Harbor"}, idempotency_key="one")
    over.set()
    thread.join(timeout=60)
    problem(answer, 409, "in-progress")
    assert answer["Retry-After"] == "1"
    assert told[0].status_code == 201
    with transaction.atomic():
        assert Project.objects.count() == 1
