"""Why requests came back: who returned them, and which topics their gaps, findings and questions were about."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext

from reviews.models import BoardReview, Comment, Notice, Question
from reviews.rules.ballot import MotionKind
from reviews.selectors.figures.picture import Cell, Group, Period, Picture, Row, bar
from reviews.selectors.questionnaires import questionnaire

Named = Iterable[tuple[str, Iterable[str]]]
"""Version of the questionnaire, and the keys of questions that somebody named."""


def returns(now: datetime, period: Period) -> Picture:  # noqa: ARG001 (all pictures are asked alike)
    """Return who sent requests back, and how often each topic was named in notices, findings and questions."""
    notices = list(
        Notice.objects.filter(**period.of("made_at")).values_list("request__questionnaire", "questions")
    )
    stages = _stages(len(notices), period)
    named = [_by_topic(notices), _by_topic(_findings(period)), _by_topic(_questions(period))]
    together = sum(named, Counter())
    most = max((*stages.values(), *together.values()), default=0)
    back = sum(stages.values())
    return Picture(
        says=ngettext("%(count)s request was returned.", "Requests were returned %(count)s times.", back)
        % {"count": back},
        note=gettext_lazy(
            "A topic counts once for each notice, finding that must be fixed, or question that names it; what names "
            "no answer is left out. The words themselves stand in each request."
        ),
        columns=(
            gettext_lazy("By whom, or about what"), gettext_lazy("Returned"), gettext_lazy("Named in notices"),
            gettext_lazy("Must be fixed"), gettext_lazy("Asked about"),
        ),
        groups=(
            Group(gettext_lazy("Who returned"), tuple(
                Row(name, (Cell(str(count)), Cell(""), Cell(""), Cell("")), bar(count, count, most))
                for name, count in stages.most_common()
            )),
            Group(gettext_lazy("What was missing or doubtful"), tuple(
                Row(
                    title,
                    (Cell(""), *(Cell(str(counts[key, title])) for counts in named)),
                    bar(count, count, most),
                )
                for (key, title), count in sorted(together.items(), key=lambda item: (-item[1], item[0]))
            )),
        ),
        bar_title=gettext_lazy("How often"),
    )  # fmt: skip


def _stages(notices: int, period: Period) -> Counter[str]:
    found: Counter[str] = Counter()
    if notices:
        found[pgettext("who returned", "The check of completeness")] = notices
    returned = BoardReview.objects.filter(passed=MotionKind.RETURN, **period.of("closed_at"))
    for review in returned.select_related("board"):
        found[review.board.name] += 1
    return found


def _findings(period: Period) -> Named:
    made = Comment.objects.filter(finding="must_fix", **period.of("made_at")).exclude(question_key="")
    return _repeated(
        made.order_by().values_list("request__questionnaire", "question_key").annotate(Count("pk"))
    )


def _questions(period: Period) -> Named:
    asked = Question.objects.filter(**period.of("asked_at")).exclude(question_key="").order_by()
    return _repeated(asked.values_list("request__questionnaire", "question_key").annotate(Count("pk")))


def _repeated(counted: Iterable[tuple[str, str, int]]) -> Named:
    return ((version, [key]) for version, key, count in counted for _time in range(count))


def _by_topic(named: Named) -> Counter[tuple[str, str]]:
    """Count key and title of the topics; a topic counts once for each who named it."""
    language = get_language() or "en"
    found: Counter[tuple[str, str]] = Counter()
    for version, keys in named:
        wanted = set(keys)
        for topic in questionnaire(version).topics:
            if wanted & {question.key for question in topic.questions}:
                found[topic.key, topic.title.in_language(language)] += 1
    return found
