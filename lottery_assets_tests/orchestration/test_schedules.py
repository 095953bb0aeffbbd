"""Monday morning where the country is, one run a country."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from lottery_assets.definitions import build_definitions
from lottery_assets.settings import CHECKOUT, Settings


def requests(definitions: dg.Definitions, name: str, when: datetime) -> list[dg.RunRequest]:
    schedule = definitions.resolve_schedule_def(name)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance,
            scheduled_execution_time=when,
            repository_def=definitions.get_repository_def(),
        )
        return list(schedule.evaluate_tick(context).run_requests)


@pytest.fixture
def zoned(operator):
    operator.configure("atlantis", timezone="Pacific/Auckland")
    operator.configure("lemuria", timezone="America/Sao_Paulo")
    return operator


def test_each_zone_has_its_schedule_on_by_default(zoned):
    schedules = build_definitions(zoned.settings).schedules
    assert {schedule.execution_timezone: schedule.cron_schedule for schedule in schedules} == {
        "America/Sao_Paulo": "0 6 * * 1",
        "Pacific/Auckland": "0 6 * * 1",
    }
    assert all(schedule.default_status is dg.DefaultScheduleStatus.RUNNING for schedule in schedules)


def test_a_run_carries_its_week_and_its_country(zoned):
    monday = datetime.fromisoformat("2024-01-29T06:00:00+13:00")
    [request] = requests(build_definitions(zoned.settings), "monday_Pacific_Auckland", monday)
    assert request.run_key == "2024-01-29:atlantis"
    assert request.partition_key == "atlantis"
    assert request.tags["week"] == "2024-01-29"
    assert request.tags["country"] == "atlantis"
    assert request.run_config == {"ops": {"raw_sales": {"config": {"week_start": "2024-01-29"}}}}


def test_the_week_is_the_monday_where_the_country_is(zoned):
    """06:00 on Monday in Auckland is still Sunday in Greenwich."""
    when = datetime(2024, 1, 28, 17, 0, tzinfo=UTC)
    [request] = requests(build_definitions(zoned.settings), "monday_Pacific_Auckland", when)
    assert request.tags["week"] == "2024-01-29"


def test_a_country_whose_file_is_faulty_keeps_its_run(operator):
    operator.configure("atlantis", currency="euro")
    found = requests(build_definitions(operator.settings), "monday_UTC", datetime(2024, 1, 29, 6, tzinfo=UTC))
    assert [request.partition_key for request in found] == ["atlantis", "lemuria"]


def test_a_scheduled_run_of_the_right_week_succeeds(operator):
    found = requests(build_definitions(operator.settings), "monday_UTC", datetime(2024, 1, 29, 6, tzinfo=UTC))
    for request in found:
        job = build_definitions(operator.settings).resolve_job_def("weekly_recommendation")
        assert job.execute_in_process(partition_key=request.partition_key, run_config=request.run_config).success


def test_the_definitions_of_the_checkout_load():
    from lottery_assets import definitions as module

    loaded = module.defs()
    dg.Definitions.validate_loadable(loaded)
    keys = loaded.resolve_asset_graph().get(dg.AssetKey("jackpot_recommendation")).partitions_def.get_partition_keys()
    assert keys == sorted(path.stem for path in Path(CHECKOUT, "configs").glob("*.yaml"))
    assert Settings().configs == str(CHECKOUT / "configs")
