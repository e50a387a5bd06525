"""What dossiers say of versions, which live above this app: reviews registers it through the gates."""

from collections.abc import Callable, Collection, Mapping

from compliance.rules.applicability import Facts

DossierFacts = Callable[[Collection[int]], Mapping[int, Facts]]
"""Facts by the id of the version, of those with a submitted dossier; each names its source in the active language."""


def _silent(_versions: Collection[int]) -> Mapping[int, Facts]:
    return {}


_known: DossierFacts = _silent


def register(facts: DossierFacts) -> None:
    """Make known who reads dossiers; without it nothing but the version's own record is known."""
    global _known  # noqa: PLW0603  (one registration for the process)
    _known = facts


def facts_of_dossiers(versions: Collection[int]) -> Mapping[int, Facts]:
    """Return what the newest submitted dossier of each version says; versions without one are left out."""
    return _known(versions) if versions else {}
