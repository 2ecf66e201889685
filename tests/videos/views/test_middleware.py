from __future__ import annotations

import pytest
from django.test import Client

from videos.models import Workspace


@pytest.mark.parametrize("path", ["/sign-in/", "/nothing/", "/v1/nothing", "/healthz", "/w/meadow/create/"])
def test_every_answer_lets_only_our_own_files_act(as_alice: Client, workspace: Workspace, path: str) -> None:
    response = as_alice.get(path)

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_bucket_may_serve_media_and_nothing_else(settings) -> None:
    settings.MEDIA_ORIGIN = "https://bucket.example"

    parts = Client().get("/healthz").headers["Content-Security-Policy"].split("; ")

    assert [part.split()[0] for part in parts if "bucket.example" in part] == ["img-src", "media-src"]


@pytest.mark.parametrize("length", ["", "abc", "-5", "²"])
def test_a_length_that_is_no_number_breaks_nothing(length: str) -> None:
    response = Client().get("/healthz", CONTENT_LENGTH=length)

    assert response.status_code == 200


def test_the_limit_itself_is_allowed(settings, as_alice: Client, workspace: Workspace) -> None:
    settings.BODY_MAX_BYTES = 100

    within = as_alice.post("/me/keys/", b"x" * 100, content_type="application/x-www-form-urlencoded")
    beyond = as_alice.post("/me/keys/", b"x" * 101, content_type="application/x-www-form-urlencoded")

    assert (within.status_code, beyond.status_code) == (400, 413)
