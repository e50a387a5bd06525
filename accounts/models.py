"""People, and the invitations by which they come in."""

import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class ReminderMode(models.TextChoices):
    """How reminders reach a person."""

    SINGLE = "single", _("each one when it is due")
    DAILY = "daily", _("once a day, all in one")


class WeeklyMail(models.TextChoices):
    """The day on which a person gets what the week brings, in one mail; the codes of the days are RFC 5545's."""

    NEVER = "never", _("never")
    MONDAY = "mo", _("on Mondays")
    TUESDAY = "tu", _("on Tuesdays")
    WEDNESDAY = "we", _("on Wednesdays")
    THURSDAY = "th", _("on Thursdays")
    FRIDAY = "fr", _("on Fridays")
    SATURDAY = "sa", _("on Saturdays")
    SUNDAY = "su", _("on Sundays")


class PersonState(models.TextChoices):
    """Where a person stands; invited people come in when they accept."""

    ACTIVE = "active", _("active")
    INVITED = "invited", _("invited")
    DEACTIVATED = "deactivated", _("deactivated")


class UserManager(BaseUserManager["User"]):
    """Creates people."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Create a person; without a password the account can't sign in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail address; deactivated, never deleted."""

    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    line_manager = models.ForeignKey(
        "self", verbose_name=_("line manager"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="reports",
    )  # fmt: skip
    deputy = models.ForeignKey(
        "self", verbose_name=_("deputy"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="deputises_for",
    )  # fmt: skip
    team = models.CharField(_("team"), max_length=120, blank=True)
    reminder_mode = models.CharField(
        _("reminders"), max_length=10, choices=ReminderMode.choices, default=ReminderMode.SINGLE
    )
    weekly_mail = models.CharField(
        _("weekly mail"), max_length=5, choices=WeeklyMail.choices, default=WeeklyMail.MONDAY
    )
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(default=True, help_text="false also for people who have not accepted yet")
    deactivated_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False, help_text="invented; may be signed in with one click")
    sample_place = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="place in the list of the sample's sign-in page; empty: not there"
    )
    calendar_sha256 = models.CharField(
        max_length=64,
        blank=True,
        db_index=True,
        help_text="of the key in the address of their calendar; empty: none",
    )
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_lower"),
            models.CheckConstraint(condition=~Q(line_manager=F("id")), name="person_not_own_manager"),
            models.CheckConstraint(condition=~Q(deputy=F("id")), name="person_not_own_deputy"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(deactivated_at__isnull=True),
                name="person_active_or_deactivated",
            ),
            models.CheckConstraint(
                condition=Q(reminder_mode__in=ReminderMode.values), name="person_reminder_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(weekly_mail__in=WeeklyMail.values), name="person_weekly_mail_known"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def state(self) -> PersonState:
        """Where the person stands."""
        if self.is_active:
            return PersonState.ACTIVE
        return PersonState.DEACTIVATED if self.deactivated_at else PersonState.INVITED

    @property
    def digest(self) -> str:
        """How reminders reach the person: "single" or "daily"."""
        return self.reminder_mode


def _nonce() -> str:
    return secrets.token_urlsafe(24)


class Invitation(models.Model):
    """A link by which an invited person comes in, once; the link is derived from the nonce and the secret key."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=40, default=_nonce, editable=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person_id}, {self.made_at:%Y-%m-%d}"

    def is_open(self, now: datetime) -> bool:
        """Say whether the link still opens the door."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


from accounts import api_tokens, proofs  # noqa: E402, F401  (tables of modules of their own, which name people)
