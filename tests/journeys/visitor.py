"""Somebody in front of a browser: signs in, goes, writes, presses; each page that comes is watched."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Browser, Locator, Response

from accounts import totp
from accounts.models import User
from tests.journeys.watching import Watch, violations

PERIOD = 30
MARGIN = 8  # seconds that a page may take until the server judges the code

JUDGED: set[tuple[str, str]] = set()
STEPS: dict[int, int] = {}  # the last step of which each person used the code, in whichever browser


class Visitor:
    """A person, or nobody (None), in a browser window of their own."""

    def __init__(
        self, browser: Browser, url: str, person: User | None, *, language: str = "", width: int = 1440,
        dark: bool = False,
    ) -> None:  # fmt: skip
        self.url, self.person = url, person
        self.language = language or (person.language if person else "en")
        self.name = person.email.partition("@")[0] if person else "nobody"
        self.context = browser.new_context(
            locale="zh-CN" if self.language == "zh-hans" else "en-GB",
            viewport={"width": width, "height": 1000},
            color_scheme="dark" if dark else "light",
        )
        self.context.set_default_timeout(60_000)
        self.opens_window()
        self.last_code = ""

    def opens_window(self) -> None:
        """Go on in a further window of the same browser."""
        self.page = self.context.new_page()
        self.watch = Watch(self.page, self.url)

    def words(self, text: str, context: str = "", /, **values: object) -> str:
        """Return an English text of the product as this visitor reads it."""
        with override(self.language):
            found = pgettext(context, text) if context else gettext(text)
        return found % values if "%(" in found else found.format(**values) if values else found

    # Going

    def goes(self, path: str, status: int = 200) -> None:
        """Open an address of the product."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.looks()

    def follows(self, name: str = "", *, to: str = "") -> None:
        """Follow the first link of this name in the visitor's language, or the first whose address contains `to`."""
        named = self.page.get_by_role("link", name=self.words(name))
        with self.page.expect_navigation():
            (self.page.locator(f'main a[href*="{to}"]') if to else named).first.click()
        self.looks()

    def presses(self, name: str, *, context: str = "", status: int = 200, **values: object) -> None:
        """Press the button of this name in the visitor's language, which is answered by a page or in its place."""
        name = self.words(name, context, **values)
        answer = self.answer_to(self.button(name), lambda button: button.click())
        assert answer.status == status, (
            f"{name}: {answer.status} {self.page.locator('main').inner_text()[:600]}"
        )
        self.looks()

    def answer_to(self, button: Locator, press: Callable[[Locator], None]) -> Response:
        """Press, and return the answer: a page, or the part that takes the place of the form."""
        if button.evaluate("(button) => Boolean(button.form && button.form.matches('[hx-boost]'))"):
            with self.page.expect_response(_ends_what_was_sent) as part:
                press(button)
            return part.value
        with self.page.expect_navigation() as coming:
            press(button)
        answer: Response | None = coming.value
        assert answer is not None
        return answer

    def button(self, name: str) -> Locator:
        """Return the first button of this name."""
        return self.page.get_by_role("button", name=name, exact=True).first

    def looks(self) -> None:
        """Judge the page as it is now."""
        self.settles()
        found = self.watch.troubles + violations(self.page)
        assert not found, f"{self.name} at {self.page.url}:\n    " + "\n    ".join(found)

    def settles(self) -> None:
        """Wait until nothing is being loaded into the page."""
        self.page.locator(".htmx-request").first.wait_for(state="detached")

    def waits(self, done: Callable[[], bool], seconds: float = 40.0) -> None:
        """Wait for what the worker does."""
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, "The worker did not do it."
            self.page.wait_for_timeout(250)

    # Writing

    def writes(self, **texts: Any) -> None:
        """Fill in fields by their name; True and False are boxes, lists are the values of several boxes."""
        for name, value in texts.items():
            field = self.page.locator(f'main [name="{name}"]:visible')
            kind = field.first.evaluate("(e) => e.tagName == 'SELECT' ? 'select' : e.type")
            if isinstance(value, bool):
                field.first.set_checked(value)
            elif kind == "checkbox":
                for box in field.all():
                    box.set_checked(box.get_attribute("value") in [str(one) for one in value])
            elif kind == "radio":
                self.page.locator(f'main [name="{name}"][value="{value}"]:visible').check()
            elif kind == "select":
                field.first.select_option(str(value))
            else:
                field.first.fill(str(value))

    # Being oneself

    def signs_in(self, password: str) -> None:
        """Sign in by password and one-time code."""
        assert self.person is not None
        self.page.goto(self.url + "/accounts/login/")
        self._is_at_the_gate()
        self.writes(login=self.person.email, password=password)
        self._submits()
        if self.page.locator('[name="code"]').count():
            self._is_at_the_gate()
            self.writes(code=self.code())
            self._submits()
        assert "/accounts/" not in self.page.url, self.page.locator("main").inner_text()
        self.looks()

    def is_signed_in(self) -> None:
        """Begin as one stands after signing in, in stories that are about something else."""
        assert self.person is not None
        client = Client()
        client.force_login(self.person)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])
        self.goes("/")

    def _submits(self) -> None:
        with self.page.expect_navigation():
            self.page.locator("main form button.primary").first.click()

    def _is_at_the_gate(self) -> None:
        """Judge the pages of signing in once for each language: everybody passes them."""
        place = (self.language, self.page.url)
        if place not in JUDGED:
            self.looks()
        JUDGED.add(place)

    def code(self) -> str:
        """Return a one-time code that was not used yet; waits only when all that are valid now were."""
        assert self.person is not None
        secret = totp.secret_of(self.person)
        assert secret is not None
        now = datetime.now(UTC).timestamp()
        oldest = int((now + MARGIN) // PERIOD) - 1  # still valid when the page has arrived
        step = STEPS[self.person.pk] = max(oldest, STEPS.get(self.person.pk, 0) + 1)
        begins = (step - 1) * PERIOD  # a code is accepted one step before its own
        time.sleep(max(0.0, begins - now + 0.1))
        self.last_code = str(format_hotp_value(hotp_value(secret, step)))
        return self.last_code

    # Afterwards

    def text(self) -> str:
        """Return what the page says."""
        return self.page.locator("body").inner_text()

    def keep(self, path: Path) -> None:
        """Keep what the window shows, for who looks into a failure."""
        self.page.screenshot(path=f"{path}.png", full_page=True)
        Path(f"{path}.html").write_text(self.page.content())


def _ends_what_was_sent(answer: Response) -> bool:
    """Say whether it answers a form that scripts sent: at once, or the page to which that led."""
    asked = answer.request
    return (
        asked.resource_type == "xhr"
        and not 300 <= answer.status < 400
        and (asked.method == "POST" or asked.redirected_from is not None)
    )
