"""Steps after the boards: signatures, conditions reported and verified, release, suspension, expiry."""

from datetime import datetime

from accounts import totp
from accounts.services.sample import SAMPLE_PASSWORD
from accounts.signing import Proof
from desk.sample.content_files import Data
from desk.sample.world import Act, Made, World, speaking
from reviews.models import Condition, ConditionReport, Decision
from reviews.services.conditions import report_condition, verify_condition
from reviews.services.release import record_release
from reviews.services.signing import sign_decision
from reviews.services.superseding import expire as expire_approval
from reviews.services.suspending import suspend_approval


def _decision(world: World, request: Data) -> Decision:
    """Return the last decision of the request."""
    return Decision.objects.filter(request=world.id(f"request:{request['key']}")).latest("id")


def sign(request: Data, step: Data) -> Act:
    """Sign the decision with the password of the sample and the code of that moment."""

    def act(world: World, now: datetime) -> None:
        decision = _decision(world, request)
        with speaking(world.person(step["by"])) as actor:
            shown = totp.next_code(actor, now)
            sign_decision(
                actor=actor, decision_id=decision.pk, role=step["role"],
                record_sha256=decision.record.context_sha256 if decision.record else "",
                proof=Proof(password=SAMPLE_PASSWORD, code=shown.code if shown else ""), now=now,
            )  # fmt: skip

    return act


def report(request: Data, step: Data) -> Act:
    """Report that a condition is met."""

    def act(world: World, now: datetime) -> Made:
        with speaking(world.person(step["by"])) as actor:
            reported = report_condition(
                actor=actor,
                condition_id=_condition(world, request, step).pk,
                text=step["text"],
                files=(),
                now=now,
            )
        return {f"report:{request['key']}/{step['condition']}": reported.pk}

    return act


def verify(request: Data, step: Data) -> Act:
    """Accept the report on a condition, or return it."""

    def act(world: World, now: datetime) -> None:
        last = ConditionReport.objects.filter(condition=_condition(world, request, step)).latest("id")
        with speaking(world.person(step["by"])) as actor:
            verify_condition(
                actor=actor, report_id=last.pk, accepted=step["accepted"], verdict=step["text"], now=now
            )

    return act


def _condition(world: World, request: Data, step: Data) -> Condition:
    return Condition.objects.get(decision=_decision(world, request), number=step["condition"])


def release(request: Data, step: Data) -> Act:
    """Record the release of the approved bytes."""

    def act(world: World, now: datetime) -> None:
        decision = _decision(world, request)
        with speaking(world.person(step["by"])) as actor:
            record_release(
                actor=actor, decision_id=decision.pk, manifest_sha256=decision.manifest_sha256,
                where=step["where"], now=now,
            )  # fmt: skip

    return act


def suspend(request: Data, step: Data) -> Act:
    """Suspend the approval, alone."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(step["by"])) as actor:
            suspend_approval(
                actor=actor, decision_id=_decision(world, request).pk, reason=step["reason"], now=now
            )

    return act


def expire(request: Data, _step: Data) -> Act:
    """Let the date of the approval pass, as the clock does."""

    def act(world: World, now: datetime) -> None:
        expire_approval(decision_id=_decision(world, request).pk, now=now)

    return act
