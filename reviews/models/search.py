"""What of a request is found by searching: one row for each request, made from what was submitted and decided.

Drafts, comments, questions and names of people are not in it: drafts are searched where they are written, people in
their own table, so a name that is changed or erased is gone from the search at once.
"""

from django.db import models


class SearchEntry(models.Model):
    """The words of a request in three sections, and the passages that a result shows.

    PostgreSQL adds a `document` made of the sections, SQLite two FTS5 tables: see `search_index`. `passages` is a list
    of `{"of": "decision" | "answers", "number", "key", "text"}`: number of the decision or revision, key of the
    question ("" for none).
    """

    request = models.OneToOneField(
        "reviews.ReviewRequest", primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    title = models.TextField(
        help_text="number, model, version and purpose as they are compared, for parts of words"
    )
    about = models.TextField(help_text="words of the title")
    decisions = models.TextField(blank=True, help_text="words of outcomes, reasons, refusals and conditions")
    answers = models.TextField(blank=True, help_text="words of the answers of every revision")
    passages = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.request_id}: {self.title}"
