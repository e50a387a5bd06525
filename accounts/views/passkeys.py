"""Setting up, renaming and removing passkeys: allauth's pages, each in one transaction with its event."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.second_factor import is_last_factor, needs_second_factor
from accounts.services.passkeys import rename_passkey


class AddPasskey(views.AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Sets one up: discoverable, with PIN or biometrics, so that it is two components in one (possession and these)."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401  (Django's shape)
        """Ask the device for a passkey, not for a second factor only."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {
            "creation_options": auth.begin_registration(self.request.user, passwordless=True)
        }
        return context


class RenamePasskey(views.EditWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Gives one another name."""

    success_url = reverse_lazy("accounts:me")

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ANN401  (Django's shape)
        """Rename it, with the event."""
        assert isinstance(self.request.user, User)
        rename_passkey(
            actor=self.request.user, authenticator_id=self.object.pk, name=form.cleaned_data["name"],
            now=timezone.now(),
        )  # fmt: skip
        messages.success(self.request, _("The passkey has another name."))
        return redirect("accounts:me")


class RemovePasskey(views.RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Removes one, but not the last factor of somebody who needs one."""

    success_url = reverse_lazy("accounts:me")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        """Say why it can't be removed where it can't."""
        if request.user.is_authenticated:
            own = Authenticator.objects.filter(user_id=request.user.pk, pk=kwargs["pk"]).first()
            if own is not None and is_last_factor(own) and needs_second_factor(request.user, timezone.now()):
                messages.error(request, get_adapter().error_messages["cannot_delete_authenticator"])
                return redirect("accounts:me")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


add = transaction.atomic(AddPasskey.as_view())
rename = RenamePasskey.as_view()
remove = transaction.atomic(RemovePasskey.as_view())
