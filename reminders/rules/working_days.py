"""Which days people work in a country, as the library `holidays` knows them: the one place that asks it.

Two letters name a country (ISO 3166-1); a subdivision is a state or province as the library writes it ("BY"). Without a
country Saturday and Sunday are off and nothing else.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version

import holidays

YEARS_IN_A_ROW = 3
"""A country that published days of their own for so many years on end publishes them every year (P)."""


class DayKind(StrEnum):
    """What a day is in a country."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # a day at a weekend on which people work in exchange for a holiday, as in China


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what it is; `names` of the holidays that fall on it."""

    kind: DayKind
    names: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Say whether people work."""
        return self.kind in (DayKind.WORKING, DayKind.MAKE_UP)


def edition() -> str:
    """Return by which edition of the holidays days are told; another one may move dates that were worked out by it."""
    return f"holidays {version('holidays')}"


def countries() -> frozenset[str]:
    """Return the codes of the countries of which the library knows the holidays."""
    return frozenset(_subdivisions())


def subdivisions_of(country: str) -> tuple[str, ...]:
    """Return the subdivisions that have holidays of their own; none for a country that isn't known."""
    return _subdivisions().get(country, ())


def name_of_subdivision(country: str, code: str) -> str:
    """Return the longest name that the library has for it ("Bayern"), or the code."""
    aliases = _of(country, code, "").get_subdivision_aliases() if code in subdivisions_of(country) else {}
    return max(aliases.get(code, ()), key=len, default=code)


def is_known(country: str, subdivision: str = "") -> bool:
    """Say whether the library knows the country, and the subdivision as one of it; "" is always known."""
    if not country:
        return not subdivision
    return country in countries() and (not subdivision or subdivision in subdivisions_of(country))


def is_working_day(day: date, country: str = "", subdivision: str = "") -> bool:
    """Say whether people work on a day.

    A weekend that a government makes a working day in exchange for a holiday, as China does, is one.
    """
    return (
        bool(_of(country, subdivision, "").is_working_day(day))
        if is_told_by(country, day)
        else day.weekday() < 5
    )


def day_of(day: date, country: str = "", subdivision: str = "", language: str = "") -> Day:
    """Return what a day is. `language` of its names ("zh-hans"): the nearest that the library has, else English."""
    if not is_told_by(country, day):
        return Day(DayKind.WORKING if day.weekday() < 5 else DayKind.WEEKEND)
    told = _of(country, subdivision, _language(country, language))
    names = tuple(told.get_list(day))
    if told.is_weekend(day):
        kind = DayKind.MAKE_UP if told.is_working_day(day) else DayKind.WEEKEND
        return Day(kind, names)
    return Day(DayKind.HOLIDAY, names) if names else Day(DayKind.WORKING)


def is_told_by(country: str, day: date) -> bool:
    """Say whether the library says anything about this year of the country; beyond it only weekends are known."""
    if not country:
        return False
    told = _of(country, "", "")
    return bool(told.start_year <= day.year <= told.end_year)


def announced_until(country: str) -> int | None:
    """Return the last year whose days the government announced, for a country that announces them each year.

    Later years are computed: exchanges of days (China's make-up days) aren't known yet. None: the country's holidays
    follow from its law, so that any year can be computed.
    """
    if not country:
        return None
    years = set(getattr(_of(country, "", ""), "special_public_holidays", ()))
    last = max(years, default=0)
    return last if years >= {last - back for back in range(YEARS_IN_A_ROW)} and last else None


def is_announced(country: str, year: int) -> bool:
    """Say whether the days of this year are as sure as they get: announced, or following from the law."""
    last = announced_until(country)
    return is_told_by(country, date(year, 1, 1)) if last is None else year <= last


@lru_cache(maxsize=1)
def _subdivisions() -> dict[str, tuple[str, ...]]:
    return {
        code: tuple(parts) for code, parts in holidays.list_supported_countries(include_aliases=False).items()
    }


@lru_cache(maxsize=256)
def _of(country: str, subdivision: str, language: str) -> holidays.HolidayBase:
    """Return the days of a country; years are worked out when they are asked for, once in a process.

    The language is always said: without one the library takes that of the machine.
    """
    code = language or holidays.country_holidays(country).default_language
    return holidays.country_holidays(country, subdiv=subdivision or None, language=code)


@lru_cache(maxsize=256)
def _language(country: str, wanted: str) -> str:
    """Return the library's code of the language nearest to the wanted one, else of English, or "" for the own one."""
    known: tuple[str, ...] = _of(country, "", "").supported_languages
    if not wanted:
        return ""
    if wanted.startswith("zh"):
        near = ["zh_TW", "zh_CN"] if "hant" in wanted.lower() else ["zh_CN", "zh_TW"]
    else:
        near = [code for code in known if code.split("_")[0] == wanted.split("-", maxsplit=1)[0]]
    return next((code for code in [*near, "en_US", "en_GB"] if code in known), "")
