"""What a record says of the boards' findings: disputed issues and their resolution (45 CFR 46.115(a)(2))."""

from records import dossier_context as shape
from records.context import instant
from reviews.models import Comment, Decision
from reviews.rules.anchors import readable
from reviews.selectors.revisions import dossier_in_words


def findings_of(decision: Decision, language: str) -> list[shape.Finding]:
    """Return every finding on the request, oldest first, with the turns by which it ended or went on.

    Notes are none of it, and neither is what boards say among themselves.
    """
    rows = (
        Comment.objects.filter(request=decision.request)
        .exclude(finding="")
        .select_related("author", "review__board", "revision")
        .defer("revision__content")
        .order_by("pk")
    )
    turns: dict[int | None, list[shape.Turn]] = {}
    acts = Comment.objects.filter(answers__in=rows.values("pk")).exclude(act="").select_related("author")
    for row in acts.order_by("pk"):
        turns.setdefault(row.answers_id, []).append(_turn(row))
    topics = topics_of(decision, language)
    return [_finding(row, topics.get(row.question_key, ""), turns.get(row.pk, [])) for row in rows]


def topics_of(decision: Decision, language: str) -> dict[str, str]:
    """Return the title of the topic of each question that the dossier answers."""
    return {
        answer.question.key: topic.title
        for topic in dossier_in_words(decision.revision, language)
        for answer in topic.answers
    }


def _finding(row: Comment, topic: str, turns: list[shape.Turn]) -> shape.Finding:
    return {
        "board": row.review.board.name if row.review else "",
        "topic": topic,
        "kind": row.finding,  # type: ignore[typeddict-item]  # constrained by the table
        "quote": readable(row.quote),
        "revision": row.revision.number,
        "text": row.text,
        "by": row.author.display_name,
        "at": instant(row.made_at),
        "state": "resolved" if row.settled_at else "open",
        "turns": turns,
    }


def _turn(row: Comment) -> shape.Turn:
    return {
        "act": row.act,  # type: ignore[typeddict-item]  # constrained by the table
        "by": row.author.display_name,
        "at": instant(row.made_at),
        "text": row.text,
    }
