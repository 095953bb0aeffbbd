"""The worst futures of a choice, as a row that every choice has to keep: what makes the pool's curved rule linear.

A country's luck is uniform on [0, 1], and a jackpot falls where luck is below its chance. So what a country pays is a staircase over its
luck, and the futures in which the pool pays most are made of boxes of stairs. What any other jackpot would pay in those very
futures is known exactly. No set of futures of that size pays more than a choice's own worst: the row holds for every choice.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from lottery_assets.jackpot.treasury.pool import Member, Pool

MOST_BOXES = 2**16
"""Boxes that are looked at one by one; beyond, payouts are counted in cells, which picks futures a little less sharply."""
CELLS = 4096

Shares = Sequence[Mapping[int, float]]
"""Of each country the jackpots announced, by place, and by what share each."""
Staircase = tuple[np.ndarray, np.ndarray]
"""Edges of luck [L + 1] from 0 to 1, and what the country pays between them [L]."""


def row_of_the_worst(pool: Pool, shares: Shares, *, sharp: bool = False) -> list[np.ndarray]:
    """What each jackpot of each country [G] pays in the mean of the futures that are worst for `shares`.

    `sharp`: box by box, however many there are.
    """
    stairs = [_staircase(member, its) for member, its in zip(pool.members, shares, strict=True)]
    many = np.prod([float(len(pays)) for _, pays in stairs])
    picked = _by_boxes(pool, stairs) if sharp or many <= MOST_BOXES else _by_cells(pool, stairs)
    row = []
    for member, (edges, _), within in zip(pool.members, stairs, picked, strict=True):
        falls = np.interp(member.chance_falls, edges, np.append(0.0, np.cumsum(within)))
        row.append(member.amounts * falls / pool.max_cash_breach)
    return row


def paid(row: Sequence[np.ndarray], shares: Shares) -> float:
    """What the row says of a choice."""
    return float(sum(values[g] * share for values, its in zip(row, shares, strict=True) for g, share in its.items()))


def _staircase(member: Member, shares: Mapping[int, float]) -> Staircase:
    places = np.array(sorted(shares, key=lambda g: member.chance_falls[g]))
    parts = np.array([shares[g] for g in places]) * member.amounts[places]
    edges = np.concatenate([[0.0], member.chance_falls[places], [1.0]])
    return edges, np.append(np.cumsum(parts[::-1])[::-1], 0.0)


def _by_boxes(pool: Pool, stairs: Sequence[Staircase]) -> list[np.ndarray]:
    """Chance of each stair [L] of each country together with the worst futures."""
    pays, weight = np.zeros(1), np.ones(1)
    for edges, its in stairs:
        pays = np.add.outer(pays, its).ravel()
        weight = np.multiply.outer(weight, np.diff(edges)).ravel()
    order = np.argsort(-pays, kind="stable")
    taken = np.empty_like(weight)
    taken[order] = np.diff(np.minimum(np.cumsum(weight[order]), pool.max_cash_breach), prepend=0.0)
    boxes = taken.reshape([len(its) for _, its in stairs])
    return [boxes.sum(axis=tuple(j for j in range(boxes.ndim) if j != i)) for i in range(len(stairs))]


def _by_cells(pool: Pool, stairs: Sequence[Staircase]) -> list[np.ndarray]:
    """The same with payouts counted in cells: another set of futures of the same size."""
    most = sum(float(its.max()) for _, its in stairs)
    steps = [np.rint(its / most * CELLS).astype(int) for _, its in stairs]
    chances = [np.diff(edges) for edges, _ in stairs]
    size = CELLS + len(stairs) + 1
    everyone = _total(steps, chances, size)
    above = np.append(np.cumsum(everyone[::-1])[::-1][1:], 0.0)
    edge = int(np.argmax(above <= pool.max_cash_breach))
    part = min((pool.max_cash_breach - above[edge]) / everyone[edge], 1.0) if everyone[edge] > 0 else 0.0
    counted = np.where(np.arange(size) > edge, 1.0, 0.0)
    counted[edge] = part
    picked = []
    for i, (its, chance) in enumerate(zip(steps, chances, strict=True)):
        others = _total(steps[:i] + steps[i + 1 :], chances[:i] + chances[i + 1 :], size)
        picked.append(
            np.array([p * (others[: size - cells] @ counted[cells:]) for cells, p in zip(its, chance, strict=True)])
        )
    return picked


def _total(steps: Sequence[np.ndarray], chances: Sequence[np.ndarray], size: int) -> np.ndarray:
    """Distribution [size] of the sum of independent payouts, in cells."""
    total = np.zeros(size)
    total[0] = 1.0
    for its, chance in zip(steps, chances, strict=True):
        following = np.zeros(size)
        for cells, p in zip(its, chance, strict=True):
            following[cells:] += p * total[: size - cells]
        total = following
    return total
