"""Libraries brought by calls: seen with faults or changes first, then kept whole; taken away as OSCAL and CSV."""

import json
from typing import Any

import pytest

from accounts.models import User
from audit.models import Event
from compliance.models import Library
from tests.calling import Caller, as_, problem
from tests.compliance.conftest import MakeSchedule
from tests.compliance.oscal.schemas import faults

pytestmark = pytest.mark.django_db
FIRST = "number,group,group_en,title_en,text_en\n1,A,Part,One,Keep the list.\n2,A,,Two,Look again.\n"
SECOND = "number,group,group_en,title_en,text_en\n1,A,Part,One,Keep the roster.\n3,A,,Three,Look once.\n"
WHEN = {
    "to": "version",
    "when": [{"fact": "markets", "has_any": ["eu"]}, {"fact": "compute", "at_least": "1e25"}],
    "reason": {"en": "Large and offered in the Union.", "zh": "规模大且面向欧盟。"},
}


def sent(call: Caller, content: str, code: str = "ours") -> Any:
    path = f"/library-imports?code={code}&name=Ours&source=Policy&confidence=P"
    return call("POST", path, content.encode(), content_type="text/csv")


def kept(call: Caller, content: str) -> Any:
    return call.post("/library-imports/keeping", {"sealed": sent(call, content).json()["sealed"]})


def test_a_library_is_seen_before_it_is_kept_by_who_may_import_and_saw_it(
    secretary: User, reviewer: User, owner: User, make_schedule: MakeSchedule
) -> None:
    call = as_(secretary)
    problem(sent(as_(owner), FIRST), 403, "forbidden")
    problem(sent(as_(secretary, "compliance:read"), FIRST), 403, "missing-scope")
    seen = sent(call, FIRST).json()
    assert ([one["title"] for one in seen["controls"]], seen["newest"]) == (["One", "Two"], None)
    assert not Library.objects.filter(code="ours").exists()
    keep = {"sealed": seen["sealed"]}
    problem(as_(owner)("POST", "/library-imports/keeping", keep), 403, "forbidden")
    problem(as_(reviewer)("POST", "/library-imports/keeping", keep), 422, "refused")
    problem(call("POST", "/library-imports/keeping", {"sealed": seen["sealed"] + "x"}), 422, "refused")
    made = call.post("/library-imports/keeping", keep, idempotency_key="1")
    assert (made["version"], made["new"]) == (1, True)
    assert call.post("/library-imports/keeping", keep)["new"] is False
    assert (
        Event.objects.filter(verb="library.imported").count()
        == Library.objects.filter(code="ours").count()
        == 1
    )
    schedule = make_schedule(library="ours", numbers=("2",))
    update = sent(call, SECOND).json()
    assert update["difference"]["schedules"] == [{"id": schedule.pk, "title": schedule.title, "gone": ["2"]}]
    assert kept(call, SECOND)["version"] == 2
    changed = call.get("/libraries/ours/difference")
    assert (changed["old"], changed["new"], changed["added"], changed["removed"], changed["same"]) == (
        1,
        2,
        1,
        1,
        0,
    )
    words = {
        (piece["change"], piece["text"].strip()) for piece in changed["changes"][0]["fields"][0]["wording"]
    }
    assert {("removed", "list"), ("added", "roster")} <= words
    assert as_(owner).get("/libraries/ours/difference")["schedules"] != [], "they own the schedule"


def test_faults_are_all_told_with_their_places_and_nothing_is_kept(secretary: User, outsider: User) -> None:
    call = as_(secretary)
    seen = sent(call, FIRST + "2,A,,,Text\n").json()
    assert seen["sealed"] is None
    assert seen["controls"] == []
    assert [(one["place"], one["column"]) for one in seen["faults"]] == [("4", "number"), ("4", "title_en")]
    assert "stands at 3" in seen["faults"][0]["detail"]
    assert "is missing" in sent(call, "").json()["faults"][0]["detail"]
    assert "ships" in problem(sent(call, FIRST, "board-duties"), 422, "refused")["detail"]
    problem(sent(call, FIRST, "Not-A-Slug"), 422, "invalid")
    wrong = call("POST", "/library-imports?code=ours", {"catalog": {}})
    problem(wrong, 415, "wrong-media-type")
    assert not Library.objects.filter(origin="imported").exists()
    template = b"".join(as_(outsider)("GET", "/library-imports/template").streaming_content).decode()
    assert sent(call, template).json()["faults"] == []


def test_a_version_is_taken_away_as_oscal_and_comes_back_and_as_a_table(
    secretary: User, outsider: User
) -> None:
    catalog = as_(outsider).get("/libraries/release-readiness/catalog")
    assert faults("catalog", catalog) == []
    back = sent(as_(secretary), json.dumps(catalog)).json()
    assert (back["faults"], back["name"]) == ([], "Ours")
    assert len(back["controls"]) == Library.objects.get(code="release-readiness").controls.count()
    table = b"".join(as_(outsider)("GET", "/libraries/release-readiness/table").streaming_content).decode()
    assert table.count("\r\n") > len(back["controls"])
    problem(as_(outsider)("GET", "/libraries/release-readiness/table?version=9"), 404, "not-found")
    problem(as_(outsider)("GET", "/libraries/unknown/catalog"), 404, "not-found")


def test_when_an_imported_library_applies_is_told_by_who_may_import(secretary: User, owner: User) -> None:
    call, path = as_(secretary), "/libraries/ours/applies"
    problem(call("PUT", path, WHEN), 404, "not-found")
    kept(call, FIRST)
    problem(as_(owner)("PUT", path, WHEN), 403, "forbidden")
    for wrong in (
        WHEN | {"to": "project"},
        WHEN | {"reason": None},
        WHEN | {"when": [{"fact": "markets", "has_any": ["atlantis"]}]},
        WHEN | {"when": [{"fact": "compute", "at_least": "much"}]},
        WHEN | {"when": [{"fact": "markets"}]},
    ):
        problem(call("PUT", path, wrong), 422, "refused")
    problem(call("PUT", path, WHEN | {"unless": []}), 422, "invalid")
    problem(call("PUT", "/libraries/release-readiness/applies", WHEN), 422, "refused")
    for _twice in range(2):
        told = call.put(path, WHEN)
        assert (told["version"], told["rule"]) == (2, WHEN)
    assert "at least 1e25 FLOP" in told["applies"]
    assert Event.objects.filter(verb="library.applies_told").count() == 1
