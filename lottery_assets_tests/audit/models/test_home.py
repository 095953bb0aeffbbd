"""Versions at home: in a folder, on S3, and in Amazon SageMaker Model Registry above it."""

import json

import pytest

from lottery_assets.audit.models import FolderHome, champion, promote, rollback
from lottery_assets.audit.models.home import CARD, MODEL, state
from lottery_assets.audit.provenance import digest
from lottery_assets.complaints import BadInput
from lottery_assets.orchestration.sagemaker import SageMakerHome
from lottery_assets_tests.audit.models.fits import NOW, any_model, recommended, register

BY = {"reason": "the data were mended", "by": "Ada", "at": NOW}


@pytest.fixture(params=["folder", "s3", "sagemaker"])
def home(request, tmp_path) -> FolderHome:
    if request.param == "folder":
        return FolderHome(str(tmp_path))
    kind = FolderHome if request.param == "s3" else SageMakerHome
    return kind(request.getfixturevalue("bucket") + "/models")


def test_a_version_is_named_by_its_content_and_comes_back_the_same(home):
    recommended(home, 60)
    [version] = home.versions("atlantis")
    assert version.version == digest((home.folder(version) / MODEL).read_bytes())
    assert home.model(version) == any_model()
    assert home.countries() == ["atlantis"]


def test_a_card_says_where_a_fit_came_from_and_how_well_it_does(home):
    recommended(home, 60)
    card = home.card(home.versions("atlantis")[0])
    model = any_model()
    assert (card.trained_from, card.version.trained_until) == (model.trained_from, model.trained_until)
    assert (card.data_version, card.registered_at) == ("data", NOW)
    assert (card.calibration, card.coefficients) == (model.calibration, model.coefficients)
    assert card.as_frame()["tickets_sold"].gt(0).all()


def test_a_version_is_never_written_again(home):
    version = register(home, 1, passed=True)
    register(home, 1, passed=False)
    assert home.card(version).verdict.passed
    assert home.versions("atlantis") == [version]


def test_a_decision_of_people_is_seen_by_everybody(home):
    first, second = register(home, 1), register(home, 2)
    rollback(home, "atlantis", **BY)
    assert champion(home, "atlantis") == first
    promote(home, "atlantis", second.version[:8], **BY)
    assert champion(type(home)(str(home.root)), "atlantis") == second


def test_an_interrupted_registration_is_no_version_and_is_made_up_for(home):
    recommended(home, 60)
    [version] = home.versions("atlantis")
    (home.folder(version) / CARD).unlink()
    assert home.card(version) is None
    recommended(home, 60)
    assert home.card(version) is not None


def test_a_model_that_was_changed_is_refused_with_its_file(tmp_path):
    home = FolderHome(str(tmp_path))
    recommended(home, 60)
    [version] = home.versions("atlantis")
    file = home.folder(version) / MODEL
    file.write_bytes(state(any_model()).replace(b'"noise_sd":0.', b'"noise_sd":1.'))
    with pytest.raises(BadInput, match="its content was changed") as fault:
        home.model(version)
    assert str(file) in str(fault.value)


def test_a_card_that_cannot_be_read_is_told_with_its_file(tmp_path):
    home = FolderHome(str(tmp_path))
    version = register(home, 1)
    file = home.folder(version) / CARD
    document = json.loads(file.read_text())
    del document["forecasts"]
    file.write_text(json.dumps(document))
    with pytest.raises(BadInput, match="forecasts: Field required") as fault:
        home.card(version)
    assert str(file) in str(fault.value)
