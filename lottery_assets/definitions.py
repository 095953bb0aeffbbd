"""What Dagster loads: the assets, the job, the schedules and the resources of this installation. Wiring, nothing else."""

import dagster as dg

from lottery_assets.country import country_files, load_countries
from lottery_assets.orchestration.assets import weekly_assets
from lottery_assets.orchestration.io_managers import Documents, Frames
from lottery_assets.orchestration.resources import Installation
from lottery_assets.orchestration.schedules import weekly_job, weekly_schedules
from lottery_assets.settings import Settings


def build_definitions(settings: Settings, installation: Installation | None = None) -> dg.Definitions:
    """Definitions for the countries found in `settings.configs`.

    A faulty file is still a country: its runs fail and say why, instead of the country vanishing from the schedule.
    """
    names = sorted(country_files(settings.configs))
    zones = {name: config.timezone for name, config in load_countries(settings.configs).configs.items()}
    job = weekly_job()
    return dg.Definitions(
        assets=weekly_assets(dg.StaticPartitionsDefinition(names)),
        jobs=[job],
        executor=dg.in_process_executor,
        schedules=weekly_schedules({name: zones.get(name, "UTC") for name in names}, job),
        resources={
            "installation": installation or Installation.of(settings),
            "frames": Frames(artifacts=settings.artifacts),
            "documents": Documents(artifacts=settings.artifacts),
        },
    )


@dg.definitions
def defs() -> dg.Definitions:
    """This installation's definitions, read from its settings when Dagster loads them."""
    return build_definitions(Settings.from_environment())
