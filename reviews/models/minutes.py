"""Minutes of a meeting: the free text of the secretary; everything else is read from what happened."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.minutes import MinutesState, PartKind

STATES = [state.value for state in MinutesState]
KINDS = [kind.value for kind in PartKind]


class Minutes(models.Model):
    """The minutes of one meeting, from its start on: written, circulated, approved by another, frozen and sealed."""

    meeting = models.OneToOneField("reviews.Meeting", on_delete=models.PROTECT, related_name="minutes")
    state = models.CharField(max_length=12, default=MinutesState.WRITING, choices=[(s, s) for s in STATES])
    writer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="of what was circulated last")
    due_at = models.DateTimeField(null=True, blank=True, help_text="when they should be circulated")
    circulated_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_in = models.ForeignKey(
        "reviews.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="minutes_approved",
        help_text="the meeting that approved them; empty: the chair did",
    )  # fmt: skip
    record = models.ForeignKey(
        "records.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="as they were frozen when they were approved",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "minutes"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="minutes_state_known"),
            models.CheckConstraint(
                condition=Q(state="writing") | Q(circulated_at__isnull=False, version__gt=0),
                name="minutes_circulated_before_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", approved_at__isnull=False, approved_by__isnull=False)
                | (~Q(state="approved") & Q(approved_at__isnull=True, approved_by__isnull=True)),
                name="minutes_approved_wholly",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("writer")),
                name="minutes_approved_by_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} ({self.state})"


class MinutesPart(models.Model):
    """One free text: what was said about an item, or of the meeting as a whole. `version` keeps two writers apart."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="parts")
    item = models.ForeignKey(
        "reviews.AgendaItem", null=True, blank=True, on_delete=models.PROTECT, related_name="minutes_parts"
    )
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["minutes", "id"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "item", "kind"], name="minutes_part_once_an_item"),
            models.UniqueConstraint(
                fields=["minutes", "kind"], condition=Q(item__isnull=True), name="minutes_part_once_a_meeting"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["opening", "closing"], item__isnull=True)
                | Q(kind__in=["discussion", "basis"], item__isnull=False),
                name="minutes_part_of_item_or_meeting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id}: {self.item_id} {self.kind}"


class MinutesVersion(models.Model):
    """The minutes as they were circulated once: facts and texts together. Rows are only added."""

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="the context of the record, as it was then")
    sha256 = models.CharField(max_length=64, help_text="of the canonical JSON of the content")
    why = models.TextField(blank=True, help_text="what was changed after the version before")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["minutes", "number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="minutes_version_once"),
            models.CheckConstraint(condition=~Q(sha256=""), name="minutes_version_has_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes_id}: version {self.number}"
