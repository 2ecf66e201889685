"""C25 to C36: images that lead a video, in every encoding that clients use."""

from __future__ import annotations

import re
from typing import Any

import httpx
import openai
import pytest

from tests import factories
from tests.contract import media
from tests.contract.envelope import accepted, enveloped, refused
from tests.contract.receiver import Answer, Receiver
from tests.contract.target import NEIGHBOUR, Target
from tests.contract.wire import CURL_TYPE, FORM, Part, chunked, data_url, multipart
from tests.contract.workshop import Workshop

MISMATCH = "Inpaint image must match the requested width and height"
IMAGE_URL_MAX_LENGTH = 20_971_520
SMALL, WRONG = (1280, 720), (640, 480)
# Mean distance of two pictures that show the same: compression and a label leave less than this.
ALIKE = 40.0


def text(given: str | None = "text/plain; charset=utf-8", **values: str) -> list[Part]:
    return [Part(name, value, content_type=given) for name, value in values.items()]


@pytest.mark.c(25)
@pytest.mark.engine
def test_the_first_frame_resembles_a_png(server: httpx.Client, led) -> None:
    _resembles(server, led, "PNG")


@pytest.mark.c(25)
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_the_first_frame_resembles_the_reference(server: httpx.Client, led, kind: str) -> None:
    _resembles(server, led, kind)


def _resembles(server: httpx.Client, led, kind: str) -> None:
    image, video = led[kind]
    start = media.first_frame(server.get(f"/videos/{video['id']}/content").content)

    distances = {other: media.difference(start, media.picture(its_image)) for other, (its_image, _) in led.items()}
    assert video["status"] == "completed"
    assert distances[kind] < ALIKE, distances
    assert min(distances, key=distances.__getitem__) == kind


@pytest.mark.c(26)
@pytest.mark.engine
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_references_are_known_by_their_bytes(target: Target, server: httpx.Client, make, kind: str) -> None:
    def unnamed(size: tuple[int, int]) -> dict[str, Any]:
        file = ("upload", factories.image(kind, size), "application/octet-stream")
        return {"data": target.order(), "files": {"input_reference": file}}

    assert make(**unnamed(SMALL))["size"] == "1280x720"
    assert refused(server.post("/videos", **unnamed(WRONG)), 400) == MISMATCH


@pytest.mark.c(26)
def test_a_wrong_label_does_no_harm(target: Target, make) -> None:
    image = factories.image("JPEG", SMALL)

    assert make(data=target.order(), files={"input_reference": ("../../etc/passwd.txt", image, "text/plain")})


@pytest.mark.c(26)
def test_the_sdk_sends_plain_bytes(sdk: openai.OpenAI, target: Target) -> None:
    video = sdk.videos.create(**target.order(), input_reference=factories.image("WEBP", SMALL))

    assert sdk.videos.delete(video.id).deleted


@pytest.mark.c(27)
@pytest.mark.engine
def test_a_reference_of_another_size(target: Target, server: httpx.Client) -> None:
    for size in (WRONG, (720, 1280), (1281, 720)):
        files = {"input_reference": ("x.png", factories.image(size=size), "image/png")}
        assert refused(server.post("/videos", data=target.order(), files=files), 400) == MISMATCH


NO_IMAGES = {
    "a GIF": b"GIF89a not welcome",
    "a text": b"A cat, seen from the side",
    "a film": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2",
    "half a PNG": factories.image(size=SMALL)[:60],
    "nothing": b"",
}


@pytest.mark.c(28)
@pytest.mark.engine
@pytest.mark.parametrize("data", NO_IMAGES.values(), ids=NO_IMAGES)
def test_files_that_are_no_images(target: Target, server: httpx.Client, data: bytes) -> None:
    files = {"input_reference": ("x.png", data, "image/png")}
    answer = server.post("/videos", data=target.order(), files=files)

    refused(answer, 400, param="input_reference", code="invalid_image_format")


@pytest.mark.c(29)
@pytest.mark.engine
def test_data_urls(target: Target, server: httpx.Client, make) -> None:
    def ways(size: tuple[int, int]) -> list[dict[str, Any]]:
        url = data_url(factories.image(size=size))
        return [
            {"json": target.order(input_reference={"image_url": url})},
            {"files": _form(target, **{"input_reference[image_url]": url})},
        ]

    for way in ways(SMALL):
        assert make(**way)["size"] == "1280x720"
    for way in ways(WRONG):
        assert refused(server.post("/videos", **way), 400) == MISMATCH


@pytest.mark.c(29)
def test_other_spellings_of_a_data_url(target: Target, make) -> None:
    """With an extra key, as chat programs write it, and as JSON text in a form."""
    url = data_url(factories.image(size=SMALL))
    make(json=target.order(input_reference={"type": "image_url", "image_url": url}))
    make(json=target.order(input_reference={"image_url": {"url": url}}))
    make(files=_form(target, input_reference=f'{{"image_url": "{url}"}}'))


def _form(target: Target, **values: str) -> dict[str, tuple[None, str]]:
    return {name: (None, value) for name, value in target.order(**values).items()}


@pytest.fixture
def file_id(server: httpx.Client):
    image = media.scene(("purple", "white", "purple"))
    form: dict[str, Any] = {"data": {"purpose": "vision"}, "files": {"file": ("scene.png", image, "image/png")}}
    file = accepted(server.post("/files", **form))["id"]
    yield file
    server.delete(f"/files/{file}")


@pytest.mark.c(30)
def test_references_by_file_id(target: Target, server: httpx.Client, make, file_id: str) -> None:
    make(json=target.order(input_reference={"file_id": file_id}))
    make(files=_form(target, **{"input_reference[file_id]": file_id}))
    tall = server.post("/videos", json=target.order(input_reference={"file_id": file_id}, size="720x1280"))
    assert refused(tall, 400) == MISMATCH


@pytest.mark.c(30)
def test_the_sdk_names_a_file_in_its_extra_body(sdk: openai.OpenAI, target: Target, file_id: str) -> None:
    video = sdk.videos.create(**target.order(), extra_body={"input_reference": {"file_id": file_id}})

    assert sdk.videos.delete(video.id).deleted


@pytest.mark.c(30)
def test_unknown_files(target: Target, server: httpx.Client) -> None:
    for way in (
        {"json": target.order(input_reference={"file_id": "file-nobody"})},
        {"files": _form(target, **{"input_reference[file_id]": "file-nobody"})},
    ):
        answer = server.post("/videos", **way)
        refused(answer, 400, param="input_reference.file_id", code="file_not_found")


@pytest.mark.c(31)
@pytest.mark.engine
def test_both_or_none_of_url_and_file(target: Target, server: httpx.Client) -> None:
    both = {"image_url": data_url(factories.image(size=SMALL)), "file_id": "file-123"}
    for reference in (both, {}, {"type": "image_url"}):
        answer = server.post("/videos", json=target.order(input_reference=reference))
        refused(answer, 400, param="input_reference", code="invalid_value")


@pytest.mark.c(31)
def test_too_long_a_url(target: Target, server: httpx.Client) -> None:
    url = "data:image/png;base64," + "A" * (IMAGE_URL_MAX_LENGTH - 21)
    assert len(url) == IMAGE_URL_MAX_LENGTH + 1

    error = enveloped(server.post("/videos", json=target.order(input_reference={"image_url": url})), 400)

    assert (error["type"], error["param"]) == ("invalid_request_error", "input_reference.image_url")
    assert error["code"] in ("string_above_max_length", "image_too_large")


@pytest.mark.c(32)
@pytest.mark.engine
def test_a_text_as_reference(target: Target, server: httpx.Client) -> None:
    def message(**way: Any) -> str:
        return refused(server.post("/videos", **way), 400, param="input_reference", code="invalid_type")

    assert "object" in message(json=target.order(input_reference="https://example.com/a.png"))
    assert "file" in message(files=_form(target, input_reference="https://example.com/a.png"))


# The reasons in Studio's log: they tell what is forbidden from what is only out of reach, as from any test's machine.
ELSEWHERE = {
    "http://10.0.0.1/a.png": "10.0.0.1 is not a public address",
    "http://192.168.1.1/a.png": "192.168.1.1 is not a public address",
    "http://169.254.169.254/latest/meta-data/": "169.254.169.254 is a cloud's metadata",
    "http://[::1]/a.png": "::1 is not a public address",
    "http://metadata.google.internal/": "metadata.google.internal is a cloud's metadata",
    "ftp://example.com/a.png": "not an allowed scheme",
    "file:///etc/passwd": "no plain host in the URL",
}


@pytest.mark.c(33)
def test_image_urls_never_reach_this_machine(target: Target, server: httpx.Client) -> None:
    with Receiver() as bait:
        port = bait.url.rsplit(":", 1)[1]
        bait.answers["/a.png"] = Answer(body=factories.image(size=SMALL), headers={"Content-Type": "image/png"})
        names = ["127.0.0.1", "localhost", "0.0.0.0", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"]
        for url in [f"http://{name}:{port}/a.png" for name in names]:
            _is_refused(_led_by(target, server, url))
        assert bait.heard == []


@pytest.mark.c(33)
@pytest.mark.parametrize("url", ELSEWHERE)
def test_image_urls_never_reach_private_addresses(target: Target, server: httpx.Client, url: str) -> None:
    lines = len(_reasons(target))

    _is_refused(_led_by(target, server, url))

    if target.studio:
        assert _reasons(target)[lines:] == [ELSEWHERE[url]]


def _reasons(target: Target) -> list[str]:
    return re.findall(r"image not fetched: (.*)", target.studio.log) if target.studio else []


def _is_refused(answer: httpx.Response) -> None:
    refused(answer, 400, param="input_reference.image_url", code="invalid_image_url")


@pytest.mark.c(33)
def test_a_redirect_opens_no_door(workshop: Workshop, bench: httpx.Client) -> None:
    """The workshop may fetch from its neighbour, which sends it back to this machine."""
    image = Answer(body=factories.image(size=SMALL), headers={"Content-Type": "image/png"})
    with Receiver() as bait, Receiver(NEIGHBOUR) as neighbour:
        bait.answers["/a.png"] = neighbour.answers["/a.png"] = image
        neighbour.answers["/away"] = Answer(302, headers={"Location": f"{bait.url}/a.png"})

        away = _led_by(workshop.target, bench, f"{neighbour.url}/away")
        _is_refused(away)
        assert bait.heard == []
        assert [heard.path for heard in neighbour.heard] == ["/away"]

        good = _led_by(workshop.target, bench, f"{neighbour.url}/a.png")
        bench.delete(f"/videos/{accepted(good)['id']}")


def _led_by(target: Target, client: httpx.Client, url: str) -> httpx.Response:
    return client.post("/videos", json=target.order(input_reference={"image_url": url}))


@pytest.mark.c(34)
@pytest.mark.engine
def test_chunked_multipart_without_a_length(target: Target, server: httpx.Client, make) -> None:
    def stream(size: tuple[int, int]) -> dict[str, Any]:
        file = Part("input_reference", factories.image(size=size), "a.png", "application/octet-stream")
        body = multipart(*text(None, **target.order()), file)
        return {"content": chunked(body), "headers": {"Content-Type": FORM}}

    assert make(**stream(SMALL))["size"] == "1280x720"
    # The refusal of its size proves that the file has arrived.
    assert refused(server.post("/videos", **stream(WRONG)), 400) == MISMATCH


@pytest.mark.c(35)
@pytest.mark.engine
def test_the_file_first_and_text_parts_with_a_type(target: Target, server: httpx.Client, make) -> None:
    def backwards(size: tuple[int, int]) -> dict[str, Any]:
        file = Part("input_reference", factories.image(size=size), "a.png")
        body = multipart(file, *text(**target.order(prompt="A lamp 💡")))
        return {"content": body, "headers": {"Content-Type": FORM}}

    video = make(**backwards(SMALL))
    assert (video["prompt"], video["size"], video["seconds"]) == ("A lamp 💡", "1280x720", "4")
    assert refused(server.post("/videos", **backwards(WRONG)), 400) == MISMATCH


@pytest.mark.c(36)
def test_a_json_header_over_a_multipart_body(target: Target, server: httpx.Client, make) -> None:
    """An oddity of people's curl lines, for Studio alone: the engine's only client is Studio."""

    def curl(size: tuple[int, int]) -> dict[str, Any]:
        fields = [Part(name, value, disposition="attachment") for name, value in target.order(seconds="8").items()]
        file = Part("input_reference", factories.image(size=size), "a.png", "image/png", "attachment")
        return {"content": multipart(*fields, file), "headers": {"Content-Type": CURL_TYPE}}

    video = make(**curl(SMALL))
    assert (video["prompt"], video["seconds"]) == (target.order()["prompt"], "8")
    assert refused(server.post("/videos", **curl(WRONG)), 400) == MISMATCH


@pytest.mark.c(36)
def test_the_same_without_the_boundary_in_the_header(target: Target, make) -> None:
    fields = [Part(name, value, disposition="attachment") for name, value in target.order().items()]

    assert make(content=multipart(*fields), headers={"Content-Type": "application/json"})
