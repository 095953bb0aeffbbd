"""A past week is decided again from what it was decided from; what cannot be had any more is named."""

import json
from pathlib import Path

import pytest

from lottery_assets.audit.replay import Refused, Replay, past_record
from lottery_assets.audit.replay.models import as_decided
from lottery_assets_tests.audit.replay.history import SECRET, WEEK, History


@pytest.fixture
def history(tmp_path) -> History:
    return History(tmp_path)


def causes(found: Replay) -> list[str]:
    return [cause.kind for cause in found.causes]


def fields(found: Replay) -> list[str]:
    return [its.field for its in found.differences]


def test_the_same_inputs_give_the_same_bytes(history):
    found = history.replay(history.publish())
    assert (found.same, found.differences, found.causes) == (True, (), ())


def test_sales_that_were_delivered_since_change_nothing(history):
    past = history.publish()
    history.change("data/sales.csv", "one\ntwo\n")
    assert history.replay(past).same


def test_a_configuration_that_was_committed_since_changes_nothing(history):
    past = history.publish()
    history.change("configs/brazil.yaml", "country_name: brazil\nhorizon_weeks: 1\n")
    assert history.replay(past).same


def test_commits_that_touch_neither_code_nor_lock_are_no_difference(history):
    past = history.publish()
    history.change("README.md", "news")
    assert history.replay(past).same


def test_sales_that_no_store_has_are_named_with_where_they_were_sought(history):
    past = history.publish(kept=False)
    history.change("data/sales.csv", "one\ntwo\n")
    with pytest.raises(Refused) as refused:
        history.replay(past)
    for said in (past.provenance.data_version, f"{history.artifacts}/data", "--anyway"):
        assert said in str(refused.value)
    found = history.replay(past, anyway=True)
    assert (causes(found), fields(found)) == (["data"], ["plan[1].sales"])


def test_a_copy_of_the_sales_of_then_will_do(history, tmp_path):
    past = history.publish(kept=False)
    history.change("data/sales.csv", "one\ntwo\n")
    (tmp_path / "backup.csv").write_text("one\n")
    assert history.replay(past, places={"data": str(tmp_path / "backup.csv")}).same


def test_no_sales_at_all_are_not_replayed_whatever_is_asked(history):
    past = history.publish(kept=False)
    Path(history.places.data).unlink()
    with pytest.raises(Refused, match="--data"):
        history.replay(past, anyway=True)


def test_a_configuration_that_was_never_committed_is_named(history):
    history.change("configs/brazil.yaml", "country_name: brazil\nmax_jackpot: 1\n", commit=False)
    past = history.publish()
    history.change("configs/brazil.yaml", "country_name: brazil\nmax_jackpot: 2\n")
    with pytest.raises(Refused, match=r"brazil\.yaml: is not what it was"):
        history.replay(past)
    found = history.replay(past, anyway=True)
    assert (causes(found), fields(found)) == (["config"], ["config"])


def test_code_that_differs_is_refused_by_file_and_replayed_at_its_commit(history):
    past = history.publish()
    history.change("lottery_assets/rule.py", "cash = 2\n")
    with pytest.raises(Refused, match=r"lottery_assets/rule\.py") as refused:
        history.replay(past)
    assert "--at-commit" in str(refused.value)
    assert history.replay(past, at_commit=True).same
    found = history.replay(past, anyway=True)
    assert (causes(found), fields(found)) == (["code"], ["rule"])
    assert (found.differences[0].recorded, found.differences[0].replayed) == ("cash = 1\n", "cash = 2\n")


def test_code_that_is_not_committed_is_code_that_differs(history):
    past = history.publish()
    history.change("lottery_assets/new.py", "", commit=False)
    with pytest.raises(Refused, match="the code of this checkout differs"):
        history.replay(past)


def test_a_record_of_code_that_was_never_committed_is_found_out_at_its_commit_too(history):
    history.change("lottery_assets/rule.py", "cash = 2\n", commit=False)
    past = history.publish()
    assert history.replay(past).same
    history.change("lottery_assets/rule.py", "cash = 3\n", commit=False)
    for at_commit in (False, True):
        with pytest.raises(Refused, match="changes that were never committed"):
            history.replay(past, at_commit=at_commit)


def test_packages_that_differ_are_refused_and_built_from_the_lock_of_then(history):
    past = history.publish()
    history.change("requirements/run.txt", "numpy==3\n")
    with pytest.raises(Refused, match="lock of packages is not what it was"):
        history.replay(past)
    found = history.replay(past, anyway=True)
    assert (causes(found), fields(found)) == (["lock"], ["packages"])
    assert history.replay(past, at_commit=True).same
    assert history.built == ["numpy==2\n"]


def test_a_record_from_before_code_had_a_digest_is_held_to_its_commit(history):
    past = history.publish(code_sha256=None)
    assert history.replay(past).same
    history.commit()
    with pytest.raises(Refused, match="the code of this checkout differs"):
        history.replay(past)
    assert history.replay(past, at_commit=True).same


def test_a_lock_that_is_the_same_needs_no_packages_built(history):
    past = history.publish()
    history.change("lottery_assets/rule.py", "cash = 2\n")
    assert history.replay(past, at_commit=True).same
    assert history.built == []


def test_another_solver_under_the_same_lock_is_the_likely_cause(history):
    past = history.publish()
    history.solver, history.noise = "1.16", 1e-9
    found = history.replay(past)
    assert (causes(found), fields(found)) == (["solver"], ["solver.version", "noise"])
    assert "HiGHS 1.15 then and is 1.16 now" in found.causes[0].message


def test_another_model_from_the_same_inputs_is_the_likely_cause(history):
    past = history.publish()
    history.model, history.noise = "champion", 1
    assert causes(history.replay(past)) == ["model"]


def test_a_difference_without_a_cause_is_not_blamed_on_anything(history):
    past = history.publish()
    history.noise = 1
    found = history.replay(past)
    assert (causes(found), fields(found)) == (["unknown"], ["noise"])


@pytest.mark.parametrize(("noise", "cause"), [(0.1 + 1e-9, "digits"), (0.1 + 1e-6, "unknown"), (-0.1, "unknown")])
def test_another_processors_last_digits_are_not_taken_for_another_answer(history, noise, cause):
    history.noise = 0.1
    past = history.publish()
    history.noise = noise
    assert causes(history.replay(past)) == [cause]


def test_several_causes_are_all_named(history):
    past = history.publish(kept=False)
    history.change("data/sales.csv", "two\n")
    history.change("requirements/run.txt", "numpy==3\n")
    history.change("lottery_assets/rule.py", "cash = 2\n")
    found = history.replay(past, anyway=True)
    assert causes(found) == ["data", "code", "lock"]
    assert fields(found) == ["rule", "plan[0].sales", "packages"]


def test_a_week_without_a_recommendation_now_says_why(history):
    past = history.publish()
    history.reason = "no jackpot keeps every rule"
    found = history.replay(past)
    assert (found.same, found.reason) == (False, history.reason)


def test_cash_of_a_secret_is_what_the_record_has_of_it(history):
    history.change("configs/brazil.yaml", f"country_name: brazil\n{SECRET}")
    past = history.publish(cash=120.5)
    assert history.replay(past).same


def test_the_run_is_told_the_week_that_the_first_one_was_told(history):
    history.replay(history.publish(week_asked=None))
    history.change("data/sales.csv", "two\n")
    history.replay(history.publish(week_asked=WEEK))
    assert [task.week_asked for task in history.tasks] == [None, WEEK]


BEFORE, LATER = "2026-09-06T12:00:00Z", "2026-09-06T12:00:01Z"


def keep_models(history, country: str, **registered: str) -> list[str]:
    """Versions by their names, registered when said; paths below the folder of the models."""
    files = []
    for version, at in registered.items():
        folder = f"{country}/versions/2026-08-31-{version}"
        for name in ("card.json", "model.json"):
            files.append(f"{folder}/{name}")
            put(history, files[-1], {"registered_at": at, "version": {"version": version}})
    return files


def put(history, file: str, content: dict) -> None:
    path = Path(history.places.models) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def test_the_run_finds_the_models_and_the_decisions_of_then_and_no_later_ones(history):
    past = history.publish()
    of_then = keep_models(history, "brazil", old=BEFORE, later=LATER)[:2]
    keep_models(history, "usa", old=BEFORE)
    put(history, "brazil/versions/2026-08-31-torn/model.json", {})
    put(history, "brazil/decisions/0001.json", {"at": BEFORE})
    put(history, "brazil/decisions/0002.json", {"at": LATER})
    assert history.replay(past).same
    assert sorted(history.models) == ["brazil/decisions/0001.json", *of_then]


def test_a_model_that_recommended_in_the_place_of_the_fit_and_is_gone_is_named(history):
    history.model = "champion"
    past = history.publish(challenger="fit")
    keep_models(history, "brazil", fit=BEFORE)
    with pytest.raises(Refused, match=r"model champion, which recommended in the place .* LOTTERY_MODELS"):
        history.replay(past)
    history.noise = 1
    assert causes(history.replay(past, anyway=True)) == ["model"]
    history.noise = 0
    keep_models(history, "brazil", champion=BEFORE)
    assert history.replay(past).same


@pytest.mark.parametrize(
    ("passed", "challenger", "then"),
    [(True, "own", [True, False]), (False, None, [True]), (True, None, [True]), (False, "own", [False])],
    ids=["rejected", "approved", "passed", "refused"],
)
def test_what_people_said_in_a_registry_apart_is_taken_from_the_record(history, passed, challenger, then):
    by = "champion" if challenger else "own"
    its = history.publish(model_version=by, model_stage="champion", challenger=challenger).provenance
    card = {"version": {"version": "own"}, "verdict": {"gates": [{"name": "calibrated", "passed": passed}]}}
    gates = json.loads(as_decided(json.dumps(card).encode(), its))["verdict"]["gates"]
    assert [gate["passed"] for gate in gates] == then


def test_an_image_has_no_git_and_knows_its_code_all_the_same(history, tmp_path):
    past = history.publish()
    (history.checkout / ".git").rename(tmp_path / "gone")
    assert history.replay(past).same
    with pytest.raises(Refused, match="has no commit"):
        history.replay(past, at_commit=True)


def test_a_lock_from_elsewhere_has_no_version_of_then(history, tmp_path):
    past = history.publish()
    with pytest.raises(Refused, match="LOTTERY_LOCK_FILE"):
        history.replay(past, at_commit=True, places={"lock_file": tmp_path / "other.txt"})


def test_nothing_of_the_worktree_is_left(history):
    history.replay(history.publish(), at_commit=True)
    assert len(history.git("worktree", "list").splitlines()) == 1


def test_a_changed_record_is_not_replayed(history):
    (history.publish().folder / "recommendation.json").write_bytes(b"{}")
    with pytest.raises(Refused, match="verify-artifacts brazil"):
        past_record(history.artifacts, "brazil", WEEK)


def test_a_revision_is_chosen_by_its_number_and_one_that_is_not_there_is_told_with_those_that_are(history):
    first = history.publish()
    history.change("lottery_assets/rule.py", "cash = 2\n")
    assert history.publish().revision == 2
    assert past_record(history.artifacts, "brazil", WEEK, 1) == first
    with pytest.raises(Refused, match="no revision r3 of brazil, week of 2026-09-07; there are r1, r2"):
        past_record(history.artifacts, "brazil", WEEK, 3)
    with pytest.raises(Refused, match="holds no usa"):
        past_record(history.artifacts, "usa", WEEK)
