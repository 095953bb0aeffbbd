"""The proposed file: nothing accepts it before its questions are answered, and everything does after."""

import pytest

from lottery_assets.complaints import BadInput
from lottery_assets.country import load_country
from lottery_assets.onboarding import evidence, proposal, questions, unanswered, write
from lottery_assets_tests import countries

ANSWERS = {
    "currency": "EUR",
    "prob_single_ticket_win": "1/14000000",
    "secondary_prize_payout_percentage": "0.25",
    "min_payout_ratio_12m": "0.3",
    "available_cash": "80",
    "safety_buffer": "10",
}


@pytest.fixture(scope="module")
def its():
    return evidence("atlantis", countries.sales(), "rows.csv")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "configs" / "atlantis.yaml"


def test_an_unanswered_file_is_refused_and_says_what_is_missing(its, file):
    proposed = proposal(its, {})
    write(file, proposed.text)
    assert {question.key for question in proposed.questions} == set(ANSWERS)
    with pytest.raises(BadInput) as caught:
        load_country(file)
    assert {complaint.key for complaint in caught.value.complaints} == set(ANSWERS)


def test_every_question_says_what_is_typical(its):
    text = proposal(its, {}).text
    for question in questions(its):
        assert f"# typical: {question.typical}\n" in text
        assert f"# {question.key}: ?" in text.splitlines()


def test_an_answered_file_is_a_configuration(its, file):
    proposed = proposal(its, ANSWERS | {"game": "Lotto", "max_payout_ratio_12m": "0.7"})
    write(file, proposed.text)
    assert proposed.questions == ()
    config = load_country(file)
    assert config.prob_single_ticket_win == 1 / 14e6
    assert (config.min_jackpot, config.max_jackpot, config.announcement_step) == (*its.range, its.step)
    assert (config.game, config.max_payout_ratio_12m) == ("Lotto", 0.7)


def test_an_answer_that_cannot_be_is_refused_with_the_remedy(its):
    with pytest.raises(BadInput, match=r"fraction of sales, write 0\.12"):
        proposal(its, {"secondary_prize_payout_percentage": "12"})


def test_answers_written_into_the_file_close_their_questions(its, file):
    text = proposal(its, {}).text
    for key, value in ANSWERS.items():
        if key != "safety_buffer":
            text = text.replace(f"# {key}: ?", f"{key}: {value}")
    write(file, text)
    assert [question.key for question in unanswered(file, questions(its))] == ["safety_buffer"]


def test_the_name_of_a_secret_answers_the_question_of_cash(its, file):
    write(file, proposal(its, {}).text.replace("# available_cash: ?", "available_cash_secret_name: lottery/cash"))
    assert "available_cash" not in {question.key for question in unanswered(file, questions(its))}


def test_an_answer_that_is_still_a_comment_is_told_with_its_line(its, file):
    write(file, proposal(its, {}).text.replace("# currency: ?", "# currency: EUR"))
    line = file.read_text().splitlines().index("# currency: EUR") + 1
    with pytest.raises(BadInput, match=f"line {line} answers currency .* write `currency: EUR` without the #"):
        unanswered(file, questions(its))


def test_a_file_that_is_there_is_never_written_over(file):
    write(file, "mine\n")
    with pytest.raises(FileExistsError):
        write(file, "yours\n")
    assert file.read_text() == "mine\n"


@pytest.mark.parametrize("name", ["null", "1e5", "a: b", "a #b", "[x]", "'q'", '"dq"', "~", "Côte d'Ivoire"])
def test_a_name_that_yaml_would_read_as_something_else_is_quoted(tmp_path, name):
    rows = countries.sales(name=name)
    proposed = proposal(evidence(name, rows, "rows.csv"), ANSWERS | {"game": f"Lotto: {name} # 6/49", "holidays": "NO"})
    file = tmp_path / f"{name}.yaml"
    write(file, proposed.text)
    config = load_country(file)
    assert (config.country_name, config.game, config.holidays) == (name, f"Lotto: {name} # 6/49", "NO")


def test_an_answer_that_breaks_the_file_is_refused_and_nothing_is_written(its):
    with pytest.raises(BadInput, match=r"available_cash '\[': an answer is no YAML value"):
        proposal(its, {"available_cash": "["})


@pytest.mark.parametrize("folder", ["configs", "configs/more"])
def test_a_folder_in_which_nothing_can_be_written_is_told(tmp_path, folder):
    (tmp_path / "configs").write_text("a file")
    with pytest.raises(BadInput, match="name another folder with --configs"):
        write(tmp_path / folder / "atlantis.yaml", "country_name: atlantis")
