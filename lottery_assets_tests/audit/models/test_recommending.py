"""Which model recommends: this week's fit, or the champion carried forward."""

from datetime import timedelta

import pytest

from lottery_assets.audit.models import FolderHome, RecommendingModel, deciding, model_provenance, promote, rollback
from lottery_assets.audit.models.home import MODEL
from lottery_assets.audit.provenance import digest
from lottery_assets.complaints import BadInput
from lottery_assets_tests.audit.models.fits import NOW, fit, recommended, typed

BY = {"reason": "the weeks are right", "by": "Ada", "at": NOW}
FAULTY = typed("tickets_sold", 10, last=6, every=2)


@pytest.fixture
def home(tmp_path) -> FolderHome:
    return FolderHome(str(tmp_path))


def plain(model: RecommendingModel) -> dict:
    return model.model_dump(exclude={"standing"})


def test_a_fit_that_passes_recommends_as_it_is(home):
    for weeks in (88, 89):
        model = recommended(home, weeks)
        its = fit(weeks)[1]
        assert plain(model) == its.model.model_dump()
        assert model.cautions([10.0]) == its.model.cautions([10.0])
        assert model_provenance(model) == {
            "model_version": its.version.version,
            "model_stage": "champion",
            "challenger": None,
        }


def test_where_the_fit_is_refused_the_champion_recommends_and_says_why(home):
    champion = recommended(home, 84).standing.version
    model = recommended(home, 90, FAULTY)
    assert model.standing.version == champion
    assert model_provenance(model)["challenger"] == fit(90, FAULTY)[1].version.version
    caution = model.cautions([10.0])[0]
    assert caution.code == "champion_kept"
    assert champion.short in caution.message
    assert "set aside as faults" in caution.message
    assert "carried forward 6 weeks" in caution.message


def test_the_champion_knows_nothing_of_the_weeks_it_is_carried_over(home):
    recommended(home, 84)
    kept, own = recommended(home, 90, FAULTY), fit(84)[1].model
    assert [term.mean for term in kept.coefficients[:-1]] == [term.mean for term in own.coefficients[:-1]]
    assert all(now.sd >= before.sd for now, before in zip(kept.coefficients[:-1], own.coefficients, strict=False))


def test_a_rerun_is_told_the_same_whatever_was_registered_since(home):
    recommended(home, 84)
    before = recommended(home, 90, FAULTY)
    recommended(home, 88)
    recommended(home, 91)
    assert recommended(home, 90, FAULTY) == before


def test_a_week_of_the_past_is_judged_by_the_models_of_its_time(home):
    recommended(home, 90)
    model = recommended(home, 84)
    assert model.standing.verdict.champion is None
    assert recommended(home, 91).standing.verdict.champion == fit(90)[1].version


def test_what_people_promote_recommends_when_the_week_is_run_again(home):
    recommended(home, 84)
    refused = recommended(home, 90, FAULTY).standing.challenger
    promote(home, "atlantis", refused.version[:12], **BY)
    model = recommended(home, 90, FAULTY)
    assert model.standing.version == refused
    assert model.standing.challenger is None
    assert plain(model) == fit(90, FAULTY)[1].model.model_dump()


def test_after_a_rollback_the_champion_before_recommends_the_same_week(home):
    first = recommended(home, 88).standing.version
    recommended(home, 89)
    rollback(home, "atlantis", **BY)
    model = recommended(home, 89)
    assert model.standing.version == first
    assert model.standing.decided_by == "Ada"
    assert "Ada decided so" in model.cautions([10.0])[0].message
    assert recommended(home, 90).standing.verdict.champion == first


def test_without_a_champion_a_fit_that_fails_stands_alone(home):
    its = fit(90)[1]
    broken = its.model.model_copy(update={"calibration": its.model.calibration.model_copy(update={"inside_80": 5})})
    from lottery_assets.audit.models import recommending

    model = recommending(home, "atlantis", broken, fit(90)[0], None, NOW)
    assert not model.standing.champion
    assert model_provenance(model)["model_stage"] == "refused"
    assert plain(model) == broken.model_dump()


def test_a_champion_of_another_program_is_no_measure_and_a_changed_one_is_refused(home):
    champion = recommended(home, 84).standing.version
    file = home.folder(champion) / MODEL
    written_otherwise = b'{"form": 2}'
    other = champion.model_copy(update={"version": digest(written_otherwise)})
    card = home.card(champion).model_copy(update={"version": other, "registered_at": NOW + timedelta(hours=1)})
    home.put(fit(84)[1].model, card)
    (home.folder(other) / MODEL).write_bytes(written_otherwise)
    model = recommended(home, 90)
    assert model.standing.version == fit(90)[1].version
    assert model.standing.verdict.champion is None
    (home.folder(other) / MODEL).write_bytes(file.read_bytes())
    with pytest.raises(BadInput, match="its content was changed"):
        recommended(home, 89)


def test_who_only_looks_registers_nothing(home):
    recommended(home, 84)
    looked = recommended(home, 90, FAULTY, kept=False)
    assert len(home.versions("atlantis")) == 1
    assert looked == recommended(home, 90, FAULTY)


def test_the_model_that_recommends_is_a_document_that_reads_back_the_same(home):
    recommended(home, 84)
    model = recommended(home, 90, FAULTY)
    assert RecommendingModel.model_validate_json(model.model_dump_json()) == model


def test_the_model_that_decided_a_week_is_had_again_by_the_names_in_its_record(home):
    for weeks, change in ((84, None), (90, FAULTY)):
        model, week = recommended(home, weeks, change), fit(weeks)[1].model.trained_until + timedelta(weeks=1)
        named = model_provenance(model)
        again = deciding(home, "atlantis", week, named["model_version"], named["challenger"])
        assert again.model_dump() == plain(model)
    with pytest.raises(BadInput, match="LOTTERY_MODELS"):
        deciding(home, "atlantis", week, "0" * 64, None)
