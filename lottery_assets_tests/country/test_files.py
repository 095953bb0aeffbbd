"""Configurations as files: what is a country, and what each faulty file says."""

from pathlib import Path

import pytest
import yaml

from lottery_assets.complaints import BadInput
from lottery_assets.country import country_files, load_countries, load_country
from lottery_assets_tests.countries import settings


def write(folder: Path, name: str = "atlantis.yaml", text: str | None = None, **changes) -> Path:
    """A sound file, or one with some keys changed, or a text."""
    path = folder / name
    path.write_text(yaml.safe_dump(settings(**changes)) if text is None else text, encoding="utf-8")
    return path


def plus(text: str) -> str:
    """A sound configuration with lines added."""
    return yaml.safe_dump(settings()) + text


def faults(path: Path) -> list[str]:
    with pytest.raises(BadInput) as refused:
        load_country(path)
    for complaint in refused.value.complaints:
        assert complaint.message.startswith(f"{path}: ")
        assert (complaint.severity, complaint.file, complaint.country) == ("error", str(path), path.stem)
    return [complaint.message.removeprefix(f"{path}: ") for complaint in refused.value.complaints]


def test_a_sound_file_is_read(tmp_path):
    assert load_country(write(tmp_path)).country_name == "atlantis"
    assert load_country(str(write(tmp_path))).ticket_price == 2.0


def test_every_fault_of_a_file_is_named_with_file_key_value_and_remedy(tmp_path):
    path = write(tmp_path, secondary_prize_payout_percentage=12, ticket_price="2,5", min_jackpot=90)
    with pytest.raises(BadInput) as refused:
        load_country(path)
    assert {complaint.key for complaint in refused.value.complaints} == {
        "secondary_prize_payout_percentage",
        "ticket_price",
        "min_jackpot",
    }
    assert f"{path}: secondary_prize_payout_percentage is 12; it is a fraction of sales, write 0.12" in str(
        refused.value
    )


def test_the_name_inside_equals_the_name_of_the_file(tmp_path):
    (message,) = faults(write(tmp_path, "brazil.yaml"))
    assert message == "country_name is 'atlantis'; it equals the file's name, write brazil"


def test_a_key_given_twice_names_both_lines_and_hides_no_other_fault(tmp_path):
    text = plus("ticket_price: 3\nmax_step_up: -1\n")
    first = text.split("\n").index("ticket_price: 2.0") + 1
    twice, other = faults(write(tmp_path, text=text))
    assert twice == f"ticket_price stands in line {first} and again in line {text.count(chr(10)) - 1}; keep one"
    assert other.startswith("max_step_up is -1")


@pytest.mark.parametrize("empty", ["max_step_up:", "max_step_up: ~", "max_step_up: null"])
def test_a_key_without_a_value_is_not_taken_for_the_default(tmp_path, empty):
    (message,) = faults(write(tmp_path, text=plus(empty + "\n")))
    assert message.startswith("max_step_up is empty in line ")
    assert message.endswith("give it a value, or take the line out")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("# nothing yet\n", "the file is empty"),
        ("- brazil\n- usa\n", "the file holds a list and no mapping; write lines such as `currency: BRL`"),
        ("brazil\n", "the file holds a single value and no mapping"),
        ("currency: BRL\n\tgame: x\n", "line 2 is not YAML"),
        ("currency: BRL\ngame: 'x\n", "is not YAML"),
        ("currency: BRL\ngame x\nholidays: BR\n", "line 3 is not YAML: could not find expected ':'; write each key as"),
        ("a: 1\n---\nb: 2\n", "line 2 is not YAML"),
        ("game: \x01\n", "is not allowed in YAML; take it out"),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1 is not YAML: could not determine a constructor"),
        ("? [a, b]\n: 1\n", "line 1 is not YAML: found unhashable key"),
        ("a: !!int x\n", "cannot be read as YAML"),
        ("a: " + "[" * 5000, "cannot be read as YAML"),
    ],
)
def test_what_is_no_mapping_says_where_and_why(tmp_path, text, says):
    (message,) = faults(write(tmp_path, text=text))
    assert says in message


def test_a_file_in_another_encoding_names_the_line(tmp_path):
    path = tmp_path / "atlantis.yaml"
    path.write_bytes("currency: EUR\ngame: Lotería\n".encode("latin-1"))
    assert faults(path) == ["line 2 is not UTF-8; save the file as UTF-8"]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "atlantis.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + yaml.safe_dump(settings()).encode())
    assert load_country(path).currency == "EUR"


def changed(key: str, value: str) -> str:
    """A sound configuration in which a key's value is written as given."""
    return "".join(f"{k}: {value if k == key else v}\n" for k, v in {**settings(), key: value}.items())


@pytest.mark.parametrize(
    ("key", "written", "value"),
    [
        ("prob_single_ticket_win", "1e-7", 1e-7),
        ("prob_single_ticket_win", "1/50063860", 1 / 50063860),
        ("available_cash", "1_000", 1000.0),
        ("available_cash", "+80", 80.0),
        ("ticket_price", "1.", 1.0),
        ("ticket_price", ".5", 0.5),
        ("holidays", "NO", "NO"),
        ("no_fall_unless_won", "yes", True),
        ("no_fall_unless_won", "True", True),
        ("game", "6/49", "6/49"),
        ("game", "2024-01-01", "2024-01-01"),
    ],
)
def test_words_and_numbers_mean_what_they_say(tmp_path, key, written, value):
    assert getattr(load_country(write(tmp_path, text=changed(key, written))), key) == value


@pytest.mark.parametrize(
    ("key", "written", "says"),
    [
        ("available_cash", "012", "available_cash is '012'"),
        ("available_cash", "1:30", "available_cash is '1:30'"),
        ("available_cash", "0x1F", "available_cash is '0x1F'"),
        ("available_cash", "1,000", "write 1000"),
        ("available_cash", "2024-01-01", "available_cash is '2024-01-01'"),
        ("available_cash", ".inf", "write a finite number"),
        ("available_cash", ".nan", "write a finite number"),
        ("available_cash", "'80'", "write 80 without quotes"),
        ("available_cash", "yes", "available_cash is 'yes'"),
        ("available_cash", "true", "available_cash is True"),
    ],
)
def test_numbers_that_yaml_would_misread_are_refused(tmp_path, key, written, says):
    (message,) = faults(write(tmp_path, text=changed(key, written)))
    assert says in message


def test_norway_is_a_country_also_by_name(tmp_path):
    assert load_country(write(tmp_path, "no.yaml", changed("country_name", "no"))).country_name == "no"


def test_a_yml_is_a_country_whose_file_must_be_renamed(tmp_path):
    path = write(tmp_path, "atlantis.yml")
    assert country_files(tmp_path) == {"atlantis": path}
    assert faults(path) == ["a configuration is named <country>.yaml; rename it atlantis.yaml"]


def test_a_yml_beside_the_yaml_stops_nobody_but_is_named(tmp_path):
    write(tmp_path)
    write(tmp_path, "atlantis.yml")
    found = load_countries(tmp_path)
    assert list(found.configs) == ["atlantis"]
    assert "atlantis.yaml is there as well, delete one of the two" in found.complaints[0].message


def test_the_treasurys_file_is_no_country(tmp_path):
    write(tmp_path)
    path = write(tmp_path, "treasury.yaml", "cash: 1\n")
    assert list(country_files(tmp_path)) == ["atlantis"]
    assert "reserved name" in faults(path)[0]


def test_other_files_are_no_countries(tmp_path):
    write(tmp_path)
    for name in ("README.md", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "old.yaml").mkdir()
    assert list(country_files(str(tmp_path))) == ["atlantis"]


def test_a_faulty_file_stops_its_own_country_only_and_all_files_are_told_of(tmp_path):
    write(tmp_path)
    write(tmp_path, "brazil.yaml", text="currency: [\n")
    write(tmp_path, "usa.yaml", country_name="usa", ticket_price=-1)
    found = load_countries(tmp_path)
    assert list(found.configs) == ["atlantis"]
    assert {complaint.country for complaint in found.complaints} == {"brazil", "usa"}


def test_a_folder_without_countries_says_what_to_do(tmp_path):
    for folder, says in (
        (tmp_path / "nowhere", "does not exist; give the folder"),
        (write(tmp_path, "a_file.txt", "x"), "is a file, not a folder"),
        (tmp_path, "holds no country; add a <country>.yaml"),
    ):
        with pytest.raises(BadInput, match=says) as refused:
            country_files(folder)
        assert refused.value.complaints[0].file == str(folder)


def test_a_file_that_is_not_there_says_so(tmp_path):
    assert faults(tmp_path / "atlantis.yaml")[0].startswith("there is no such file")
