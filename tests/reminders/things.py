"""A source for tests: things that wait until they are done."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from django.utils.translation import get_language

from accounts.models import User
from reminders.waiting import Round, Waiting

KIND = "test.vote"


@dataclass
class Things:
    """What waits now; `asked` keeps what the source was asked for."""

    items: list[Waiting] = field(default_factory=list)
    asked: list[frozenset[int] | None] = field(default_factory=list)

    def read(self, asked: Round) -> Iterator[Waiting]:
        self.asked.append(asked.people)
        for item in self.items:
            if asked.asks(item.person_id):
                yield replace(item, needs="请投票。") if get_language() == "zh-hans" else item

    def wait(
        self,
        person: User,
        due: datetime | None,
        *,
        since: datetime | None = None,
        key: str = "1",
        title: str = "Harbor-7B 2.1",
        chair: User | None = None,
        insiders: frozenset[int] | None = None,
    ) -> Waiting:
        """Let something wait for the person."""
        begun = since or (due or datetime(2026, 11, 1, tzinfo=UTC)) - timedelta(days=60)
        item = Waiting(
            person_id=person.pk, object_type="reviews.ballot", object_id=key, since=begun, due=due, title=title,
            needs="Vote for the Ethics board.", act="Vote", url=f"/ballots/{key}/",
            escalates_to=chair.pk if chair else None, insiders=insiders,
        )  # fmt: skip
        self.items.append(item)
        return item

    def done(self) -> None:
        """Nothing waits any longer."""
        self.items.clear()
