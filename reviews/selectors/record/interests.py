"""What members of a board declared about their interests in a request: nothing, an interest, or that they keep out."""

from records.context import instant
from records.interest_context import Interest
from reviews.models import BoardReview, Declaration, NothingToDeclare, Recusal, Seat
from reviews.selectors.words import RECUSAL_KINDS


def interests_of(review: BoardReview) -> list[Interest]:
    """Return what members and alternates of the board declared, in the order in which they did; four queries.

    The words of an interest are for who leads the board; the record says its kind and what was found.
    """
    people = set(Seat.objects.filter(board=review.board_id).values_list("person_id", flat=True))
    of = {"request": review.request_id, "person__in": people}
    nothing = NothingToDeclare.objects.filter(**of).select_related("person")
    declared = Declaration.objects.filter(**of).select_related("person", "judged_by")
    recused = Recusal.objects.filter(**of).select_related("person")
    found = [
        *(_line(row.person.display_name, "nothing", "", instant(row.made_at)) for row in nothing),
        *(_declared(row) for row in declared),
        *(_line(row.person.display_name, "recused", row.kind, instant(row.made_at)) for row in recused),
    ]
    return sorted(found, key=lambda line: (line["at"], line["name"]))


def _line(name: str, said: str, kind: str, at: str) -> Interest:
    return {
        "name": name,
        "said": said,  # type: ignore[typeddict-item]  # one of three, by whoever calls
        "kind": str(RECUSAL_KINDS.get(kind, kind)),
        "at": at,
        "is_conflict": None,
        "judged_by": "",
    }


def _declared(row: Declaration) -> Interest:
    line = _line(row.person.display_name, "interest", row.kind, instant(row.declared_at))
    line["is_conflict"] = row.is_conflict
    line["judged_by"] = row.judged_by.display_name if row.judged_by else ""
    return line
