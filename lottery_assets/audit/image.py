"""The image that runs: what the container says of itself to whoever asks from inside it.

Amazon ECS answers at an address that each container is given. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate.html
"""

import re
from collections.abc import Mapping
from typing import Any

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class ImageUnknown(Exception):
    """The digest could not be learnt; the message says why."""


def running_image(container_metadata: str) -> str:
    """`sha256:...`, the digest of the image's manifest, as the registry knows it.

    `container_metadata`: the container's address of the ECS task metadata, version 4. It is asked three times, two seconds each.
    Raises ImageUnknown.
    """
    from botocore.exceptions import BotoCoreError
    from botocore.utils import ContainerMetadataFetcher

    try:
        answer = ContainerMetadataFetcher().retrieve_full_uri(container_metadata)
    except (BotoCoreError, ValueError) as error:
        raise ImageUnknown(f"{container_metadata} does not say which image runs: {error}") from error
    found = _digest(answer) if isinstance(answer, Mapping) else None
    if found is None:
        raise ImageUnknown(f"{container_metadata} names no digest of the image that runs")
    return found


def _digest(container: Mapping[str, Any]) -> str | None:
    """What was asked for by digest is what runs; `ImageID` is the manifest's digest on Fargate, where a tag was asked for."""
    _, _, asked = str(container.get("Image")).rpartition("@")
    candidates = (asked, str(container.get("ImageID")))
    return next((its for its in candidates if DIGEST.fullmatch(its)), None)
