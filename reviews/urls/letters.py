"""Addresses of letters and of papers, and of the texts by which letters and the frame of minutes are written."""

from django.urls import URLPattern, URLResolver, path

from reviews.views import letter_texts, letters, papers

urlpatterns: list[URLPattern | URLResolver] = [
    path("letter-texts/", letter_texts.show_texts, name="letter_texts"),
    path(
        "letter-texts/preview/<str:preview>/<int:page>.png",
        letter_texts.show_preview_page,
        name="letter_preview",
    ),
    path("letter-texts/<str:kind>/<str:language>/", letter_texts.edit_text, name="letter_text"),
    path(
        "letter-texts/<str:kind>/<str:language>/shipped/",
        letter_texts.restore_text,
        name="restore_letter_text",
    ),
    path(
        "letter-texts/<str:kind>/<str:language>/<int:version>/",
        letter_texts.show_text_version,
        name="letter_text_version",
    ),
    path("requests/<str:reference>/letters/", letters.show_letters, name="letters"),
    path(
        "requests/<str:reference>/letters/<int:number>/translate/", letters.translate, name="translate_letter"
    ),
    path("meetings/<int:meeting_id>/papers/", papers.show_papers, name="papers"),
    path("meetings/<int:meeting_id>/papers/<int:papers_id>.pdf", papers.papers_file, name="papers_file"),
]
