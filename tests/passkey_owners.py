"""People with a passkey in software, for tests of what they do with it."""

import json
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from accounts import passkeys
from accounts.models import User
from accounts.proofs import Passkey
from tests.passkeys import Device


def registered(person: User, device: Device, now: datetime) -> Passkey:
    """Set the device up for the person, as its page does."""
    options, _state = passkeys.server().register_begin(
        {"id": b"me", "name": person.email, "displayName": person.display_name}  # type: ignore[arg-type]
    )
    data = {"name": "Phone", "credential": json.loads(device.create(as_sent(options)))}
    authenticator = Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)
    return passkeys.register(authenticator, now, {})


def as_sent(options: Any) -> dict[str, Any]:
    """Return the options as a browser gets them."""
    found: dict[str, Any] = json.loads(json.dumps(dict(options)))
    return found
