"""An S3 server: OpenStack Swift with s3api as one process, from a venv of its own."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.services import ROOT, ServiceUnavailable, running, work_dir

VENV = ROOT / ".venv-s3"
SERVER = Path(__file__).with_name("swift_server.py")
NAMES = ("S3_BUCKET", "S3_ENDPOINT_URL", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_REGION")


@dataclass(frozen=True)
class S3:
    endpoint_url: str
    bucket: str = "studio"
    access_key_id: str = "studio:tests"  # Swift's account and user
    secret_access_key: str = "a-key-for-tests"
    region: str = "us-east-1"

    def client(self) -> Any:
        # Without a version named, boto3 still signs the URLs of a custom endpoint the old way.
        config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint_url,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            region_name=self.region,
            config=config,
        )

    def environ(self) -> dict[str, str]:
        values = (self.bucket, self.endpoint_url, self.access_key_id, self.secret_access_key, self.region)
        return dict(zip(NAMES, values, strict=True))


@contextmanager
def server(venv: Path = VENV) -> Iterator[S3]:
    """Give an S3 server with one empty bucket."""
    python = venv / "bin" / "python"
    if not python.exists():
        raise ServiceUnavailable(f"the S3 server of the tests is not installed: run `make {venv.name}`")
    with work_dir("s3", fits=_keeps_attributes) as folder:
        # Isolated, or this folder's redis.py and s3.py would stand in for packages of those names.
        access = S3(endpoint_url="")
        command = [str(python), "-I", str(SERVER), str(folder), access.access_key_id, access.secret_access_key]
        with running(command, log=folder / "log", ready="ready on port ") as log:
            port = re.findall(r"ready on port (\d+)", log)[0]
            s3 = S3(endpoint_url=f"http://127.0.0.1:{port}")
            s3.client().create_bucket(Bucket=s3.bucket)
            yield s3


@contextmanager
def environment() -> Iterator[dict[str, str]]:
    """Give the variables that Studio reads: those already set, or those of a server of our own."""
    given = {name: os.environ[name] for name in NAMES if os.environ.get(name)}
    if "S3_BUCKET" in given or "S3_ENDPOINT_URL" in given:
        yield given
        return
    with server() as s3:
        yield s3.environ()


def _keeps_attributes(place: Path) -> bool:
    """Tell whether files there can have user attributes, in which Swift keeps its metadata; an old tmpfs has none."""
    with tempfile.NamedTemporaryFile(dir=place) as probe:
        try:
            os.setxattr(probe.name, "user.studio", b"1")
        except OSError:
            return False
    return True
