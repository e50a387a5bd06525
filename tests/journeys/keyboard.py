"""Somebody who has no pointer: Tab, Enter, Space, arrows and the single keys."""

from playwright.sync_api import Locator, Response

from tests.journeys.visitor import Visitor


def tabs_to(who: Visitor, selector: str, *, back: bool = False, most: int = 90) -> Locator:
    """Go on with Tab, or back, until the focus is on the first that is shown; it fails when Tab doesn't get there."""
    target = who.page.locator(f"{selector} >> visible=true").first
    for _step in range(most):
        who.page.keyboard.press("Shift+Tab" if back else "Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return target
    raise AssertionError(f"{most} times Tab did not lead to {selector}, but to {focus_of(who)}")


def focus_of(who: Visitor) -> str:
    """Return what has the focus: its tag and its text."""
    script = "() => `${document.activeElement.tagName} ${document.activeElement.textContent.trim()}`"
    return str(who.page.evaluate(script))


def opens(who: Visitor) -> None:
    """Open what has the focus with Enter, which leads to a page."""
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")
    who.looks()


def sends(who: Visitor, selector: str) -> Response:
    """Go to the button and press Enter; return the answer."""
    button = tabs_to(who, selector)
    answer = who.answer_to(button, lambda _button: who.page.keyboard.press("Enter"))
    who.looks()
    return answer
