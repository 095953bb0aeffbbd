"""Chromium on the project's own pages: nothing leaves this machine, no error goes unnoticed, and pictures small enough to keep."""

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect, sync_playwright

from lottery_assets_tests.browser.servers import LOCAL

WINDOW = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SECONDS = 1000.0
PATIENCE = 60 * SECONDS
"""What a click waits for, and what is expected: a browser beside running jobs is slow."""
expect.set_options(timeout=PATIENCE)
WITHOUT_NETWORK = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {LOCAL}"
"""Chromium's own services find nobody either."""
OF_THE_PAGE = ("data", "blob", "about")
"""Addresses that are no requests."""


def executable() -> str | None:
    """Chromium of this machine: LOTTERY_CHROMIUM, or what the system has."""
    named = os.environ.get("LOTTERY_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Watch:
    """What must not happen in a browser: requests to anywhere else, errors on the console or in a script."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """From now on."""
        context.route("**/*", self._route)
        context.on("page", lambda page: page.on("websocket", lambda socket: self._left(socket.url)))
        context.on("console", lambda said: said.type == "error" and self.complaints.append(f"console: {said.text}"))
        context.on("weberror", lambda fault: self.complaints.append(f"script: {fault.error}"))

    def _route(self, route: Route) -> None:
        route.abort() if self._left(route.request.url) else route.continue_()

    def _left(self, address: str) -> bool:
        split = urlsplit(address)
        left = split.scheme not in OF_THE_PAGE and split.hostname != LOCAL
        if left:
            self.complaints.append(f"request that leaves this machine: {address[:200]}")
        return left


@contextmanager
def browser_context(chromium: str, watch: Watch) -> Iterator[BrowserContext]:
    """A browser of its own, in UTC and English, watched."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[WITHOUT_NETWORK])
        context = browser.new_context(
            viewport=WINDOW, locale="en-GB", timezone_id="UTC", permissions=[], reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        yield context
        browser.close()


def picture(page: Page, file: Path, *, whole: bool = False) -> Path:
    """What the window shows, in 128 colours; `whole`: the page down to its end."""
    shot = Image.open(io.BytesIO(page.screenshot(full_page=whole, animations="disabled", caret="hide")))
    file.parent.mkdir(parents=True, exist_ok=True)
    shot.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    return file
