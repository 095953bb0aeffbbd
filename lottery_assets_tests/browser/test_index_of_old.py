"""The page over all countries, opened days after it was written: runs that failed since have not renewed it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lottery_assets.report.index_page import ORDER, Standing, index_page
from lottery_assets.weekly import recommend
from lottery_assets_tests.countries import country, sales

WEEK = date(2024, 1, 29)


@pytest.fixture
def page(context, watch):
    """Apart from the other tests: a clock that is set stands still in every tab of its context."""
    watch.complaints.clear()
    own = context.browser.new_context(timezone_id="UTC")
    watch.over(own)
    yield own.new_page()
    own.close()
    assert not watch.complaints


@pytest.fixture(scope="module")
def written():
    r = recommend(country(), sales())
    return index_page([Standing("atlantis", None, r), Standing("lemuria", None, r, trouble="faulty input")], WEEK)


@pytest.mark.parametrize(("days", "state", "age"), [(6, "recommended", "6 days"), (7, "overdue", "7 days")])
def test_a_week_that_is_over_is_overdue_whenever_the_page_is_opened(page, written, days, state, age):
    assert "overdue</b>" not in written
    page.clock.set_fixed_time(datetime.combine(WEEK + timedelta(days), datetime.min.time(), UTC))
    page.set_content(written)
    assert page.locator("time").inner_text() == str(WEEK + timedelta(days))
    one, other = page.locator("tbody tr").all()
    assert (one.locator(".state b").inner_text(), one.locator("[data-label=age]").inner_text()) == (state, age)
    assert (other.locator(".state b").inner_text(), other.locator("[data-label=age]").inner_text()) == (
        "faulty input",
        age,
    )


def test_what_became_overdue_is_sorted_as_such(page, written):
    page.clock.set_fixed_time(datetime.combine(WEEK + timedelta(1200), datetime.min.time(), UTC))
    page.set_content(written)
    page.locator("thead button[data-by=state]").click()
    assert page.locator("tbody th").all_inner_texts() == ["lemuria", "atlantis"]
    assert page.locator("tbody tr").last.get_attribute("data-state") == str(ORDER["overdue"])
    assert page.locator("[data-label=age]").first.inner_text() == "1,200 days"
