"""What boards say among themselves about a request, and what came of an address, as words that can be compared."""

import re
from copy import copy
from html import unescape

from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import User
from reviews.models import Block, Comment, Declaration, Motion, Note, Recusal, ReviewRequest, Stance, Vote

SHORTEST = 12


def kept_from(person: User, reference: str) -> set[str]:
    """Return passages that who is recused from the request may read nowhere: positions, votes, talk of the boards,
    motions, blocking positions, notes, and the words of others about their interests.
    """
    request = ReviewRequest.objects.get(reference=reference)
    said = [
        *Stance.objects.filter(review__request=request)
        .exclude(person=person)
        .values_list("reason", flat=True),
        *Vote.objects.filter(ballot__request=request).values_list("reason", flat=True),
        *Motion.objects.filter(review__request=request).values_list("text", flat=True),
        *Block.objects.filter(review__request=request).values_list("text", flat=True),
        *Comment.objects.filter(request=request, audience="board").values_list("text", flat=True),
        *Note.objects.filter(request=request).exclude(author=person).values_list("text", flat=True),
        *Recusal.objects.filter(request=request).exclude(person=person).values_list("reason", flat=True),
        *Declaration.objects.filter(request=request).exclude(person=person).values_list("text", flat=True),
    ]
    return {passage for text in said if (passage := _longest(text))}


def _longest(text: str) -> str:
    """Return the longest run of plain words of a text, which stands on a page as it is, whatever its Markdown does."""
    runs = (" ".join(run.split()) for run in re.split(r"[^\w ,.'’-]+", text))
    longest = max(runs, key=len, default="")
    return longest if len(longest) >= SHORTEST else ""


def seen_by(visitor: Client, path: str, **headers: str) -> str:
    """Return the words of what the visitor gets at the path; nothing that was done stays."""
    cache.clear()
    client = Client()
    client.handler, client.cookies = visitor.handler, copy(visitor.cookies)
    with transaction.atomic():
        response = client.get(path, headers=headers)
        transaction.set_rollback(True)
    if not response.get("Content-Type", "").startswith(("text/", "application/json")):
        return ""
    content = response.getvalue() if response.streaming else response.content
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", content.decode(errors="replace"))).split())
