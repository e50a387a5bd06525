"""Markdown that people wrote, as HTML for print: no raw HTML, no pictures, links with their address,
headings as bold lines.
"""

import re
from collections.abc import Sequence
from functools import cache
from html import unescape

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


def _nothing(*_args: object) -> str:
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


def words(text: str) -> str:
    """Return what a reader sees of the Markdown text, without markup, for comparing: paragraphs and items
    on own lines.
    """
    html = re.sub(r"\s*\n\s*", " ", prose(text))
    html = re.sub(r"<li>\s*(<p>)?", "– ", html)
    html = re.sub(r"</(p|li|tr|pre|blockquote|ul|ol|table)>\s*|<br>\s*", "\n", html)
    html = re.sub(r"</t[dh]>\s*", "  ", html)
    lines = [line.strip() for line in unescape(re.sub(r"<[^>]*>", "", html)).split("\n")]
    return "\n".join(line for line in lines if line)
