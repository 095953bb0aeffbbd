"""One decision of one week: build, solve and verify, beside HiGHS's own time, enumeration, and the first pipeline's way."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression

from benchmarks.timing import markdown, median_ms
from lottery_assets import demand, jackpot, sales
from lottery_assets.country import CountryConfig, load_country
from lottery_assets.jackpot import JackpotProblem, plan
from lottery_assets.jackpot.program import build
from lottery_assets.jackpot.solve import solve
from lottery_assets.jackpot.tables import Tables

POINTS = (50, 200, 1000)


def table() -> str:
    """One row a size of the grid; milliseconds, medians of fifteen."""
    config, weekly = _brazil()
    features = demand.features(weekly, config)
    model = demand.fit(features)
    rows = []
    for points in POINTS:
        grid = CountryConfig.model_validate(
            config.model_dump(exclude={"announcement_step"}) | {"optimization_grid_steps": points}
        )
        problem = jackpot.problem(grid, weekly, [model.tickets(grid.jackpots, features)])
        rows.append(_row(points, problem, features))
    header = [
        "jackpots",
        "build",
        "solve",
        "verify",
        "decide, all of it",
        "HiGHS itself",
        "decide / HiGHS",
        "NumPy enumeration",
    ]
    return markdown("One decision, ms", [*header, "first pipeline: predict per point"], rows)


def _row(points: int, problem: JackpotProblem, features: pd.DataFrame) -> list[object]:
    decision = jackpot.decide(problem)
    whole = median_ms(lambda: jackpot.decide(problem))
    highs = 1000 * float(np.median([solve(build(Tables.of_one_week(problem))).seconds for _ in range(15)]))
    milliseconds = [
        median_ms(lambda: build(Tables.of_one_week(problem))),
        median_ms(lambda: solve(build(Tables.of_one_week(problem))))
        - median_ms(lambda: build(Tables.of_one_week(problem))),
        median_ms(lambda: plan.verify(problem, decision.index)),
        whole,
        highs,
        whole / highs,
        median_ms(lambda: np.argmax(np.where(plan.feasible(problem), problem.expected_net_revenue, -np.inf))),
        median_ms(_first_pipeline(problem, features)),
    ]
    return [points, *(f"{value:.2f}" for value in milliseconds)]


def _first_pipeline(problem: JackpotProblem, features: pd.DataFrame) -> "object":
    """A scikit-learn `predict` for each point of the grid, as it was."""
    past = features[features["tickets_sold"].notna()]
    fitted = LinearRegression().fit(past[["log_jackpot"]].to_numpy(), np.log(past["tickets_sold"].to_numpy()))

    def search() -> float:
        return max(
            float(np.exp(fitted.predict(np.array([[np.log(value)]]))[0])) * 1e-6 - value for value in problem.jackpots
        )

    return search


def _brazil() -> tuple[CountryConfig, pd.DataFrame]:
    config = load_country("configs/brazil.yaml")
    return config, sales.weekly_sales(sales.read_sales("data/lottery_sales.csv.gz").frame, config)
