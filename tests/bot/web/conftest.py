"""One browser for all tests of the pages; a site and a person's own browser window for each."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.bot.web.site import Site

LONGEST_WAIT_MS = 30_000  # two browsers, two databases and the tests share two cores
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

Visit = Callable[..., Page]


# Not for the whole session: while Playwright runs, no other test can start an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium saknas, och utan den är sidorna inte prövade.")
        pytest.skip("Chromium saknas: sidorna prövades inte i en webbläsare.")
    expect.set_options(timeout=LONGEST_WAIT_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    started = Site(tmp_path)
    yield started
    started.stop()


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Open a window of its own cookies at a path; a script fault on any page fails the test."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def open_at(path: str = "/", *, width: int = 360, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(LONGEST_WAIT_MS)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(site.address(path))
        return page

    yield open_at
    for context in opened:
        context.close()
    assert faults == []
