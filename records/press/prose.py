"""Markdown that people wrote, as HTML for print: no raw HTML, no pictures, links with their address, headings as bold lines."""

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "pre", "code", "span",
    "table", "thead", "tbody", "tr", "th", "td", "hr",
}  # fmt: skip


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.add_render_rule("link_open", _nothing)
    parser.add_render_rule("link_close", _nothing)
    parser.add_render_rule("heading_open", lambda *_args: "<p><strong>")
    parser.add_render_rule("heading_close", lambda *_args: "</strong></p>")
    return parser


def _nothing(*_args: Any) -> str:
    return ""


def _with_addresses(tokens: Sequence[Token]) -> None:
    """Put the address of each link behind its words, for paper can't be clicked."""
    for token in tokens:
        href = ""
        for child in token.children or []:
            if child.type == "link_open":
                href = str(child.attrGet("href") or "")
            elif child.type == "link_close" and href:
                child.type, child.content, child.nesting = "text", f" ({href})", 0


def prose(text: str) -> str:
    """Return safe HTML of the Markdown text."""
    parser = _parser()
    tokens = parser.parse(text)
    _with_addresses(tokens)
    rendered = parser.renderer.render(tokens, parser.options, {})
    return nh3.clean(rendered, tags=_TAGS, attributes={}, link_rel=None)


def plain(text: str) -> str:
    """Return the text escaped, with its line breaks."""
    return escape(text).replace("\n", "<br>")
