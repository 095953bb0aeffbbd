"""What lies in the store is found again, and the index is one page or the other, never half of one."""

import threading
from datetime import date

import boto3
import pytest

from lottery_assets.audit import publication as room
from lottery_assets.audit import publish, records, write_index
from lottery_assets.audit.store import countries


def put(artifacts, country: str, week: str, recommendation: bytes = b"one", page: bool = True) -> None:
    publish(str(artifacts), country, week, recommendation, lambda _: b"{}", page=(lambda: b"<p>") if page else None)


@pytest.fixture(params=["folder", "s3"])
def store(request) -> str:
    return (
        str(request.getfixturevalue("tmp_path"))
        if request.param == "folder"
        else f"{request.getfixturevalue('bucket')}/artifacts"
    )


def test_the_newest_week_comes_first_and_in_its_latest_revision(store):
    for week in ("2026-09-07", "2026-08-31", "2026-09-14"):
        put(store, "brazil", week)
    put(store, "brazil", "2026-09-07", b"two")
    found = records(store, "brazil", most=2)
    assert [record.week_start for record in found] == [date(2026, 9, 14), date(2026, 9, 7)]
    assert [record.page for record in found] == [
        "recommendations/brazil/2026-09-14/report.html",
        "recommendations/brazil/2026-09-07/r2/report.html",
    ]
    assert found[1].document() == b"two"


def test_a_record_from_before_there_were_pages_has_none(store):
    put(store, "brazil", "2026-09-07", page=False)
    [record] = records(store, "brazil")
    assert record.page is None


def test_countries_are_the_folders_and_an_empty_store_has_none(store):
    assert countries(store) == []
    assert records(store, "brazil") == []
    for country in ("usa", "brazil"):
        put(store, country, "2026-09-07")
    assert countries(store) == ["brazil", "usa"]


def test_on_s3_what_another_process_wrote_since_is_found(bucket):
    put(f"{bucket}/artifacts", "brazil", "2026-09-07")
    assert len(records(f"{bucket}/artifacts", "brazil", most=9)) == 1
    s3 = boto3.client("s3")
    for name in ("recommendation.json", "metadata.json"):
        s3.put_object(Bucket="lottery", Key=f"artifacts/recommendations/brazil/2026-09-14/{name}", Body=b"{}")
        s3.put_object(Bucket="lottery", Key=f"artifacts/recommendations/mu/2026-09-14/{name}", Body=b"{}")
    assert records(f"{bucket}/artifacts", "brazil")[0].week_start == date(2026, 9, 14)
    assert countries(f"{bucket}/artifacts") == ["brazil", "mu"]


def test_what_is_no_week_and_no_record_is_passed_over(tmp_path):
    put(tmp_path, "brazil", "2026-09-07")
    for name in ("2026-09-21", "notes", ".2026-09-28-half"):
        (tmp_path / "recommendations" / "brazil" / name).mkdir()
    (tmp_path / "recommendations" / "brazil" / ".2026-09-28-half" / "metadata.json").write_bytes(b"{}")
    [record] = records(str(tmp_path), "brazil", most=9)
    assert record.week_start == date(2026, 9, 7)


def test_the_index_is_written_over_the_one_before(store):
    write_index(store, b"first")
    target = write_index(store, b"second")
    assert target.read_bytes() == b"second"
    assert str(target) == f"{store}/index.html"


def test_two_writers_at_once_leave_one_whole_page_and_nothing_else(tmp_path):
    pages = [bytes([letter]) * 200_000 for letter in b"abcd"]
    writers = [threading.Thread(target=write_index, args=(str(tmp_path), page)) for page in pages for _ in range(5)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert (tmp_path / "index.html").read_bytes() in pages


def test_an_index_that_cannot_be_put_in_place_leaves_the_old_one(tmp_path, monkeypatch):
    write_index(str(tmp_path), b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_index(str(tmp_path), b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert (tmp_path / "index.html").read_bytes() == b"old"
