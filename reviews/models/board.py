"""Boards: who sits on them, by which policy they decide, and who may look after them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from accounts.grants import GroupGrant, UserGrant
from reviews.rules.boards_together import BoardKind
from reviews.rules.panels import AD_HOC, BoardPurpose
from reviews.rules.roster import SeatRole

KINDS = [kind.value for kind in BoardKind]
ROLES = [role.value for role in SeatRole]
PURPOSES = [purpose.value for purpose in BoardPurpose]
PANELS = [purpose.value for purpose in AD_HOC]


class Board(models.Model):
    """A review board; a container of reviews: grants are given on it.

    A panel is a board too, formed for one request: of experts for a second review, or to hear an appeal.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name_en = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in KINDS])
    language = models.CharField(
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        help_text="of its records; empty: the request's",
    )
    time_zone = models.CharField(
        max_length=64, default="UTC", help_text="in which its deadlines are computed"
    )
    country = models.CharField(
        max_length=2, blank=True, help_text="whose public holidays it keeps; empty: weekends only"
    )
    subdivision = models.CharField(max_length=20, blank=True, help_text="a state or province of the country")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True, help_text="takes no new reviews from then on")
    purpose = models.CharField(
        max_length=10, default=BoardPurpose.STANDING, choices=[(p, p) for p in PURPOSES]
    )
    formed_for = models.ForeignKey(
        "reviews.ReviewRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="panels",
        help_text="the one request that a panel judges; empty: a standing board",
    )  # fmt: skip

    class Meta:
        ordering = ["name_en", "id"]
        permissions = [
            ("keep_board", "May act as the board's secretary"),
            ("read_board", "May read what the board reviews"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="board_kind_known"),
            models.CheckConstraint(condition=~Q(name_en="") & ~Q(name_zh=""), name="board_named_in_both"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="board_purpose_known"),
            models.CheckConstraint(
                condition=Q(purpose="standing", formed_for__isnull=True)
                | Q(purpose__in=PANELS, formed_for__isnull=False),
                name="board_panel_is_for_a_request",
            ),
            models.UniqueConstraint(
                fields=["formed_for"],
                condition=Q(purpose="experts", closed_at__isnull=True),
                name="board_one_expert_panel",
            ),
            models.CheckConstraint(
                condition=Q(subdivision="") | ~Q(country=""), name="board_subdivision_of_a_country"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    @property
    def name(self) -> str:
        """Return the name in the active language."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class BoardUserGrant(UserGrant):
    """A person's permission on a board."""

    content_object = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="user_grants")

    class Meta(UserGrant.Meta):
        pass


class BoardGroupGrant(GroupGrant):
    """A group's permission on a board."""

    content_object = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="group_grants")

    class Meta(GroupGrant.Meta):
        pass


class Seat(models.Model):
    """A person's membership of a board; it ends, it isn't deleted, and ballots keep copies of it."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=10, choices=[(r, r) for r in ROLES])
    attributes = models.JSONField(default=list, help_text="codes: lay, external, non_technical, expert")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="empty: in force")
    seated_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    alternate = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the alternate who is named for this seat; empty: alternates sit in the order of their seats",
    )  # fmt: skip

    class Meta:
        ordering = ["board", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "person"], condition=Q(until__isnull=True), name="seat_once_a_board"
            ),
            models.UniqueConstraint(
                fields=["board"], condition=Q(until__isnull=True, role="chair"), name="seat_one_chair_a_board"
            ),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="seat_role_known"),
            models.CheckConstraint(
                condition=Q(alternate__isnull=True) | ~Q(role="alternate") & ~Q(alternate=F("person")),
                name="seat_alternate_of_a_full_seat",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="seat_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board_id}: {self.person_id} ({self.role})"


class Policy(models.Model):
    """One version of a board's rules; never edited: a change is a new version (process.md, 3.7)."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="policies")
    version = models.PositiveIntegerField()
    content = models.JSONField(help_text="quorum, composition, threshold, ballot_days, gates, ...")
    sha256 = models.CharField(max_length=64, help_text="of the canonical JSON of the content")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["board", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["board", "version"], name="policy_version_once_a_board"),
            models.CheckConstraint(condition=~Q(sha256=""), name="policy_has_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id}: version {self.version}"
