"""One story of the official Python SDK: `drive.py STORY`, arguments as JSON on stdin, the outcome as JSON on stdout.

Run by the interpreter of that release's environment, so it imports nothing of ours.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openai
from openai.types import Video

WIRE: list[dict[str, Any]] = []
Story = Callable[..., Any]


def note(response: Any) -> None:
    request = response.request
    WIRE.append(
        {
            "method": request.method,
            "path": request.url.path,
            "type": request.headers.get("content-type", "").split(";")[0],
            "chunked": request.headers.get("transfer-encoding") == "chunked",
            "retry": int(request.headers.get("x-stainless-retry-count", 0)),
            "status": response.status_code,
            "request_id": response.headers.get("x-request-id"),
        }
    )


def connect(**options: Any) -> openai.OpenAI:
    http = openai.DefaultHttpxClient(event_hooks={"response": [note]}, trust_env=False)
    where = {"base_url": os.environ["BASE_URL"], "api_key": os.environ["API_KEY"]}
    return openai.OpenAI(**{"max_retries": 0, "timeout": 120, **where, **options}, http_client=http)


def as_file(path: str, how: str, kind: str = "application/octet-stream") -> Any:
    match how:
        case "bytes":
            return Path(path).read_bytes()
        case "named":
            return open(path, "rb")
        case _:
            return (Path(path).name, Path(path).read_bytes(), kind)


def with_file(fields: dict[str, Any], field: str, file: str | None, how: str) -> dict[str, Any]:
    return fields if file is None else {**fields, field: as_file(file, how)}


def plain(thing: Any) -> dict[str, Any]:
    """As the caller sees it, with the id of the request that brought it."""
    return {**thing.model_dump(mode="json", warnings=False), "_request_id": getattr(thing, "_request_id", None)}


def create(client: openai.OpenAI, file: str | None = None, how: str = "bytes", **fields: Any) -> Any:
    """`reference` and `characters` are not typed in this SDK: they go as extras."""
    names = {"reference": "input_reference", "characters": "characters"}
    extra = {wire: fields.pop(name) for name, wire in names.items() if name in fields}
    given = with_file(fields, "input_reference", file, how)
    return plain(client.videos.create(**given, extra_body=extra or None))


def create_and_poll(client: openai.OpenAI, **fields: Any) -> Any:
    return plain(client.videos.create_and_poll(**fields))


def retrieve(client: openai.OpenAI, id: str) -> Any:  # noqa: A002
    return plain(client.videos.retrieve(id))


def every(client: openai.OpenAI, **query: Any) -> Any:
    return [video.id for video in client.videos.list(**query)]


def delete(client: openai.OpenAI, id: str) -> Any:  # noqa: A002
    return plain(client.videos.delete(id))


def delete_while_iterating(client: openai.OpenAI, prompt: str, limit: int) -> Any:
    """Only what carries the test's own prompt, each as the iteration comes to it."""
    seen = []
    for video in client.videos.list(limit=limit):
        if (video.prompt or "").startswith(prompt):
            seen.append(video.id)
            client.videos.delete(video.id)
    return seen


def remix(client: openai.OpenAI, id: str, prompt: str) -> Any:  # noqa: A002
    return plain(client.videos.remix(id, prompt=prompt))


def edit(client: openai.OpenAI, file: str | None = None, how: str = "bytes", **fields: Any) -> Any:
    """The typed call cannot send `{id}`: people post it themselves."""
    if file is None:
        return plain(client.post("/videos/edits", body=fields, cast_to=Video))
    return plain(client.videos.edit(**with_file(fields, "video", file, how)))


def extend(client: openai.OpenAI, file: str | None = None, how: str = "bytes", **fields: Any) -> Any:
    if file is None:
        return plain(client.post("/videos/extensions", body=fields, cast_to=Video))
    return plain(client.videos.extend(**with_file(fields, "video", file, how)))


def create_character(client: openai.OpenAI, name: str, file: str, how: str = "tuple") -> Any:
    return plain(client.videos.create_character(name=name, video=as_file(file, how, "video/mp4")))


def get_character(client: openai.OpenAI, id: str) -> Any:  # noqa: A002
    return plain(client.videos.get_character(id))


def download(client: openai.OpenAI, id: str, to: str, how: str, **query: Any) -> Any:  # noqa: A002
    """Into the file `to`, in one of the ways that the SDK offers."""
    match how:
        case "write_to_file":
            client.videos.download_content(id, **query).write_to_file(to)
        case "with_streaming_response":
            with client.videos.with_streaming_response.download_content(id, **query) as response:
                response.stream_to_file(to)
        case _:
            Path(to).write_bytes(client.videos.download_content(id, **query).read())
    data = Path(to).read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def strict(_: openai.OpenAI, sizes: list[Any], fields: dict[str, Any]) -> Any:
    """With the validation on that no user turns on by accident."""
    client = connect(_strict_response_validation=True)
    made = []
    for size in sizes:
        video = client.videos.create(prompt="A lamp", size=size, **fields)
        made.append([client.videos.retrieve(video.id).size, video.model_dump(mode="json")["status"]])
        client.videos.delete(video.id)
    listed = [video.object for video in client.videos.list(limit=2).data]
    return {"made": made, "listed": listed}


def patient(_: openai.OpenAI, times: int, max_retries: int) -> Any:
    """Creates until a rate limit has refused one of them once."""
    client = connect(max_retries=max_retries)
    ids: list[str] = []
    while len(ids) < times and all(it["status"] != 429 for it in WIRE):
        ids.append(client.videos.create(prompt=f"A patient lamp {len(ids)}").id)
    for video_id in ids:
        client.videos.delete(video_id)
    return ids


def with_retries(_: openai.OpenAI, story: str, **arguments: Any) -> Any:
    """Another story with the SDK's own number of retries."""
    return STORIES[story](connect(max_retries=2), **arguments)


def unwrap(client: openai.OpenAI, body: str, headers: dict[str, str], secret: str) -> Any:
    event: Any = client.webhooks.unwrap(base64.b64decode(body), headers, secret=secret)
    return {"id": event.id, "type": event.type, "data": {"id": event.data.id}}


def files(client: openai.OpenAI, file: str, purpose: Any, how: str = "named") -> Any:
    """The life of a file; the last answer is that of its second retrieve."""
    made = client.files.create(file=as_file(file, how), purpose=purpose)
    waited = client.files.wait_for_processing(made.id)
    listed = [it.id for it in client.files.list(purpose=purpose, limit=1)]
    content = client.files.content(made.id).read()
    return {
        "created": plain(made),
        "retrieved": plain(client.files.retrieve(made.id)),
        "waited": plain(waited),
        "listed": listed,
        "sha256": hashlib.sha256(content).hexdigest(),
        "deleted": plain(client.files.delete(made.id)),
    }


def upload(client: openai.OpenAI, file: str, purpose: Any, how: str = "named") -> Any:
    return plain(client.files.create(file=as_file(file, how), purpose=purpose))


def file_content(client: openai.OpenAI, id: str) -> Any:  # noqa: A002
    return client.files.content(id).read().decode()


def create_batch(client: openai.OpenAI, input_file_id: str) -> Any:
    # The oldest release does not know this endpoint in its types.
    order: dict[str, Any] = {"endpoint": "/v1/videos", "completion_window": "24h", "metadata": {"of": "a test"}}
    return plain(client.batches.create(input_file_id=input_file_id, **order))


def batch(client: openai.OpenAI, id: str) -> Any:  # noqa: A002
    return {"one": plain(client.batches.retrieve(id)), "listed": [it.id for it in client.batches.list(limit=2)]}


def cancel_batch(client: openai.OpenAI, id: str) -> Any:  # noqa: A002
    return plain(client.batches.cancel(id))


def models(client: openai.OpenAI) -> Any:
    listed = [plain(model) for model in client.models.list()]
    return {"listed": listed, "one": plain(client.models.retrieve(listed[0]["id"]))}


def unknown_model(client: openai.OpenAI) -> Any:
    return plain(client.models.retrieve("no/such model"))


def webhook_endpoints(client: openai.OpenAI, url: str) -> Any:
    """The life of an endpoint, but for its end."""
    made = client.webhooks.create(name="Made by the SDK", url=url, event_types=["video.completed"])
    listed = {it.id: plain(it) for it in client.webhooks.list(limit=1)}
    return {
        "created": plain(made),
        "retrieved": plain(client.webhooks.retrieve(made.id)),
        "updated": plain(client.webhooks.update(made.id, name="Renamed", event_types=["video.failed"])),
        "listed": listed,
        "tested": plain(client.webhooks.test(made.id, event_type="video.failed")),
        "rotated": plain(client.webhooks.rotate_secret(made.id, keep_old_secret_active_for_24_hours=True)),
        "event_types": client.webhooks.event_types.list().data,
        "deleted": plain(client.webhooks.delete(made.id)),
    }


def features(client: openai.OpenAI) -> Any:
    """What this release has of the things that not every release has."""
    return {
        "edit": hasattr(client.videos, "edit"),
        "extend": hasattr(client.videos, "extend"),
        "characters": hasattr(client.videos, "create_character"),
        "create_and_poll": hasattr(client.videos, "create_and_poll"),
        "webhook_endpoints": hasattr(client.webhooks, "rotate_secret"),
        "version": openai.__version__,
    }


STORIES: dict[str, Story] = {name: it for name, it in globals().items() if getattr(it, "__module__", "") == "__main__"}


def told(error: Exception) -> dict[str, Any]:
    facts = {name: getattr(error, name, None) for name in ("status_code", "param", "code", "type", "request_id")}
    families = [it.__name__ for it in type(error).__mro__]
    return {**facts, "class": type(error).__name__, "families": families, "message": str(error)}


def main(story: str) -> None:
    outcome: dict[str, Any] = {"answer": None, "raised": None, "wire": WIRE}
    try:
        outcome["answer"] = STORIES[story](connect(), **json.load(sys.stdin))
    # The refusal of a webhook's signature is a ValueError.
    except (openai.OpenAIError, ValueError) as error:
        outcome["raised"] = told(error)
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
