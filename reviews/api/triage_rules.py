"""The rules of triage: read by everybody, written by administrators, tried on past requests before."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field

from accounts.api.fields import Id, In, Out, PersonOut, Sha256, Whole, Words, person_out
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.models import TriageRuleSet
from reviews.permissions.reasons import require
from reviews.permissions.triage_rules import why_not_write_rules
from reviews.rules.boards_together import BoardKind
from reviews.rules.triage_rules import TriageRules, as_json, parse_rules
from reviews.selectors.triage import rules_in_force
from reviews.selectors.triage_rules import RuleInWords, rules_in_words, versions_of_rules, what_if
from reviews.services.triage_rules import read_rules, write_rules

room = Room("Triage rules")
RulesContent = Annotated[
    dict[str, Any],
    Field(
        description="As `content` of a version that is there, whole.",
        examples=[
            {
                "expedited_up_to": 2,
                "exempts": True,
                "rules": [
                    {
                        "code": "open_weights", "tier": 3, "boards": ["ethics", "safety"], "second_review": False,
                        "active": True, "channels": ["open_weights"],
                    }
                ],
            }
        ],
    ),
]  # fmt: skip


class TriageRuleOut(Out):
    """A rule in words."""

    code: str = Field(examples=["open_weights"])
    sentence: str = Field(examples=["The weights are published."])
    when: str = Field(description="What it looks at.", examples=["Channel: open weights"])
    tier: int = Field(description="At least this risk, 1 to 4.", examples=[3])
    boards: list[BoardKind]
    second_review: bool = Field(description="By experts.")
    active: bool
    source: str = Field(examples=["our own default"])


class RulesVersionOut(Out):
    """A version of the rules."""

    version: int = Field(examples=[2])
    sha256: Sha256
    reason: str = Field(examples=["The safety board sees everything that acts by itself."])
    made_at: datetime
    made_by: PersonOut


class RulesOut(Out):
    """The rules of a version; 0 are the shipped ones."""

    version: int = Field(examples=[2])
    content: dict[str, Any] = Field(examples=[{"expedited_up_to": 2, "exempts": True, "rules": []}])
    rules: list[TriageRuleOut]


class RulesInForceOut(RulesOut):
    """The rules in force, and all versions, the newest first."""

    versions: list[RulesVersionOut]
    why_not_write: str | None = Field(description="Null: this person may write rules.", examples=[None])


class RulesIn(In):
    """A new version of the rules."""

    content: RulesContent
    base: Whole = Field(
        description="The version that the change began with; 0: the shipped one.", examples=[1]
    )
    reason: Words = Field(examples=["The safety board sees everything that acts by itself."])


class TrialIn(In):
    """Rules to be tried."""

    content: RulesContent


class MovedOut(Out):
    """Past requests for which these rules propose the same other route."""

    confirmed: str = Field(
        description="The route that was taken.", examples=["Medium risk, full procedure; boards: ethics"]
    )
    before: str = Field(
        description="By the rules in force.", examples=["Medium risk, full procedure; boards: ethics"]
    )
    after: str = Field(
        description="By these.", examples=["High risk, full procedure; boards: ethics and safety"]
    )
    count: int = Field(examples=[4])
    references: list[str] = Field(description="Those that this person may see.", examples=[["IMP-2026-0008"]])


class TrialOut(Out):
    """What other rules would have proposed; nothing is written."""

    tried: int = Field(description="Requests on which they were tried, the newest.", examples=[120])
    moved: list[MovedOut]


def _rule(line: RuleInWords) -> TriageRuleOut:
    rule = line.rule
    return TriageRuleOut(
        code=rule.code, sentence=line.sentence, when=line.when, tier=rule.tier, boards=sorted(rule.boards),
        second_review=rule.second_review, active=rule.active, source=str(line.source),
    )  # fmt: skip


def _rules(version: int, rules: TriageRules) -> dict[str, Any]:
    return {
        "version": version,
        "content": as_json(rules),
        "rules": [_rule(line) for line in rules_in_words(rules)],
    }


def _in_force(user: User) -> RulesInForceOut:
    why_not = why_not_write_rules(user)
    return RulesInForceOut(
        **_rules(*rules_in_force()), why_not_write=str(why_not) if why_not else None,
        versions=[
            RulesVersionOut(
                version=one.version, sha256=one.sha256, reason=one.reason, made_at=one.made_at,
                made_by=person_out(one.made_by),
            )
            for one in versions_of_rules()
        ],
    )  # fmt: skip


@room.get("/triage-rules", RulesInForceOut, Scope.REQUESTS_READ)
def read_triage_rules(request: HttpRequest) -> RulesInForceOut:
    """Read the rules of triage that are in force, and all their versions."""
    return _in_force(who(request)[0])


@room.post("/triage-rules/trials", TrialOut, Scope.ORGANISATION_READ)
def try_triage_rules(request: HttpRequest, given: TrialIn) -> TrialOut:
    """Try rules on past requests: for which of them they propose another route. Nothing is written."""
    user, now = who(request)
    require(why_not_write_rules(user))
    found = what_if(read_rules(given.content), rules_in_force()[1], reader=user, now=now)
    return TrialOut(
        tried=found.tried,
        moved=[
            MovedOut(
                confirmed=one.confirmed, before=one.before, after=one.after, count=one.count,
                references=list(one.references),
            )
            for one in found.moved
        ],
    )  # fmt: skip


@room.get("/triage-rules/{number}", RulesOut, Scope.REQUESTS_READ)
def read_triage_rules_version(request: HttpRequest, number: Id) -> RulesOut:  # noqa: ARG001
    """Read a version of the rules as it was written."""
    kept = get_object_or_404(TriageRuleSet, version=number)
    return RulesOut(**_rules(kept.version, parse_rules(kept.content)))


@room.post("/triage-rules", RulesInForceOut, Scope.ORGANISATION_WRITE, status=201)
def write_triage_rules(request: HttpRequest, given: RulesIn) -> RulesInForceOut:
    """Write a new version of the rules; administrators do. Requests that were routed keep what was proposed."""
    user, now = who(request)
    written = write_rules(actor=user, content=given.content, base=given.base, reason=given.reason, now=now)
    tell(request, "Location", f"/api/v1/triage-rules/{written.version}")
    return _in_force(user)
