"""A page that must stay clean: no console error, no failing request, no violated content policy."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, Request, Response

# A script that ends a fetch, or a page that is left while it loads, is no failure.
_LEFT = "net::ERR_ABORTED"


@dataclass
class Watch:
    """`allowed` are statuses that a step provokes on purpose, such as 402 for a declined card."""

    found: list[str] = field(default_factory=list)
    allowed: set[int] = field(default_factory=set)

    def on(self, page: Page) -> Page:
        # The browser tells of a violated policy as a console error.
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on("response", self._response)
        page.on("requestfailed", self._failed)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        # "Failed to load resource" repeats what `_response` knows with its status.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.found.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.found.append(f"{response.status}: {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != _LEFT:
            self.found.append(f"{request.failure}: {request.url}")
