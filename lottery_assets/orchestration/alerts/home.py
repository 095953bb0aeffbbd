"""What a home of alerts is: it takes an alert, or says why not. What was sent before is the notifier's business."""

from typing import Protocol

from lottery_assets.orchestration.alerts.message import Alert

SECONDS = 5
"""That a home may take to answer: a sensor has a minute in all."""


class NotDelivered(Exception):
    """Why a home did not take an alert, and what to do about it. `wait`: seconds for which it asks to be left alone."""

    def __init__(self, why: str | None, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


class Home(Protocol):
    """`amiss`: what is wrong with its settings, or None."""

    @property
    def name(self) -> str: ...  # noqa: D102 - as LOTTERY_ALERTS has it

    @property
    def amiss(self) -> str | None: ...  # noqa: D102

    def send(self, alert: Alert) -> None:
        """Returns once the alert has been taken. Raises NotDelivered."""
        ...
