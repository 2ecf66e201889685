"""Examples of a call as programmers write it: in a shell, with the Python SDK, with the Node SDK."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

FILM, LINES = "clip.mp4", "orders.jsonl"
PROMPT = "A calico cat playing a piano on stage"
IDS = {
    "video_id": "video_123",
    "character_id": "char_123",
    "file_id": "file-123",
    "batch_id": "batch_123",
    "endpoint_id": "whe_123",
    "name": "sora-2",
}


class Upload(NamedTuple):
    name: str


@dataclass(frozen=True)
class Sample:
    """`call` is the method's name in the SDKs; `fields` are the body; `saves` names the file that bytes go to."""

    call: str
    fields: dict[str, Any] = field(default_factory=dict)
    saves: str = ""


SAMPLES = {
    "create_video": Sample("videos.create", {"prompt": PROMPT, "seconds": "8", "size": "1280x720"}),
    "list_videos": Sample("videos.list"),
    "retrieve_video": Sample("videos.retrieve"),
    "delete_video": Sample("videos.delete"),
    "download_video": Sample("videos.download_content", saves="cat.mp4"),
    "remix_video": Sample("videos.remix", {"prompt": "The same, but at night"}),
    "edit_video": Sample("videos.edit", {"prompt": "Make it snow", "video": Upload(FILM)}),
    "extend_video": Sample("videos.extend", {"prompt": "The cat bows", "seconds": "4", "video": Upload(FILM)}),
    "create_character": Sample("videos.create_character", {"name": "Mossy", "video": Upload(FILM)}),
    "retrieve_character": Sample("videos.get_character"),
    "upload_file": Sample("files.create", {"purpose": "batch", "file": Upload(LINES)}),
    "list_files": Sample("files.list"),
    "retrieve_file": Sample("files.retrieve"),
    "delete_file": Sample("files.delete"),
    "download_file": Sample("files.content", saves="results.jsonl"),
    "create_batch": Sample(
        "batches.create", {"input_file_id": "file-123", "endpoint": "/v1/videos", "completion_window": "24h"}
    ),
    "list_batches": Sample("batches.list"),
    "retrieve_batch": Sample("batches.retrieve"),
    "cancel_batch": Sample("batches.cancel"),
    "list_models": Sample("models.list"),
    "retrieve_model": Sample("models.retrieve"),
    "create_webhook_endpoint": Sample(
        "webhooks.create",
        {"name": "Our site", "url": "https://example.org/hooks", "event_types": ["video.completed", "video.failed"]},
    ),
    "list_webhook_endpoints": Sample("webhooks.list"),
    "retrieve_webhook_endpoint": Sample("webhooks.retrieve"),
    "list_webhook_event_types": Sample("webhooks.event_types.list"),
    "update_webhook_endpoint": Sample("webhooks.update", {"event_types": ["video.completed"]}),
    "delete_webhook_endpoint": Sample("webhooks.delete"),
    "rotate_webhook_endpoint": Sample("webhooks.rotate_secret", {"keep_old_secret_active_for_24_hours": True}),
    "send_test_event": Sample("webhooks.test", {"event_type": "video.completed"}),
}


def examples(operation_id: str, method: str, path: str, base_url: str) -> dict[str, str]:
    """By language; the SDKs lack what they lack."""
    sample = SAMPLES.get(operation_id, Sample(""))
    found = {"curl": _curl(sample, method, path, base_url)}
    if sample.call:
        found |= {"python": _python(sample, path, base_url), "node": _node(sample, path, base_url)}
    return found


def _ids(path: str) -> list[str]:
    return [value for name, value in IDS.items() if f"{{{name}}}" in path]


def _curl(sample: Sample, method: str, path: str, base_url: str) -> str:
    for name, value in IDS.items():
        path = path.replace(f"{{{name}}}", value)
    lines = [f"curl {'' if method == 'GET' or sample.fields else f'-X {method} '}{base_url}{path}"]
    if sample.call:
        lines.append('-H "Authorization: Bearer $OPENAI_API_KEY"')
    if any(isinstance(value, Upload) for value in sample.fields.values()):
        lines += [f'-F {name}="{_part(value)}"' for name, value in sample.fields.items()]
    elif sample.fields:
        lines += ['-H "Content-Type: application/json"', f"-d '{json.dumps(sample.fields, indent=2)}'"]
    if sample.saves:
        lines.append(f"-o {sample.saves}")
    return " \\\n  ".join(lines)


def _part(value: Any) -> str:
    return f"@{value.name}" if isinstance(value, Upload) else str(value)


def _python(sample: Sample, path: str, base_url: str) -> str:
    given = [json.dumps(value) for value in _ids(path)]
    given += [f"{name}={_python_value(value)}" for name, value in sample.fields.items()]
    call = f"client.{sample.call}({_spread(given, '    ', ',')})"
    lines = ["from openai import OpenAI", "", f'client = OpenAI(base_url="{base_url}")']
    if sample.saves:
        return "\n".join([*lines, f"answer = {call}", f'answer.write_to_file("{sample.saves}")'])
    if sample.call.endswith(".list"):
        return "\n".join([*lines, f"for item in {call}:", "    print(item)"])
    return "\n".join([*lines, f"answer = {call}", "print(answer)"])


def _python_value(value: Any) -> str:
    if isinstance(value, Upload):
        return f'open("{value.name}", "rb")'
    return repr(value) if isinstance(value, bool) else json.dumps(value)


def _node(sample: Sample, path: str, base_url: str) -> str:
    given = [json.dumps(value) for value in _ids(path)]
    if sample.fields:
        inner = [f"{name}: {_node_value(value)}" for name, value in sample.fields.items()]
        given.append("{" + _spread(inner, "  ", ",", least=1) + "}")
    call = f"client.{_camel(sample.call)}({', '.join(given)})"
    imports = ['import fs from "node:fs";'] if sample.saves or "createReadStream" in call else []
    lines = [*imports, 'import OpenAI from "openai";', "", f'const client = new OpenAI({{ baseURL: "{base_url}" }});']
    if sample.saves:
        save = f'fs.writeFileSync("{sample.saves}", Buffer.from(await answer.arrayBuffer()));'
        return "\n".join([*lines, f"const answer = await {call};", save])
    if sample.call.endswith(".list"):
        return "\n".join([*lines, f"for await (const item of {call}) {{", "  console.log(item);", "}"])
    return "\n".join([*lines, f"const answer = await {call};", "console.log(answer);"])


def _node_value(value: Any) -> str:
    return f'fs.createReadStream("{value.name}")' if isinstance(value, Upload) else json.dumps(value)


def _camel(call: str) -> str:
    """`videos.download_content` is `videos.downloadContent`."""
    return re.sub(r"_(\w)", lambda it: it[1].upper(), call)


def _spread(parts: list[str], indent: str, comma: str, *, least: int = 2) -> str:
    """On one line, or one a line where there are several."""
    if len(parts) < least:
        return ", ".join(parts)
    return "\n" + "".join(f"{indent}{part}{comma}\n" for part in parts)
