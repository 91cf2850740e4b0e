"""A browser that notes what a visitor does not see: errors on the console, broken policy, requests to other hosts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request

# Chromium tells some violations on the console by itself, but not all.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (e) =>
  console.error(`policy: ${e.violatedDirective} forbids ${e.blockedURI} in ${e.sourceFile}:${e.lineNumber}`));
"""


class Watched:
    """A browser of its own for one visitor, and the faults noted in it so far.

    `expected` are addresses of error pages that a test opens on purpose: that Chromium tells their status is no fault.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.faults: list[str] = []
        self.expected: set[str] = set()
        self.address = address
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._note_message)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("request", self._note_request)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.text.startswith("Failed to load resource") and message.location["url"] in self.expected:
            return
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.text} ({message.location['url']})")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.faults.append(f"a request to another host: {request.url}")


@contextmanager
def watched(chromium: Browser, address: str, size: tuple[int, int], **options: Any) -> Iterator[Watched]:
    """A window of this size at the application's address. It ends with an assertion that nothing went wrong in it."""
    width, height = size
    context = chromium.new_context(viewport={"width": width, "height": height}, base_url=address, **options)
    window = Watched(context, address)
    try:
        yield window
    finally:
        context.close()
    assert window.faults == []
