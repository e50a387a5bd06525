"""Registers the accounts app: its events and its letters."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of accounts, and listen to allauth."""
        from accounts import letters, witness  # noqa: PLC0415  (models load after the apps)
        from accounts.api_tokens import ApiToken  # noqa: PLC0415  (models load after the apps)
        from accounts.models import User  # noqa: PLC0415  (models load after the apps)
        from accounts.proofs import (  # noqa: PLC0415  (models load after the apps)
            Confirmation,
            Passkey,
            SigningLock,
        )
        from accounts.verbs import register_verbs  # noqa: PLC0415  (models load after the apps)
        from audit import tracking  # noqa: PLC0415  (models load after the apps)
        from jobs import registry  # noqa: PLC0415  (models load after the apps)

        witness.connect()
        register_verbs()
        tracking.track(
            User,
            [
                "email",
                "display_name",
                "is_active",
                "deactivated_at",
                "line_manager",
                "deputy",
                "team",
                "is_superuser",
                "pseudonym",
            ],
            personal=True,
        )
        tracking.track(User.groups.through, ["user", "group"])
        tracking.track(
            Passkey,
            [
                "person",
                "credential_id",
                "public_key",
                "rp_id",
                "user_verified",
                "registered_at",
                "removed_at",
            ],
        )
        tracking.track(
            Confirmation,
            ["person", "what", "subject", "method", "passkey", "statement", "assertion", "confirmed_at"],
        )
        tracking.track(
            SigningLock,
            ["person", "failures", "locked_at", "unlocked_at", "unlocked_by", "reason"],
            personal=True,
        )
        tracking.track(
            ApiToken,
            ["person", "name", "sha256", "scopes", "created_at", "expires_at", "revoked_at", "revoked_by"],
        )
        registry.register("accounts.invitation_mail", letters.send_invitation, label=_("Send an invitation"))
        registry.register(
            "accounts.password_reset_mail",
            letters.send_password_reset,
            label=_("Send a link for a new password"),
        )
        registry.register(
            "accounts.notice_mail", letters.send_notice, label=_("Send a notice about an account")
        )
        registry.register(
            "accounts.signing_locked_mail",
            letters.send_signing_locked,
            label=_("Tell that signing is locked"),
        )
        registry.register("accounts.test_mail", letters.send_test, label=_("Send a test mail"))
