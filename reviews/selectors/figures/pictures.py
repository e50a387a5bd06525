"""Which pictures of all requests there are, and of which times."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reviews.selectors.figures.ages import ages
from reviews.selectors.figures.load import load
from reviews.selectors.figures.picture import Period, Picture
from reviews.selectors.figures.returns import returns
from reviews.selectors.figures.times import times

PICTURES: Mapping[str, tuple[StrOrPromise, Callable[[datetime, Period], Picture]]] = {
    "age": (_("State and age"), ages),
    "time": (_("Time to decision"), times),
    "returns": (_("Returns"), returns),
    "load": (_("Load"), load),
}
PERIODS: Mapping[str, tuple[StrOrPromise, int | None]] = {
    "year": (_("the last 12 months"), 365),
    "quarter": (_("the last 90 days"), 90),
    "all": (_("everything"), None),
}


def picture_of(name: str, period: str, reader: User, now: datetime) -> Picture:
    """Return the picture as this reader may see it; whether they may see any is the caller's to ask."""
    days = PERIODS[period][1]
    _title, make = PICTURES[name]
    return make(now, Period(now - timedelta(days=days) if days else None, reader))
