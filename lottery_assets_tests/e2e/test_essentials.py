"""A run from the UI to the message, and one whose task dies."""

import json

import certifi
import psycopg2
import pytest

from lottery_assets_tests.e2e import stack as stacks
from lottery_assets_tests.e2e.postgres import HERE
from lottery_assets_tests.e2e.ui import wait_for


def test_a_run_from_the_ui_publishes_to_s3_and_tells_the_topic(deployment):
    run = deployment.ui.launch("atlantis")
    assert deployment.wait(run, "SUCCESS", "FAILURE") == "SUCCESS", deployment.story(run)
    [container] = deployment.tasks.of_run(run)
    assert container.command[:3] == ["dagster", "api", "execute_run"]
    names = {path.rpartition("/")[2] for path in deployment.published("atlantis")}
    assert names == {"recommendation.json", "metadata.json", "report.html"}
    [path] = [path for path in deployment.published("atlantis") if path.endswith("metadata.json")]
    metadata = json.loads(deployment.read(f"recommendations/atlantis/{path}"))
    assert (metadata["dagster_run_id"], metadata["image_digest"]) == (run, stacks.DIGEST)
    message = deployment.wait_for_message("atlantis", "new_recommendation")
    assert f"{deployment.stack.url}/runs/{run}" in message


def test_daemon_and_webserver_pass_the_health_checks_of_their_tasks(deployment):
    for role in stacks.ROLES:
        wait_for(deployment.tasks.containers[deployment.services[role]].healthy, told=lambda: deployment.log("daemon"))


def test_a_database_of_another_authority_or_another_name_is_not_spoken_to(deployment, monkeypatch):
    url = deployment.instance.event_log_storage.postgres_url
    psycopg2.connect(url).close()
    with pytest.raises(psycopg2.OperationalError, match='does not match host name "localhost"'):
        psycopg2.connect(url.replace(HERE, "localhost"))
    monkeypatch.setenv("PGSSLROOTCERT", certifi.where())
    with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
        psycopg2.connect(url)


def test_a_run_whose_task_is_killed_fails_and_is_told_and_is_started_again(deployment):
    run = deployment.ui.launch("lemuria")
    deployment.wait(run, "STARTED")
    [container] = deployment.tasks.of_run(run)
    container.kill()
    assert deployment.wait(run, "FAILURE", "SUCCESS") == "FAILURE"
    message = deployment.wait_for_message("lemuria", "run_killed")
    assert "exit code 137" in message
    assert "Dagster starts it again by itself" in message
    assert deployment.wait_for_message("lemuria", "new_recommendation")
