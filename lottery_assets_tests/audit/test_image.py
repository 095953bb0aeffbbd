"""Which image runs."""

import pytest
from botocore.utils import ContainerMetadataFetcher

from lottery_assets.audit import ImageUnknown, running_image
from lottery_assets.settings import Settings
from lottery_assets_tests.audit.container import ASKED, PULLED, REPOSITORY, container, told


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(ContainerMetadataFetcher, "SLEEP_TIME", 0)


def test_an_image_asked_for_by_digest_is_that_digest():
    with container(told(f"{REPOSITORY}@{ASKED}")) as address:
        assert running_image(address) == ASKED


@pytest.mark.parametrize("image", [f"{REPOSITORY}:tree-1", REPOSITORY])
def test_an_image_asked_for_by_tag_is_what_was_pulled(image):
    with container(told(image)) as address:
        assert running_image(address) == PULLED


@pytest.mark.parametrize("answer", [told(REPOSITORY, ""), told(REPOSITORY, "sha256:12"), {}, ["lottery"]])
def test_a_container_that_names_no_digest_is_a_complaint(answer):
    with container(answer) as address, pytest.raises(ImageUnknown, match="names no digest"):
        running_image(address)


def test_an_endpoint_in_trouble_is_asked_three_times_and_then_a_complaint():
    asked: list[str] = []
    with container(None, asked) as address, pytest.raises(ImageUnknown, match="does not say which image runs"):
        running_image(address)
    assert len(asked) == 3


def test_an_endpoint_that_is_gone_is_a_complaint():
    with container({}) as address:
        pass
    with pytest.raises(ImageUnknown, match="does not say which image runs"):
        running_image(address)


def test_no_other_host_is_asked():
    with pytest.raises(ImageUnknown, match="Unsupported host"):
        running_image("http://metadata.example/v4/1")


def test_ecs_says_in_the_environment_where_to_ask():
    address = "http://169.254.170.2/v4/1"
    assert Settings.from_environment({"ECS_CONTAINER_METADATA_URI_V4": address}).container_metadata == address
    assert Settings.from_environment({}).container_metadata is None
