"""Who is champion: by the gates, by training end, and by what people decide."""

import pytest

from lottery_assets.audit.models import FolderHome, champion, promote, rollback, stages
from lottery_assets.complaints import BadInput
from lottery_assets_tests.audit.models.fits import NOW, register

BY = {"reason": "the data were mended", "by": "Ada", "at": NOW}


@pytest.fixture
def home(tmp_path) -> FolderHome:
    return FolderHome(str(tmp_path))


def test_of_the_versions_that_passed_the_one_trained_longest_is_champion(home):
    first, second = register(home, 1), register(home, 2)
    register(home, 3, passed=False)
    assert champion(home, "atlantis") == second
    assert {card.version: stage for card, stage in stages(home, "atlantis")}[first] == "retired"
    assert [stage for _, stage in stages(home, "atlantis")] == ["refused", "champion", "retired"]


def test_nobody_is_champion_before_a_fit_has_passed(home):
    assert champion(home, "atlantis") is None
    register(home, 1, passed=False)
    assert champion(home, "atlantis") is None


def test_a_week_of_the_past_sees_the_versions_of_its_time_only(home):
    first, second, third = (register(home, week) for week in (1, 2, 3))
    assert champion(home, "atlantis", third.trained_until) == second
    assert champion(home, "atlantis", second.trained_until) == first
    assert champion(home, "atlantis", first.trained_until) is None


def test_sales_delivered_again_make_the_later_fit_of_the_same_week_champion(home):
    register(home, 1, name="b", hours=0)
    again = register(home, 1, name="a", hours=1)
    assert champion(home, "atlantis") == again


def test_what_people_promote_holds_until_a_fit_of_a_later_week_passes(home):
    first = register(home, 1)
    register(home, 2)
    promote(home, "atlantis", first.version[:8], **BY)
    assert champion(home, "atlantis") == first
    register(home, 3, passed=False)
    assert champion(home, "atlantis") == first
    fourth = register(home, 4)
    assert champion(home, "atlantis") == fourth


def test_a_decision_changes_nothing_about_the_weeks_before_it(home):
    first, second, third = (register(home, week) for week in (1, 2, 3))
    promote(home, "atlantis", first.version[:8], **BY)
    assert champion(home, "atlantis", third.trained_until) == second


def test_a_version_that_was_rolled_back_comes_back_by_hand_only(home):
    first, second = register(home, 1), register(home, 2)
    decision = rollback(home, "atlantis", **BY)
    assert (decision.champion, decision.replaced, decision.by) == (first, second, "Ada")
    assert champion(home, "atlantis") == first
    assert [stage for _, stage in stages(home, "atlantis")] == ["rolled back", "champion"]
    promote(home, "atlantis", second.version[:8], **BY)
    assert champion(home, "atlantis") == second


def test_rolling_back_twice_goes_back_two_champions(home):
    first = register(home, 1)
    register(home, 2)
    register(home, 3)
    rollback(home, "atlantis", **BY)
    rollback(home, "atlantis", **BY)
    assert champion(home, "atlantis") == first


def test_rolling_back_a_promotion_brings_back_whom_it_replaced(home):
    second = register(home, 2)
    refused = register(home, 3, passed=False)
    promote(home, "atlantis", refused.version[:8], **BY)
    rollback(home, "atlantis", **BY)
    assert champion(home, "atlantis") == second


def test_decisions_are_kept_with_reason_and_name_one_after_the_other(home):
    register(home, 1)
    register(home, 2)
    rollback(home, "atlantis", **BY)
    promote(home, "atlantis", f"{2:02d}".ljust(8, "a"), **BY)
    kept = home.decisions("atlantis")
    assert [decision.kind for decision in kept] == ["rollback", "promote"]
    assert {(decision.reason, decision.by) for decision in kept} == {(BY["reason"], "Ada")}


@pytest.mark.parametrize(("asked", "said"), [("beef" * 4, "is no version"), ("01aa", "write at least 7")])
def test_a_version_that_cannot_be_told_is_named_with_those_there_are(home, asked, said):
    version = register(home, 1)
    register(home, 2)
    with pytest.raises(BadInput, match=said) as fault:
        promote(home, "atlantis", asked, **BY)
    assert version.short in str(fault.value)


def test_promoting_the_champion_is_told_to_be_needless(home):
    with pytest.raises(BadInput, match="champion already"):
        promote(home, "atlantis", register(home, 1).version, **BY)


def test_without_an_earlier_champion_there_is_nothing_to_go_back_to(home):
    register(home, 1)
    with pytest.raises(BadInput, match="no earlier champion"):
        rollback(home, "atlantis", **BY)
