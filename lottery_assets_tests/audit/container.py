"""A stand-in for the address at which ECS tells a container about itself."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/lottery"
ASKED, PULLED = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def told(image: str, image_id: str = PULLED) -> dict[str, Any]:
    """What version 4 of the endpoint answers on Fargate, as far as anybody asks."""
    return {
        "DockerId": "cd189a933e5849daa93386466019ab50-2495160603",
        "Name": "run",
        "Image": image,
        "ImageID": image_id,
        "Labels": {"com.amazonaws.ecs.task-definition-family": "lottery-run"},
        "KnownStatus": "RUNNING",
        "Type": "NORMAL",
    }


@contextmanager
def container(answer: dict[str, Any] | None, asked: list[str] | None = None) -> Iterator[str]:
    """Address of the endpoint; None answers with an error. Paths that were asked for are noted in `asked`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if asked is not None:
                asked.append(self.path)
            body = json.dumps(answer).encode()
            self.send_response(500 if answer is None else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v4/cd189a933e5849daa93386466019ab50-2495160603"
    finally:
        server.shutdown()
        server.server_close()
