"""The image's digest in the record of a week."""

import json

import dagster as dg
from botocore.utils import ContainerMetadataFetcher

from lottery_assets_tests.audit.container import ASKED, REPOSITORY, container, told


def digest_in_the_record(operator):
    [path] = operator.artifacts.glob("recommendations/atlantis/*/metadata.json")
    return json.loads(path.read_text())["image_digest"]


def run_in(operator, address, **settings):
    operator.settings = operator.settings.model_copy(update={"container_metadata": address, **settings})
    with dg.DagsterInstance.ephemeral() as instance:
        result = operator.run("atlantis", instance=instance)
        assert result.success
        return "\n".join(entry.user_message for entry in instance.all_logs(result.run_id))


def test_in_ecs_the_record_names_the_image_that_ran(operator):
    asked = []
    with container(told(f"{REPOSITORY}@{ASKED}"), asked) as address:
        run_in(operator, address)
    assert digest_in_the_record(operator) == ASKED
    assert len(asked) == 1


def test_nobody_is_asked_while_definitions_load_or_when_nothing_is_written(operator):
    asked = []
    with container(told(f"{REPOSITORY}@{ASKED}"), asked) as address:
        run_in(operator, address)
        del asked[:]
        run_in(operator, address)
    assert asked == []


def test_a_digest_in_the_settings_is_taken_as_it_is(operator):
    asked = []
    with container(told(f"{REPOSITORY}@{ASKED}"), asked) as address:
        run_in(operator, address, image_digest="sha256:1")
    assert digest_in_the_record(operator) == "sha256:1"
    assert asked == []


def test_an_endpoint_that_does_not_answer_costs_no_recommendation_and_is_said_in_the_runs_log(operator, monkeypatch):
    monkeypatch.setattr(ContainerMetadataFetcher, "SLEEP_TIME", 0)
    with container(None) as address:
        said = run_in(operator, address)
    assert digest_in_the_record(operator) is None
    assert "does not say which image runs" in said
    assert "metadata.json has no image_digest" in said


def test_on_a_laptop_nobody_is_asked(operator):
    assert "image_digest" not in run_in(operator, None)
    assert digest_in_the_record(operator) is None
