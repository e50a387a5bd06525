"""A pile of work: so many things of every kind that wait for one person who has every office; rows without services."""

from datetime import timedelta

from django.contrib.auth.models import Permission

from accounts.models import User
from accounts.proofs import Confirmation, Method, SigningLock
from accounts.roles import Role
from compliance.models import Action, Assessment, ControlException, Evidence, Finding, Library
from compliance.services.libraries import load_libraries
from jobs.models import Job, JobState
from oversight.models import Engagement, EngagementGrant
from registry.models import ModelVersion
from reviews import models as rows
from reviews.models import Board, ReviewRequest, Revision
from tests.boardrooms import POLICY
from tests.desk.piles_of_approvals import leave_approvals
from tests.desk.piles_of_meetings import leave_meetings
from tests.desk.piles_of_panels import leave_panels
from tests.dossiers import NOW, a_version, person
from webhooks.models import Endpoint

SHA = "e" * 64


class Pile:
    """The busiest person, a board, and everything of which `grow` adds more."""

    def __init__(self) -> None:
        self.busy = person("Busy Body", *Role)
        self.other = person("Ollie Other", Role.RESEARCHER)
        self.board = Board.objects.create(
            slug="ethics", name_en="Ethics board", name_zh="伦理委员会", kind="ethics", created_at=NOW
        )
        keep = Permission.objects.get(codename="keep_board")
        rows.BoardUserGrant.objects.create(user=self.busy, permission=keep, content_object=self.board)
        for one, role in ((self.busy, "chair"), (self.other, "member")):
            rows.Seat.objects.create(board=self.board, person=one, role=role, since=NOW)
        rows.Policy.objects.create(  # it asks for a disclosure of interests
            board=self.board, version=1, content={**POLICY, "declaration_months": 12}, sha256=SHA, made_by=self.busy,
            made_at=NOW,
        )  # fmt: skip
        self.version: ModelVersion = a_version(self.other)
        load_libraries(now=NOW)
        self.made = 0

    def grow(self, size: int) -> None:
        """Add `size` of everything."""
        for _ in range(size):
            self.made += 1
            self._requests()
            self._elsewhere()

    def _request(self, state: str, requester: User | None = None) -> ReviewRequest:
        number = ReviewRequest.objects.count() + 1
        return ReviewRequest.objects.create(
            reference=f"IMP-2026-{number:04d}", version=self.version, project_id=self.version.model.project_id,
            requester=requester or self.other, state=state, state_since=NOW, purpose="Try it", questionnaire="2026-1",
            created_at=NOW, submitted_at=NOW, check_by=NOW + timedelta(days=3) if state == "submitted" else None,
        )  # fmt: skip

    def _review(
        self, state: str, requester: User | None = None, *, of: str = "in_review"
    ) -> rows.BoardReview:
        request = self._request(of, requester)
        revision = self._revision(request, 1)
        closed = {"closed_at": NOW} if state == "closed" else {}
        return rows.BoardReview.objects.create(
            request=request, board=self.board, leading=True, state=state, state_since=NOW, revision=revision,
            requested_at=NOW, opened_at=NOW, due_at=NOW + timedelta(days=20), **closed,
        )  # fmt: skip

    def _revision(self, request: ReviewRequest, number: int) -> Revision:
        return Revision.objects.create(
            request=request, number=number, frozen_at=NOW, frozen_by=self.other, content=b"{}", sha256=SHA,
            manifest_sha256=SHA, questionnaire="2026-1",
        )  # fmt: skip

    def _requests(self) -> None:
        self._request("draft", self.busy)
        self._request("submitted")
        self._review("reading")  # a position to take
        self._exempt()
        self._readers()
        self._question()
        self._spoken()
        self._motions()
        self._ballot()
        self._decisions()
        leave_approvals(self)
        leave_panels(self)
        leave_meetings(self)

    def _exempt(self) -> None:
        """Leave an exemption to determine, and a motion of an expedited review that needs no seconder."""
        exempt = self._review("reading").request
        exempt.procedure = "exempt"
        exempt.save()
        review = self._review("deliberating")
        review.request.procedure = "expedited"
        review.request.save()
        rows.Motion.objects.create(
            review=review,
            kind="approve",
            text="Approve it.",
            revision=review.revision,
            moved_by=self.other,
            moved_at=NOW,
        )

    def _readers(self) -> None:
        """Leave a request to read first, and a review whose date is near without a motion."""
        review = self._review("reading")
        rows.Assignment.objects.create(
            review=review, person=self.busy, role="lead", place=1, assigned_by=self.other, assigned_at=NOW
        )
        late = self._review("reading")
        late.due_at = NOW + timedelta(days=3)
        late.save()

    def _question(self) -> None:
        review = self._review("questions", self.busy)
        rows.Question.objects.create(
            request=review.request, review=review, number=1, revision=review.revision, text="Who?",
            asked_by=self.other, asked_at=NOW, due_at=NOW + timedelta(days=20),
        )  # fmt: skip
        rows.Comment.objects.create(
            request=review.request, review=review, revision=review.revision, audience="everyone", finding="must_fix",
            text="Name it.", author=self.other, made_at=NOW,
        )  # fmt: skip

    def _spoken(self) -> None:
        """Leave a stale position, block and finding, an interest to judge, and a motion to put."""
        review = self._review("deliberating")
        old, review.revision = review.revision, self._revision(review.request, 2)
        review.save()
        rows.Stance.objects.create(
            review=review, revision=old, person=self.busy, position="for", reason="Yes.", taken_at=NOW
        )
        rows.Comment.objects.create(
            request=review.request, review=review, revision=old, audience="everyone", finding="should_fix",
            text="Thin.", author=self.busy, made_at=NOW,
        )  # fmt: skip
        rows.Block.objects.create(review=review, holder=self.busy, text="No.", revision=old, raised_at=NOW)
        rows.Declaration.objects.create(
            request=review.request, person=self.other, kind="financial", text="Shares.", declared_at=NOW
        )

    def _motions(self) -> None:
        for seconder in (None, self.busy):
            review = self._review("deliberating")
            rows.Motion.objects.create(
                review=review, kind="approve", text="Approve it.", revision=review.revision, moved_by=self.other,
                moved_at=NOW, seconded_by=seconder, seconded_at=NOW if seconder else None,
            )  # fmt: skip

    def _ballot(self) -> None:
        """Leave a ballot to vote on, which fails already."""
        review = self._review("balloting")
        motion = rows.Motion.objects.create(
            review=review, kind="approve", text="Approve it.", revision=review.revision, moved_by=self.other,
            moved_at=NOW, seconded_by=self.busy, seconded_at=NOW,
        )  # fmt: skip
        ballot = rows.Ballot.objects.create(
            review=review, motion=motion, number=1, request=review.request, kind="approve", text="Approve it.",
            moved_by_name="O", seconded_by_name="B", revision=review.revision, revision_sha256=SHA, policy_version=1,
            policy={**POLICY, "composition": []}, policy_sha256=SHA, opened_at=NOW, opened_by=self.busy,
            deadline=NOW + timedelta(days=3), opening={},
        )  # fmt: skip
        mine, other = (
            rows.BallotSeat.objects.create(
                ballot=ballot, place=place, person=one, name=one.display_name, role=role
            )
            for place, one, role in ((1, self.busy, "chair"), (2, self.other, "member"))
        )
        rows.Vote.objects.create(
            ballot=ballot, seat=other, position="against", reason="No.", revision_sha256=SHA, cast_at=NOW,
            entered_by=self.other,
        )  # fmt: skip
        assert mine.is_eligible

    def _decision(self, state: str, status: str, requester: User | None = None) -> rows.Decision:
        review = self._review("closed", requester, of=state)
        return rows.Decision.objects.create(
            request=review.request, number=1, round=1, status=status,
            outcome="rejected" if status == "final" else "approved_with_conditions",
            revision=review.revision, revision_sha256=SHA, manifest_sha256=SHA, reasons="Sound.", decided_at=NOW,
            valid_until=(NOW + timedelta(days=60)).date(), expires_at=NOW + timedelta(days=60),
            approved_at=None if status == "to_sign" else NOW, expiry_notices=[90, 60, 30, 7],
            sign_by=NOW + timedelta(days=5),
        )  # fmt: skip

    def _decisions(self) -> None:
        """Leave one to sign, to release, to ratify, about to expire, with conditions to report on and to verify."""
        to_sign = self._decision("decided", "to_sign")
        confirmation = Confirmation.objects.create(
            person=self.other, what="decision.sign.legal", subject=str(to_sign.pk), method=Method.BOTH.value,
            statement=b"{}", statement_sha256=f"{to_sign.pk:064}", confirmed_at=NOW,
        )  # fmt: skip
        rows.Signature.objects.create(
            confirmation=confirmation,
            decision=to_sign, role="legal", signer=self.other, name="O", meaning="Sound.", signed_at=NOW,
            time_zone="UTC", method="code", nonce=str(to_sign.pk), statement=b"{}", statement_sha256=SHA,
        )  # fmt: skip
        self._decision("approved", "in_force")
        suspended = self._decision("suspended", "in_force")
        rows.Suspension.objects.create(
            decision=suspended, from_state="approved", reason="It leaks.", suspended_by=self.other, suspended_at=NOW,
            ratify_by=NOW + timedelta(days=5),
        )  # fmt: skip
        ours = self._decision("released", "in_force", self.busy)
        review = rows.BoardReview.objects.get(request=ours.request)
        for number, owner, verifier in ((1, self.busy, self.other), (2, self.other, self.busy)):
            condition = rows.Condition.objects.create(
                decision=ours, review=review, number=number, text="Name it.", owner=owner, verifier=verifier,
                due=NOW.date(), due_at=NOW + timedelta(days=9), state="open" if number == 1 else "partly",
            )  # fmt: skip
            if number == 2:
                rows.ConditionReport.objects.create(
                    condition=condition, text="Named.", reported_by=owner, reported_at=NOW,
                    verify_by=NOW + timedelta(days=5),
                )  # fmt: skip

    def _found(self, checklist: Assessment) -> None:
        """Leave an action to do or to verify, and an exception that waits or ends."""
        control = checklist.library.controls.all()[0]
        open_one = checklist.state == "open"
        finding = Finding.objects.create(
            assessment=checklist,
            control=control,
            severity="low",
            text="Gap.",
            raised_at=NOW,
            raised_by=self.other,
        )
        done = {} if open_one else {"state": "done", "done_at": NOW, "report": "Done."}
        Action.objects.create(
            finding=finding, text="Mend it.", owner=self.busy if open_one else self.other, created_at=NOW,
            created_by=self.other, given_at=NOW, due=NOW.date() + timedelta(days=9), **done,
        )  # fmt: skip
        decided = {} if open_one else {"state": "approved", "decided_at": NOW, "decided_by": self.other}
        ControlException.objects.create(
            library_code="board-duties", control_number=control.number, scope="organisation", reason="Later.",
            until=NOW.date() + timedelta(days=9), asked_at=NOW, asked_by=self.other if open_one else self.busy,
            **decided,
        )  # fmt: skip

    def _elsewhere(self) -> None:
        """Leave a checklist to fill in with evidence that grows old, one to review, an engagement and a failed job."""
        Endpoint.objects.create(
            url="https://hooks.example.org/", description="Elsewhere", state="disabled", off_because="failing",
            off_since=NOW, made_by=self.busy, made_at=NOW,
        )  # fmt: skip
        library = Library.objects.filter(code="board-duties").latest("pk")
        for owner, reviewer, state in ((self.busy, self.other, "open"), (self.other, self.busy, "submitted")):
            checklist = Assessment.objects.create(
                library=library, owner=owner, reviewer=reviewer, state=state, created_at=NOW, scope="organisation",
                due=NOW + timedelta(days=9), submitted_at=NOW if state == "submitted" else None,
            )  # fmt: skip
            if state == "open":
                Evidence.objects.create(
                    assessment=checklist, control=library.controls.all()[0], name="roster.txt", sha256=SHA, size=1,
                    effective_on=NOW.date(), expires_on=NOW.date() + timedelta(days=60), added_at=NOW, added_by=owner,
                )  # fmt: skip
            self._found(checklist)
        engagement = Engagement.objects.create(
            title="Yearly", purpose="Look.", whole=True, starts_at=NOW, ends_at=NOW + timedelta(days=30),
            made_by=self.other, made_at=NOW,
        )  # fmt: skip
        reads = Permission.objects.get(codename="read_engagement")
        EngagementGrant.objects.create(user=self.busy, permission=reads, content_object=engagement)
        Job.objects.create(
            kind="records.seal", state=JobState.FAILED, run_at=NOW, created_at=NOW, finished_at=NOW
        )
        locked = person(f"Lox Locked {self.made}", Role.LEGAL)
        SigningLock.objects.create(person=locked, failures=10, locked_at=NOW)
