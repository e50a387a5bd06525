"""Open proposals as they stand beside their questions: where each was found, what it says, and what is quoted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from imprimatur.dossier.questionnaire import Question, QuestionType
from reviews.models import Proposal, ReviewRequest
from reviews.permissions.sight import visible_to
from reviews.rules.proposals import ProposalSource, ProposalState, as_taken
from reviews.selectors.answer_words import Table, answer_in_words, between_members, table_of
from reviews.selectors.dossier import Dossier

LONG = 400


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal; `origin` is a sentence without its end: "Proposed from README.md, line 12, license"."""

    id: int
    question: str
    source: str
    origin: str
    text: str
    is_markdown: bool
    table: Table | None
    quote: str

    @property
    def gist(self) -> str:
        """Return what stands in its place while it is folded: its words, or the first cells of its rows."""
        return (
            between_members().join(row[0] for row in self.table.rows if row[0]) if self.table else self.text
        )

    @property
    def is_long(self) -> bool:
        """Say whether it is folded until somebody opens it."""
        return len(self.text) > LONG or (self.table is not None and len(self.table.rows) > 2)


def shown_proposals(
    request: ReviewRequest, dossier: Dossier, reader: User, now: datetime
) -> dict[str, tuple[ShownProposal, ...]]:
    """Return the open proposals by question, those that the page of the dossier shows; newest first.

    What would change nothing is left out, and what comes from a dossier that the reader may not see.
    """
    rows = list(Proposal.objects.filter(request=request, state=ProposalState.OPEN).order_by("-id"))
    hidden = _hidden(rows, reader, now)
    shown: dict[str, tuple[ShownProposal, ...]] = {}
    for row in rows:
        question = dossier.questionnaire.question(row.question)
        present = dossier.given.answers.get(row.question)
        if question is None or row.source_name in hidden or as_taken(question, present, row.value) == present:
            continue
        shown[row.question] = (*shown.get(row.question, ()), _shown(row, question))
    return shown


def _hidden(rows: Iterable[Proposal], reader: User, now: datetime) -> set[str]:
    """Return the numbers of earlier requests that the reader may not see; whoever made the proposal saw its request."""
    asked = {
        row.source_name
        for row in rows
        if row.source == ProposalSource.LAST_DOSSIER and row.made_by_id != reader.pk
    }
    if not asked:
        return set()
    return asked - set(
        visible_to(reader, now).filter(reference__in=asked).values_list("reference", flat=True)
    )


def _shown(row: Proposal, question: Question) -> ShownProposal:
    language = get_language() or "en"
    text = answer_in_words(question, row.value, language)
    return ShownProposal(
        id=row.pk,
        question=row.question,
        source=row.source,
        origin=_origin(row),
        text=text,
        is_markdown=question.type == QuestionType.MARKDOWN,
        table=table_of(question, row.value, language),
        quote=row.quote if row.quote.strip() != text.strip() else "",
    )


def _origin(row: Proposal) -> str:
    if row.source == ProposalSource.LAST_DOSSIER:
        return _("Proposed from {reference}, revision {number}").format(
            reference=row.source_name, number=row.place
        )
    if not row.place:
        return _("Proposed from {name}").format(name=row.source_name)
    return _("Proposed from {name}, {place}").format(name=row.source_name, place=row.place)
