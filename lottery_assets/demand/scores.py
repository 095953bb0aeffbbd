"""What a back-test says, in the contract's words: the model beside the first pipeline, last week's sales and a rolling ridge."""

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.demand.metrics import coverage, crps, mase, wape


class Scores(BaseModel):
    """One country's back-test. WAPE and coverage are fractions, CRPS is in tickets."""

    model_config = ConfigDict(frozen=True)

    weeks: int
    wape: float
    wape_without_specials: float | None = Field(description="weeks with a special draw left out")
    mase: float | None = Field(description="against the sales of 52 weeks before; null where there are not two years")
    crps: float
    coverage_80: float
    coverage_95: float
    baseline_wape: float = Field(description="the first pipeline: log-log regression on all of history")
    naive_wape: float = Field(description="last week's sales")
    ridge_wape: float = Field(description="a careful rolling ridge")
    ridge_wape_without_specials: float | None
    seconds: float | None = Field(None, description="wall time of this country's back-test, where a clock was at hand")


def scores(tested: pd.DataFrame, features: pd.DataFrame) -> Scores:
    """From the frame that `backtest` made and the features that it was made from."""
    ordinary = tested[tested["special"] == 0]
    before = features.loc[features["week_start"] < tested["week_start"].iloc[0], "tickets_sold"]

    def off(frame: pd.DataFrame, method: str) -> float:
        return wape(frame.assign(mean=frame[method]))

    return Scores(
        weeks=len(tested),
        wape=wape(tested),
        wape_without_specials=wape(ordinary) if len(ordinary) else None,
        mase=mase(tested, before),
        crps=crps(tested),
        coverage_80=coverage(tested, 80),
        coverage_95=coverage(tested, 95),
        baseline_wape=off(tested, "first_pipeline"),
        naive_wape=off(tested, "naive"),
        ridge_wape=off(tested, "rolling_ridge"),
        ridge_wape_without_specials=off(ordinary, "rolling_ridge") if len(ordinary) else None,
    )
