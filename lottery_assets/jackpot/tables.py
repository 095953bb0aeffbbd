"""What the program is made of: a number for every week and jackpot.

Without memory the tables are the whole truth. With memory they hold around one path: what changing one week alone would bring, the
weeks after it played through exactly.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from lottery_assets.jackpot.horizon import HOLD, Horizon
from lottery_assets.jackpot.problem import RATIO_WEEKS, JackpotProblem
from lottery_assets.jackpot.risk import Cut


@dataclass(frozen=True, eq=False)
class Tables:
    """Money in millions; [H, G]: a value for each planned week and jackpot, the coming week first."""

    first: JackpotProblem
    sales: np.ndarray
    prizes: np.ndarray
    net: np.ndarray
    """Of the week itself, [H, G]."""
    worth: np.ndarray
    """Of the week and of what it does to all later ones, end value included, [H, G]."""
    base: float
    """To be added to the sum of the chosen `worth`."""
    exposure: np.ndarray
    past_sales: np.ndarray
    """[H] and, last, of the weeks that count when the end value is settled, those held after the plan among them."""
    past_prizes: np.ndarray
    at_the_end: np.ndarray
    """How often each week counts in the ratio that the end value settles, [H]; none of it in a plan of one week."""
    cuts: tuple[Cut, ...] = ()
    """What cash at risk over the plan asks of every plan."""

    @property
    def weeks(self) -> int:
        """H."""
        return len(self.sales)

    def within_reach(self) -> np.ndarray:
        """Jackpots that steps of the allowed size can lead to by each week, [H, G]."""
        p, weeks = self.first, np.arange(1, self.weeks + 1)[:, None]
        near = np.ones((self.weeks, len(p.jackpots)), bool)
        if p.max_step_up is not None:
            near &= p.jackpots <= p.last_jackpot + weeks * p.max_step_up + 1e-9
        if p.max_step_down is not None:
            near &= p.jackpots >= p.last_jackpot - weeks * p.max_step_down - 1e-9
        return near

    @classmethod
    def of_one_week(cls, p: JackpotProblem) -> Self:
        """The coming week by itself."""
        prizes = p.expected_secondary_prizes + p.expected_jackpot_payout
        net = p.expected_net_revenue[None, :]
        past = (np.array([p.past_sales]), np.array([p.past_prizes]))
        return cls(
            p, p.expected_sales[None, :], prizes[None, :], net, net, 0.0, p.exposure[None, :], *past, np.zeros(1)
        )

    @classmethod
    def around(cls, horizon: Horizon, path: np.ndarray) -> Self:
        """All planned weeks, exact in every single change of `path` [H]."""
        weeks, size = horizon.weeks, len(horizon.jackpots)
        course = horizon.course(path[None, :])
        rows = [horizon.at(week, course.lift[0, week]) for week in range(weeks)]
        sales, payout = (np.array(values) for values in zip(*rows, strict=True))
        prizes = payout + horizon.secondary_share * sales
        net = sales - prizes - horizon.marketing[:, None]
        changed = np.repeat(path[None, :], weeks * size, axis=0)
        changed[np.arange(weeks * size), np.repeat(np.arange(weeks), size)] = np.tile(np.arange(size), weeks)
        if horizon.habit.matters:
            worth = horizon.course(changed).net.sum(axis=1).reshape(weeks, size) - course.net.sum()
            base = float(course.net.sum())
        else:
            worth, base = net, float(course.net[0, weeks:].sum())
        counted = (np.arange(weeks) >= weeks + HOLD - RATIO_WEEKS - 1).astype(float)
        later = course.sales[0, weeks:].sum(), (course.secondary + course.payout)[0, weeks:].sum()
        before = (horizon.past_sales, horizon.past_prizes)
        past = [np.append(values[:weeks], values[-1] + held) for values, held in zip(before, later, strict=True)]
        return cls(horizon.first, sales, prizes, net, worth, base, horizon.exposure, past[0], past[1], counted)
