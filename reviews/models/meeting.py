"""Meetings of a board: the series that brings them back, each one with its agenda, and what was sent about it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q

from reviews.rules.agenda import ItemKind, ItemState
from reviews.rules.meeting_dates import DaysOff
from reviews.rules.meeting_lifecycle import MeetingState

STATES = [state.value for state in MeetingState]
ITEM_KINDS = [kind.value for kind in ItemKind]
ITEM_STATES = [state.value for state in ItemState]
DAYS_OFF = [choice.value for choice in DaysOff]
METHODS = ["request", "cancel"]


class MeetingSeries(models.Model):
    """When a board meets again and again. A change from a day on ends this row and begins one that follows it."""

    board = models.ForeignKey("reviews.Board", on_delete=models.PROTECT, related_name="meeting_series")
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    rule = models.CharField(max_length=300, help_text="RRULE of RFC 5545, without DTSTART, UNTIL and COUNT")
    starts = models.CharField(max_length=16, help_text="wall time in the zone, as 2026-11-25T10:00")
    zone = models.CharField(max_length=64)
    lasts = models.PositiveSmallIntegerField(help_text="minutes")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="no meetings after it; empty: endless")
    days_off = models.CharField(
        max_length=10, default=DaysOff.LATER, choices=[(c, c) for c in DAYS_OFF],
        help_text="what becomes of a date on which the board's calendar doesn't work",
    )  # fmt: skip
    place = models.CharField(max_length=200)
    video = models.URLField(max_length=500, blank=True, help_text="address of the video meeting")
    call_days = models.PositiveSmallIntegerField(
        default=5, help_text="working days before a meeting by which its invitation should be out"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, help_text="why it follows another")

    class Meta:
        ordering = ["board", "id"]
        verbose_name_plural = "meeting series"
        constraints = [
            models.CheckConstraint(
                condition=~Q(rule="") & ~Q(starts="") & ~Q(zone=""), name="series_says_when"
            ),
            models.CheckConstraint(condition=Q(lasts__gte=5, lasts__lte=1440), name="series_lasts_a_day"),
            models.CheckConstraint(condition=Q(call_days__lte=60), name="series_called_in_time"),
            models.CheckConstraint(condition=Q(days_off__in=DAYS_OFF), name="series_days_off_known"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id}: {self.rule}"


class Meeting(models.Model):
    """One meeting of a board. Its number is given when it is called; `sequence` grows with each thing sent about it."""

    board = models.ForeignKey("reviews.Board", on_delete=models.PROTECT, related_name="meetings")
    series = models.ForeignKey(
        MeetingSeries, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    scheduled_for = models.DateTimeField(
        null=True, blank=True, help_text="the date of the series; stays when the meeting is moved by itself"
    )
    number = models.PositiveIntegerField(null=True, blank=True, help_text="counted in the board")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    place = models.CharField(max_length=200)
    video = models.URLField(max_length=500, blank=True)
    call_by = models.DateTimeField(help_text="when its invitation should be out")
    uid = models.CharField(max_length=200, unique=True, help_text="UID of RFC 5545, for good")
    sequence = models.PositiveIntegerField(default=0, help_text="SEQUENCE of what was sent last")
    state = models.CharField(max_length=10, default=MeetingState.PLANNED, choices=[(s, s) for s in STATES])
    secretary = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="who keeps the minutes; the organizer of the invitation",
    )  # fmt: skip
    chair = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="who leads it; empty: who holds the chair's seat",
    )  # fmt: skip
    made_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["board", "-starts_at", "-id"], name="meeting_of_board"),
            models.Index(fields=["state", "starts_at"], name="meeting_coming"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "scheduled_for"], name="meeting_once_a_date"),
            models.UniqueConstraint(fields=["board", "number"], name="meeting_number_once_a_board"),
            models.UniqueConstraint(
                fields=["board"], condition=Q(state="running"), name="meeting_one_running_a_board"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"])
                | Q(number__isnull=False, called_at__isnull=False, secretary__isnull=False),
                name="meeting_called_with_number",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled", cancelled_at__isnull=False) & ~Q(cancel_reason=""))
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True, cancel_reason="")),
                name="meeting_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="running", started_at__isnull=False, closed_at__isnull=True)
                | Q(state="closed", started_at__isnull=False, closed_at__isnull=False)
                | Q(state__in=["planned", "called", "cancelled"], started_at__isnull=True),
                name="meeting_started_and_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board_id}: meeting of {self.starts_at:%Y-%m-%d}"

    @property
    def tz(self) -> ZoneInfo:
        """Return its time zone."""
        return ZoneInfo(self.zone)

    @property
    def starts_there(self) -> datetime:
        """Return when it starts, on the clock where it is held."""
        return self.starts_at.astimezone(self.tz)


class AgendaItem(models.Model):
    """One item of an agenda. What was sent keeps its own copy; taken off, it stays as a row that is `removed`."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    place = models.PositiveSmallIntegerField(help_text="order; items of one place by id")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ITEM_KINDS])
    title = models.CharField(max_length=200, blank=True, help_text="of items of the secretary's own")
    note = models.TextField(blank=True, help_text="what is asked, as the agenda says it")
    review = models.ForeignKey(
        "reviews.BoardReview", null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    condition = models.ForeignKey(
        "reviews.Condition", null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    approves = models.ForeignKey(
        Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="approved_at_items",
        help_text="the meeting whose minutes are to be approved",
    )  # fmt: skip
    takes = models.PositiveSmallIntegerField(help_text="planned minutes")
    state = models.CharField(max_length=10, default=ItemState.WAITING, choices=[(s, s) for s in ITEM_STATES])
    opened_at = models.DateTimeField(null=True, blank=True, help_text="when it was first taken up")
    finished_at = models.DateTimeField(null=True, blank=True)
    action = models.CharField(max_length=30, blank=True, help_text="code of what was done with it")
    why = models.TextField(blank=True, help_text="why it was tabled, carried over or taken off")
    added_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: it was proposed from what was ready",
    )  # fmt: skip
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["meeting", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "review"], condition=~Q(state="removed"), name="item_review_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "condition"], condition=~Q(state="removed"), name="item_condition_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "approves"], condition=~Q(state="removed"), name="item_minutes_once"
            ),
            models.UniqueConstraint(fields=["meeting"], condition=Q(state="open"), name="item_one_open"),
            models.CheckConstraint(condition=Q(state__in=ITEM_STATES), name="item_state_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["review", "ratify"], review__isnull=False, condition__isnull=True)
                | Q(kind="condition", condition__isnull=False, review__isnull=True)
                | Q(kind="minutes", approves__isnull=False, review__isnull=True, condition__isnull=True)
                | (Q(kind="other", review__isnull=True, condition__isnull=True) & ~Q(title="")),
                name="item_about_what_its_kind_says",
            ),
            models.CheckConstraint(condition=Q(takes__lte=1440), name="item_takes_a_day"),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "done", "tabled"]) | Q(opened_at__isnull=False),
                name="item_taken_up_before_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.place} {self.kind}"


class MeetingNotice(models.Model):
    """What was sent about a meeting: the agenda as it was then, or that it is cancelled. Rows are only added."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="notices")
    sequence = models.PositiveIntegerField()
    method = models.CharField(max_length=10, choices=[(m, m) for m in METHODS])
    content = models.JSONField(help_text="time, place and items as they were sent")
    sha256 = models.CharField(max_length=64, help_text="of the canonical JSON of the content")
    why = models.TextField(blank=True, help_text="what changed, or why it is cancelled")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["meeting", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "sequence"], name="meeting_notice_once_a_sequence"),
            models.CheckConstraint(condition=Q(method__in=METHODS), name="meeting_notice_method_known"),
            models.CheckConstraint(condition=~Q(sha256=""), name="meeting_notice_has_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.method} {self.sequence}"
