"""The weekly mail as text and as a page, with whole addresses; both say the same."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from accounts.models import User
from reminders.week import Heading, Section
from reminders.wording import address, one_line

_ROOT = "reminders/mail/week"


def week_letter(person: User, sections: Sequence[Section]) -> tuple[str, str, str]:
    """Return subject, text and HTML of the mail, in the language that is active."""
    context = {
        "person": person,
        "sections": sections,
        "organisation": settings.ORGANISATION,
        "work_url": address("/"),
        "account_url": address("/me/"),
        "language": person.language,
    }
    subject = _subject(sections)
    text = render_to_string(f"{_ROOT}.txt", context).strip() + "\n"
    return subject, text, render_to_string(f"{_ROOT}.html", context | {"subject": subject})


def _subject(sections: Sequence[Section]) -> str:
    """Return what the mail is about: what is late comes first, because it may not be read further."""
    count = {section.heading: len(section.lines) for section in sections}
    if late := count.get(Heading.LATE, 0):
        return one_line(
            ngettext("Your week: {count} late", "Your week: {count} late", late).format(count=late)
        )
    total = sum(count.values())
    return one_line(
        ngettext("Your week: {count} thing", "Your week: {count} things", total).format(count=total)
    )
