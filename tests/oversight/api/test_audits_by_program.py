"""Audits by calls: engagements made by administrators, samples drawn by their auditors, the log taken away."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from oversight.models import Engagement, Sample
from tests.calling import Caller, as_, problem
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]


@pytest.fixture
def ada(audited: Audited) -> Caller:
    TOTP.activate(audited.house.ada, generate_totp_secret())
    return as_(audited.house.ada)


def wished(audited: Audited, auditor: User, **given: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "title": "Yearly audit", "purpose": "The yearly look.", "auditors": [auditor.pk],
        "projects": [audited.project.pk], "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=30)).isoformat(), **given,
    }  # fmt: skip


def test_administrators_make_and_end_an_engagement(audited: Audited, ada: Caller, otto: User) -> None:
    body = wished(audited, otto)
    problem(as_(audited.house.ravi)("POST", "/engagements", body), 404, "not-found")
    problem(as_(otto)("POST", "/engagements", body), 404, "not-found")
    change: dict[str, Any]
    for change in ({"auditors": [audited.house.ravi.pk]}, {"boards": [999]}, {"auditors": []}):
        problem(ada("POST", "/engagements", body | change), 422, "invalid")
    for change in ({"projects": []}, {"ends_on": "2026-01-01"}):
        problem(ada("POST", "/engagements", body | change), 422, "refused")
    assert as_(otto).get("/engagements")["items"] == []
    made = ada.post("/engagements", body, idempotency_key="1")
    assert [one["id"] for one in as_(otto).get("/engagements")["items"]] == [made["id"]]
    problem(as_(otto)("POST", f"/engagements/{made['id']}/end", {"reason": "Over."}), 404, "not-found")
    assert ada.post(f"/engagements/{made['id']}/end", {"reason": "Over."})["ended_at"]
    problem(ada("POST", f"/engagements/{made['id']}/end", {"reason": "Over."}), 409, "wrong-state")
    assert as_(otto).get("/engagements")["items"] == []
    assert Event.objects.filter(verb="engagement.made").count() == 1


def test_auditors_draw_a_sample_and_note_what_they_found(
    audited: Audited, ada: Caller, aude: User, wanda: User, django_assert_max_num_queries: Any
) -> None:
    path = f"/engagements/{Engagement.objects.get(grants__user=aude).pk}/samples"
    call = as_(aude)
    problem(ada("POST", path, {"size": 1}), 404, "not-found")
    problem(as_(wanda)("GET", path), 404, "not-found")
    problem(call("POST", path, {"size": 1, "seed": "a b"}), 422, "invalid")
    problem(call("POST", path, {"size": 0}), 422, "invalid")
    drawn = call.post(path, {"size": 1, "seed": "lottery-7"}, idempotency_key="1")
    assert (drawn["population"], drawn["repeats"]) == ([audited.request.reference], True)
    sample = f"/samples/{drawn['id']}"
    item = f"{sample}/items/{drawn['items'][0]['id']}"
    problem(call("PUT", item, {"state": "noted"}), 422, "refused")
    assert call.put(item, {"state": "noted", "note": "No second signature."})["items"][0]["state"] == "noted"
    problem(call("PUT", f"{sample}/items/999", {"state": "looked_at"}), 404, "not-found")
    problem(ada("PUT", item, {"state": "looked_at"}), 404, "not-found")
    problem(as_(wanda)("GET", sample), 404, "not-found")
    assert ada.get(sample)["items"][0]["note"] == "No second signature."
    call.post(path, {"size": 1})
    assert len(call.get(f"{path}?limit=1")["items"]) == 1
    with django_assert_max_num_queries(8):
        assert len(call.get(path)["items"]) == Sample.objects.count() == 2


def test_the_log_is_taken_away_as_an_event_and_names_need_a_reason(audited: Audited, aude: User) -> None:
    problem(as_(audited.house.ravi)("GET", "/events/export"), 404, "not-found")
    problem(as_(aude)("GET", "/events/export?named=true"), 422, "refused")
    assert not Event.objects.filter(verb="log.exported").exists()
    answer = as_(aude)("GET", "/events/export?verb=request.")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert all(",request." in line for line in lines[1:])
    assert len(lines) > 1
    assert "Ravi" not in "".join(lines)
    assert Event.objects.get(verb="log.exported").pk
    named = as_(aude)("GET", "/events/export?named=true&reason=Interviews")
    assert "Ravi" in b"".join(named.streaming_content).decode()
