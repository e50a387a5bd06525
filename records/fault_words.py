"""What is wrong with a file, in words for everybody: sentences in place of what the verification says to experts."""

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SENTENCES: tuple[tuple[str, Promise], ...] = (
    (r"SHA-256", _("The bytes are not the ones that were issued.")),
    (r"the printed part|revision \d+ differs", _("The printed pages are not the ones that were issued.")),
    (r"data inside|record\.json", _("The data inside the file are not those of this record.")),
    (r"no signature covers|leaves out", _("Something was added that no signature covers.")),
    (r"^revision \d+:|changed after|hybrid", _("Something was changed after the file had been signed.")),
    (r"is broken|doesn't hold", _("A signature does not fit the content: one of the two was changed.")),
    (
        r"not trusted|another signer|another authority",
        _("A signature was made with a certificate of somebody else."),
    ),
    (r"revoked before", _("A signature was made with a certificate that had been revoked.")),
    (
        r"^signatures|nobody signed|no seal|certifi",
        _("Signatures are missing, or there are others than there were."),
    ),
    (r"statement|stamp", _("What a person signed is not what the file shows.")),
    (r"older than|younger than|when it was made", _("The times of the signatures contradict each other.")),
    (r"unreadable|limits|too long", _("The file is damaged: it can't be read to its end.")),
)
_OTHERWISE = _("Bytes inside the last signature were changed.")


def sentences(faults: Iterable[str]) -> list[str]:
    """Return what the faults come to, each once, in the order of their weight."""
    found = list(faults)
    said = [
        str(sentence) for pattern, sentence in _SENTENCES if any(re.search(pattern, one) for one in found)
    ]
    rest = [one for one in found if not any(re.search(pattern, one) for pattern, _sentence in _SENTENCES)]
    return said + ([str(_OTHERWISE)] if rest else [])
