"""What tests of several rooms need: the real sales, and an AWS that lives on this machine."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def sales_file() -> Path:
    """The real sales, as `dvc pull` brings them."""
    path = ROOT / "data" / "lottery_sales.csv.gz"
    assert path.exists(), "run `make test`, or `dvc pull` first"
    return path


@pytest.fixture(scope="session")
def real_sales(sales_file) -> pd.DataFrame:
    return pd.read_csv(sales_file)


@pytest.fixture(scope="session")
def moto_server() -> Iterator[str]:
    """Address of an emulated AWS on the loopback."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def aws(moto_server, monkeypatch) -> Iterator[str]:
    """boto3 and s3fs talk to an empty emulated account."""
    for name, value in {
        "AWS_ENDPOINT_URL": moto_server,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    yield moto_server
    import requests

    requests.post(f"{moto_server}/moto-api/reset", timeout=10)


@pytest.fixture
def bucket(aws) -> str:
    """`s3://` URL of an empty bucket."""
    boto3.client("s3").create_bucket(Bucket="lottery", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return "s3://lottery"
