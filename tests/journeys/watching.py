"""What no page of a story may do: break a rule of axe or of the content policy, err, or ask another host."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
RUN = """async () => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  const found = await axe.run(document, { resultTypes: ["violations"], preload: false, iframes: false });
  const own = twice.length ? [{ id: "twice", help: "Each id stands once on a page", where: twice }] : [];
  const { scrollWidth, clientWidth } = document.documentElement;
  const sticksOut = (each) => each.getBoundingClientRect().right > clientWidth + 1;
  const wide = [...document.querySelectorAll("main *")].filter(sticksOut);
  if (scrollWidth > clientWidth) own.push({ id: "sideways", help: `${scrollWidth} px in a window of ${clientWidth}`,
    where: wide.slice(0, 5).map((each) => each.outerHTML.slice(0, 200)) });
  const told = ({ any, all, none }) => [...any, ...all, ...none].map((check) => check.message).join("; ");
  return own.concat(found.violations.map(({ id, help, nodes }) =>
    ({ id, help, where: nodes.map((node) => `${node.html} — ${told(node)}`) })));
}"""
LISTEN = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`content policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"""
NAVIGATION = {"document", "xhr", "fetch"}


class Watch:
    """Listens to a page; `troubles` are sentences."""

    def __init__(self, page: Page, url: str) -> None:
        self.host = urlsplit(url).netloc
        self.troubles: list[str] = []
        page.add_init_script(LISTEN)
        page.add_init_script(AXE)  # here once, and not anew for each judgement: it is long
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # The browser writes a line of its own for each answer from 400 on: those are judged by their status.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self.troubles.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        expected = response.request.resource_type in NAVIGATION and response.status < 500
        if response.status >= 400 and not expected:
            self.troubles.append(f"status {response.status}: {response.url}")


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page as it is now, but for what others wrote and a frame shows.

    A frame that may run no scripts gives no answer: to ask it would only be to wait, and to complain on the console.
    """
    session = page.context.new_cdp_session(page)
    answer = session.send("Runtime.evaluate", {
        "expression": f"({RUN})()", "awaitPromise": True, "returnByValue": True,
    })  # fmt: skip
    session.detach()
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    found: list[dict[str, Any]] = answer["result"]["value"]
    return [
        f"axe, {each['id']}: {each['help']}\n" + "\n".join(f"      {one}" for one in each["where"])
        for each in found
    ]
