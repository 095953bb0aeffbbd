"""What happened to published records is found: changed, lost, torn, left behind."""

import json
import shutil

import pytest
from upath import UPath

from lottery_assets.audit import digest, publish, publish_treasury, sealed, verify
from lottery_assets.audit.data_versions import keep, kept_beside, version_of
from lottery_assets.audit.provenance import TreasuryProvenance
from lottery_assets_tests.audit.records import PROVENANCE, record, sealing

WEEK = "recommendations/brazil/2026-09-07"


@pytest.fixture
def store(tmp_path) -> UPath:
    return filled(UPath(tmp_path) / "artifacts")


def filled(artifacts: UPath) -> UPath:
    """Two records of Brazil, one of the USA."""
    record(artifacts)
    record(artifacts, document=b"[]")
    record(artifacts, country="usa")
    return artifacts


def found(store: UPath, *countries: str) -> list[tuple[str, str]]:
    return [(finding.kind, finding.file) for finding in verify(str(store), countries).findings]


def test_a_store_as_it_was_published_is_whole(store):
    assert verify(str(store)).records == 3
    assert found(store) == []


@pytest.mark.parametrize("name", ["recommendation.json", "report.html"])
def test_a_changed_file_is_found_in_whatever_revision(store, name):
    (store / WEEK / "r2" / name).write_bytes(b"other")
    assert found(store) == [("changed", f"{WEEK}/r2/{name}")]


@pytest.mark.parametrize("name", ["recommendation.json", "report.html"])
def test_a_lost_file_is_found(store, name):
    (store / WEEK / name).unlink()
    assert found(store) == [("missing", f"{WEEK}/{name}")]


def test_a_record_without_its_seal_is_half_written(store):
    (store / WEEK / "metadata.json").unlink()
    assert found(store) == [("half_written", f"{WEEK}/{name}") for name in ("recommendation.json", "report.html")]
    assert verify(str(store)).records == 2


@pytest.mark.parametrize(
    "file", [f"{WEEK}/notes.txt", f"{WEEK}/r2/deeper/notes.txt", "recommendations/brazil/notes.txt"]
)
def test_what_belongs_to_no_record_is_unexpected(store, file):
    (store / file).parent.mkdir(parents=True, exist_ok=True)
    (store / file).write_bytes(b"?")
    assert found(store) == [("unexpected", file)]


def decisions(store: UPath, *reasons: str) -> UPath:
    """Folder of a record with decisions about it, one after the other."""
    folder, before = store / WEEK, None
    for number, reason in enumerate(reasons, 1):
        told = {"reason": reason, "recommendation_sha256": digest("{}"), "previous_sha256": before}
        content = json.dumps(told).encode()
        (folder / ("decision.json" if number == 1 else f"decision-{number}.json")).write_bytes(content)
        before = digest(content)
    return folder


def test_what_people_decided_later_is_no_stranger(store):
    decisions(store, "a", "b", "c")
    assert found(store) == []


def test_a_decision_that_was_changed_is_found_by_the_one_after_it(store):
    first = decisions(store, "a", "b") / "decision.json"
    first.write_bytes(first.read_bytes().replace(b'"a"', b'"x"'))
    assert found(store) == [("changed", f"{WEEK}/decision-2.json")]


def test_a_decision_that_was_taken_out_is_missing(store):
    (decisions(store, "a", "b", "c") / "decision-2.json").unlink()
    assert found(store) == [("missing", f"{WEEK}/decision-2.json")]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}"])
def test_a_decision_about_another_recommendation_was_changed(store, content):
    (decisions(store) / "decision.json").write_bytes(content)
    assert found(store) == [("changed", f"{WEEK}/decision.json")]


@pytest.mark.parametrize("content", [b"{", b"{}", b""])
def test_a_seal_that_cannot_be_read_was_changed(store, content):
    (store / WEEK / "metadata.json").write_bytes(content)
    assert found(store) == [("changed", f"{WEEK}/metadata.json")]


@pytest.mark.parametrize("change", [{"country": "usa"}, {"week_start": "2026-09-14"}])
def test_the_seal_of_another_record_is_found(store, change):
    other = sealed(PROVENANCE.model_copy(update=change), {})
    (store / WEEK / "metadata.json").write_bytes(other)
    [finding] = verify(str(store)).findings
    assert (finding.kind, finding.file) == ("changed", f"{WEEK}/metadata.json")
    assert "another record" in finding.message


def test_a_seal_that_contradicts_itself_was_changed(store):
    known = PROVENANCE.model_copy(update={"recommendation_sha256": digest("published")})
    (store / WEEK / "metadata.json").write_bytes(sealed(known, {"recommendation.json": b"{}", "report.html": b"<p>"}))
    [finding] = verify(str(store)).findings
    assert "two digests" in finding.message


def test_only_the_countries_asked_for_are_read(store):
    (store / WEEK / "report.html").write_bytes(b"other")
    assert found(store, "usa") == []
    assert found(store, "usa", "brazil") == [("changed", f"{WEEK}/report.html")]


def test_a_record_from_before_pages_were_named_is_held_to_what_it_names(store):
    old = PROVENANCE.model_copy(update={"recommendation_sha256": digest("{}")})
    (store / WEEK / "metadata.json").write_text(old.model_dump_json(exclude={"files"}))
    assert found(store) == [("unexpected", f"{WEEK}/report.html")]
    (store / WEEK / "recommendation.json").write_bytes(b"other")
    assert ("changed", f"{WEEK}/recommendation.json") in found(store)


def test_the_treasurys_record_is_verified_too(store):
    told = TreasuryProvenance(
        **PROVENANCE.model_dump(include={"week_start", "created_at", "git_commit", "git_dirty", "config_sha256"}),
        data_versions={},
        image_digest=None,
        dagster_run_id=None,
        lock_sha256=None,
        recommendations={"brazil": digest("[]"), "usa": digest("{}")},
        treasury_sha256=digest("pool"),
    )
    publish_treasury(str(store), told.week_start, b"pool", lambda files: sealed(told, files))
    assert verify(str(store)).records == 4
    assert found(store) == []
    (store / "treasury/2026-09-07/treasury.json").write_bytes(b"other")
    assert found(store) == [("changed", "treasury/2026-09-07/treasury.json")]
    shutil.rmtree(store / WEEK / "r2")
    assert found(store) == [
        ("missing", "treasury/2026-09-07/metadata.json"),
        ("changed", "treasury/2026-09-07/treasury.json"),
    ]


def test_the_versions_of_the_sales_are_verified_with_the_records_that_name_them(store):
    sales = store.parent / "sales.csv"
    sales.write_bytes(b"rows")
    version, own = version_of(b"rows"), kept_beside(str(store))
    keep(str(sales), version, own)
    made = PROVENANCE.model_copy(update={"data_version": version, "data_remote": own, "week_start": "2026-09-14"})
    publish(str(store), "brazil", "2026-09-14", b"{}", sealing(made, b"{}"))
    file = f"data/files/md5/{version[:2]}/{version[2:]}"
    assert found(store) == []
    (store / file).chmod(0o644)
    (store / file).write_bytes(b"other")
    assert found(store) == [("changed", file), ("missing", file)]
    (store / file).unlink()
    assert found(store) == [("missing", file)]


def test_a_store_on_s3_is_read_in_the_same_way(bucket):
    store = filled(UPath(bucket) / "artifacts")
    assert (verify(str(store)).records, found(store)) == (3, [])
    (store / WEEK / "metadata.json").unlink()
    (store / WEEK / "r2/report.html").unlink()
    (store / "recommendations/usa/2026-09-07/report.html").write_bytes(b"other")
    assert found(store) == [
        ("missing", f"{WEEK}/r2/report.html"),
        ("half_written", f"{WEEK}/recommendation.json"),
        ("half_written", f"{WEEK}/report.html"),
        ("changed", "recommendations/usa/2026-09-07/report.html"),
    ]


def test_a_store_named_by_a_relative_path_is_read_as_well(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    record("artifacts")
    (tmp_path / "artifacts" / WEEK / "report.html").unlink()
    assert found(UPath("artifacts")) == [("missing", f"{WEEK}/report.html")]


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_a_store_that_is_not_there_is_not_taken_for_a_whole_one(tmp_path, folder):
    with pytest.raises(FileNotFoundError, match="recommendations"):
        verify(str(tmp_path / folder))


def test_a_country_that_nobody_recommended_for_is_not_taken_for_a_whole_one(store):
    with pytest.raises(FileNotFoundError, match="brasil"):
        verify(str(store), ["usa", "brasil"])


@pytest.fixture
def models(store) -> UPath:
    """Two versions of Brazil and two decisions about them, the second naming the first."""
    folder = store / "models/brazil"
    for week, content in (("2026-08-24", b"one"), ("2026-08-31", b"two")):
        its = folder / f"versions/{week}-{digest(content)}"
        its.mkdir(parents=True)
        (its / "model.json").write_bytes(content)
        (its / "card.json").write_text(json.dumps({"version": {"version": digest(content)}}))
    first = b'{"previous_sha256": null}'
    (folder / "decisions").mkdir()
    (folder / "decisions/0001.json").write_bytes(first)
    (folder / "decisions/0002.json").write_text(json.dumps({"previous_sha256": digest(first)}))
    return folder


ONE = f"versions/2026-08-24-{digest(b'one')}"


@pytest.mark.parametrize(
    ("file", "content", "finding"),
    [
        (f"{ONE}/model.json", b"other", ("changed", f"{ONE}/model.json")),
        (f"{ONE}/model.json", None, ("missing", f"{ONE}/model.json")),
        (f"{ONE}/card.json", None, ("half_written", f"{ONE}/model.json")),
        (f"{ONE}/card.json", b"{}", ("changed", f"{ONE}/card.json")),
        ("decisions/0001.json", b'{"by": "Eva"}', ("changed", "decisions/0002.json")),
        ("decisions/0001.json", None, ("missing", "decisions/0001.json")),
        ("decisions/0002.json", b"torn", ("changed", "decisions/0002.json")),
    ],
)
def test_a_model_or_a_decision_about_it_that_is_not_as_it_was_kept_is_found(store, models, file, content, finding):
    assert found(store) == []
    (models / file).unlink() if content is None else (models / file).write_bytes(content)
    assert found(store) == found(store, "brazil") == [(finding[0], f"models/brazil/{finding[1]}")]
    assert found(store, "usa") == []


def test_a_champion_by_which_a_record_was_decided_and_that_is_gone_is_found(store, models):
    record(store, document=b"3", model_version=digest(b"one"), challenger=digest(b"two"))
    assert found(store) == []
    shutil.rmtree(models / ONE)
    assert found(store) == [("missing", "models/brazil")]
    shutil.rmtree(store / "models")  # kept elsewhere
    assert found(store) == []


def test_decisions_about_a_week_without_a_recommendation_are_a_chain_too(store):
    folder = store / "decisions/brazil/2026-09-14"
    folder.mkdir(parents=True)
    first = b'{"previous_sha256": null}'
    (folder / "decision.json").write_bytes(first)
    (folder / "decision-2.json").write_text(json.dumps({"previous_sha256": digest(first)}))
    assert found(store) == []
    (folder / "notes.txt").write_text("")
    assert found(store) == [("unexpected", "decisions/brazil/2026-09-14/notes.txt")]
    (folder / "notes.txt").unlink()
    (folder / "decision.json").write_bytes(b'{"previous_sha256": null, "by": "Eva"}')
    assert found(store) == [("changed", "decisions/brazil/2026-09-14/decision-2.json")]


def test_sales_from_which_a_week_without_a_recommendation_was_judged_are_missed_when_they_are_gone(store):
    folder = store / "decisions/brazil/2026-09-14"
    folder.mkdir(parents=True)
    own, version = kept_beside(str(store)), version_of(b"sales")
    judged = {"data_version": version, "data_remote": own}
    (folder / "decision.json").write_text(json.dumps({"previous_sha256": None, "judged_from": judged}))
    assert found(store) == [("missing", f"data/files/md5/{version[:2]}/{version[2:]}")]
    (store / "sales.csv").write_bytes(b"sales")
    keep(str(store / "sales.csv"), version, own)
    assert found(store) == []
