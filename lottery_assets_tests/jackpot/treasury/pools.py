"""Small pools in numbers, and brute force over every combination of jackpots and every set of winners."""

from itertools import product

import numpy as np

from lottery_assets.jackpot.treasury.pool import Member, Pool


def random_pool(seed: int, size: int | None = None, jackpots: int | None = None) -> tuple[Pool, list[np.ndarray]]:
    """A few countries whose wishes often exceed the pool, and what each jackpot is worth to each of them."""
    rng = np.random.default_rng(seed)
    members, worths = [], []
    for n in range(size or int(rng.integers(1, 5))):
        many = jackpots or int(rng.integers(2, 8))
        grid = float(rng.choice([0.5, 1.0, 5.0])) * np.arange(first := int(rng.integers(1, 8)), first + many)
        falls = np.sort(rng.uniform(0.005, rng.choice([0.03, 0.5, 0.99]), many))
        worth = 100 + rng.uniform(0.5, 3) * grid - rng.uniform(0.0, 2.0) * grid * falls + rng.normal(0, 0.3, many)
        worth[(rng.random(many) < 0.15) & (np.arange(many) > 0)] = -np.inf
        exposure = grid * (1 if rng.random() < 0.8 else rng.integers(1, 4))
        own = int(np.argmax(worth))
        members.append(Member(f"country{n}", "EUR", float(rng.choice([1.0, 0.18, 5.0])), grid, falls, exposure, own))
        worths.append(worth)
    wished = sum(float(m.amounts[m.own]) for m in members)
    cash = float(rng.uniform(0.3, 1.2) * wished)
    buffer = float(rng.uniform(0, 0.3) * cash)
    return Pool(tuple(members), (), "EUR", cash, buffer, float(rng.choice([0.01, 0.05, 0.3, 1.0]))), worths


def by_hand(pool: Pool, places: tuple[int, ...]) -> float:
    """Mean payout of the worst share of futures: sets of winners, the dearest first, until their chances fill the share."""
    futures = []
    for wins in product((False, True), repeat=len(pool.members)):
        chance, paid = 1.0, 0.0
        for member, place, win in zip(pool.members, places, wins, strict=True):
            falls = float(member.chance_falls[place])
            chance *= falls if win else 1 - falls
            paid += float(member.rate * member.exposure[place]) if win else 0.0
        futures.append((paid, chance))
    left, total = pool.max_cash_breach, 0.0
    for paid, chance in sorted(futures, reverse=True):
        part = min(chance, left)
        total, left = total + part * paid, left - part
    return total / pool.max_cash_breach


def brute_force(pool: Pool, worths: list[np.ndarray]) -> float | None:
    """The highest worth of all combinations that keep the rule."""
    best = None
    for places in product(*(np.flatnonzero(np.isfinite(worth)).tolist() for worth in worths)):
        alone = max(float(m.rate * m.exposure[g]) for m, g in zip(pool.members, places, strict=True))
        room = pool.available_cash - pool.safety_buffer + 1e-9 * max(pool.safety_buffer, 1.0)
        if alone <= room and by_hand(pool, places) <= room:
            value = sum(m.rate * w[g] for m, w, g in zip(pool.members, worths, places, strict=True))
            best = value if best is None else max(best, float(value))
    return best
