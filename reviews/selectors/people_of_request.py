"""Who works on a dossier, and what each of them has a part in."""

from dataclasses import dataclass

from accounts.models import User
from reviews.models import Answer, Contributor, ReviewRequest


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who may edit the dossier; one who has answered questions stays."""

    person: User
    is_requester: bool
    answers: int


def writers_of(request: ReviewRequest) -> list[Writer]:
    """Return the requester, then the contributors in the order in which they came."""
    parts = Contributor.objects.filter(request=request).select_related("person").order_by("id")
    answered: dict[int, int] = {}
    for person_id in Answer.objects.filter(request=request).values_list("updated_by_id", flat=True):
        answered[person_id] = answered.get(person_id, 0) + 1
    people = [request.requester, *(part.person for part in parts)]
    return [Writer(person, person == request.requester, answered.get(person.pk, 0)) for person in people]
