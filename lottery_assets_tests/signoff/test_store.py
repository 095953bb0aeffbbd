"""Decisions are added, and never written over, in a folder and on S3."""

import threading
from datetime import UTC, date, datetime

import pytest
from upath import UPath

from lottery_assets.audit import publish
from lottery_assets.complaints import BadInput
from lottery_assets.signoff import SignOff, kept, kept_of_week
from lottery_assets.signoff.store import add


@pytest.fixture(params=["folder", "s3"])
def store(request) -> str:
    return (
        str(request.getfixturevalue("tmp_path"))
        if request.param == "folder"
        else f"{request.getfixturevalue('bucket')}/artifacts"
    )


def record(store: str, recommendation: bytes = b"one") -> UPath:
    return publish(store, "brazil", "2026-09-07", recommendation, lambda _: b"{}").folder


def by(name: str):
    def make(previous: str | None) -> SignOff:
        return SignOff(
            country="brazil",
            week_start=date(2026, 9, 7),
            currency="BRL",
            decision="approved",
            jackpot=90,
            recommended_jackpot=90,
            by=name,
            decided_at=datetime(2026, 9, 4, 12, tzinfo=UTC),
            rules=(),
            expected_net_revenue=100,
            expected_difference=0,
            difference_80=(0, 0),
            recommendation_sha256="0",
            previous_sha256=previous,
        )

    return make


def test_the_second_decision_is_a_second_record(store):
    folder = record(store)
    assert kept(folder) == []
    first = add(folder, by("Ana")).path.read_bytes()
    add(folder, by("Rui"))
    found = kept(folder)
    assert [its.sign_off.by for its in found] == ["Ana", "Rui"]
    assert [its.path.name for its in found] == ["decision.json", "decision-2.json"]
    assert found[0].path.read_bytes() == first
    assert found[1].sign_off.previous_sha256 == found[0].sha256


def test_all_who_decide_at_once_are_kept_one_after_the_other(store):
    folder = record(store)
    names = {f"person {number}" for number in range(5)}
    people = [threading.Thread(target=add, args=(folder, by(name))) for name in names]
    for person in people:
        person.start()
    for person in people:
        person.join()
    found = kept(folder)
    assert {its.sign_off.by for its in found} == names
    assert len(found) == 5


def test_a_decision_that_was_changed_is_noticed_by_the_next(store):
    folder = record(store)
    first = add(folder, by("Ana"))
    add(folder, by("Rui"))
    first.path.write_bytes(first.path.read_bytes().replace(b"Ana", b"Eva"))
    with pytest.raises(BadInput, match=r"decision-2\.json: does not follow the decision before it"):
        kept(folder)


def test_what_is_no_decision_is_told_with_its_path(store):
    folder = record(store)
    (folder / "decision.json").write_bytes(b"{}")
    with pytest.raises(BadInput, match=r"decision\.json: is no decision"):
        add(folder, by("Ana"))


def test_decisions_of_all_revisions_of_a_week_are_found_the_standing_one_last(store):
    add(record(store), by("Ana"))
    add(record(store, b"two"), by("Rui"))
    assert [its.sign_off.by for its in kept_of_week(store, "brazil", "2026-09-07")] == ["Ana", "Rui"]


def test_deciding_leaves_nothing_else_in_the_record(tmp_path):
    folder = record(str(tmp_path))
    add(folder, by("Ana"))
    assert {path.name for path in folder.iterdir()} == {"recommendation.json", "metadata.json", "decision.json"}
