"""The page of a sample: what was drawn, the draw repeated, and what has changed in scope since."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from oversight import draw
from oversight.models import Sample, SampledState, SampleItem
from oversight.permissions import engagements_of
from oversight.sampling import population


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A sample as its page shows it. `repeats`: the same draw, done again just now, gives the same requests.

    `came` and `left`: references of requests that came into scope since, or are out of it. `command` draws it again on
    any machine with a shell.
    """

    sample: Sample
    items: list[SampleItem]
    repeats: bool
    came: list[str]
    left: list[str]
    may_note: bool
    command: str
    states: list[tuple[str, str]]

    @property
    def done(self) -> int:
        """Return how many requests were looked at."""
        return sum(item.state != SampledState.OPEN for item in self.items)


def sample_page(sample: Sample, user: User, now: datetime) -> SamplePage:
    """Return the page; the draw is repeated from what was kept, not from what is in scope now."""
    items = list(sample.items.select_related("request__version__model", "changed_by"))
    again = draw.draw(sample.seed, sample.population, sample.size)
    listed = draw.digest_of(sample.population) == sample.population_sha256
    present = {reference for reference, _key in population(sample.engagement)}
    return SamplePage(
        sample=sample,
        items=items,
        repeats=listed and again == [item.request.reference for item in items],
        came=sorted(present.difference(sample.population)),
        left=sorted(set(sample.population) - present),
        may_note=engagements_of(user, now).filter(pk=sample.engagement_id).exists(),
        command=_command(sample),
        states=[(value, str(label)) for value, label in SampledState.choices],
    )


def _command(sample: Sample) -> str:
    name = f"sample-{sample.pk}-drawn-from.txt"
    hashed = f'printf %s "{sample.seed}:$r" | sha256sum | cut -c1-64'
    return f'while read -r r; do echo "$({hashed}) $r"; done < {name} | LC_ALL=C sort | head -n {sample.size}'
