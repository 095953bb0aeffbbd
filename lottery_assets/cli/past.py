"""Weeks judged by the configurations and rows of today and by the models of then: what `decide` and `decisions` share."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from upath import UPath

from lottery_assets import demand
from lottery_assets.audit import digest
from lottery_assets.audit.data_versions import refuse_changed
from lottery_assets.cli.inputs import Inputs, known
from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig, country_files, load_country
from lottery_assets.demand import SalesModel
from lottery_assets.jackpot import NoRecommendation, Recommendation
from lottery_assets.sales import read_sales, weekly_sales
from lottery_assets.weekly import Case, decide

if TYPE_CHECKING:
    from lottery_assets.audit.models import ModelHome
    from lottery_assets.signoff import Chosen, JudgedFrom, LookedBack, Recorded, Sealed, Unadvised


def judged(recorded: "Recorded", jackpot: float, configs: Path, data: str, artifacts: str) -> "Chosen":
    """A jackpot in the week of a record. Raises BadInput, also where the inputs of the week are not at hand any more."""
    from lottery_assets.orchestration.cash import with_cash
    from lottery_assets.signoff import NotReproduced

    r = recorded.recommendation
    if jackpot == r.jackpot and not recorded.pending:
        raise BadInput.of(
            f"{r.country}: {jackpot:.10g} million is the recommended jackpot; say --approve", key="jackpot"
        )
    file = known(r.country, country_files(configs))
    raw = read_sales(data)
    refuse_changed(raw.source, raw.data_version)
    try:
        return _reproduced(with_cash(load_country(file)), raw.frame, r, jackpot, recorded.sealed, artifacts)
    except NotReproduced as fault:
        changed = [f"{file} has changed since"] if digest(file.read_bytes()) != recorded.sealed.config_sha256 else []
        changed += [f"{data} has another version"] if raw.data_version != recorded.sealed.data_version else []
        raise BadInput.of(
            f"{r.country}: the rules of {r.week_start} cannot be checked: {fault} ({', '.join(changed) or 'another code or cash'}); "
            f"give the configuration and the sales that {recorded.folder}/metadata.json names, with --configs and --data, "
            f"or recommend the week again by those of today: lottery recommend {r.country} --week {r.week_start}",
            country=r.country,
        ) from None


def judged_alone(
    country: str, week: date, jackpot: float, configs: Path, data: str, artifacts: str
) -> "tuple[Unadvised, Chosen, JudgedFrom]":
    """A jackpot in a week without a recommendation, from what one would be made from now. Raises BadInput, also where one could be made."""
    from lottery_assets.audit.models import model_provenance
    from lottery_assets.cli.answers import settings_of
    from lottery_assets.orchestration.resources import Installation
    from lottery_assets.signoff import JudgedFrom, Unadvised, chosen_alone

    installation = Installation.of(settings_of(configs, data, artifacts))
    known(country, country_files(configs))
    config, raw = installation.country_with_cash(country), installation.sales()
    weekly = weekly_sales(raw.frame, config, week, source=raw.source)
    table = demand.features(weekly, config)
    table.attrs["data_version"] = raw.data_version
    model = installation.recommending(demand.fit(table), table, country)
    case = Case(config, weekly, table, model)
    why, plan = _not_recommended(case, week)
    its = chosen_alone(case, jackpot, plan, shared=installation.treasury_of(country) is not None)
    judged_from = JudgedFrom(
        **installation.code().model_dump(),
        data_version=raw.data_version,
        data_source=raw.source,
        data_remote=installation.kept(raw),
        config_sha256=installation.config_sha256(country),
        available_cash=config.available_cash,
        model_version=model_provenance(model)["model_version"],
    )
    return Unadvised(country, week, config.currency, why), its, judged_from


def _not_recommended(case: Case, week: date) -> tuple[str, list[float]]:
    """Why nothing is, and the plan that breaks least, where there is one. Raises BadInput where a jackpot is recommended."""
    within = case.model.calibration
    if not within.sane:
        said = f"{within.inside_80} of {within.weeks} recent weeks lay inside their 80 % band"
        return f"the model is not calibrated: {said}", []
    try:
        decide(case.config, case.weekly, case.table, case.model)
    except NoRecommendation as fault:
        way_out = fault.diagnosis.recovery
        return str(fault), [its.jackpot for its in way_out.weeks] if way_out else []
    country = case.config.country_name
    raise BadInput.of(
        f"{country}: a jackpot can be recommended for {week}: run `lottery recommend {country} --week {week}`, and decide about that",
        country=country,
        key="week",
    )


class Past:
    """Weeks looked back at; what is missing of them is told, and the records stand."""

    def __init__(self, configs: Path, data: str, artifacts: str) -> None:
        self.inputs = Inputs(configs, data, None)
        self.artifacts = artifacts
        self.complaints: list[str] = []

    def of(self, country: str) -> "list[LookedBack]":
        """Raises BadInput where a record was changed."""
        from lottery_assets.signoff import looked_back

        found = list(looked_back(self.artifacts, country, self._weekly(country), self._judge))
        if not found:
            self.complaints.append(f"{country}: {self.artifacts} holds no recommendation of it")
        return found

    def _weekly(self, country: str) -> pd.DataFrame | None:
        try:
            return weekly_sales(self.inputs.tracked(), self._config(country), source=self.inputs.data)
        except BadInput as fault:
            self.complaints.append(f"{country}: what happened is not told; {fault}")
            return None

    def _judge(self, folder: UPath, recommended: Recommendation, jackpot: float) -> "Chosen":
        from lottery_assets.orchestration.cash import with_cash
        from lottery_assets.signoff import NotReproduced, Sealed

        try:
            config, raw = with_cash(self._config(recommended.country)), self.inputs.tracked()
            return _reproduced(config, raw, recommended, jackpot, Sealed.of(folder), self.artifacts)
        except BadInput as fault:
            raise NotReproduced(str(fault)) from None

    def _config(self, country: str) -> CountryConfig:
        return load_country(known(country, country_files(self.inputs.folder)))


def model_home_of(artifacts: str) -> "ModelHome":
    """Where this installation keeps the versions of its models."""
    from lottery_assets.orchestration.model_homes import model_home
    from lottery_assets.settings import Settings

    settings = Settings.from_environment()
    return model_home(settings.model_registry, settings.models, artifacts)


def _reproduced(
    config: CountryConfig, raw: pd.DataFrame, r: Recommendation, jackpot: float, sealed: "Sealed", artifacts: str
) -> "Chosen":
    """By the model that decided; where it is not kept any more, by the fit of the week, if that gives what was recorded.

    Raises NotReproduced, which then says both, or BadInput.
    """
    from lottery_assets.signoff import NotReproduced, reproduced

    try:
        model = _deciding(r, sealed, artifacts)
    except BadInput as gone:
        try:
            return reproduced(config, raw, r, jackpot)
        except NotReproduced as fault:
            raise NotReproduced(f"{fault}; by a model fitted anew, for {gone}") from None
    return reproduced(config, raw, r, jackpot, model)


def _deciding(r: Recommendation, sealed: "Sealed", artifacts: str) -> SalesModel | None:
    """None: the record is from before it named its model."""
    from lottery_assets.audit.models import deciding

    if sealed.model_version is None:
        return None
    return deciding(model_home_of(artifacts), r.country, r.week_start, sealed.model_version, sealed.challenger)
