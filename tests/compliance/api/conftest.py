"""The cast of compliance with the second factor that programs of some of them ask for."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import User


def secured(person: User) -> User:
    """Return the person with a second factor."""
    TOTP.activate(person, generate_totp_secret())
    return person


@pytest.fixture
def secretary(secretary: User) -> User:
    return secured(secretary)


@pytest.fixture
def reviewer(reviewer: User) -> User:
    return secured(reviewer)


@pytest.fixture
def legal(legal: User) -> User:
    return secured(legal)
