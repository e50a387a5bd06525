"""Where the papers of a meeting stand for one class of readers, as their page shows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import override

from jobs.models import Job
from records.context import Language
from reviews.models import AgendaItem, Meeting, Papers
from reviews.selectors.letters.texts import LANGUAGES
from reviews.selectors.papers import agenda_digest, class_of


@dataclass(frozen=True, slots=True)
class ShownPapers:
    """Papers in a language; `papers` None: not asked for yet. `is_old`: the agenda has changed since."""

    language: Language
    papers: Papers | None
    is_old: bool
    percent: int
    doing: str


@dataclass(frozen=True, slots=True)
class PapersPage:
    """The papers of a meeting for one class of readers; `left_out`: how many items they don't get."""

    meeting: Meeting
    number_of_items: int
    left_out: int
    shown: Sequence[ShownPapers]
    waits: bool


def papers_page(
    meeting: Meeting, items: Sequence[AgendaItem], kept: Collection[int], *, spoken: str
) -> PapersPage:
    """Return the page, the language that the reader speaks first."""
    with override("en"):
        agenda = agenda_digest(meeting, items)
    found: dict[str, Papers] = {}
    for row in Papers.objects.filter(meeting=meeting, readers=class_of(sorted(kept))).order_by("id"):
        found[row.language] = row
    languages = sorted(LANGUAGES, key=lambda language: language != spoken)
    jobs = _jobs([row.pk for row in found.values() if row.state == "building"])
    shown = [
        ShownPapers(
            language=language,
            papers=(papers := found.get(language)),
            is_old=papers is not None and papers.agenda_sha256 != agenda,
            percent=jobs[papers.pk].progress if papers and papers.pk in jobs else 0,
            doing=jobs[papers.pk].progress_text if papers and papers.pk in jobs else "",
        )
        for language in languages
    ]
    waits = any(each.papers is not None and each.papers.state == "building" for each in shown)
    return PapersPage(meeting, len(items), len(kept), shown, waits)


def _jobs(building: Collection[int]) -> dict[int, Job]:
    """Return the newest job of each of these papers."""
    if not building:
        return {}
    rows = Job.objects.filter(kind="reviews.papers", payload__papers__in=list(building)).order_by("id")
    return {int(job.payload["papers"]): job for job in rows}
