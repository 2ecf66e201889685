"""What goes over the wire, spelled out: bodies as clients write them, and errors as they must come back."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.test import Client

BOUNDARY = "cut-here"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
KEYS = {
    "id",
    "object",
    "model",
    "status",
    "progress",
    "created_at",
    "completed_at",
    "expires_at",
    "prompt",
    "size",
    "seconds",
    "remixed_from_video_id",
    "error",
}


class Part(NamedTuple):
    name: str
    data: bytes | str
    filename: str | None = None
    content_type: str | None = None
    disposition: str = "form-data"

    def __bytes__(self) -> bytes:
        head = f'Content-Disposition: {self.disposition}; name="{self.name}"'
        if self.filename is not None:
            head += f'; filename="{self.filename}"'
        if self.content_type:
            head += f"\r\nContent-Type: {self.content_type}"
        data = self.data.encode() if isinstance(self.data, str) else self.data
        return f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + data + b"\r\n"


def multipart(*parts: Part) -> bytes:
    return b"".join(bytes(part) for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def send(client: Client, *parts: Part, content_type: str = FORM) -> Any:
    return client.post("/v1/videos", multipart(*parts), content_type=content_type)


def post_json(client: Client, body: Any, path: str = "/v1/videos") -> Any:
    return client.post(path, body, content_type="application/json")


def error_of(response: Any, status: int = 400) -> dict[str, Any]:
    """The inner error, after a look at all that every error must have."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["x-request-id"].startswith("req_")
    body = response.json()
    assert body.keys() == {"error"}
    error: dict[str, Any] = body["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    assert error["type"] == ("server_error" if status >= 500 else "invalid_request_error")
    assert "Traceback" not in response.content.decode()
    return error
