"""A configuration from a mapping: what is accepted, and what each fault says."""

from decimal import Decimal

import numpy as np
import pytest
from pydantic import ValidationError

from lottery_assets.country import CountryConfig
from lottery_assets_tests.countries import country, settings


def messages(**changes) -> dict[str, str]:
    """Message of each key that is refused."""
    with pytest.raises(ValidationError) as refused:
        CountryConfig.model_validate(settings(**changes))
    return {str(line["loc"][0]): line["msg"] for line in refused.value.errors()}


def test_what_is_left_out_has_the_contracts_defaults():
    config = country(max_payout_ratio_12m=None, horizon_weeks=None)
    assert (config.max_payout_ratio_12m, config.max_step_up, config.max_step_down) == (None, None, None)
    assert (config.no_fall_unless_won, config.jackpot_prize) == (False, "shared")
    assert (config.horizon_weeks, config.max_cash_breach) == (12, 0.05)
    assert (config.timezone, config.holidays, config.game) == ("UTC", None, None)


def test_a_configuration_cannot_be_changed_and_survives_a_round_trip():
    config = country()
    with pytest.raises(ValidationError):
        config.ticket_price = 3.0
    assert CountryConfig.model_validate(config.model_dump()) == config
    assert CountryConfig.model_validate_json(config.model_dump_json()) == config


@pytest.mark.parametrize("chance", ["1/50063860", " 1 / 50063860 ", 1 / 50063860, np.float64(1 / 50063860)])
def test_the_chance_of_a_ticket_is_a_number_or_a_fraction(chance):
    assert country(prob_single_ticket_win=chance).prob_single_ticket_win == pytest.approx(1 / 50063860, rel=1e-12)


def test_numpy_scalars_and_whole_floats_are_welcome():
    config = country(
        ticket_price=np.float32(2.1), min_jackpot=np.int64(3), horizon_weeks=4.0, no_fall_unless_won=np.True_
    )
    assert (config.ticket_price, config.min_jackpot) == (2.1, 3.0)
    assert (config.horizon_weeks, config.no_fall_unless_won) == (4, True)
    assert type(config.ticket_price) is float
    assert type(config.horizon_weeks) is int
    assert type(config.no_fall_unless_won) is bool


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("secondary_prize_payout_percentage", 12, "is 12; it is a fraction of sales, write 0.12"),
        ("secondary_prize_payout_percentage", "12 %", "is '12 %'; it is a fraction of sales, write 0.12"),
        ("secondary_prize_payout_percentage", 1, "write a number between 0 and 1"),
        ("secondary_prize_payout_percentage", -0.1, "is -0.1"),
        ("min_payout_ratio_12m", 45, "write 0.45"),
        ("max_payout_ratio_12m", 0, "is 0;"),
        ("ticket_price", "2.5", "is '2.5'; it is the price of one ticket, write 2.5 without quotes"),
        ("ticket_price", "6,00", "write 6.00"),
        ("ticket_price", 0, "is 0; it is the price of one ticket, write a number above 0"),
        ("ticket_price", True, "is True; it is the price of one ticket, write a number"),
        ("ticket_price", float("nan"), "is nan; it is the price of one ticket, write a finite number"),
        ("ticket_price", [2], "is [2]; it is the price of one ticket, write a number"),
        ("ticket_price", 10**400, "write a finite number"),
        ("min_jackpot", -3, "is -3; it is the least jackpot, in millions, write a number above 0"),
        ("max_jackpot", float("inf"), "write a finite number"),
        ("max_jackpot", "1,500.5", "write 1500.5"),
        ("available_cash", -1, "is -1; it is the treasury's cash, in millions, write a number of at least 0"),
        ("available_cash", "1.234.567,5", "write 1234567.5"),
        ("safety_buffer", "forty", "is 'forty'; it is cash that must remain, in millions, write a number"),
        ("safety_buffer", -1, "of at least 0"),
        ("max_step_up", -1, "of at least 0"),
        ("max_step_down", {"a": 1}, "write a number"),
        ("announcement_step", 0, "write a number above 0"),
        ("horizon_weeks", 0, "write a whole number from 1 to 52"),
        ("horizon_weeks", 53, "is 53; it is the weeks planned ahead, write a whole number from 1 to 52"),
        ("horizon_weeks", 2.5, "write a whole number"),
        ("max_cash_breach", 0, "between 0 and 1"),
        ("max_cash_breach", 1, "between 0 and 1"),
        ("max_cash_breach", 5, "is 5; it is a fraction of futures, write 0.05"),
        ("prob_single_ticket_win", 0, "above 0 and below 1"),
        ("prob_single_ticket_win", 50063860, "write 1/50063860"),
        ("prob_single_ticket_win", "1/50,063,860", "write 1/50063860"),
        ("prob_single_ticket_win", "1 in 50063860", "write 1/50063860"),
        ("prob_single_ticket_win", "1e-7", "write 1e-7 without quotes, or the fraction 1/10000000"),
        ("prob_single_ticket_win", "3/2", "is '3/2'"),
        ("prob_single_ticket_win", "1/0", "write it as 1/50063860"),
        ("prob_single_ticket_win", "rare", "a fraction such as 1/50063860"),
        ("jackpot_prize", "share", "is 'share'; write shared"),
        ("jackpot_prize", 1, "write shared or per_winner"),
        ("no_fall_unless_won", "maybe", "is 'maybe'; write true or false"),
        ("no_fall_unless_won", 2, "write true or false"),
        ("currency", "brl", "it is an ISO 4217 code, write BRL"),
        ("currency", "EURO", "it is an ISO 4217 code, write"),
        ("currency", "1", "write its three letters, such as BRL"),
        ("timezone", "America/SaoPaulo", "it is an IANA time zone, write America/Sao_Paulo"),
        ("timezone", "../etc/passwd", "it is an IANA time zone"),
        ("holidays", "UK", "write GB"),
        ("holidays", "br", "write BR"),
        ("holidays", "Brazil", "write one such as BR"),
        ("holidays", False, "write it in quotes: 'NO'"),
        ("country_name", False, "write it in quotes: 'NO'"),
        ("country_name", 7, "is 7; it is a name, write it in quotes"),
        ("country_name", " brazil", "without blanks around it"),
        ("country_name", "a/b", "slashes"),
        ("country_name", "treasury", "a reserved name"),
        ("game", 649, "is 649; it is text, write it in quotes"),
        ("game", " ", "is empty"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_key_value_and_remedy(key, value, says):
    found = messages(**{key: value})
    assert list(found) == [key]
    assert found[key].startswith(f"{key} is ")
    assert says in found[key]


def test_yes_and_no_are_truth_values():
    assert country(no_fall_unless_won="yes").no_fall_unless_won is True
    assert country(no_fall_unless_won="off").no_fall_unless_won is False


@pytest.mark.parametrize("key", [key for key, field in CountryConfig.model_fields.items() if field.is_required()])
def test_a_missing_key_says_what_to_add_and_in_which_unit(key):
    message = messages(**{key: None})[key]
    assert message.startswith(f"{key} is missing; add it, for example `{key}: ")
    assert str(CountryConfig.model_fields[key].json_schema_extra["unit"]) in message


def test_an_unknown_key_suggests_the_nearest_one():
    assert messages(min_jackpots=3) == {
        "min_jackpots": "min_jackpots is no key of a configuration; did you mean min_jackpot?"
    }
    assert "the keys are country_name, currency" in messages(colour="blue")["colour"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("announcement_step", "optimization_grid_steps"), ("available_cash", "available_cash_secret_name")],
)
def test_of_two_keys_exactly_one_is_given(one, other):
    values = {
        "announcement_step": 1,
        "optimization_grid_steps": 20,
        "available_cash": 9,
        "available_cash_secret_name": "x",
    }
    both = messages(**{one: values[one], other: values[other]})
    assert both == {other: f"{one} and {other} are both given; they exclude each other, keep one"}
    neither = messages(**{one: None, other: None})
    assert neither == {one: f"{one} is missing, and so is {other}; add one of the two"}


def test_a_broken_key_of_a_pair_is_not_called_missing():
    assert list(messages(available_cash="much")) == ["available_cash"]


def test_bounds_that_exclude_each_other_are_refused():
    assert "min_jackpot is 50, above max_jackpot 40" in messages(min_jackpot=50)["min_jackpot"]
    ratio = messages(min_payout_ratio_12m=0.8)["min_payout_ratio_12m"]
    assert "min_payout_ratio_12m is 0.8, above max_payout_ratio_12m 0.7" in ratio


def test_bounds_without_an_admissible_jackpot_name_the_nearest():
    message = messages(min_jackpot=11, max_jackpot=14, announcement_step=5)["announcement_step"]
    assert "announcement_step is 5" in message
    assert "the nearest are 10 and 15" in message


@pytest.mark.parametrize(("key", "way"), [("max_step_up", "rise"), ("max_step_down", "fall")])
def test_a_change_smaller_than_the_step_is_refused(key, way):
    assert messages(announcement_step=5, **{key: 3}) == {
        key: f"{key} is 3, less than announcement_step 5, so no jackpot could {way}; write 5 or more, or 0 if that is meant"
    }
    for sound in (0, 5):
        assert getattr(country(announcement_step=5, **{key: sound}), key) == sound


def test_a_grid_too_fine_to_be_searched_says_which_step_to_take():
    message = messages(announcement_step=0.001)["announcement_step"]
    assert "38,001 jackpots" in message
    assert "write 0.2 or more" in message
    assert (
        "from 2 to 20,000"
        in messages(announcement_step=None, optimization_grid_steps=30_000)["optimization_grid_steps"]
    )


def test_every_fault_is_told_at_once_also_those_between_keys():
    found = messages(ticket_price="x", min_jackpot=50, currency=None, announcement_stp=1, announcement_step=None)
    assert set(found) == {"ticket_price", "min_jackpot", "currency", "announcement_stp", "announcement_step"}


def test_something_else_than_a_mapping_is_refused():
    with pytest.raises(ValidationError, match="dictionary"):
        CountryConfig.model_validate([1])


def test_jackpots_are_the_whole_multiples_of_the_step_within_the_bounds():
    assert country(min_jackpot=3, max_jackpot=5.2, announcement_step=0.5).jackpots.tolist() == [3, 3.5, 4, 4.5, 5]
    assert country(min_jackpot=7, max_jackpot=22, announcement_step=5).jackpots.tolist() == [10, 15, 20]
    assert country(min_jackpot=4, max_jackpot=4, announcement_step=2).jackpots.tolist() == [4]


def test_jackpots_are_clean_decimals():
    jackpots = country(min_jackpot=0.1, max_jackpot=40, announcement_step=0.1).jackpots
    assert len(jackpots) == 400
    assert all(Decimal(repr(float(jackpot))) == Decimal(place) / 10 for place, jackpot in enumerate(jackpots, start=1))


def test_without_a_step_jackpots_are_equally_spaced_with_exact_ends():
    jackpots = country(
        min_jackpot=2, max_jackpot=37.1234567, announcement_step=None, optimization_grid_steps=50
    ).jackpots
    assert (jackpots[0], jackpots[-1], len(jackpots)) == (2.0, 37.1234567, 50)
    assert np.all(np.diff(jackpots) > 0)
    assert jackpots == pytest.approx(np.linspace(2, 37.1234567, 50), abs=5e-7)
    assert jackpots[1:-1].tolist() == np.round(jackpots[1:-1], 6).tolist()


def test_jackpots_cannot_be_changed_by_who_reads_them():
    with pytest.raises(ValueError, match="read-only"):
        country().jackpots[0] = 1


def test_reading_jackpots_leaves_configurations_comparable():
    one, other = country(), country()
    assert len(one.jackpots) == len(other.jackpots)
    assert one == other
    assert hash(one) == hash(other)


def test_with_cash_puts_the_figure_in_place_of_the_secret():
    config = country(available_cash=None, available_cash_secret_name="lottery/atlantis")
    known = config.with_cash(77.5)
    assert (known.available_cash, known.available_cash_secret_name) == (77.5, None)
    assert known.with_cash(3).available_cash == 3
    assert config.available_cash is None
    with pytest.raises(ValidationError, match="available_cash is -1"):
        config.with_cash(-1)
