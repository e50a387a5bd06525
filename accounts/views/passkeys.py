"""Setting up, renaming and removing passkeys: allauth's pages, each in one transaction with its event."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import passkeys
from accounts.models import User
from accounts.services.passkeys import rename_passkey


class AddPasskey(views.AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Sets one up: discoverable, with PIN or biometrics, so that it is two components in one (possession and these)."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401  (Django's shape)
        """Ask the device for a passkey, not for a second factor only."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        options = auth.begin_registration(self.request.user, passwordless=True)
        options = {"publicKey": {**options["publicKey"], "pubKeyCredParams": passkeys.ACCEPTED}}
        context["js_data"] = {"creation_options": options}
        return context | kwargs  # the form as it was judged: a second time it would answer another challenge


class OwnPasskey:
    """To everybody else a passkey doesn't exist, before anything is asked."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        """Answer 404 for a passkey that isn't the person's."""
        if request.user.is_authenticated:
            get_object_or_404(
                Authenticator, user_id=request.user.pk, type=Authenticator.Type.WEBAUTHN, pk=kwargs["pk"]
            )
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class RenamePasskey(OwnPasskey, views.EditWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Gives one another name."""

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ANN401  (Django's shape)
        """Rename it, with the event."""
        assert isinstance(self.request.user, User)
        name = form.cleaned_data["name"]
        rename_passkey(
            actor=self.request.user, authenticator_id=self.object.pk, name=name, now=timezone.now()
        )
        messages.success(self.request, _("The passkey has another name."))
        return redirect("accounts:me")


class RemovePasskey(OwnPasskey, views.RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Removes one, but not the last factor of somebody who needs one."""

    success_url = reverse_lazy("accounts:me")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
        """Say why it can't be removed where it can't."""
        own = Authenticator.objects.filter(user_id=request.user.pk, pk=kwargs["pk"]).first()
        if own is not None and not get_adapter().can_delete_authenticator(own):
            messages.error(request, get_adapter().error_messages["cannot_delete_authenticator"])
            return redirect("accounts:me")
        return super().dispatch(request, *args, **kwargs)


add = transaction.atomic(AddPasskey.as_view())
rename = RenamePasskey.as_view()
remove = transaction.atomic(RemovePasskey.as_view())
