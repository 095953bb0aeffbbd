"""A Postgres of the system's packages, on the loopback, over TLS alone: what RDS is in production."""

import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

USER, DATABASE = "lottery", "dagster"
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Postgres:
    """`authority`: the certificate by which clients know it; `process`: the server."""

    port: int
    password: str
    authority: Path
    process: subprocess.Popen

    @property
    def secret(self) -> str:
        """As RDS keeps it in Secrets Manager."""
        return json.dumps({"username": USER, "password": self.password})

    def connect(self, database: str = DATABASE, sslmode: str = "require") -> Any:
        return psycopg2.connect(
            host=HERE, port=self.port, user=USER, password=self.password, dbname=database, sslmode=sslmode
        )


def programs() -> Path | None:
    """Folder of initdb and postgres, the newest where there are several; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda its: int(its.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server with an empty database. It refuses to run as root: then it runs as `postgres`, in a folder of its own."""
    binaries = programs()
    assert binaries, "there is no Postgres: as root, apt-get install postgresql"
    folder = Path(tempfile.mkdtemp(prefix="lottery-postgres-"))
    try:
        password, port = secrets.token_hex(16), free_port()
        who = _who(folder)
        data = _new(binaries, folder, password, who)
        settings = {
            "port": port,
            "listen_addresses": HERE,
            "unix_socket_directories": data,
            "ssl": "on",
            "fsync": "off",  # what is lost with the machine is lost with the test
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(folder / "log", "w") as log:
            server = subprocess.Popen([binaries / "postgres", "-D", data, *options], stdout=log, stderr=log, **who)
        its = Postgres(port, password, data / "server.crt", server)
        try:
            _wait(its, folder / "log")
            with_autocommit = its.connect("postgres")
            with_autocommit.autocommit = True
            with_autocommit.cursor().execute(f"CREATE DATABASE {DATABASE}")
            with_autocommit.close()
            yield its
        finally:
            server.send_signal(signal.SIGINT)  # without waiting for clients
            server.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _who(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    its = pwd.getpwnam("postgres")
    os.chown(folder, its.pw_uid, its.pw_gid)
    return {"user": its.pw_uid, "group": its.pw_gid, "extra_groups": [], "cwd": folder}


def _new(binaries: Path, folder: Path, password: str, who: dict[str, Any]) -> Path:
    data, secret = folder / "data", folder / "password"
    secret.write_text(password)
    secret.chmod(0o644)  # in a folder that nobody else can enter
    command = [binaries / "initdb", "-D", data, "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}"]
    subprocess.run([*command, "--no-locale", "-E", "UTF8", "--no-sync"], check=True, stdout=subprocess.DEVNULL, **who)
    (data / "pg_hba.conf").write_text(f"hostssl all {USER} {HERE}/32 scram-sha-256\n")
    names = ["-keyout", data / "server.key", "-out", data / "server.crt"]
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=lottery"]
    address = ["-addext", f"subjectAltName=IP:{HERE}"]
    subprocess.run([*certificate, *address, *names], check=True, stderr=subprocess.DEVNULL, **who)
    return data


def _wait(its: Postgres, log: Path) -> None:
    for _ in range(300):
        try:
            its.connect("postgres").close()
        except psycopg2.OperationalError:
            assert its.process.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())


def free_port() -> int:
    with socket.socket() as its:
        its.bind((HERE, 0))
        return its.getsockname()[1]
