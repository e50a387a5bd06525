"""Countries whose public holidays may be heeded, by their names."""

from django.utils.translation import gettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

COUNTRIES: dict[str, StrOrPromise] = {
    "AT": pgettext_lazy("country", "Austria"),
    "AU": pgettext_lazy("country", "Australia"),
    "BE": pgettext_lazy("country", "Belgium"),
    "BR": pgettext_lazy("country", "Brazil"),
    "CA": pgettext_lazy("country", "Canada"),
    "CH": pgettext_lazy("country", "Switzerland"),
    "CN": pgettext_lazy("country", "Mainland China"),
    "CZ": pgettext_lazy("country", "Czechia"),
    "DE": pgettext_lazy("country", "Germany"),
    "DK": pgettext_lazy("country", "Denmark"),
    "ES": pgettext_lazy("country", "Spain"),
    "FI": pgettext_lazy("country", "Finland"),
    "FR": pgettext_lazy("country", "France"),
    "GB": pgettext_lazy("country", "United Kingdom"),
    "HK": pgettext_lazy("country", "Hong Kong SAR"),
    "IE": pgettext_lazy("country", "Ireland"),
    "IN": pgettext_lazy("country", "India"),
    "IT": pgettext_lazy("country", "Italy"),
    "JP": pgettext_lazy("country", "Japan"),
    "KR": pgettext_lazy("country", "South Korea"),
    "NL": pgettext_lazy("country", "Netherlands"),
    "NO": pgettext_lazy("country", "Norway"),
    "NZ": pgettext_lazy("country", "New Zealand"),
    "PL": pgettext_lazy("country", "Poland"),
    "PT": pgettext_lazy("country", "Portugal"),
    "SE": pgettext_lazy("country", "Sweden"),
    "SG": pgettext_lazy("country", "Singapore"),
    "US": pgettext_lazy("country", "United States"),
}
"""By ISO 3166 code. The library knows more; these are those whose names we have in our languages."""


def country_name(code: str) -> str:
    """Return the name of a country in the language of the page, "weekends" for none; an unknown code as it is."""
    return str(COUNTRIES.get(code, code)) if code else gettext("weekends")
