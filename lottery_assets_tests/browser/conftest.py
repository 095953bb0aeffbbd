"""One installation, one Dagster UI and one browser for all tests of this folder; a picture of every open page where a test fails."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from lottery_assets_tests.browser.chromium import Watch, browser_context, executable, picture
from lottery_assets_tests.browser.servers import Installation
from lottery_assets_tests.conftest import ROOT

FAILED = ROOT / "artifacts" / "browser"
"""Where pictures of failed tests are kept."""
PICTURES = ROOT / "docs" / "pictures"
"""Pictures of the README; `make screenshots` renews them."""

Take = Callable[..., Path]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium. Without one these tests are skipped, but in CI they fail."""
    found = executable()
    if found is None:
        said = "no Chromium: apt-get install chromium, or name one in LOTTERY_CHROMIUM"
        if os.environ.get("LOTTERY_BROWSER") == "required":
            pytest.fail(said)
        pytest.skip(said)
    return found


@pytest.fixture(scope="session")
def installation(chromium, sales_file, tmp_path_factory) -> Iterator[Installation]:
    its = Installation(tmp_path_factory.mktemp("installation"), sales_file)
    try:
        its.start()
        yield its
    finally:
        its.stop()


@pytest.fixture(scope="session")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="session")
def context(chromium, watch) -> Iterator[BrowserContext]:
    with browser_context(chromium, watch) as its:
        yield its


@pytest.fixture
def page(context, watch) -> Iterator[Page]:
    """A new tab; what the console said and where requests went is judged when the test is over."""
    watch.complaints.clear()
    yield context.new_page()
    for tab in context.pages:
        tab.close()
    assert not watch.complaints


@pytest.fixture(scope="session")
def take(tmp_path_factory) -> Take:
    """`take(page, name)` makes a picture: for the README under `make screenshots`, else to be thrown away."""
    folder = PICTURES if os.environ.get("LOTTERY_PICTURES") == "write" else tmp_path_factory.mktemp("pictures")

    def taken(page: Page, name: str, **how: bool) -> Path:
        file = picture(page, folder / f"{name}.png", **how)
        assert file.stat().st_size < 150_000, f"{file} is too large for the README"
        return file

    return taken


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    context = item.funcargs.get("context") if hasattr(item, "funcargs") else None
    if report.failed and context is not None:
        name = re.sub(r"\W+", "_", item.name)
        kept = [picture(tab, FAILED / f"{name}_{n}.png") for n, tab in enumerate(context.pages)]
        report.sections.append(("pictures of the failure", "\n".join(map(str, kept)) or "no page was open"))
    return report
