"""Business checks, attached to the assets and blocking: a failed one stops what lies downstream.

They stand on the assets as `check_specs`, because a separate check of a partitioned asset would read every partition.
Each verdict comes from the room that knows; here it gets its value, limit and unit.
"""

from collections.abc import Sequence
from typing import Any

import dagster as dg
import pandas as pd

from lottery_assets import sales
from lottery_assets.audit.models import RecommendingModel
from lottery_assets.complaints import BadInput
from lottery_assets.demand import SalesModel
from lottery_assets.jackpot import Recommendation
from lottery_assets.orchestration.failures import as_list
from lottery_assets.orchestration.landing import NOTHING
from lottery_assets.weekly import Together


def _blocking(name: str, asset: str, description: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(name, asset=asset, description=description, blocking=True)


SALES_CONTRACT = _blocking("sales_contract", "raw_sales", "Every row of the country can be read and makes sense.")
SALES_UP_TO_DATE = _blocking("sales_up_to_date", "raw_sales", "Sales reach the week before the one to recommend for.")
MODEL_CALIBRATED = _blocking(
    "model_calibrated",
    "sales_model",
    "The 80 % band held about 80 % of the recent weeks.",
)
CHAMPION_GATES = dg.AssetCheckSpec(
    "champion_gates",
    asset="sales_model",
    description="This week's fit is calibrated, no worse than the champion on the same weeks, and its slope is stable; else the "
    "champion recommends.",
)
RECOMMENDATION_VERIFIED = _blocking(
    "recommendation_verified",
    "jackpot_recommendation",
    "Every rule, computed again without the solver, holds; the table has value, limit and slack of each.",
)
TREASURY_VERIFIED = _blocking(
    "treasury_verified",
    "treasury_recommendation",
    "The pool's rule, computed again without the solver, holds, and so do its countries' own.",
)
DESCRIPTIONS = {
    spec.name: spec.description or ""
    for spec in (SALES_CONTRACT, SALES_UP_TO_DATE, MODEL_CALIBRATED, RECOMMENDATION_VERIFIED, TREASURY_VERIFIED)
}
"""What each check holds, for people."""
LANDED = "landed"
"""Key of the metadata: which version of the sales file was read."""


def broken_by(fault: BadInput, country: str, landed: str) -> dg.AssetCheckResult:
    """The check that this fault fails: late sales, of which a file that is not there has most, or the sales contract."""
    late = isinstance(fault, sales.SalesLate) or landed == NOTHING
    errors = [complaint.message for complaint in fault.complaints if complaint.severity == "error"]
    spec, reason = SALES_UP_TO_DATE if late else SALES_CONTRACT, "\n".join(errors)
    return _result(spec, False, country, len(errors), 0, "faults", reason, **{LANDED: landed})


def sales_kept(frame: pd.DataFrame) -> list[dg.AssetCheckResult]:
    """Both checks of a frame that could be made."""
    country = str(frame["country"].iloc[0])
    cautions = [caution.message for caution in sales.cautions(frame)]
    warnings = dg.MetadataValue.md(as_list("\n".join(cautions)) or "none")
    rows = f"{len(frame)} weeks read, every row makes sense; {_counted(cautions, 'warning')}"
    last, coming = f"{sales.history(frame)['week_start'].iloc[-1]:%Y-%m-%d}", f"{sales.coming_week(frame):%Y-%m-%d}"
    reach = f"sales reach the week of {last}; the week to recommend for begins on {coming}"
    return [
        _result(SALES_CONTRACT, True, country, 0, 0, "faults", rows, warnings=warnings),
        _result(SALES_UP_TO_DATE, True, country, 0, 0, "missing weeks", reach, week_start=coming),
    ]


def recommendation_verified(recommendation: Recommendation) -> dg.AssetCheckResult:
    """Rules that the announced jackpot breaks: none."""
    broken = [rule.rule for rule in recommendation.rules if not rule.holds]
    rules = "| rule | value | limit | slack | unit | binding |\n|-|-|-|-|-|-|\n" + "\n".join(
        f"| {r.rule} | {r.value:.6g} | {r.limit:.6g} | {r.slack:.6g} | {r.unit} | {'yes' if r.binding else ''} |"
        for r in recommendation.rules
    )
    return _result(
        RECOMMENDATION_VERIFIED,
        not broken,
        recommendation.country,
        len(broken),
        0,
        "rules broken",
        f"broken: {', '.join(broken)}; nothing may be announced" if broken else _held(recommendation),
        rules=dg.MetadataValue.md(rules),
    )


def treasury_verified(together: Together) -> dg.AssetCheckResult:
    """Cash of the pool in the mean of the worst futures, and the rules that any of its countries would break: none."""
    rule = together.record.rule
    broken = [
        f"{country}: {its.rule}" for country, r in together.recommendations.items() for its in r.rules if not its.holds
    ]
    return _result(
        TREASURY_VERIFIED,
        rule.holds and not broken,
        "treasury",
        rule.value,
        rule.limit,
        rule.unit,
        "; ".join(broken)
        or f"cash of the pool holds with {rule.slack:.6g} to spare, and so does every rule of its countries",
        slack=rule.slack,
        broken=dg.MetadataValue.md(as_list("\n".join(broken)) or "none"),
    )


def model_calibrated(model: SalesModel, country: str) -> dg.AssetCheckResult:
    """Share of recent weeks inside the 80 % band forecast for them; it fails where chance does not explain the share."""
    calibration = model.calibration
    within = f"{calibration.inside_80} of {calibration.weeks} recent weeks lay inside their 80 % band"
    expected = f"chance explains {calibration.least_inside_80} to {calibration.most_inside_80}"
    remedy = (
        "; nothing is recommended from such a model: look at `fit` for weeks that are wrong in the sales file, or for a "
        f"game that has changed; `lottery backtest {country}` shows where the forecasts fail"
    )
    return _result(
        MODEL_CALIBRATED,
        calibration.sane,
        country,
        calibration.inside_80 / calibration.weeks if calibration.weeks else 0.80,
        calibration.least_inside_80 / calibration.weeks if calibration.weeks else 0.0,
        "share of weeks",
        f"{within}; {expected}{'' if calibration.sane else remedy}",
        weeks=calibration.weeks,
        upper_limit=calibration.most_inside_80 / calibration.weeks if calibration.weeks else 1.0,
    )


def champion_gates(model: RecommendingModel, country: str) -> dg.AssetCheckResult:
    """Gates that this week's fit failed; the table has each. A warning: the champion recommends then."""
    its = model.standing
    assert its is not None  # noqa: S101 - judged before it is checked
    gates = "| gate | passed | value | limit | unit |\n|-|-|-|-|-|\n" + "\n".join(
        f"| {gate.name} | {'yes' if gate.passed else 'no'} | {gate.value:.4g} | {gate.limit:.4g} | {gate.unit} |"
        for gate in its.verdict.gates
    )
    against = f"against the champion {its.verdict.champion.short}" if its.verdict.champion else "there was no champion"
    why = its.why or its.verdict.why
    return dg.AssetCheckResult(
        check_name=CHAMPION_GATES.name,
        passed=its.champion and its.challenger is None,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "country": country,
            "reason": f"{its.version.short} recommends: " + ("; ".join(why) or f"it passed every gate, {against}"),
            "value": len(its.verdict.why),
            "limit": 0,
            "unit": "gates failed",
            "gates": dg.MetadataValue.md(gates),
        },
    )


def _held(recommendation: Recommendation) -> str:
    binding = ", ".join(rule.rule for rule in recommendation.rules if rule.binding)
    return f"all {len(recommendation.rules)} rules hold; " + (f"{binding} binds" if binding else "none binds")


def _counted(found: Sequence[str], what: str) -> str:
    return f"{len(found) or 'no'} {what}{'' if len(found) == 1 else 's'}"


def _result(
    spec: dg.AssetCheckSpec,
    passed: bool,
    country: str,
    value: float,
    limit: float,
    unit: str,
    reason: str,
    **metadata: Any,
) -> dg.AssetCheckResult:
    """`reason` is plain text: the UI shows it without a click."""
    return dg.AssetCheckResult(
        check_name=spec.name,
        passed=passed,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"country": country, "reason": reason, "value": value, "limit": limit, "unit": unit, **metadata},
    )
