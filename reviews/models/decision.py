"""What was decided on a request, who signed it or would not, and what became of the approval."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.recusal import SigningRole

OUTCOMES = ["approved", "approved_with_conditions", "returned", "rejected", "refused"]
BASES = ["ballots", "determination"]
STATUSES = ["to_sign", "in_force", "final", "refused", "ended"]
SIGNING_ROLES = [role.value for role in SigningRole]
ENDINGS = ["lifted", "lapsed", "withdrawn"]
APPROVALS = ["approved", "approved_with_conditions"]


class Decision(models.Model):
    """One decision of a request, bound to a revision and to the frozen record that people sign."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(help_text="counted in the request")
    round = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=30, choices=[(o, o) for o in OUTCOMES])
    status = models.CharField(max_length=10, choices=[(s, s) for s in STATUSES])
    basis = models.CharField(
        max_length=15, default="ballots", choices=[(b, b) for b in BASES],
        help_text="ballots of boards, or the determination that the request is exempt",
    )  # fmt: skip
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    revision_sha256 = models.CharField(max_length=64)
    manifest_sha256 = models.CharField(max_length=64, help_text="the digest that may be released")
    reasons = models.TextField()
    decided_at = models.DateTimeField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(
        null=True, blank=True, help_text="the last day on which the approval holds"
    )
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="the end of that day where the board sits"
    )
    provisional = models.BooleanField(
        default=False, help_text="approved in an emergency: a full review follows, or it ends at its date"
    )
    next_review = models.DateField(null=True, blank=True, help_text="on which the continuing review is due")
    expiry_notices = models.JSONField(
        default=list, blank=True, help_text="days before its end on which notices go out, from the policy"
    )
    ends_older = models.BooleanField(
        default=False, help_text="older approvals of the same version end when this one is in force"
    )
    appeal_until = models.DateField(null=True, blank=True)
    record = models.ForeignKey(
        "records.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="frozen at the decision; its hash is signed",
    )  # fmt: skip
    sign_by = models.DateTimeField(null=True, blank=True, help_text="the next signature is due")
    approved_at = models.DateTimeField(null=True, blank=True, help_text="the last signature")
    ended_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(status="in_force"), name="decision_expiring"),
            models.Index(fields=["manifest_sha256"], name="decision_manifest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="decision_number_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(status__in=["to_sign", "in_force"]), name="decision_one_standing"
            ),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="decision_outcome_known"),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="decision_status_known"),
            models.CheckConstraint(
                condition=Q(basis="ballots") | Q(basis="determination", outcome__in=["approved", "refused"]),
                name="decision_basis_fits_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["returned", "rejected"], status="final")
                | Q(outcome="refused", status="refused")
                | Q(
                    outcome__in=APPROVALS, status__in=["to_sign", "in_force", "ended"],
                    valid_until__isnull=False, expires_at__isnull=False,
                ),
                name="decision_status_fits_outcome",
            ),
            models.CheckConstraint(
                condition=Q(provisional=False) | Q(outcome__in=[*APPROVALS, "refused"]),
                name="decision_provisional_approval",
            ),
            models.CheckConstraint(
                condition=~Q(status="in_force") | Q(approved_at__isnull=False), name="decision_in_force_was_signed"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request_id}: decision {self.number} ({self.outcome})"


class Signature(models.Model):
    """A person's signature on the hash of the frozen record: the canonical statement that they confirmed."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=10, choices=[(r, r) for r in SIGNING_ROLES])
    signer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    on_behalf_of = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="for whom a deputy acted who was named for their absence",
    )  # fmt: skip
    on_behalf_of_name = models.CharField(max_length=200, blank=True)
    meaning = models.TextField()
    signed_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    method = models.CharField(max_length=100)
    nonce = models.CharField(max_length=64, unique=True)
    statement = models.BinaryField()
    statement_sha256 = models.CharField(max_length=64)
    confirmation = models.OneToOneField(
        "accounts.Confirmation", on_delete=models.PROTECT, related_name="+",
        help_text="by what the signer proved themself: the statement again and, of a passkey, its assertion",
    )  # fmt: skip

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "role"], name="signature_once_a_role"),
            models.UniqueConstraint(fields=["decision", "signer"], name="signature_once_a_person"),
            models.CheckConstraint(condition=Q(role__in=SIGNING_ROLES), name="signature_role_known"),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True, on_behalf_of_name="")
                | (Q(on_behalf_of__isnull=False) & ~Q(on_behalf_of_name="") & ~Q(on_behalf_of=F("signer"))),
                name="signature_keeps_both_names",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.role}"


class Refusal(models.Model):
    """Legal or the chair would not sign; the boards deliberate again."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="refusal")
    role = models.CharField(max_length=10, choices=[(r, r) for r in SIGNING_ROLES])
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    on_behalf_of = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="for whom a deputy acted who was named for their absence",
    )  # fmt: skip
    on_behalf_of_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    refused_at = models.DateTimeField()
    record = models.ForeignKey(
        "records.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="refusal_has_reason")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.role}"


class Release(models.Model):
    """The release manager recorded that the approved digest was released."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="release")
    manifest_sha256 = models.CharField(max_length=64)
    where = models.CharField(max_length=300, blank=True)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.decision_id}: released"


class Suspension(models.Model):
    """An approval is suspended by one person, or by the policy; the board ratifies in time by a ballot, or it lapses.

    One by the policy names the overdue condition and the date that was missed: one date suspends once.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="suspensions")
    from_state = models.CharField(max_length=20, help_text="state of the request to which a lift goes back")
    reason = models.TextField()
    suspended_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: by the policy, because a condition is overdue",
    )  # fmt: skip
    condition = models.ForeignKey(
        "reviews.Condition", null=True, blank=True, on_delete=models.PROTECT, related_name="suspensions"
    )
    missed_at = models.DateTimeField(null=True, blank=True, help_text="the condition's date that was missed")
    suspended_at = models.DateTimeField()
    ratify_by = models.DateTimeField()
    ratified_at = models.DateTimeField(null=True, blank=True)
    ratified_ballot = models.ForeignKey(
        "reviews.Ballot", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ending_ballot = models.ForeignKey(
        "reviews.Ballot", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ending = models.CharField(max_length=10, blank=True, choices=[(e, e) for e in ENDINGS])
    ending_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=Q(ended_at__isnull=True), name="suspension_one_standing"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_has_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="") | Q(ended_at__isnull=False, ending__in=ENDINGS),
                name="suspension_ended_somehow",
            ),
            models.CheckConstraint(
                condition=Q(suspended_by__isnull=False, condition__isnull=True, missed_at__isnull=True)
                | Q(suspended_by__isnull=True, condition__isnull=False, missed_at__isnull=False),
                name="suspension_by_person_or_policy",
            ),
            models.UniqueConstraint(fields=["condition", "missed_at"], name="suspension_once_a_missed_date"),
            models.CheckConstraint(
                condition=Q(ratified_at__isnull=True, ratified_ballot__isnull=True)
                | Q(ratified_at__isnull=False, ratified_ballot__isnull=False),
                name="suspension_ratified_by_ballot",
            ),
            models.CheckConstraint(
                condition=Q(ending="lifted", ending_ballot__isnull=False)
                | (~Q(ending="lifted") & Q(ending_ballot__isnull=True)),
                name="suspension_lifted_by_ballot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: suspended"
