"""Countries that share one treasury, decided as one function: what each gives up, who is missing, what is said."""

from dataclasses import replace

import pandas as pd
import pytest

from lottery_assets.country import CountryConfig, TreasuryConfig
from lottery_assets.simulation.families import FAMILIES
from lottery_assets.weekly import (
    BadInput,
    Case,
    Missing,
    NoRecommendation,
    case,
    decide,
    decide_pending,
    recommend,
    recommend_together,
)
from lottery_assets_tests.countries import country, sales


def treasury(**changes) -> TreasuryConfig:
    keys = {"countries": ["atlantis", "lemuria"], "currency": "EUR", "available_cash": 500, "safety_buffer": 10}
    return TreasuryConfig.model_validate(keys | changes)


def codes(recommendation) -> set[str]:
    return {warning.code for warning in recommendation.warnings}


def a_case(name: str, **changes) -> Case:
    return case(country(country_name=name, **changes), sales(name=name, seed=len(name)))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [a_case("atlantis"), a_case("lemuria")]


@pytest.fixture(scope="module")
def own(cases):
    return {
        c.config.country_name: recommend(c.config, sales(name=c.config.country_name, seed=len(c.config.country_name)))
        for c in cases
    }


def test_a_pool_that_holds_enough_changes_no_answer(cases, own):
    together = recommend_together(treasury(), cases)
    for name, joint in together.recommendations.items():
        drop = {"rules", "warnings"}
        assert joint.model_dump(exclude=drop) == own[name].model_dump(exclude=drop)
        assert joint.rules[:-1] == own[name].rules
        assert joint.rules[-1].rule == "treasury_cover"
        assert (joint.rules[-1].holds, joint.rules[-1].binding, joint.rules[-1].unit) == (
            True,
            False,
            "millions of EUR",
        )
        assert codes(joint) == codes(own[name])
    assert together.record.solver is None


@pytest.fixture(scope="module")
def squeezed(cases, own):
    """Enough for the larger jackpot, not for both."""
    cash = 10 + max(r.jackpot for r in own.values()) + 3
    return recommend_together(treasury(available_cash=cash), cases)


def test_a_pool_that_is_short_says_what_each_country_gave_up(squeezed, own):
    gave = {member.country: member for member in squeezed.record.countries if member.jackpot != member.own_jackpot}
    assert gave
    for name, joint in squeezed.recommendations.items():
        rule = joint.rules[-1]
        assert rule.holds
        assert rule.binding
        assert rule.value == pytest.approx(rule.limit + rule.slack) or rule.slack < rule.value - rule.limit
        assert all(rule.holds for rule in joint.rules)
        assert ("treasury_gave_up" in codes(joint)) == (name in gave)
        if name in gave:
            [warning] = [w for w in joint.warnings if w.code == "treasury_gave_up"]
            assert f"EUR {own[name].jackpot:g} million" in warning.message
            assert f"leaves {joint.jackpot:g}" in warning.message
            assert gave[name].own_jackpot == own[name].jackpot
            assert gave[name].gave_up > 0
            assert "treasury_cover" in joint.reasons.sentence
            assert joint.plan[0].jackpot == joint.jackpot < own[name].jackpot
        assert all(other.loss >= 0 for other in joint.alternatives)


def test_both_jackpots_at_once_leave_the_buffer_where_both_may_fall(squeezed):
    """Both falling has a chance of several in a hundred: the worst twentieth is mostly that."""
    [first, second] = squeezed.recommendations.values()
    both = first.chance_jackpot_falls * second.chance_jackpot_falls
    cash = squeezed.record.available_cash
    total = first.jackpot + second.jackpot
    assert squeezed.record.rule.value <= cash - total * min(both / 0.05, 1) + 1e-9
    for r in (first, second):
        assert cash - r.jackpot >= squeezed.record.safety_buffer


def test_plans_of_many_weeks_are_decided_together_too():
    long = [a_case("atlantis", horizon_weeks=4), a_case("lemuria", horizon_weeks=4)]
    rich = recommend_together(treasury(), long)
    cash = 10 + 1.2 * max(r.jackpot for r in rich.recommendations.values())
    joint = recommend_together(treasury(available_cash=cash), long)
    assert any(member.gave_up > 0 for member in joint.record.countries)
    for r in joint.recommendations.values():
        assert len(r.plan) == 4
        assert r.plan[0].jackpot == r.jackpot
        assert all(rule.holds for rule in r.rules)


def test_the_same_arguments_give_the_same_bytes(cases, squeezed):
    again = recommend_together(treasury(available_cash=squeezed.record.available_cash), cases)
    assert again.record.as_bytes() == squeezed.record.as_bytes()
    for name, joint in again.recommendations.items():
        assert joint.as_bytes() == squeezed.recommendations[name].as_bytes()


def test_amounts_in_another_currency_are_exchanged(cases):
    dear = [cases[0], a_case("lemuria", currency="GBP")]
    cash = 70
    rates = {"exchange_rates": {"GBP": 3.0}}
    found = recommend_together(treasury(available_cash=cash, **rates), dear)
    assert found.recommendations["lemuria"].jackpot * 3 <= cash - 10
    assert found.recommendations["lemuria"].rules[-1].unit == "millions of EUR"


def test_a_missing_country_is_reserved_its_last_jackpot_and_everybody_is_told(cases):
    lemuria = cases[1]
    missing = Missing("lemuria", "its run failed", lemuria.config, lemuria.weekly)
    found = recommend_together(treasury(), [cases[0], missing])
    assert set(found.recommendations) == {"atlantis"}
    [reserved] = found.record.reserved
    assert reserved.jackpot == sales(name="lemuria", seed=7)["jackpot_announced"].iloc[-1]
    [warning] = [w for w in found.recommendations["atlantis"].warnings if w.code == "treasury_member_missing"]
    assert f"EUR {reserved.jackpot:g} million" in warning.message
    full = recommend_together(treasury(), cases).record.rule.value
    assert found.record.rule.value < 500 - reserved.jackpot
    assert full != found.record.rule.value


def test_a_missing_country_without_sales_is_reserved_its_largest_jackpot(cases):
    found = recommend_together(treasury(), [cases[0], Missing("lemuria", "no sales", cases[1].config)])
    assert found.record.reserved[0].amount == 40


def test_a_country_whose_rules_collide_is_missing_with_its_reason(cases):
    found = recommend_together(treasury(), [cases[0], a_case("lemuria", min_payout_ratio_12m=0.69)])
    assert "keeps every rule" in found.record.reserved[0].reason
    assert "treasury_member_missing" in codes(found.recommendations["atlantis"])


def test_a_missing_country_that_pays_each_winner_is_reserved_several_jackpots(cases):
    config = country(country_name="lemuria", jackpot_prize="per_winner", prob_single_ticket_win=1e-6)
    [reserved] = recommend_together(
        treasury(), [cases[0], Missing("lemuria", "x", config, cases[1].weekly)]
    ).record.reserved
    assert reserved.amount > 2 * reserved.jackpot
    with pytest.raises(NoRecommendation, match="how many may win is not known"):
        recommend_together(treasury(), [cases[0], Missing("lemuria", "x", config)])


def test_a_country_of_which_nothing_can_be_read_stops_the_pool(cases):
    with pytest.raises(NoRecommendation, match="lemuria shares the treasury, and its configuration cannot be read"):
        recommend_together(treasury(), [cases[0], Missing("lemuria", "lemuria.yaml: line 1 is not YAML")])


def test_a_pool_without_enough_for_the_least_jackpots_says_by_how_much(cases):
    with pytest.raises(NoRecommendation, match=r"treasury_cover misses by .* millions of EUR") as refused:
        recommend_together(treasury(available_cash=11), cases)
    assert "atlantis at EUR" in str(refused.value)
    assert refused.value.diagnosis.misses[0].rule == "treasury_cover"


def test_nobody_with_a_recommendation_is_no_pool(cases):
    with pytest.raises(NoRecommendation, match="no country of the treasury"):
        recommend_together(treasury(), [Missing("atlantis", "x", cases[0].config)])


def test_weeks_that_differ_are_told(cases):
    rows = sales(name="lemuria", seed=7)
    early = case(country(country_name="lemuria"), rows.iloc[:-1])
    found = recommend_together(treasury(), [cases[0], early])
    for r in found.recommendations.values():
        [warning] = [w for w in r.warnings if w.code == "treasury_weeks_differ"]
        assert "atlantis 2024-01-29, lemuria 2024-01-22" in warning.message
    assert str(found.record.week_start) == "2024-01-29"


def test_unknown_cash_of_the_pool_is_never_guessed(cases):
    secret = treasury(available_cash=None, available_cash_secret_name="lottery/pool")
    with pytest.raises(BadInput, match="lottery/pool"):
        recommend_together(secret, cases)


def test_unknown_cash_of_a_country_makes_it_a_missing_one(cases):
    config = country(country_name="lemuria", available_cash=None, available_cash_secret_name="lottery/lemuria")
    found = recommend_together(treasury(), [cases[0], replace(cases[1], config=config)])
    assert "lottery/lemuria" in found.record.reserved[0].reason


def test_a_frame_of_many_countries_makes_each_its_case():
    rows = pd.concat([sales(name="atlantis", seed=8), sales(name="lemuria", seed=7)], ignore_index=True)
    both = [case(country(country_name=name), rows) for name in ("atlantis", "lemuria")]
    assert set(recommend_together(treasury(), both).recommendations) == {"atlantis", "lemuria"}


def test_what_a_country_says_before_the_pool_is_no_experiment_for_the_pool_makes_none():
    """A market that alone would be experimented with."""
    world = FAMILIES["s_curve"](1006)
    its = case(CountryConfig.model_validate(world.config | {"horizon_weeks": 1}), world.history.tail(40))
    parts = (its.config, its.weekly, its.table, its.model)
    alone, before = decide(*parts), decide_pending(*parts)
    together = recommend_together(treasury(countries=["s_curve"]), [its])
    assert "experiment" in codes(alone)
    assert "experiment" not in codes(before)
    assert "experiment" not in before.reasons.sentence
    assert before.jackpot != alone.jackpot
    assert before.jackpot == together.recommendations["s_curve"].jackpot
    assert together.record.countries[0].own_jackpot == before.jackpot
