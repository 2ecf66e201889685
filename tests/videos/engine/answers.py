"""What the engine's server answers, as tests read it."""

from __future__ import annotations

from tests.videos.engine.waiting import until


def refused(answer, status, code, param=None):
    """Check that this is an error envelope; its message."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"].startswith("req_")
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (answer.status_code, error["code"], error["param"]) == (status, code, param), error
    return error["message"]


def has_ended(answer):
    return answer.json()["status"] in {"completed", "failed"}


def ended(client, video_id):
    """The last word about a video."""
    return until(lambda: has_ended(answer := client.get(f"/videos/{video_id}")) and answer)
