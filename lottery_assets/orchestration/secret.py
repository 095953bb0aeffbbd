"""Reading a secret by its name; its value is shown nowhere."""

SECONDS = 5
"""To wait for an answer: whoever reads a secret has more to do than wait for it."""


class SecretUnread(Exception):
    """Says why, as the end of a sentence about the secret."""


def read_secret(name: str) -> str:
    """From AWS Secrets Manager. Raises SecretUnread."""
    import boto3  # a third of a second that an installation without secrets need not pay
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    patience = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"mode": "standard"})
    try:
        return str(
            boto3.client("secretsmanager", config=patience).get_secret_value(SecretId=name).get("SecretString", "")
        )
    except (ClientError, BotoCoreError) as error:
        code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else type(error).__name__
        raise SecretUnread(f"cannot be read from AWS Secrets Manager ({code})") from None
