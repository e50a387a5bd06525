"""How many calls a token and an address may make in a minute; counted in the cache, for all processes together."""

import math
from dataclasses import dataclass
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.api.problems import Code, Problem
from accounts.rules.neighbours import counted_as

WINDOW = 60  # seconds


@dataclass(frozen=True, slots=True)
class Counted:
    """How a counter stands: `left` of `limit` until it begins anew, in so many seconds."""

    policy: str
    limit: int
    left: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """Return it as the fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.limit};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={max(0, self.left)};t={self.seconds}',
        }


def count_address(request: HttpRequest, now: datetime) -> None:
    """Count a call of this address, before anything is looked up; raises Problem when there were too many."""
    address = counted_as(str(get_adapter().get_client_ip(request)))
    _within(_count("address", address, settings.API_CALLS_OF_ADDRESS, now))


def count_token(token_id: int, now: datetime) -> Counted:
    """Count a call of this token and return how it stands; raises Problem when there were too many."""
    return _within(_count("token", str(token_id), settings.API_CALLS_OF_TOKEN, now))


def _count(policy: str, whose: str, limit: int, now: datetime) -> Counted:
    at = now.timestamp()
    window = int(at // WINDOW)
    key = f"api.{policy}.{whose}.{window}"
    cache.add(key, 0, timeout=2 * WINDOW)
    return Counted(policy, limit, limit - cache.incr(key), math.ceil((window + 1) * WINDOW - at))


def _within(counted: Counted) -> Counted:
    if counted.left < 0:
        raise Problem(
            Code.TOO_MANY,
            _("There were more calls in this minute than are answered. Go on in {seconds} seconds.").format(
                seconds=counted.seconds
            ),
            headers=counted.headers() | {"Retry-After": str(counted.seconds)},
        )
    return counted
