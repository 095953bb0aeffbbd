"""Alerts in a channel of Slack. Nothing of Slack is loaded before the first one is sent."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from lottery_assets.orchestration.alerts.home import SECONDS, NotDelivered
from lottery_assets.orchestration.alerts.message import Alert, Severity
from lottery_assets.orchestration.secret import SecretUnread, read_secret
from lottery_assets.settings import Settings, variable

MARKS: dict[Severity, str] = {
    "info": ":loudspeaker:",
    "warning": ":warning:",
    "error": ":x:",
    "critical": ":rotating_light:",
}
REMEDIES = {
    "not_in_channel": "invite the bot to the channel",
    "channel_not_found": "see that LOTTERY_SLACK_CHANNEL names a channel and that the bot was invited to it",
    "invalid_auth": "the token is wrong or revoked; renew it",
    "missing_scope": "give the bot the scope chat:write",
}


class Slack:
    """A channel, written to by a bot with the scope `chat:write`."""

    name = "slack"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.amiss = None if settings.slack_channel else "set LOTTERY_SLACK_CHANNEL, for example to #lottery-alerts"

    def send(self, alert: Alert) -> None:
        """Posts it. Two tries; where Slack asks to wait, a later tick tries again."""
        if self.amiss:
            raise NotDelivered(self.amiss)
        from dagster_slack import SlackResource  # what Slack and SNS need is loaded where they are used
        from slack_sdk.errors import SlackApiError, SlackClientError
        from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, ServerErrorRetryHandler

        client = SlackResource(token=self._token).get_client()
        client.base_url, client.timeout = self._settings.slack_api_url.rstrip("/") + "/", SECONDS
        client.retry_handlers = [ConnectionErrorRetryHandler(), ServerErrorRetryHandler()]
        try:
            client.chat_postMessage(
                channel=self._settings.slack_channel, text=escaped(alert.title), blocks=self.blocks(alert)
            )
        except SlackApiError as error:
            raise self._refusal(
                error.response.status_code, error.response.headers, error.response.get("error")
            ) from None
        except (SlackClientError, OSError, ValueError) as error:
            raise NotDelivered(f"{self._settings.slack_api_url} does not answer ({error})") from None

    def _refusal(self, status: int, headers: Mapping[str, str], code: str | None) -> NotDelivered:
        """In words. What is no answer of Slack's has no code: the client puts the whole body there."""
        wait = headers.get("Retry-After") or headers.get("retry-after") or ""
        if status == 429:
            return NotDelivered("Slack asks to wait (ratelimited)", float(wait) if wait.isdecimal() else 0.0)
        if not code or " " in code:
            return NotDelivered(
                f"{self._settings.slack_api_url} answers as Slack does not (HTTP {status}): "
                "see that LOTTERY_SLACK_API_URL is right and that no proxy answers in its place"
            )
        remedy = REMEDIES.get(code)
        return NotDelivered(f"Slack refuses it ({code}){f': {remedy}' if remedy else ''}")

    @staticmethod
    def blocks(alert: Alert) -> Sequence[dict[str, Any]]:
        """Slack's layout: title, what, what to do, link."""
        lines = (
            f"{MARKS[alert.severity]} *{escaped(alert.title)}*",
            f"*What:* {escaped(alert.what)}",
            f"*Do:* {escaped(alert.do)}",
            f"*See:* <{escaped(alert.link)}>",
        )
        return [{"type": "section", "text": {"type": "mrkdwn", "text": line}} for line in lines]

    @cached_property
    def _token(self) -> str:
        """Read once a tick, however many alerts there are."""
        name = self._settings.slack_token_secret_name
        try:
            token = read_secret(name).strip() if name else variable(self._settings.slack_token_variable)
        except SecretUnread as error:
            raise NotDelivered(f"the secret {name} {error}") from None
        if self._settings.slack_token_variable.startswith("xox"):
            raise NotDelivered(
                "LOTTERY_SLACK_TOKEN_VARIABLE holds a token; it is the name of the variable that holds it"
            )
        if not token:
            where = f"the secret {name} is empty" if name else f"{self._settings.slack_token_variable} is not set"
            raise NotDelivered(f"{where}: it holds the bot's token, which begins with xoxb-")
        return token


def escaped(text: str) -> str:
    """The three characters that mean something to Slack: no name can call a channel or draw a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
