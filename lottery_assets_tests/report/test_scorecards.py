"""The scorecard on a terminal and as a page, from games made by hand."""

import io
import re

import pytest
from rich.console import Console

from benchmarks.scorecard import written
from lottery_assets.report.scorecard_page import IN_WORDS, scorecard_page
from lottery_assets.report.scorecards import cells, percent, scorecard_table
from lottery_assets.simulation.families import FAMILIES
from lottery_assets.simulation.play import Game, Week
from lottery_assets.simulation.policies import ORACLE, POLICIES
from lottery_assets.simulation.scorecard import over_worlds, scorecard

EVERYBODY = (*POLICIES, ORACLE)


def game(world: str, policy: str, seed: int, net: float, oracle: float | None = 100.0, broken: int = 0) -> Game:
    week = Week(
        jackpot=10,
        expected_tickets=1e6,
        tickets_sold=1e6,
        expected_net_revenue=net / 4,
        won=False,
        cash=50,
        broken=(),
        undecided=False,
        in_band=True if policy == "product" else None,
        seconds=0.3,
    )
    weeks = [week.model_copy(update={"broken": ("payout_ratio_floor",)})] * broken + [week] * (4 - broken)
    return Game(
        world=world,
        policy=policy,
        seed=seed,
        horizon_weeks=2,
        safety_buffer=10,
        max_cash_breach=0.05,
        net_revenue=net,
        oracle=oracle,
        length=4,
        weeks=() if policy == ORACLE else tuple(weeks),
    )


def games(*worlds: str, oracle: float | None = 100.0) -> list[Game]:
    """Three of each policy; who comes later in the list earns less, and each seed a little less than the one before."""
    return [
        game(world, policy, seed, 100 if policy == ORACLE else 99 - 7.3 * place - seed / 3, oracle, broken=place % 3)
        for world in worlds
        for place, policy in enumerate(EVERYBODY)
        for seed in range(3)
        if policy != ORACLE or oracle
    ]


def printed(found) -> str:
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(scorecard_table(found))
    return console.export_text()


def words(page: str) -> list[str]:
    """Text of the elements, in their order."""
    return [text.strip() for text in re.findall(r">([^<>]+)<", page) if text.strip()]


def charts(page: str) -> list[str]:
    return re.findall(r"<svg.*?</svg>", page, re.DOTALL)


@pytest.mark.parametrize("apart", [0, 60, 600])
def test_eighty_columns_hold_every_name_and_figure_uncut(apart):
    """`apart`: by which the seeds of one policy differ, so that figures and their errors grow long."""
    ruin = [game("south_africa", "last_week", seed, 100 - apart * seed, broken=4) for seed in range(3)]
    found = scorecard([*games(*FAMILIES), game("south_africa", "first_pipeline", 0, 90.0), *ruin])
    text = printed(found)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
    lines = [line.strip() for line in text.splitlines()]
    for world, row in found.items():
        block = lines[lines.index(world) + 1 :][: len(row)]
        for line, (policy, score) in zip(block, row.items(), strict=True):
            assert line.split() == [policy, *" ".join(cells(score)).split()]


def test_figures_are_right_aligned_over_all_worlds():
    text = printed(scorecard([*games("habit"), game("season", "fixed", 0, -900.0), game("season", "fixed", 1, 20.0)]))
    header, *rows = [line for line in text.splitlines() if re.match(r"policy| (product|fixed)", line)]
    for name in ("worst", "broken"):
        ends = header.index(name) + len(name)
        assert all(re.match(r"\S( |$)", row[ends - 1 : ends + 1]) for row in rows)


def test_a_long_name_of_a_world_is_folded_and_not_cut():
    name = "a/rather/deep/folder/of/" + "worlds/" * 10 + "mine.py:strange"
    assert name in printed(scorecard(games(name))).replace("\n", "")


def test_the_page_needs_nothing_but_itself():
    page = scorecard_page(games("habit", "season"))
    addresses = re.findall(r'(\S*)="?(?:https?:)?//', page)
    assert {name for name in addresses if not name.startswith("xmlns")} == set()
    assert not re.search(r"<script|<link|<img|<iframe|@import|@font-face", page)
    assert all(reference.startswith("#") for reference in re.findall(r"(?:href|url)[=(]\"?([^\")]+)", page))


def test_the_page_has_one_chart_a_world_with_a_line_a_policy():
    page = scorecard_page(games(*FAMILIES))
    assert len(charts(page)) == len(FAMILIES)
    for chart in charts(page):
        assert [word for word in words(chart) if word in EVERYBODY] == list(EVERYBODY)


def test_no_two_elements_of_the_page_share_a_name():
    names = re.findall(r'\bid="([^"]+)"', scorecard_page(games(*FAMILIES)))
    assert len(names) == len(set(names))


def test_figures_of_chart_and_table_are_those_of_the_scorecard():
    played = games("habit")
    page, row = scorecard_page(played), scorecard(played)["habit"]
    drawn = words(charts(page)[0])
    for policy, score in row.items():
        place = drawn.index(policy)
        beside = [percent(score.regret), percent(score.worst_regret), str(score.rule_violations)]
        assert drawn[place + 1 : place + 4] == beside
        line = next(
            line
            for line in page.splitlines()
            if line.startswith(f'<tr><th scope="row">{policy}<') and 'class="rules' in line
        )
        assert percent(score.worst_regret) in words(line)
        assert f"{score.net_revenue:,.1f}" in words(line)


def test_games_are_dots_and_the_worst_is_ringed():
    chart = charts(scorecard_page([game("habit", "fixed", seed, 90 - seed) for seed in range(5)]))[0]
    assert chart.count("<use ") == 5 + 1 + 1


def test_where_nobody_knows_the_best_the_chart_is_beside_the_first_pipeline():
    played = games("mine.py:strange", oracle=None)
    page, row = scorecard_page(played), scorecard(played)["mine.py:strange"]
    drawn = words(charts(page)[0])
    assert "net revenue beside first_pipeline, %: more is better" in drawn
    assert drawn[drawn.index("fixed") + 1] == percent(row["fixed"].ahead_of_first_pipeline)
    assert "Where nobody knows the best (mine.py:strange)" in page


def test_without_the_first_pipeline_it_is_net_revenue_itself():
    played = [one for one in games("mine.py:strange", oracle=None) if one.policy in ("product", "fixed")]
    drawn = words(charts(scorecard_page(played))[0])
    assert "net revenue, millions: more is better" in drawn
    assert drawn[drawn.index("product") + 1] == f"{scorecard(played)['mine.py:strange']['product'].net_revenue:.2f}"


def test_a_policy_far_off_leaves_the_others_told_apart():
    """Points of the chart between regrets of 0.2 and 1.5 %, beside one of 70 %."""
    chart = charts(
        scorecard_page(
            [game("habit", policy, 0, net) for policy, net in zip(EVERYBODY, (99.8, 98.5, 30), strict=False)]
        )
    )[0]
    means = [float(x) for x in re.findall(r'<use [^>]*x="([\d.]+)"', chart)][::3]
    assert means[1] - means[0] > 10


@pytest.mark.parametrize("name", ["<b>x", 'x" onload="alert(1)', "a&b</svg><script>"])
def test_names_are_text_and_nothing_else(name):
    page = scorecard_page([game(name, policy, 0, 90) for policy in ("first_pipeline", "fixed")])
    assert name not in page
    assert "<script" not in page
    assert len(charts(page)) == 1


def test_the_same_games_give_the_same_bytes():
    played = games("habit", "season")
    again = [Game.model_validate_json(one.model_dump_json()) for one in played]
    assert scorecard_page(played) == scorecard_page(again)


def test_every_policy_is_said_in_plain_words():
    assert set(IN_WORDS) == set(EVERYBODY)


def test_over_worlds_each_counts_the_same_and_the_worst_is_of_all():
    found = scorecard([game("habit", "fixed", 0, 90), game("habit", "fixed", 1, 80), game("season", "fixed", 0, 99)])
    mean = over_worlds(found)["fixed"]
    assert mean.regret == pytest.approx((0.15 + 0.01) / 2)
    assert mean.worst_regret == pytest.approx(0.20)
    assert mean.regret_standard_error is None  # one game says nothing of its luck


def test_the_benchmark_has_the_families_mean_in_rows_of_its_own():
    text = written(games(*FAMILIES, "usa"))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    assert [row[:2] for row in rows[1:7]] == [["mean of 6 families", policy] for policy in EVERYBODY]
    assert len(rows) == 1 + len(EVERYBODY) * (1 + len(FAMILIES) + 1)
    assert {len(row) for row in rows} == {10}
    assert {row[2] for row in rows[7:]} == {"3"}
    assert "games of 4 weeks" in text
