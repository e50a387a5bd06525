"""Who may find whom: everybody finds active people by name, as in the lists they choose from; administrators all."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from accounts.permissions import is_administrator

FEW, MANY = 5, 50
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """People by name; `are_more` than are shown. Only administrators see addresses and open the pages of people."""

    people: tuple[User, ...] = ()
    are_more: bool = False
    are_open: bool = False


def find_people(actor: User, text: str, *, all_of_them: bool = False) -> FoundPeople:
    """Return the people whose name has all the words; for administrators also by e-mail address, in any state.

    At most FEW, or MANY if all of them are asked for. Names are read where they are kept, so what is changed or erased
    is not found any more.
    """
    words = text.replace("\0", "").split()[:MOST_WORDS]
    if not words or not actor.is_active:
        return FoundPeople()
    opens = is_administrator(actor)
    fits = Q() if opens else Q(is_active=True)
    for word in words:
        named = Q(display_name__icontains=word[:100])
        fits &= named | Q(email__icontains=word[:100]) if opens else named
    size = MANY if all_of_them else FEW
    rows = list(User.objects.filter(fits).order_by("display_name", "id")[: size + 1])
    return FoundPeople(tuple(rows[:size]), len(rows) > size, opens)
