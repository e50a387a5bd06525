"""Signing, releasing, suspending, appealing, and conditions."""

from django.core.cache import cache
from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts import totp
from accounts.signing import Proof
from reviews.models import BoardReview, Condition, ConditionReport
from reviews.rules.lifecycle import RequestState
from reviews.services.appeals import file_appeal
from reviews.services.conditions import report_condition, verify_condition
from reviews.services.release import record_release
from reviews.services.signing import refuse_to_sign, sign_decision
from reviews.services.suspending import suspend_approval, withdraw_approval
from reviews.services.taking_up import take_up_again
from tests.dossiers import PASSWORD
from tests.reviews.any_order.acting import Acting, often, seldom, states

APPROVED = (RequestState.APPROVED, RequestState.RELEASED)


class DecisionActs(Acting):
    """What follows a decision."""

    @states(RequestState.DECIDED)
    @rule(
        legal=st.sampled_from((*("lex",) * 3, "ravi", "ada")),
        chair=st.sampled_from(("chloe", "chloe", "lex")),
    )
    def sign(self, legal: str, chair: str) -> None:
        for role, name in (("legal", legal), ("chair", chair)):
            decision = self.decision()
            if decision is None or decision.record is None:
                return
            cache.clear()  # codes that were used are used up for a minute, and time goes by faster here
            shown = totp.next_code(self.house.people[name], self.now)
            given = {"role": role, "record_sha256": decision.record.context_sha256}
            proof = Proof(password=PASSWORD, code=shown.code if shown else "")
            self.act(sign_decision, name, judging=True, decision_id=decision.pk, proof=proof, **given)

    @seldom(3)
    @states(RequestState.DECIDED)
    @rule(name=st.sampled_from(("lex", "chloe", "ravi", "ugo")), role=st.sampled_from(("legal", "chair")))
    def refuse(self, name: str, role: str) -> None:
        if decision := self.decision():
            self.disturb(
                refuse_to_sign, name, judging=True, decision_id=decision.pk, role=role, reason="Not so."
            )

    @states(*APPROVED)
    @rule(name=st.sampled_from(("rita", "rita", "ravi")), right=often)
    def release(self, name: str, right: bool) -> None:
        decision = self.decision()
        if decision is None:
            return
        waiting = Condition.objects.filter(
            decision=decision, blocks_release=True, state__in=("open", "partly")
        )
        held = waiting.exists()
        digest = decision.manifest_sha256 if right else "0" * 64
        done = self.act(record_release, name, decision_id=decision.pk, manifest_sha256=digest, where="Port")
        assert not done or right, "another digest was released (3.10)"
        assert not (done and held), "released before its conditions were met"

    @seldom(3)
    @states(*APPROVED)
    @rule(name=st.sampled_from(("sid", "lex", "chloe", "ravi", "ugo")))
    def suspend(self, name: str) -> None:
        if decision := self.decision():
            self.disturb(suspend_approval, name, decision_id=decision.pk, reason="Harm.")

    @seldom(6)
    @states(RequestState.SUSPENDED)
    @rule(name=st.sampled_from(("ravi", "lex", "ugo")))
    def withdraw_suspended(self, name: str) -> None:
        if decision := self.decision():
            self.disturb(withdraw_approval, name, decision_id=decision.pk, reason="No more.")

    @states(RequestState.SUSPENDED, *APPROVED)
    @rule(
        name=st.sampled_from(("sena", "chloe", "milo")), matter=st.sampled_from(("suspension", "condition"))
    )
    def take_up(self, name: str, matter: str) -> None:
        if review := BoardReview.objects.filter(request=self.request_id, leading=True).first():
            self.act(take_up_again, name, judging=True, review_id=review.pk, matter=matter)

    @seldom(3)
    @states(RequestState.REJECTED, RequestState.SUSPENDED)
    @rule(name=st.sampled_from(("ravi", "ravi", "milo", "ugo")))
    def appeal(self, name: str) -> None:
        self.disturb(file_appeal, name, request_id=self.request_id, grounds="It was misread.")

    @states(RequestState.DECIDED, *APPROVED)
    @rule(accepted=often)
    def condition(self, accepted: bool) -> None:
        outstanding = Condition.objects.filter(decision__request=self.request_id).exclude(state="met")
        condition = outstanding.order_by("id").last()
        if condition is None:
            return
        self.act(report_condition, "ravi", condition_id=condition.pk, text="It is watched.", files=[])
        if report := ConditionReport.objects.filter(condition=condition, accepted=None).first():
            given = {"accepted": accepted, "verdict": "Seen."}
            self.act(verify_condition, "milo", judging=True, report_id=report.pk, **given)
