"""Who is asked to a meeting, what they answered, and when they came and went."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.attendance import Answer, How, Part

PARTS = [part.value for part in Part]
ANSWERS = [answer.value for answer in Answer]
HOWS = [how.value for how in How]


class Attendance(models.Model):
    """A person of a meeting: a seat as it was when the meeting was called, its secretary, or a guest.

    A guest may have no account: then there is a name, and nothing is sent.
    """

    meeting = models.ForeignKey("reviews.Meeting", on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    name = models.CharField(max_length=200)
    part = models.CharField(max_length=10, choices=[(p, p) for p in PARTS])
    attributes = models.JSONField(default=list, help_text="codes, of a seat")
    affiliation = models.CharField(max_length=200, blank=True, help_text="of a guest")
    item = models.ForeignKey(
        "reviews.AgendaItem", null=True, blank=True, on_delete=models.PROTECT, related_name="guests",
        help_text="of a guest: the only item that they come for; empty: the whole meeting",
    )  # fmt: skip
    sits_for = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="whom an alternate replaces in this meeting",
    )  # fmt: skip
    answer = models.CharField(max_length=10, blank=True, choices=[(a, a) for a in ANSWERS])
    answer_reason = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when an invitation was first sent")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="no longer asked, or the seat ended")

    class Meta:
        ordering = ["meeting", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once_a_person"),
            models.CheckConstraint(condition=Q(part__in=PARTS), name="attendance_part_known"),
            models.CheckConstraint(condition=~Q(name=""), name="attendance_has_name"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(part__in=["guest", "expert"]),
                name="attendance_without_account_is_a_guest",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer="accepted", answered_at__isnull=False)
                | (Q(answer="declined", answered_at__isnull=False) & ~Q(answer_reason="")),
                name="attendance_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(sits_for__isnull=True) | Q(part="alternate"), name="attendance_alternate_sits_for"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.name}"


class AttendanceSpan(models.Model):
    """A stretch in which a person was in the room or on the video; who leaves and comes back has two."""

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="spans")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True, help_text="empty: still there")
    how = models.CharField(max_length=10, choices=[(h, h) for h in HOWS])
    out_for = models.ForeignKey(
        "reviews.AgendaItem", null=True, blank=True, on_delete=models.PROTECT, related_name="sent_out",
        help_text="it ended because the person is recused from this item",
    )  # fmt: skip

    class Meta:
        ordering = ["attendance", "came_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance"], condition=Q(left_at__isnull=True), name="attendance_one_span_open"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")),
                name="attendance_span_forward",
            ),
            models.CheckConstraint(
                condition=Q(out_for__isnull=True) | Q(left_at__isnull=False), name="attendance_sent_out_left"
            ),
            models.CheckConstraint(condition=Q(how__in=HOWS), name="attendance_how_known"),
        ]

    def __str__(self) -> str:
        return f"{self.attendance_id}: {self.came_at:%H:%M}"
