"""What the rules proposed for a request, and what the secretary confirmed."""

from django.db import models
from django.db.models import Q

from reviews.rules.provisional import EmergencyGround

GROUNDS = [ground.value for ground in EmergencyGround]


class Triage(models.Model):
    """The route of a request; `proposed` stays as the rules gave it, also where the secretary departed from it."""

    request = models.OneToOneField("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="triage")
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    proposed = models.JSONField(help_text="tier, procedure, boards (kinds), reasons (codes and parameters)")
    tier = models.PositiveSmallIntegerField()
    procedure = models.CharField(max_length=20)
    boards = models.ManyToManyField("reviews.Board", related_name="+")
    leading = models.ForeignKey("reviews.Board", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(
        max_length=20,
        blank=True,
        choices=[(g, g) for g in GROUNDS],
        help_text="for what an emergency is used",
    )
    confirmed_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: by the system, as the full review of a provisional approval",
    )  # fmt: skip
    confirmed_at = models.DateTimeField()
    override_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=4), name="triage_tier_of_four"),
            models.CheckConstraint(
                condition=Q(procedure="emergency", ground__in=GROUNDS)
                | (~Q(procedure="emergency") & Q(ground="")),
                name="triage_emergency_has_ground",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.procedure}"


class TriageRuleSet(models.Model):
    """One version of the rules of triage; never edited: a change is a new version. Without any, the shipped hold."""

    version = models.PositiveIntegerField(unique=True)
    content = models.JSONField(help_text="rules, expedited_up_to, exempts: see rules/triage_rules.py")
    sha256 = models.CharField(max_length=64, help_text="of the canonical JSON of the content")
    reason = models.TextField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason="") & ~Q(sha256=""), name="triage_rules_have_reason")
        ]

    def __str__(self) -> str:
        return f"rules of triage, version {self.version}"


class Notice(models.Model):
    """All gaps that the secretary found in a submitted request, in one notice; the request went back to draft."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="notices")
    revision = models.OneToOneField("reviews.Revision", on_delete=models.PROTECT, related_name="notice")
    text = models.TextField()
    questions = models.JSONField(default=list, help_text="keys of the questions that it names")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="notice_has_text")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.revision_id}"
