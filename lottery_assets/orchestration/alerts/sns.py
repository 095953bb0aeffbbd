"""Alerts on a topic of SNS: from there to e-mail, telephone, or a queue."""

import unicodedata

from lottery_assets.orchestration.alerts.home import SECONDS, NotDelivered
from lottery_assets.orchestration.alerts.message import Alert

LONGEST_SUBJECT = 100


class Topic:
    """A topic of SNS; severity, kind and country are attributes that a subscription can filter by."""

    name = "sns"

    def __init__(self, arn: str | None) -> None:
        self._arn = arn or ""
        sound = self._arn.startswith("arn:") and self._arn.count(":") == 5
        found = f"LOTTERY_SNS_TOPIC_ARN is {arn!r}" if arn else "LOTTERY_SNS_TOPIC_ARN is not set"
        self.amiss = None if sound else f"{found}; write the topic's ARN, as arn:aws:sns:eu-west-1:123456789012:lottery"

    def send(self, alert: Alert) -> None:
        """Publishes it, in the region of the topic. Two tries."""
        if self.amiss:
            raise NotDelivered(self.amiss)
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        patience = Config(
            connect_timeout=SECONDS, read_timeout=SECONDS, retries={"mode": "standard", "total_max_attempts": 2}
        )
        attributes = {"severity": alert.severity, "kind": alert.kind, "country": alert.country}
        try:
            boto3.client("sns", region_name=self._arn.split(":")[3], config=patience).publish(
                TopicArn=self._arn,
                Subject=subject(alert.title),
                Message=alert.text,
                MessageAttributes={
                    key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()
                },
            )
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code")
            raise NotDelivered(
                f"SNS refuses it ({code}): see that {self._arn} is there and may be published to"
            ) from None
        except BotoCoreError as error:
            raise NotDelivered(f"SNS does not answer ({error})") from None


def subject(title: str) -> str:
    """What SNS takes as a subject: one line of ASCII, at most 100 characters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "".join(c for c in plain if c.isprintable())[:LONGEST_SUBJECT]
