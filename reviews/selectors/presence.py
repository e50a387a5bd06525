"""Who else has a dossier open now, and which answers on a page are no longer what is saved."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Q

from accounts.models import User
from imprimatur.dossier.questionnaire import Topic
from reviews.models import Answer, ReviewRequest

SECONDS = 45  # a page says every fifteen seconds that it is open


@dataclass(frozen=True, slots=True)
class AtQuestion:
    """What a question's place says: who else writes there, and the newer answer, if the page shows an older one."""

    key: str
    writers: tuple[User, ...]
    newer: Answer | None


@dataclass(frozen=True, slots=True)
class Here:
    """Who else has the dossier open: those who write at a question, with its number, and those who don't now."""

    people: tuple[tuple[User, str], ...]
    questions: tuple[AtQuestion, ...]

    @property
    def digest(self) -> str:
        """Return a short text that is the same as long as the page would say the same."""
        said = [(person.pk, number) for person, number in self.people]
        asked = [
            (at.key, [writer.pk for writer in at.writers], at.newer and at.newer.version)
            for at in self.questions
        ]
        return hashlib.sha256(repr((said, asked)).encode()).hexdigest()[:16]


def key_of(request_id: int, person_id: int) -> str:
    """Return where the cache keeps what the person has open."""
    return f"dossier-open:{request_id}:{person_id}"


def others_at(request: ReviewRequest, reader: User) -> dict[User, str]:
    """Return who else has the dossier open, with the key of the question where they write, or ""."""
    writers = User.objects.filter(Q(pk=request.requester_id) | Q(contributions__request=request))
    people = {person.pk: person for person in writers.exclude(pk=reader.pk).order_by("display_name", "pk")}
    found = cache.get_many([key_of(request.pk, pk) for pk in people]) if people else {}
    places = {pk: found.get(key_of(request.pk, pk)) for pk in people}
    return {people[pk]: place for pk, place in places.items() if place is not None}


def here(request: ReviewRequest, reader: User, topic: Topic, shown: Mapping[str, int]) -> Here:
    """Return what the page at the topic says; `shown` has the version of each answer that stands on it."""
    others = others_at(request, reader)
    answers = {
        answer.question: answer
        for answer in Answer.objects.filter(request=request, question__in=shown).select_related("updated_by")
    }
    numbers = {question.key: question.number for question in topic.questions}
    places = tuple(
        AtQuestion(
            key=key,
            writers=tuple(person for person, place in others.items() if place == key),
            newer=answers[key] if key in answers and answers[key].version > version else None,
        )
        for key, version in shown.items()
        if key in numbers
    )
    return Here(tuple((person, numbers.get(place, "")) for person, place in others.items()), places)
