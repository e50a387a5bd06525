"""The watch over the pages of the stories isn't blind: each kind of trouble is seen."""

import pytest
from playwright.sync_api import Browser, Route

from tests.journeys.watching import Watch, violations

pytestmark = pytest.mark.journey

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
PAGE = """<!doctype html><html lang="en"><head><title>A page</title>{head}</head>
<body><main><h1>A page</h1>{main}</main></body></html>"""
URL = "http://watched.example"


@pytest.mark.parametrize(
    ("head", "main", "seen"),
    [
        ("", '<img src="data:,">', "axe, image-alt"),
        ("", '<p id="a">1</p><p id="a">2</p>', "axe, twice"),
        ("", "<pre>" + "wide " * 200 + "</pre>", "axe, sideways"),
        ("<script>1</script>", "", "console: content policy: script-src"),
        ('<script src="/err.js"></script>', "", "script: "),
        ('<script src="/missing.js"></script>', "", "status 404"),
        (
            '<script src="http://elsewhere.example/x.js"></script>',
            "",
            "another host: http://elsewhere.example/x.js",
        ),
    ],
)
def test_the_watch_sees_what_is_wrong(browser: Browser, head: str, main: str, seen: str) -> None:
    found = watched(browser, head, main)
    assert any(trouble.startswith(seen) for trouble in found), found


def test_the_watch_finds_nothing_on_a_page_without_faults(browser: Browser) -> None:
    assert watched(browser, '<script src="/fine.js"></script>', "<p>Nothing.</p>") == []


def watched(browser: Browser, head: str, main: str) -> list[str]:
    """Return what is seen on a page with these parts."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(URL)
        scripts = {"/err.js": "throw new Error('wrong')", "/fine.js": "1"}
        if path == "/":
            headers = {"content-security-policy": POLICY, "content-type": "text/html"}
            route.fulfill(body=PAGE.format(head=head, main=main), headers=headers)
        elif path in scripts:
            route.fulfill(body=scripts[path], content_type="text/javascript")
        else:
            route.fulfill(status=404)

    context = browser.new_context(viewport={"width": 390, "height": 600})
    try:
        page = context.new_page()
        page.route("**/*", answer)
        watch = Watch(page, URL)
        page.goto(URL + "/")
        return watch.troubles + violations(page)
    finally:
        context.close()
