"""Addresses of the pages to which lower apps lead: requests, ballots, the page where one signs."""

from django.urls import NoReverseMatch, reverse


def request_address(reference: str, part: str = "") -> str:
    """Return the page of a request, at one of its parts if an anchor is given."""
    return _address("reviews:request", [reference], f"/requests/{reference}/") + (f"#{part}" if part else "")


def ballot_address(reference: str, number: int) -> str:
    """Return the page of a ballot of the request."""
    return _address("reviews:ballot", [reference, number], f"/requests/{reference}/ballots/{number}/")


def signing_address(reference: str) -> str:
    """Return the page where the decision on the request is signed."""
    return _address("reviews:sign", [reference], f"/requests/{reference}/sign/")


def dossier_address(reference: str) -> str:
    """Return the page where the dossier is written."""
    return _address("reviews:dossier", [reference], f"/requests/{reference}/dossier/")


def triage_address(reference: str) -> str:
    """Return the page where the secretary checks and routes a request."""
    return _address("reviews:triage", [reference], f"/requests/{reference}/triage/")


def why_address(reference: str, kind: str, key: int) -> str:
    """Return the page that says how a date of the request came about; `kind` is a DateKind, `key` the thing's id."""
    return _address(
        "reviews:why_date", [reference, kind, key], f"/requests/{reference}/dates/{kind}/{key}/why/"
    )


def interests_address(reference: str) -> str:
    """Return the page of declared interests and recusals of the request."""
    return _address("reviews:interests", [reference], f"/requests/{reference}/interests/")


def suspension_address(reference: str) -> str:
    """Return the page of the suspension of the request's approval."""
    return _address("reviews:suspension", [reference], f"/requests/{reference}/suspension/")


def continuing_address(reference: str, number: int) -> str:
    """Return the page of a continuing review of the request's approval."""
    return _address("reviews:continuing", [reference, number], f"/requests/{reference}/continuing/{number}/")


def condition_address(reference: str, number: int) -> str:
    """Return the page of a condition of the request's approval."""
    return _address("reviews:condition", [reference, number], f"/requests/{reference}/conditions/{number}/")


def incident_address(number: int) -> str:
    """Return the page of the report of an incident."""
    return _address("reviews:incident", [number], f"/compliance/incidents/{number}/")


def away_address() -> str:
    """Return the page where a person says who stands in for them."""
    return _address("reviews:away", [], "/me/away/")


def disclosure_address() -> str:
    """Return the page where a person discloses their interests."""
    return _address("reviews:disclosure", [], "/me/interests/")


def _address(name: str, arguments: list[str | int], otherwise: str) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return otherwise
