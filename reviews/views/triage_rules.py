"""The rules of triage: read by everybody, tuned by administrators, tried on past requests before they are written."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from audit.refusal import Refused
from reviews.forms.triage_rules import RulesForm
from reviews.models import TriageRuleSet
from reviews.permissions.reasons import require
from reviews.permissions.triage_rules import why_not_write_rules
from reviews.rules.triage_rules import parse_rules
from reviews.selectors.triage import rules_in_force
from reviews.selectors.triage_rules import rules_in_words, versions_of_rules, what_if
from reviews.services.triage_rules import write_rules
from reviews.views.acting import person


@require_safe
@login_required
def show_rules(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, and all versions."""
    number, rules = rules_in_force()
    context = {
        "number": number, "kept": None, "rules": rules, "lines": rules_in_words(rules), "versions": versions_of_rules(),
        "why_not": why_not_write_rules(person(request)),
    }  # fmt: skip
    return render(request, "reviews/triage_rules.html", context)


@require_safe
@login_required
def show_rules_version(request: HttpRequest, version: int) -> HttpResponse:
    """Show one version as it was written."""
    kept = get_object_or_404(TriageRuleSet.objects.select_related("made_by"), version=version)
    rules = parse_rules(kept.content)
    context = {"number": version, "kept": kept, "rules": rules, "lines": rules_in_words(rules)}
    return render(request, "reviews/triage_rules.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def change_rules(request: HttpRequest) -> HttpResponse:
    """Tune the rules: try them on past requests, or write them as a new version."""
    actor = person(request)
    require(why_not_write_rules(actor))
    number, rules = rules_in_force()
    form = RulesForm(request.POST if request.method == "POST" else None, version=number, rules=rules)
    tried = None
    if form.is_bound and form.is_valid():
        if "try" in request.POST:
            tried = what_if(form.cleaned_data["rules"], rules, reader=actor, now=timezone.now())
        elif _write(request, actor, form):
            return redirect("reviews:triage_rules")
    context = {"form": form, "number": number, "tried": tried}
    return render(request, "reviews/triage_rules_change.html", context, status=422 if form.errors else 200)


def _write(request: HttpRequest, actor: User, form: RulesForm) -> bool:
    """Write the version; a refusal stands above the form, and nothing that was filled in is lost."""
    said = form.cleaned_data
    try:
        written = write_rules(
            actor=actor, content=said["content"], base=said["base"], reason=said["reason"], now=timezone.now()
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request, _("Version {version} of the rules is in force.").format(version=written.version)
    )
    return True
