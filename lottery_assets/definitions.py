"""What Dagster loads: the assets, the jobs, the schedules and the resources of this installation. Wiring, nothing else."""

import dagster as dg

from lottery_assets.country import country_files, listed_countries, load_countries, treasury_file
from lottery_assets.orchestration.alerts.sensors import alert_sensors
from lottery_assets.orchestration.assets import weekly_assets
from lottery_assets.orchestration.describing import places
from lottery_assets.orchestration.io_managers import Documents, Frames
from lottery_assets.orchestration.late_data import late_data_sensor
from lottery_assets.orchestration.resources import Installation
from lottery_assets.orchestration.schedules import weekly_job, weekly_schedules
from lottery_assets.orchestration.sensors import treasury_sensor
from lottery_assets.orchestration.treasury import treasury_assets, treasury_job
from lottery_assets.settings import Settings


def build_definitions(settings: Settings, installation: Installation | None = None) -> dg.Definitions:
    """Definitions for the countries found in `settings.configs`.

    A faulty file is still a country: its runs fail and say why, instead of the country vanishing from the schedule.
    """
    names = sorted(country_files(settings.configs))
    sound = load_countries(settings.configs).configs
    zones = {name: sound[name].timezone if name in sound else "UTC" for name in names}
    installation = installation or Installation.of(settings)
    job, pool, where = weekly_job(), _pool(settings.configs, names), places(installation)
    pool_jobs = [treasury_job()] if pool else []
    return dg.Definitions(
        assets=[
            *weekly_assets(dg.StaticPartitionsDefinition(names), where),
            *(treasury_assets(pool, where) if pool else []),
        ],
        jobs=[job, *pool_jobs],
        sensors=[
            late_data_sensor(installation, names, job),
            *(treasury_sensor(pool, its) for its in pool_jobs),
            *alert_sensors(settings, zones, pool),
        ],
        executor=dg.in_process_executor,
        schedules=weekly_schedules(zones, job),
        resources={
            "installation": installation,
            "frames": Frames(artifacts=settings.artifacts),
            "documents": Documents(artifacts=settings.artifacts),
        },
    )


def _pool(configs: str, names: list[str]) -> list[str]:
    """Countries that share a treasury; none without its file. Where the file does not say who, everybody waits for it to be mended."""
    if treasury_file(configs) is None:
        return []
    listed = listed_countries(configs) or ()
    return [name for name in names if name in listed] or names


@dg.definitions
def defs() -> dg.Definitions:
    """This installation's definitions, read from its settings when Dagster loads them."""
    return build_definitions(Settings.from_environment())
