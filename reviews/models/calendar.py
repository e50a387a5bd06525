"""Days on which boards don't work, or do though others rest; and how each deadline was reckoned by them."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.clocks import Unit
from reviews.rules.explaining import Why

WHYS = [why.value for why in Why]
UNITS = [unit.value for unit in Unit]


class ClosingDay(models.Model):
    """Days, the last one included, on which a board (or every board) is closed; with `works` it is open instead.

    It ends, it isn't deleted: by which days an older deadline was reckoned stays known.
    """

    board = models.ForeignKey(
        "reviews.Board", null=True, blank=True, on_delete=models.PROTECT, related_name="closing_days",
        help_text="empty: every board",
    )  # fmt: skip
    day = models.DateField(help_text="the first day")
    until = models.DateField(help_text="the last day")
    reason = models.CharField(max_length=120)
    works = models.BooleanField(default=False, help_text="people work on these days, whatever they are")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="taken back then")
    ended_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["day"], condition=Q(ended_at__isnull=True), name="closing_day_held")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("day")), name="closing_day_forward"),
            models.CheckConstraint(condition=~Q(reason=""), name="closing_day_has_reason"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="closing_day_ended_wholly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board_id or 'all'}: {self.day} - {self.until}"


class Reckoning(models.Model):
    """How one date came about: from when, by which term, over which days. A row for each time; none is ever changed.

    The date itself stands at the thing that is due. What is written here explains it years later, when calendars,
    policies and the library of holidays are others.
    """

    object_type = models.CharField(max_length=60, help_text="reviews.question")
    object_id = models.PositiveBigIntegerField()
    what = models.CharField(max_length=30, help_text="a code of DateKind")
    board = models.ForeignKey("reviews.Board", null=True, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(
        "reviews.ReviewRequest", null=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.CharField(max_length=12, choices=[(w, w) for w in WHYS])
    start = models.DateTimeField(help_text="from when the term is counted")
    count = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="empty: somebody chose the date"
    )
    unit = models.CharField(max_length=20, blank=True, choices=[(u, u) for u in UNITS])
    source = models.JSONField(default=dict, help_text="where the term comes from: path, policy version, mark")
    calendar = models.JSONField(
        default=dict, help_text="time zone, country, subdivision, edition of the holidays"
    )
    days = models.JSONField(
        default=list, help_text="days that didn't count, or did though at a weekend, and why"
    )
    due = models.DateTimeField(help_text="pauses not counted")
    was = models.DateTimeField(null=True, blank=True, help_text="the date before, as it stood")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["object_type", "object_id", "-id"], name="reckoning_of_thing")]
        constraints = [
            models.CheckConstraint(condition=Q(why__in=WHYS), name="reckoning_why_known"),
            models.CheckConstraint(
                condition=Q(count__isnull=True, unit="") | Q(count__isnull=False, unit__in=UNITS),
                name="reckoning_term_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id}: {self.what} {self.due:%Y-%m-%d}"
