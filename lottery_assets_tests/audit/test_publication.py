"""A published week is whole, and never changes."""

import pytest
from botocore.exceptions import ClientError
from upath import UPath

from lottery_assets.audit import latest, publish, publish_treasury
from lottery_assets.audit import publication as room


def put(artifacts: str, recommendation: bytes, seal: bytes = b"{}"):
    return publish(str(artifacts), "brazil", "2026-09-07", recommendation, lambda _: seal)


def files(folder) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_week_lies_in_its_own_folder(tmp_path):
    published = put(tmp_path, b"one", b"sealed")
    assert published.new
    assert files(tmp_path) == {
        "recommendations/brazil/2026-09-07/recommendation.json": b"one",
        "recommendations/brazil/2026-09-07/metadata.json": b"sealed",
    }


def test_the_same_result_again_changes_nothing(tmp_path):
    put(tmp_path, b"one", b"first")
    again = put(tmp_path, b"one", b"second")
    assert not again.new
    assert files(tmp_path)["recommendations/brazil/2026-09-07/metadata.json"] == b"first"
    assert len(files(tmp_path)) == 2


def test_another_result_becomes_a_revision_beside_the_first(tmp_path):
    first = put(tmp_path, b"one")
    second, third = put(tmp_path, b"two"), put(tmp_path, b"three")
    assert [str(p.folder.relative_to(first.folder)) for p in (second, third)] == ["r2", "r3"]
    assert (first.folder / "recommendation.json").read_bytes() == b"one"
    assert latest(str(tmp_path), "brazil", "2026-09-07") == third.folder


def test_a_seal_that_fails_leaves_nothing_behind(tmp_path):
    def broken(_) -> bytes:
        raise RuntimeError("no clock")

    with pytest.raises(RuntimeError, match="no clock"):
        publish(str(tmp_path), "brazil", "2026-09-07", b"one", broken)
    assert files(tmp_path) == {}


def test_a_disk_that_fills_up_leaves_no_half_written_week(tmp_path, monkeypatch):
    monkeypatch.setattr(room.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        put(tmp_path, b"one")
    assert files(tmp_path) == {}
    assert latest(str(tmp_path), "brazil", "2026-09-07") is None


def test_a_run_that_was_overtaken_takes_the_next_revision(tmp_path, monkeypatch):
    """Between looking and writing, another run seals the same week."""
    write, overtaken = room._write, []

    def slow(folder, content):
        if not overtaken:
            overtaken.append(write(folder, {"recommendation.json": b"theirs", "metadata.json": b"{}"}))
        return write(folder, content)

    monkeypatch.setattr(room, "_write", slow)
    ours = put(tmp_path, b"ours")
    assert overtaken == [True]
    assert ours.folder.name == "r2"
    assert (ours.folder.parent / "recommendation.json").read_bytes() == b"theirs"


def test_s3_holds_the_same_records(bucket):
    assert put(f"{bucket}/artifacts", b"one", b"sealed").new
    assert not put(f"{bucket}/artifacts", b"one").new
    second = put(f"{bucket}/artifacts", b"two")
    assert str(second.folder) == f"{bucket}/artifacts/recommendations/brazil/2026-09-07/r2"
    assert (second.folder.parent / "metadata.json").read_bytes() == b"sealed"
    assert str(latest(f"{bucket}/artifacts", "brazil", "2026-09-07")) == str(second.folder)


def test_what_a_killed_run_left_on_s3_is_no_record_and_is_never_overwritten(bucket):
    half = UPath(f"{bucket}/artifacts/recommendations/brazil/2026-09-07/recommendation.json")
    half.write_bytes(b"torn")
    assert latest(f"{bucket}/artifacts", "brazil", "2026-09-07") is None
    whole = put(f"{bucket}/artifacts", b"whole")
    assert whole.folder == half.parent / "r2"
    assert half.read_bytes() == b"torn"
    assert latest(f"{bucket}/artifacts", "brazil", "2026-09-07") == whole.folder
    assert not put(f"{bucket}/artifacts", b"whole").new


def test_a_run_that_was_killed_after_the_same_answer_is_finished_by_the_next(bucket):
    half = UPath(f"{bucket}/artifacts/recommendations/brazil/2026-09-07/recommendation.json")
    half.write_bytes(b"one")
    assert put(f"{bucket}/artifacts", b"one", b"sealed").folder == half.parent
    assert (half.parent / "metadata.json").read_bytes() == b"sealed"


def test_a_file_is_put_whole_and_never_over_another(tmp_path):
    target = UPath(tmp_path) / "a" / "0001.json"
    assert [room.put_new(target, content) for content in (b"ours", b"ours", b"theirs")] == [True, True, False]
    assert target.read_bytes() == b"ours"
    assert [path.name for path in target.parent.iterdir()] == ["0001.json"]


def test_an_object_whose_answer_was_lost_on_its_way_is_no_other_runs(bucket):
    target = UPath(f"{bucket}/object")
    assert [room.put_new(target, content) for content in (b"ours", b"ours", b"theirs")] == [True, True, False]
    assert target.read_bytes() == b"ours"


def test_s3_in_trouble_is_no_overtaking(bucket):
    with pytest.raises(FileNotFoundError):
        room.put_new(UPath("s3://no-such-bucket/object"), b"one")


def test_an_object_that_is_just_being_written_is_asked_for_again(bucket, monkeypatch):
    target = UPath(f"{bucket}/object")
    pipe, asked = target.fs.pipe_file, []

    def busy(*arguments, **options):
        asked.append(1)
        if len(asked) > 1:
            return pipe(*arguments, **options)
        conflict = OSError("conflict")
        conflict.__cause__ = ClientError({"Error": {"Code": "ConditionalRequestConflict"}}, "PutObject")
        raise conflict

    monkeypatch.setattr(target.fs, "pipe_file", busy)
    assert room.put_new(target, b"one")
    assert len(asked) == 2


def test_records_of_two_kinds_stand_side_by_side_and_each_is_compared_with_its_own(tmp_path):
    def of_a_kind(document: bytes):
        return publish(
            str(tmp_path), "brazil", "2026-09-07", document, lambda _: b"{}", lambda other: other[:3] == document[:3]
        )

    own, joint = of_a_kind(b"own 1"), of_a_kind(b"all 1")
    assert [p.new for p in (own, joint, of_a_kind(b"own 1"), of_a_kind(b"all 1"))] == [True, True, False, False]
    assert of_a_kind(b"own 1").folder == own.folder
    assert of_a_kind(b"all 2").folder.name == "r3"
    assert of_a_kind(b"all 1").folder.name == "r4"


def test_the_pools_record_lies_in_a_folder_of_its_own(tmp_path):
    for document in (b"one", b"one", b"two"):
        publish_treasury(str(tmp_path), "2026-09-07", document, lambda _: b"sealed")
    assert files(tmp_path / "treasury") == {
        "2026-09-07/metadata.json": b"sealed",
        "2026-09-07/treasury.json": b"one",
        "2026-09-07/r2/metadata.json": b"sealed",
        "2026-09-07/r2/treasury.json": b"two",
    }


def with_page(artifacts: str, recommendation: bytes, page, seal=lambda _: b"{}"):
    return publish(str(artifacts), "brazil", "2026-09-07", recommendation, seal, page=page)


def test_the_page_lies_beside_its_record_and_is_made_once(tmp_path):
    made = []

    def page() -> bytes:
        made.append(1)
        return b"<p>%d" % len(made)

    folder = with_page(tmp_path, b"one", page).folder
    assert not with_page(tmp_path, b"one", page).new
    assert files(folder) == {"recommendation.json": b"one", "report.html": b"<p>1", "metadata.json": b"{}"}
    assert (with_page(tmp_path, b"two", page).folder / "report.html").read_bytes() == b"<p>2"
    assert (folder / "report.html").read_bytes() == b"<p>1"


def test_a_page_that_cannot_be_made_leaves_no_record_without_it(tmp_path):
    def broken() -> bytes:
        raise RuntimeError("no picture")

    with pytest.raises(RuntimeError, match="no picture"):
        with_page(tmp_path, b"one", broken)
    assert files(tmp_path) == {}


def test_on_s3_the_page_is_there_before_the_seal(bucket):
    def seal(_) -> bytes:
        return b"sealed"

    folder = with_page(f"{bucket}/artifacts", b"one", lambda: b"<p>", seal).folder
    assert sorted(path.name for path in folder.iterdir()) == ["metadata.json", "recommendation.json", "report.html"]
