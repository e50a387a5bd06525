"""Fixtures of these tests: worlds, the house in which who needs a second factor has one, and who calls most."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.rules.scopes import Scope
from tests.boardrooms import House, a_house
from tests.calling import Caller, as_
from tests.worlds import _worlds, standing_approval, standing_house, standing_review  # noqa: F401  (fixtures)


@pytest.fixture
def house() -> House:
    return with_second_factors(a_house())


def with_second_factors(house: House) -> House:
    """Set up one-time codes for who could call nothing without."""
    for name in ("sena", "rita", "ada"):
        TOTP.activate(house.people[name], generate_totp_secret())
    return house


@pytest.fixture
def sena(house: House) -> Caller:
    return as_(house.sena)


@pytest.fixture
def ada(house: House) -> Caller:
    return as_(house.ada, *Scope)
