"""The people of the organisation, for administrators."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms.people import InviteForm, PeopleFilter
from accounts.models import User
from accounts.permissions import require_administrator
from accounts.selectors import PeoplePage, people_page
from accounts.services.invitation import invite
from accounts.services.test_mail import send_test_mail
from accounts.views.acting import attempt
from audit.refusal import Refused


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List people, filtered by what stands in the address."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    form = PeopleFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = people_page(
        request.user,
        text=asked.get("q", ""),
        role=asked.get("role", ""),
        state=asked.get("state", ""),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "accounts/people.html", {"filter": form, "page": page} | _addresses(request, page))


def _addresses(request: HttpRequest, page: PeoplePage) -> dict[str, str]:
    """Addresses of the pages before and after this one, with the same filter; and whether there is a filter."""
    found = {"filtered": "yes" if any(request.GET.get(name) for name in ("q", "role", "state")) else ""}
    for name, person in (
        ("before", page.first if page.has_before else None),
        ("after", page.last if page.has_after else None),
    ):
        query = request.GET.copy()
        for old in ("before", "after"):
            query.pop(old, None)
        if person is not None:
            query[name] = str(person)
            found[f"{name}_url"] = f"?{query.urlencode()}"
    return found


@login_required
@require_http_methods(["GET", "POST"])
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite one person."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    user, form = request.user, InviteForm(request.POST or None, initial=_usual(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invite(actor=user, guest=form.guest(), now=timezone.now())
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            sent = _("The invitation is on its way to {email}.").format(email=invitation.person.email)
            attempt(request, lambda: None, sent)
            return redirect("accounts:person", invitation.person_id)
    return render(request, "accounts/invite.html", {"form": form})


def _usual(user: User) -> dict[str, str]:
    """Guests mostly live where the administrator does."""
    return {"language": user.language, "time_zone": user.time_zone}


@login_required
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send a letter to the administrator who asks."""
    assert isinstance(request.user, User)
    user = request.user
    sent = _("A test mail is on its way to {email}. If it fails, the page of jobs says why.").format(
        email=user.email
    )
    attempt(request, lambda: send_test_mail(actor=user, now=timezone.now()), sent)
    return redirect("accounts:people")
