"""The homes that the settings name. A home that is set up wrongly says so when it is used, and stops nothing before."""

import logging

from lottery_assets.orchestration.alerts.home import Home, NotDelivered
from lottery_assets.orchestration.alerts.message import Alert, Severity
from lottery_assets.orchestration.alerts.slack import Slack
from lottery_assets.orchestration.alerts.sns import Topic
from lottery_assets.settings import Settings

NAMES = ("log", "slack", "sns")
LEVELS: dict[Severity, int] = {
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}


def homes(settings: Settings, log: logging.Logger) -> list[Home]:
    """The homes that the settings name, each once; the log where they name none."""
    names = dict.fromkeys(name.strip().lower() for name in settings.alerts.split(",") if name.strip())
    return [_home(name, settings, log) for name in names or ("log",)]


def _home(name: str, settings: Settings, log: logging.Logger) -> Home:
    match name:
        case "log":
            return Log(log)
        case "slack":
            return Slack(settings)
        case "sns":
            return Topic(settings.sns_topic_arn)
    return NoSuchHome(name)


class Log:
    """The log of the sensor: on the terminal, and in the UI beside its tick."""

    name = "log"
    amiss: str | None = None

    def __init__(self, log: logging.Logger) -> None:
        self._log = log

    def send(self, alert: Alert) -> None:
        """One record."""
        self._log.log(LEVELS[alert.severity], alert.text)


class NoSuchHome:
    """A name that is no home."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.amiss: str | None = (
            f"LOTTERY_ALERTS names {name!r}, which is no home of alerts; the homes are {', '.join(NAMES)}"
        )

    def send(self, alert: Alert) -> None:
        """Never takes one."""
        raise NotDelivered(self.amiss)
