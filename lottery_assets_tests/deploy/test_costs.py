"""What a month costs is computed from the template, and the table that people read is the computed one."""

import pytest

from benchmarks import costs
from lottery_assets_tests.conftest import ROOT

MARK = "<!-- costs -->\n"
PAGES = [page for page in sorted(ROOT.glob("*/README.md")) if MARK in page.read_text()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_table_that_is_shown_is_the_computed_one(page):
    shown = page.read_text().split(MARK)[1].split("\n<!-- /costs -->")[0]
    assert shown == costs.table(), "`python -m benchmarks costs` prints it anew"


def test_there_is_a_page_that_shows_it():
    assert PAGES


def test_a_country_costs_its_runs_its_objects_and_its_secret():
    ten, fifty = (costs.month(costs.stack("production"), many) for many in (10, 50))
    more = {part for part in ten if fifty[part] > ten[part]}
    assert more == {"runs", "buckets and registry", "logs", "alarms, key, secrets"}
    assert sum(fifty.values()) < 1.25 * sum(ten.values())


def test_a_database_in_two_zones_is_paid_for_twice():
    one, two = (costs.month(costs.stack("production", DatabaseInTwoZones=its), 10) for its in ("false", "true"))
    assert two["database"] == pytest.approx(2 * one["database"])


def test_the_way_out_is_paid_for_however_it_goes():
    closed = costs.stack("staging", Egress="endpoints", S3PrefixListId="pl-0")
    nat, endpoints = (costs.month(its, 10)["way out (NAT or endpoints)"] for its in (costs.stack("staging"), closed))
    assert 0 < nat < endpoints
