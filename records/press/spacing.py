"""Space between Han characters and Latin letters or digits, as Chinese print has it, without a character of
its own.

The space is a margin of a span, so that text copied from or searched in the PDF stays what was written.
"""

import re

HAN = "\u2e80-\u2fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_MARKS = "●⊗◐⊖○■◧□⊠⊟◆◇▲✓"
_RUN = re.compile(
    f"(?<![A-Za-z0-9])[A-Za-z0-9×−±≤≥+#@{_MARKS}](?:[^\\s{HAN}，。；：、？！（）“”‘’《》·]*[A-Za-z0-9%‰°)×{_MARKS}])?"
)
_IS_HAN = re.compile(f"[{HAN}]")
_SKIP = re.compile(r"(<(pre|svg|title|style|script)\b.*?</\2>|<[^>]*>|&[#\w]+;)", re.DOTALL)
_CLOSING = tuple("。，；：、！？）”》")
_AFTER_MARK = re.compile(r"(?<=[。，；：、！？）”》])\s+(?=\S)")
_BEFORE_MARK = re.compile(r"(?<=\S)\s+(?=[（《])")
_RUNT = re.compile(f"([{HAN}][{HAN}，、][。；：”）]{{0,2}})(?=</(?:p|li|td)>)")


def spaced(page: str) -> str:
    """Return the HTML with a gap at each border of scripts, without blanks beside full-width marks or lone
    last letters.
    """
    parts: list[str] = []
    at, last = 0, ""
    for tag in _SKIP.finditer(page):
        text = _without_blanks(page[at : tag.start()], last)
        last = text[-1:] or last
        parts += [_gaps(text), tag.group()]
        at = tag.end()
    parts.append(_gaps(_without_blanks(page[at:], last)))
    return _RUNT.sub(r'<span class="nb">\1</span>', "".join(parts))


def _without_blanks(text: str, last: str) -> str:
    """Drop the blanks that templates leave after a full-width mark; `last` is the letter before this text."""
    if last in _CLOSING and text[:1].isspace():
        text = text.lstrip()
    text = _AFTER_MARK.sub("", text)
    return _BEFORE_MARK.sub("", text)


def _gaps(text: str) -> str:
    if not _IS_HAN.search(text):
        return text
    return _RUN.sub(_span, text)


def _span(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    sides = []
    if start and _IS_HAN.match(text[start - 1]):
        sides.append("gl")
    if end < len(text) and _IS_HAN.match(text[end]):
        sides.append("gr")
    return f'<span class="{" ".join(sides)}">{match.group()}</span>' if sides else match.group()
