"""The rules of triage as pages: read, tried on past requests, written as versions that nobody changes afterwards."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError

from audit.models import Event
from audit.refusal import Refused
from reviews.forms.triage_rules import RulesForm
from reviews.models import Triage, TriageRuleSet
from reviews.rules.triage_rules import SHIPPED, as_json
from reviews.selectors.triage import proposal_for
from reviews.selectors.triage_rules import what_if
from reviews.services.triage_rules import write_rules
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW, a_version
from tests.reviews.pages.visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]
CHANGE = "/triage-rules/change/"


@pytest.fixture
def house() -> House:
    return a_house()


def sent(**over: Any) -> dict[str, Any]:
    """Return the form as it comes, with the shipped rules."""
    form = RulesForm(version=0, rules=SHIPPED)
    filled: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value or (value == 0 and value is not False):
            filled[name] = "on" if value is True else value
    return filled | over


def test_everybody_reads_the_rules_and_only_administrators_tune_them(house: House) -> None:
    shown = words(get(house, "ravi", "/triage-rules/"))
    assert "as they are shipped" in shown
    assert "The weights are open" in shown
    assert "EU AI Act, Art. 51(2)" in shown
    assert "Tune the rules" not in shown
    assert "Tune the rules" in get(house, "ada", "/triage-rules/")
    assert client_of(house, "sena").get(CHANGE).status_code == 403
    assert client_of(house, "sena").post(CHANGE, sent(reason="Why not.")).status_code == 403
    assert not TriageRuleSet.objects.exists()


def test_rules_are_tried_on_past_requests_before_anything_is_written(house: House) -> None:
    routed = in_review(house, version=a_version(house.ravi, channel="api"))
    shown = words(
        post(house, "ada", CHANGE, sent(tier__external_users="3", **{"try": "on"}), 200).content.decode()
    )
    assert "1 of 1 requests would take another way" in shown
    assert "High risk, full procedure; boards: " in shown
    assert routed.reference not in shown, (
        "a trial tells nobody what stands in a dossier that they may not read"
    )
    assert "Harbor-7B" not in shown
    tried = replace(SHIPPED, expedited_up_to=0, rules=tuple(replace(rule, tier=4) for rule in SHIPPED.rules))
    assert [one.references for one in what_if(tried, SHIPPED, reader=house.sena, now=NOW).moved] == [
        (routed.reference,)
    ]
    assert not TriageRuleSet.objects.exists()
    same = words(post(house, "ada", CHANGE, sent(**{"try": "on"}), 200).content.decode())
    assert "would take the same way" in same


def test_a_version_is_written_with_its_reason_and_holds_from_then_on(house: House) -> None:
    first = in_review(house, version=a_version(house.ravi, channel="api"))
    before = Triage.objects.get(request=first).proposed
    assert (
        "Say why the rules change"
        in post(house, "ada", CHANGE, sent(tier__external_users="3"), 422).content.decode()
    )
    post(house, "ada", CHANGE, sent(tier__external_users="3", reason="Two incidents through the API."))
    rules = TriageRuleSet.objects.get()
    assert (rules.version, rules.made_by) == (1, house.ada)
    assert Event.objects.filter(verb="triage_rules.written").count() == 1
    assert Triage.objects.get(request=first).proposed == before
    assert proposal_for(first.revisions.get()).tier == 3
    second = in_review(house, version=a_version(house.ravi, number="2.2", channel="api"))
    assert Triage.objects.get(request=second).proposed["rules"] == 1
    shown = words(get(house, "milo", "/triage-rules/1/"))
    assert "Two incidents through the API." in shown


def test_an_own_rule_is_added_in_both_languages(house: House) -> None:
    own = {
        "own_when": ["medical_use:information", "medical_use:decisions"], "own_en": "Anything medical.",
        "own_zh": "凡涉医疗。", "tier__own": "4", "boards__own": ["legal"], "reason": "As the legal board asked.",
    }  # fmt: skip
    refused = post(house, "ada", CHANGE, sent(**own | {"own_zh": ""}), 422).content.decode()
    assert "Write the reason in both languages" in refused
    assert (
        "Choose answers to one question."
        in post(
            house,
            "ada",
            CHANGE,
            sent(**own | {"own_when": ["medical_use:information", "minors:possible"]}),
            422,
        ).content.decode()
    )
    post(house, "ada", CHANGE, sent(**own))
    assert "Anything medical." in get(house, "ravi", "/triage-rules/")
    kept = TriageRuleSet.objects.get().content["rules"][-1]
    assert (kept["question"], kept["answers"], kept["tier"]) == (
        "medical_use",
        ["decisions", "information"],
        4,
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"boards__minors_possible": []}, "Choose at least one kind of board."),
        ({"answers__minors_possible": []}, "Choose at least one answer."),
        ({"flop__above_systemic_risk": "a lot"}, "for example 1e25"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(house: House, wrong: dict[str, Any], said: str) -> None:
    page = post(house, "ada", CHANGE, sent(reason="A try.", **wrong), 422).content.decode()
    assert said in page
    assert not TriageRuleSet.objects.exists()


def test_two_administrators_do_not_overwrite_each_other(house: House) -> None:
    post(house, "ada", CHANGE, sent(tier__external_users="3", reason="First."))
    late = post(house, "ada", CHANGE, sent(tier__external_users="4", reason="Second."), 422).content.decode()
    assert "Somebody wrote version 1" in late
    assert TriageRuleSet.objects.count() == 1
    with pytest.raises(Refused, match="Nothing differs"):
        write_rules(
            actor=house.ada, content=TriageRuleSet.objects.get().content, base=1, reason="Again.", now=NOW
        )


def test_of_two_who_write_in_the_same_moment_the_second_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rules(actor=house.ada, content=as_json(SHIPPED), base=0, reason="To begin with.", now=NOW)
    other = as_json(replace(SHIPPED, exempts=False))
    monkeypatch.setattr("django.db.models.QuerySet.aggregate", lambda *_given, **_named: {"last": None})
    with pytest.raises(Refused, match="Somebody wrote version 1"):
        write_rules(actor=house.ada, content=other, base=0, reason="At once.", now=NOW)
    assert TriageRuleSet.objects.count() == 1


def test_a_version_is_never_changed_nor_deleted(house: House) -> None:
    write_rules(actor=house.ada, content=as_json(SHIPPED), base=0, reason="To begin with.", now=NOW)
    for act in (
        lambda: TriageRuleSet.objects.update(reason="x"),
        lambda: TriageRuleSet.objects.all().delete(),
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            act()
    assert TriageRuleSet.objects.get().reason == "To begin with."
