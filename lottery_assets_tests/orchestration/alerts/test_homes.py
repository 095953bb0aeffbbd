"""Where alerts go, received over HTTP: what Slack and SNS are sent, what they bear, and what is said when they refuse."""

import json
import logging
import subprocess
import sys

import boto3
import pytest

from lottery_assets.orchestration.alerts.home import NotDelivered
from lottery_assets.orchestration.alerts.homes import homes
from lottery_assets.orchestration.alerts.message import LONGEST_LINE
from lottery_assets.orchestration.alerts.slack import Slack
from lottery_assets.orchestration.alerts.sns import Topic, subject
from lottery_assets.settings import Settings
from lottery_assets_tests.orchestration.alerts.conftest import CHANNEL, TOKEN, alert

HOSTILE = "<!channel> & <http://evil|your bank>\nDo: send money\u202e\x07"


def channel(slack, **changes) -> Slack:
    return Slack(Settings(slack_channel=CHANNEL, slack_api_url=slack.url).model_copy(update=changes))


def shown(post) -> list[str]:
    return [block["text"]["text"] for block in post["blocks"]]


def test_slack_shows_severity_country_week_and_kind_first_then_what_then_what_to_do(slack):
    channel(slack).send(alert())
    [post] = slack.posts
    assert post["channel"] == CHANNEL
    assert post["text"] == "ERROR atlantis, week of 2024-01-29: bad input"
    assert shown(post) == [
        ":x: *ERROR atlantis, week of 2024-01-29: bad input*",
        "*What:* sales.csv, row 7: tickets_sold is 'many'; write a number",
        "*Do:* mend the row",
        "*See:* <http://ui/runs/1>",
    ]


def test_no_name_calls_a_channel_or_draws_a_link_in_slack(slack):
    channel(slack).send(alert(country=HOSTILE, what=HOSTILE, do=HOSTILE))
    [post] = slack.posts
    for text in [post["text"], *shown(post)[:3]]:
        assert not {"<", ">"} & set(text)
        assert "&lt;!channel&gt; &amp; " in text
        assert text.isprintable()


def test_the_longest_texts_still_fit_into_slacks_blocks(slack):
    channel(slack).send(alert(country="<" * 9000, what="&" * 90_000, do=">" * 9000))
    [post] = slack.posts
    assert all(len(text) <= 3000 for text in shown(post))
    assert len(post["text"]) < 4000


def test_what_is_cut_says_so():
    assert alert(what="word " * 900).what.endswith("…")
    assert len(alert(what="word " * 900).what) == LONGEST_LINE


@pytest.mark.parametrize(("code", "remedy"), [("not_in_channel", "invite the bot"), ("invalid_auth", "renew it")])
def test_a_refusal_of_slack_says_what_to_do(slack, code, remedy):
    slack.refuses = lambda post: code
    with pytest.raises(NotDelivered, match=f"{code}.*{remedy}"):
        channel(slack).send(alert())


@pytest.mark.parametrize("body", [b'{"ok": false, "error": "ratelimited"}', b""])
def test_a_slack_that_asks_to_wait_says_for_how_long(slack, body):
    slack.instead = (429, {"Retry-After": "90"}, body)
    with pytest.raises(NotDelivered, match="asks to wait") as refused:
        channel(slack).send(alert())
    assert refused.value.wait == 90


@pytest.mark.parametrize("status", [200, 302, 502])
def test_a_page_in_slacks_place_is_not_taken_for_a_word_of_slacks(slack, status):
    slack.instead = (status, {"Content-Type": "text/html"}, b"<html>log in to the network</html>")
    with pytest.raises(NotDelivered, match=rf"HTTP {status}.*LOTTERY_SLACK_API_URL") as refused:
        channel(slack).send(alert())
    assert "<html>" not in str(refused.value)


def test_a_slack_that_does_not_answer_is_told(slack):
    slack.close()
    with pytest.raises(NotDelivered, match="does not answer"):
        channel(slack).send(alert())


def test_the_token_is_named_by_a_setting_and_never_shown(slack, monkeypatch):
    monkeypatch.setenv("OUR_TOKEN", "xoxb-wrong")
    with pytest.raises(NotDelivered) as refused:
        channel(slack, slack_token_variable="OUR_TOKEN").send(alert())
    assert "xoxb-wrong" not in str(refused.value)
    monkeypatch.delenv("OUR_TOKEN")
    with pytest.raises(NotDelivered, match="OUR_TOKEN is not set"):
        channel(slack, slack_token_variable="OUR_TOKEN").send(alert())
    with pytest.raises(NotDelivered) as mistaken:
        channel(slack, slack_token_variable="xoxb-secret").send(alert())
    assert "secret" not in str(mistaken.value)


def test_the_token_may_be_a_secret(slack, aws, monkeypatch):
    monkeypatch.delenv("SLACK_TOKEN")
    its = channel(slack, slack_token_secret_name="lottery/slack")
    with pytest.raises(NotDelivered, match="lottery/slack cannot be read"):
        its.send(alert())
    boto3.client("secretsmanager").create_secret(Name="lottery/slack", SecretString=TOKEN)
    its.send(alert())
    boto3.client("secretsmanager").delete_secret(SecretId="lottery/slack", ForceDeleteWithoutRecovery=True)
    its.send(alert())  # read once a tick, however many alerts there are
    assert len(slack.posts) == 2


def test_a_topic_passes_the_alert_on_with_what_subscriptions_filter_by(inbox):
    Topic(inbox.topic).send(alert())
    [received] = inbox.receive()
    assert received["Subject"] == "ERROR atlantis, week of 2024-01-29: bad input"
    assert received["Message"].splitlines() == [
        "ERROR atlantis, week of 2024-01-29: bad input",
        "What: sales.csv, row 7: tickets_sold is 'many'; write a number",
        "Do:   mend the row",
        "See:  http://ui/runs/1",
    ]
    filtered = {key: its["Value"] for key, its in received["MessageAttributes"].items()}
    assert filtered == {"severity": "error", "kind": "bad_input", "country": "atlantis"}


def test_a_subscription_hears_only_what_it_filters_for(inbox):
    sns = boto3.client("sns")
    [subscription] = sns.list_subscriptions()["Subscriptions"]
    sns.set_subscription_attributes(
        SubscriptionArn=subscription["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue=json.dumps({"severity": ["critical"]}),
    )
    Topic(inbox.topic).send(alert())
    Topic(inbox.topic).send(alert(kind="overdue"))
    assert [message["Subject"].split()[0] for message in inbox.receive()] == ["CRITICAL"]


@pytest.mark.parametrize("title", ["España\nnorte " * 40, "日本: bad input", HOSTILE])
def test_a_subject_is_one_line_of_ascii(title, inbox):
    assert subject(title).isascii()
    assert "\n" not in subject(title)
    assert len(subject(title)) <= 100
    Topic(inbox.topic).send(alert(country=title))
    assert len(inbox.receive()) == 1


def test_a_topic_that_is_not_there_is_told(inbox):
    with pytest.raises(NotDelivered, match=r"NotFound.*see that arn"):
        Topic(inbox.topic + "2").send(alert())


@pytest.mark.parametrize(
    ("settings", "amiss"),
    [
        ({"alerts": "slack"}, "set LOTTERY_SLACK_CHANNEL"),
        ({"alerts": "sns"}, "LOTTERY_SNS_TOPIC_ARN is not set"),
        ({"alerts": "sns", "sns_topic_arn": "lottery"}, "LOTTERY_SNS_TOPIC_ARN is 'lottery'"),
        ({"alerts": "pager"}, "no home of alerts; the homes are log, slack, sns"),
    ],
)
def test_a_home_that_is_set_up_wrongly_says_so_when_it_is_used(settings, amiss):
    [home] = homes(Settings(**settings), logging.getLogger("alerts"))
    assert amiss in home.amiss
    with pytest.raises(NotDelivered, match=amiss):
        home.send(alert())


def test_with_nothing_set_alerts_go_to_the_log_alone():
    assert [home.name for home in homes(Settings(), logging.getLogger("alerts"))] == ["log"]
    assert [home.name for home in homes(Settings(alerts=" , "), logging.getLogger("alerts"))] == ["log"]


def test_the_same_home_named_twice_hears_once():
    assert [home.name for home in homes(Settings(alerts="log, SNS,log"), logging.getLogger("alerts"))] == ["log", "sns"]


def test_loading_the_definitions_loads_nothing_of_slack():
    code = "import sys, lottery_assets.definitions as d; d.defs(); sys.exit('slack_sdk' in sys.modules or 'dagster_slack' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
