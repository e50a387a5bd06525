"""Letting somebody take over a condition from its owner or verifier who can't do it any more."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from reviews.forms.after import ReassignForm
from reviews.permissions import conditions as permissions
from reviews.permissions.standing import standing_of
from reviews.selectors.conditions import condition_of
from reviews.services.condition_people import reassign_condition
from reviews.views.acting import asked, sent, to_page
from reviews.views.form_page import FormPage, show_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Name another owner or verifier, as the secretary of the board that set the condition."""
    user, found, now = asked(request, reference)
    condition = condition_of(found, number)
    parties = standing_of(user, found, now).parties
    parts = permissions.parts_to_reassign(condition, parties)
    why_not = permissions.why_not_reassign(user, condition, parts[0] if parts else "owner", now)
    words = {
        "owner": _("Owner, now {person}").format(person=condition.owner.display_name),
        "verifier": _("Verifier, now {person}").format(person=condition.verifier.display_name),
    }
    people = User.objects.filter(is_active=True).order_by("display_name", "pk")
    form = ReassignForm(
        sent(request), parts=[(part, words[part]) for part in parts],
        people=list(people.values_list("pk", "display_name")),
    )  # fmt: skip
    page = FormPage(
        title=_("Condition C{number}: somebody takes over").format(number=number),
        intro=_("Text, date and reports stay as they are. The change and its reason stand in the history."),
        button=_("Let them take over"),
        done=_("Noted; they find it in their work."),
        icon="user-check",
        why_not=why_not,
    )
    return show_form(
        request, found, page, form,
        lambda: reassign_condition(
            actor=user, condition_id=condition.pk, part=form.cleaned_data["part"],
            person_id=form.cleaned_data["person"], reason=form.cleaned_data["reason"], now=now,
        ),
        lambda: to_page("condition", reference, number),
    )  # fmt: skip
