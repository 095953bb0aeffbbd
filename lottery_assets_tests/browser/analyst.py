"""What an analyst does in the Dagster UI, click by click."""

import re

from playwright.sync_api import Locator, Page, expect

from lottery_assets_tests.browser.chromium import SECONDS

RUN = 120 * SECONDS
"""A run takes ten seconds on a free machine."""
JOB = "/locations/lottery/jobs/weekly_recommendation"


def open_launch_dialog(page: Page, ui: str) -> None:
    """Lineage, then the button that materialises all assets."""
    page.goto(f"{ui}/asset-groups")
    page.get_by_role("button", name="Materialize all…").click()
    expect(page.get_by_role("dialog")).to_contain_text("Launch runs to materialize 4 assets")


def choose(page: Page, country: str) -> None:
    """One country in the launch dialog."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Select a partition").click()
    page.get_by_role("menuitem", name=country).click()
    dialog.get_by_text("Launch runs to materialize").click()  # closes the list
    expect(page.get_by_role("menuitem")).to_have_count(0)


def launch_one(page: Page) -> str:
    """Launches the run that the dialog is set to, and goes to its page; gives how it ended."""
    page.get_by_role("button", name="Launch 1 run").click()
    page.get_by_role("link", name="View", exact=True).click()
    return ended(page)


def ended(page: Page) -> str:
    """Waits on a run's page: Success, Failure or Canceled."""
    status = page.get_by_text(re.compile(r"^(Success|Failure|Canceled)$")).first
    status.wait_for(timeout=RUN)
    return status.inner_text()


def open_partition(page: Page, ui: str, asset: str, country: str) -> None:
    """What the asset's newest materialisation of a country shows."""
    page.goto(f"{ui}/assets/{asset}?view=partitions&partition={country}")
    expect(page.get_by_text("Latest materialization")).to_be_visible()
    expect(page.get_by_text("Metadata", exact=True)).to_be_visible()


def shown_picture(page: Page, key: str, alt: str) -> Locator:
    """A picture of the metadata; Dagster shows long Markdown in a dialog of its own."""
    row = page.get_by_role("row").filter(has=page.get_by_text(key, exact=True))
    row.get_by_text("[Show Markdown]").click()
    picture = page.get_by_role("dialog").get_by_alt_text(alt)
    expect(picture).to_be_visible()
    return picture


def open_launchpad(page: Page, ui: str, country: str) -> Locator:
    """The weekly job's launchpad for a country: the arrow beside the button that materialises."""
    page.goto(f"{ui}{JOB}")
    page.get_by_role("button", name="Materialize all…").locator("xpath=following::button[1]").click()
    page.get_by_role("menuitem", name="Open launchpad").click()
    launchpad = page.get_by_role("dialog")
    # Until what the form holds is checked it is drawn anew, which closes its lists.
    expect(launchpad.get_by_text("No errors")).to_be_visible()
    launchpad.get_by_placeholder("Partition").click()
    page.get_by_role("menuitem", name=country).click()
    expect(launchpad.get_by_text(f"partition: {country}")).to_be_visible()
    return launchpad


def write_run_config(page: Page, launchpad: Locator, yaml: str) -> None:
    """Replaces what the launchpad offers."""
    launchpad.locator(".CodeMirror").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(yaml)
    expect(launchpad.get_by_text("No errors")).to_be_visible()
