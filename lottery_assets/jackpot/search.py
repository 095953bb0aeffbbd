"""A plan of many weeks by local search on its exact merit.

Every move is played through exactly, with memory, ratio windows, cash and steps. A rule that binds needs two moves at once, one that
earns and one that pays for it: pairs are ranked by the sum of what their parts do, and the best of them played through. The search
proves nothing: what it found is held against the program's bound (`planning`).
"""

import numpy as np

from lottery_assets.jackpot.appraisal import CASH, Appraisal, appraise
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.risk import Risk

ROUNDS = 200
REACH = (1, 2, 3, 4, 8, 16, 32)
"""How far, in places of the grid, a move goes either way."""
PARTS = 60
"""Moves with the best merit, and as many with the best net revenue, that are ranked in pairs."""
PAIRS = 60
"""Pairs that are played through."""
STARTS = 3
AT_ONCE = 8
"""Candidates whose cash at risk is confirmed at a time, the most hopeful first."""
LESSONS = 4
"""Times that this is done in a round, each time with one more row."""
BETTER = 1e-9
"""Relative gain below which a move is rounding."""


def improve(
    horizon: Horizon, path: np.ndarray, allowed: np.ndarray, risk: Risk | None = None, fixed: bool = False
) -> tuple[np.ndarray, float]:
    """The path [H] moved while its merit rises, and that merit; with `risk`, cash at risk counts too.

    `allowed` [G]: jackpots of the coming week, which stays as it is if `fixed`.
    """
    value, everywhere = float(merit(horizon, path[None, :], risk)[0]), False
    risk = risk and risk.nearby()
    if risk:
        risk.learn(path)
    for _ in range(ROUNDS):
        single = _moves(path, allowed, fixed, everywhere)
        if not len(single):
            break
        alone = _hoped(horizon, np.vstack([path, single]), risk)
        pairs = _pairs(path, single, alone)
        candidates = np.vstack([single, pairs])
        hoped = np.append(alone.merit[1:], _hoped(horizon, pairs, risk).merit) if len(pairs) else alone.merit[1:]
        enough = value + BETTER * max(abs(value), 1.0)
        top, reached = _best(horizon, candidates, hoped, enough, risk)
        if reached > enough:
            path, value, everywhere = candidates[top], reached, False
        elif everywhere:
            break
        else:
            everywhere = True
    return path, value


def merit(horizon: Horizon, paths: np.ndarray, risk: Risk | None) -> np.ndarray:
    """Exact merit of paths, [M], millions."""
    weighed = appraise(horizon, paths)
    return (weighed if risk is None else _with(weighed, risk.left(paths), horizon)).merit


def _hoped(horizon: Horizon, paths: np.ndarray, risk: Risk | None) -> Appraisal:
    """Cash at risk by the rows learnt so far: merit is then a bound from above."""
    weighed = appraise(horizon, paths)
    return weighed if risk is None else _with(weighed, risk.left_at_most(paths), horizon)


def _with(weighed: Appraisal, left: np.ndarray, horizon: Horizon) -> Appraisal:
    dearest = np.append(weighed.prices, horizon.weeks * CASH)
    return Appraisal(weighed.net, np.hstack([weighed.slack, left[:, None]]), dearest, weighed.lump)


def _best(
    horizon: Horizon, candidates: np.ndarray, hoped: np.ndarray, enough: float, risk: Risk | None
) -> tuple[int, float]:
    """Place and merit of the best candidate, given bounds from above: confirmed from the most hopeful on, each refusal a lesson."""
    if risk is None:
        top = int(np.argmax(hoped))
        return top, float(hoped[top])
    best, reached = 0, -np.inf
    without = appraise(horizon, candidates)
    hoped = hoped.copy()
    for _ in range(LESSONS):
        some = np.argsort(-hoped, kind="stable")[:AT_ONCE]
        some = some[hoped[some] > max(reached, enough)]
        if not len(some):
            break
        exact = _with(without.of(some), risk.left(candidates[some]), horizon).merit
        if exact.max() > reached:
            best, reached = int(some[np.argmax(exact)]), float(exact.max())
        refused = exact[0] < hoped[some[0]] - BETTER * max(abs(exact[0]), 1.0)
        if refused:
            lesson = risk.learn(candidates[some[0]]).kept(candidates) - horizon.first.safety_buffer
            hoped = np.minimum(hoped, _with(without, lesson, horizon).merit)
        hoped[some] = -np.inf
    return best, reached


def ramps(horizon: Horizon, allowed: np.ndarray) -> np.ndarray:
    """Paths [G, H] that go to each jackpot as fast as the steps allow, and stay there."""
    p, jackpots = horizon.first, horizon.jackpots
    paths = np.empty((len(jackpots), horizon.weeks), int)
    for target in range(len(jackpots)):
        last = p.last_jackpot
        for week in range(horizon.weeks):
            within = allowed if week == 0 else _within_a_step(horizon, last)
            places = np.flatnonzero(within)
            paths[target, week] = places[np.argmin(np.abs(places - target))]
            last = float(jackpots[paths[target, week]])
    return paths


def search(
    horizon: Horizon, allowed: np.ndarray, *also: np.ndarray, risk: Risk | None = None
) -> tuple[np.ndarray, float]:
    """The best path found from the best ramps, and from the paths `also`. `allowed` [G]: jackpots of the coming week."""
    found = np.unique(ramps(horizon, allowed), axis=0)
    most = STARTS if risk is None else 1
    starts = [*found[np.argsort(-merit(horizon, found, risk), kind="stable")[:most]], *also]
    best, value = starts[0], -np.inf
    for start in starts:
        path, reached = improve(horizon, start, allowed, risk)
        if value == -np.inf or reached > value + BETTER * max(abs(value), 1.0):
            best, value = path, reached
    return best, value


def _within_a_step(horizon: Horizon, last: float) -> np.ndarray:
    p, jackpots = horizon.first, horizon.jackpots
    within = np.ones(len(jackpots), bool)
    if p.max_step_up is not None:
        within &= jackpots <= last + p.max_step_up + 1e-9
    if p.max_step_down is not None:
        within &= jackpots >= last - p.max_step_down - 1e-9
    return within if within.any() else np.ones(len(jackpots), bool)


def _moves(path: np.ndarray, allowed: np.ndarray, fixed: bool, everywhere: bool) -> np.ndarray:
    """One week moved, or all weeks from one on, by each reach either way; or one week to every place of the grid; [M, H]."""
    weeks, size = np.arange(int(fixed), len(path)), len(allowed)
    if everywhere:
        moved = np.repeat(path[None, :], len(weeks) * size, axis=0)
        moved[np.arange(len(moved)), np.repeat(weeks, size)] = np.tile(np.arange(size), len(weeks))
    else:
        reach = np.array([sign * r for r in REACH for sign in (1, -1)])
        alone = np.repeat(np.eye(len(path), dtype=int)[weeks], len(reach), axis=0)
        onwards = np.repeat(np.triu(np.ones((len(path), len(path)), int))[weeks], len(reach), axis=0)
        moved = np.clip(path + np.vstack([alone, onwards]) * np.tile(reach, 2 * len(weeks))[:, None], 0, size - 1)
    return moved[allowed[moved[:, 0]] & (moved != path).any(axis=1)]


def _pairs(path: np.ndarray, single: np.ndarray, alone: Appraisal) -> np.ndarray:
    """The pairs of single moves of different weeks that promise most, made at once; [P, H]."""
    gain, shift = alone.net[1:] - alone.net[0], alone.slack[1:] - alone.slack[0]
    order = [np.argsort(-values, kind="stable")[:PARTS] for values in (alone.merit[1:], gain)]
    parts = np.unique(np.concatenate(order))
    left, right = (parts[side] for side in np.triu_indices(len(parts), 1))
    apart = ~((single[left] != path) & (single[right] != path)).any(axis=1)
    left, right = left[apart], right[apart]
    promised = Appraisal(
        alone.net[0] + gain[left] + gain[right], alone.slack[0] + shift[left] + shift[right], alone.prices, alone.lump
    ).merit
    best = np.argsort(-promised, kind="stable")[:PAIRS]
    left, right = left[best], right[best]
    return np.where(single[left] != path, single[left], single[right])
