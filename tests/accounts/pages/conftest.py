"""An organisation with a provider of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from config.organisation import social_providers
from tests.accounts.provider import Provider, rs256, running
from tests.accounts.through_provider import OIDC


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def set_up(settings: Any) -> Callable[..., None]:
    """Tell the product of a provider."""

    def set_up(issuer: str, **other: Any) -> None:
        settings.OIDC = OIDC | {"issuer": issuer} | other
        settings.SOCIALACCOUNT_PROVIDERS = social_providers(settings.OIDC)

    return set_up


@pytest.fixture
def provider(served: Provider, set_up: Callable[..., None], member: User) -> Provider:
    """A provider that says the truth about Hanna."""
    set_up(served.issuer)
    served.claims = {"sub": "h-1", "email": member.email, "email_verified": True, "name": "Hanna"}
    served.lie, served.sign, served.told_later, served.discovered = dict, rs256, {}, {}
    return served
