"""The engine as a program: its command line, and the Videos API over real HTTP."""

from __future__ import annotations

import base64
import io
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image

from videos.contract import SIZES, SPRITESHEET_HEADERS
from videos.engine.probe import probe

ROOT = Path(__file__).parents[3]
KEY = "engine-test-key"
VIDEO_KEYS = {
    "id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at", "prompt", "size",
    "seconds", "remixed_from_video_id", "error", "quality", "seed", "operation",
}  # fmt: skip
LONG = {"prompt": "A long film", "size": "1920x1080", "seconds": "20"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(data, *options, key=KEY, **more):
    """A server process and a client of it, once it answers."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "STUDIO_ENGINE_KEY"}
    process = subprocess.Popen(
        [sys.executable, "-m", "videos.engine", "--port", str(port), "--data", str(data), *options],
        cwd=ROOT,
        env=environment | ({"STUDIO_ENGINE_KEY": key} if key else {}),
        **more,
    )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}/v1", headers=headers, timeout=20)
    until(lambda: process.poll() is not None or listens(port))
    return process, client


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return found


@contextmanager
def serving(data, *options, **more):
    process, client = start(data, *options, **more)
    try:
        with client:
            yield client
    finally:
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("engine")) as client:
        yield client


def ended(client, video_id):
    return until(
        lambda: (video := client.get(f"/videos/{video_id}").json())["status"] in {"completed", "failed"} and video
    )


@pytest.fixture(scope="module")
def film(client):
    """A completed video, and all that was answered on the way."""
    answers = [client.post("/videos", json={"prompt": "A fox in the snow 🦊", "seed": 7})]
    video_id = answers[0].json()["id"]
    until(lambda: answers.append(client.get(f"/videos/{video_id}")) or answers[-1].json()["status"] == "completed")
    return answers


@pytest.fixture(scope="module")
def film_id(film):
    return film[-1].json()["id"]


@pytest.fixture
def created(client):
    """Create a long video that is deleted after the test."""
    ids = []

    def create(**options):
        answer = client.post("/videos", **options)
        if answer.status_code == 200:
            ids.append(answer.json()["id"])
        return answer

    yield create
    for video_id in ids:
        client.delete(f"/videos/{video_id}")


def image(size=(720, 1280), kind="PNG", **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, kind, **options)
    return stream.getvalue()


def data_url(data):
    return "data:image/png;base64," + base64.b64encode(data).decode()


def refused(answer, status, code, param=None):
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"].startswith("req_")
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (answer.status_code, error["code"], error["param"]) == (status, code, param), error
    return error["message"]


# -- command line


def test_it_refuses_to_start_without_a_key(tmp_path):
    done = cli("--data", str(tmp_path))

    assert done.returncode == 2
    assert "STUDIO_ENGINE_KEY" in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org"])
def test_it_refuses_to_be_open_to_other_machines(tmp_path, host):
    done = cli("--no-key", "--host", host, "--data", str(tmp_path))

    assert done.returncode == 2
    assert "loopback" in done.stderr


def test_it_refuses_a_port_that_is_taken(client, tmp_path):
    done = cli("--no-key", "--port", str(client.base_url.port), "--data", str(tmp_path))

    assert done.returncode == 2
    assert "cannot listen" in done.stderr


def test_two_engines_do_not_share_their_data(client, tmp_path):
    with serving(tmp_path):
        done = cli("--no-key", "--port", str(free_port()), "--data", str(tmp_path))

    assert done.returncode == 1
    assert "another engine" in done.stderr


def cli(*options):
    environment = {name: value for name, value in os.environ.items() if name != "STUDIO_ENGINE_KEY"}
    command = [sys.executable, "-m", "videos.engine", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=20)


def test_without_a_key_it_serves_programs_but_no_web_pages(tmp_path):
    with serving(tmp_path, "--no-key", key=None) as client:
        assert client.get("/videos").json()["data"] == []
        refused(client.get("/videos", headers={"Origin": "https://evil.example"}), 403, "permission_denied")


def test_it_listens_within_a_moment_and_says_where(tmp_path):
    started = time.monotonic()
    process, client = start(tmp_path, stdout=subprocess.PIPE, text=True)
    assert client.get(str(client.base_url).replace("/v1/", "/healthz")).json() == {"status": "ok"}
    assert time.monotonic() - started < 2
    assert process.stdout.readline() == f"engine: listening on {str(client.base_url).removesuffix('/v1/')}\n"
    client.close()
    process.terminate()
    process.communicate()


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_with_its_renders(tmp_path, signum):
    process, client = start(tmp_path)
    video_id = client.post("/videos", json=LONG).json()["id"]
    render = os.pidfd_open(until(lambda: render_of(video_id)))

    process.send_signal(signum)

    assert process.wait(10) == 0
    assert select.select([render], [], [], 5)[0]
    os.close(render)
    client.close()


def render_of(video_id):
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if b"videos.engine.render" in command and video_id.encode() in command:
            return int(path.parent.name)
    return None


def test_nothing_is_left_when_it_is_killed(tmp_path):
    process, client = start(tmp_path)
    video_id = client.post("/videos", json=LONG).json()["id"]
    render = os.pidfd_open(until(lambda: render_of(video_id)))

    process.kill()
    process.wait()

    assert select.select([render], [], [], 5)[0]
    until(lambda: not listens(client.base_url.port))
    os.close(render)
    client.close()


def test_it_dies_with_its_parent_when_told_to(tmp_path):
    port = free_port()
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'videos.engine', '--no-key', '--die-with-parent',"
        " '--port', sys.argv[1], '--data', sys.argv[2]])\n"
        "child.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(port), str(tmp_path)], cwd=ROOT) as parent:
        until(lambda: listens(port))
        parent.kill()

    until(lambda: not listens(port))


def test_a_restart_forgets_what_ran_and_keeps_what_was_completed_until_it_expires(tmp_path):
    with serving(tmp_path) as client:
        done = ended(client, client.post("/videos", json={"prompt": "A fox"}).json()["id"])
        lost = client.post("/videos", json=LONG).json()

    with serving(tmp_path) as client:
        refused(client.get(f"/videos/{lost['id']}"), 404, "video_not_found")
        assert client.get(f"/videos/{done['id']}").json() == done
        assert client.get(f"/videos/{done['id']}/content").status_code == 200
        remix = client.post(f"/videos/{done['id']}/remix", json={"prompt": "at night"})
        assert remix.json()["remixed_from_video_id"] == done["id"]

    record = tmp_path / "jobs" / done["id"] / "job.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"expires_at": done["completed_at"]}))
    with serving(tmp_path) as client:
        refused(client.get(f"/videos/{done['id']}/content"), 404, "video_expired")
        assert client.get(f"/videos/{done['id']}").json()["status"] == "completed"
        assert client.post(f"/videos/{done['id']}/remix", json={"prompt": "at night"}).status_code == 200


# -- keys, routes, methods


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/videos"), ("POST", "/videos"), ("GET", "/videos/x"), ("DELETE", "/videos/x"),
        ("GET", "/videos/x/content"), ("POST", "/videos/x/remix"), ("GET", "/models"), ("GET", "/nothing"),
    ],
)  # fmt: skip
def test_every_route_asks_for_the_key(client, method, path):
    for header in ("", "Basic abc", "Bearer"):
        refused(client.request(method, path, headers={"Authorization": header}), 401, None)
    message = refused(client.request(method, path, headers={"Authorization": "Bearer nope"}), 401, "invalid_api_key")
    assert "nope" not in message


def test_the_key_is_compared_letter_by_letter(client):
    for wrong in (KEY.upper(), KEY[:-1], KEY + "x"):
        refused(client.get("/videos", headers={"Authorization": f"Bearer {wrong}"}), 401, "invalid_api_key")
    assert client.get("/videos", headers={"Authorization": f"bearer {KEY}"}).status_code == 200
    assert client.get("/videos", headers={"Authorization": "Bearer ключ".encode()}).status_code == 401


@pytest.mark.parametrize("path", ["/nothing", "/videos/x/y", "/videos/x/content/z", "", "/videos/generations"])
def test_an_unknown_route_is_enveloped(client, path):
    refused(client.get(path), 404, "video_not_found" if path == "/videos/x" else "unknown_url")


@pytest.mark.parametrize("path", ["/videos/edits", "/videos/extensions", "/videos/characters"])
def test_what_the_engine_does_not_offer_is_an_unknown_route(client, path):
    refused(client.post(path, json={"prompt": "x"}), 404, "unknown_url")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/videos", "GET, POST"),
        ("POST", "/videos/x", "GET, DELETE"),
        ("POST", "/videos/x/content", "GET, HEAD"),
        ("GET", "/videos/x/remix", "POST"),
        ("DELETE", "/models", "GET"),
    ],
)
def test_a_wrong_method_names_the_right_ones(client, method, path, allow):
    answer = client.request(method, path)

    refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allow


def test_a_slash_at_the_end_is_no_redirect(client, created):
    assert client.get("/videos/").status_code == 200
    assert created(json=LONG).status_code == 200


def test_a_connection_is_used_again(client):
    with httpx.Client(base_url=client.base_url, headers=client.headers) as one:
        ports = {one.get("/models").extensions["network_stream"].get_extra_info("client_addr") for _ in range(5)}
        one.post("/videos", content=b"{")
        one.get("/videos/none")
        ports.add(one.get("/models").extensions["network_stream"].get_extra_info("client_addr"))

    assert len(ports) == 1


def test_models_are_listed_with_what_they_can(client):
    [model] = client.get("/models").json()["data"]

    assert (model["id"], model["object"], model["sizes"]) == ("animatic-1", "model", list(SIZES))
    assert model["seconds"] == [4, 8, 12, 16, 20]
    assert {"remix", "input_reference", "seed"} <= set(model["supports"])
    assert client.get("/models/animatic-1").json() == model
    refused(client.get("/models/sora-2"), 404, "model_not_found", "model")


# -- create


def test_a_prompt_alone_takes_the_defaults(created):
    answer = created(json={"prompt": "A fox"})

    video = answer.json()
    assert answer.status_code == 200
    assert set(video) == VIDEO_KEYS
    assert (video["object"], video["model"], video["status"]) == ("video", "animatic-1", "queued")
    assert (video["size"], video["seconds"], video["progress"]) == ("720x1280", "4", 0)
    assert (video["completed_at"], video["error"], video["remixed_from_video_id"]) == (None, None, None)
    assert isinstance(video["seed"], int)
    assert answer.headers["openai-poll-after-ms"].isdigit()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seconds", [4, "20"])
def test_sizes_and_seconds_of_the_contract_are_taken(created, size, seconds):
    video = created(json={"prompt": "A fox", "size": size, "seconds": seconds, "model": "animatic-1"}).json()

    assert (video["size"], video["seconds"]) == (size, str(seconds))


def test_a_video_is_found_at_once(client, created):
    video = created(json=LONG).json()

    assert client.get(f"/videos/{video['id']}").json()["id"] == video["id"]
    assert client.get("/videos").json()["data"][0]["id"] == video["id"]


@pytest.mark.parametrize("prompt", ["狐狸 🦊 ثعلب", "x" * 32_000, '"quoted"\n[0-2s] twice'])
def test_prompts_come_back_unchanged(created, prompt):
    assert created(json=LONG | {"prompt": prompt}).json()["prompt"] == prompt
    assert created(files={"prompt": (None, prompt)}).json()["prompt"] == prompt


def test_unknown_fields_are_ignored_and_the_seed_is_not(created):
    body = LONG | {"seed": 2**63 - 1, "fps": 25, "quality": "high", "characters": [{"id": "x"}], "n": None}

    assert created(json=body).json()["seed"] == 2**63 - 1


def test_forms_of_both_kinds_are_read(created):
    multipart = created(files={"prompt": (None, "A fox"), "seconds": (None, "8"), "seed": (None, "5")}).json()
    encoded = created(data={"prompt": "A fox", "seconds": "8", "seed": "5"}).json()

    assert (multipart["seconds"], multipart["seed"]) == (encoded["seconds"], encoded["seed"]) == ("8", 5)


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"prompt": None}, "prompt", "missing_required_parameter"),
        ({"prompt": ""}, "prompt", "invalid_value"),
        ({"prompt": "  \n"}, "prompt", "invalid_value"),
        ({"prompt": "\ud800"}, "prompt", "invalid_value"),
        ({"prompt": "x" * 32_001}, "prompt", "string_above_max_length"),
        ({"prompt": 5}, "prompt", "invalid_type"),
        ({"seconds": "15"}, "seconds", "invalid_value"),
        ({"seconds": 15}, "seconds", "invalid_value"),
        ({"seconds": True}, "seconds", "invalid_type"),
        ({"seconds": 4.5}, "seconds", "invalid_type"),
        ({"size": "1024x1808"}, "size", "invalid_value"),
        ({"size": "720X1280"}, "size", "invalid_value"),
        ({"size": "0x0"}, "size", "invalid_value"),
        ({"size": {"width": 4}}, "size", "invalid_type"),
        ({"model": "sora-2"}, "model", "model_not_found"),
        ({"model": 5}, "model", "invalid_type"),
        ({"model": []}, "model", "invalid_type"),
        ({"seed": "x"}, "seed", "invalid_type"),
        ({"seed": 1.5}, "seed", "invalid_type"),
        ({"seed": -1}, "seed", "invalid_value"),
        ({"seed": 2**63}, "seed", "invalid_value"),
        ({"input_reference": "file-1"}, "input_reference", "invalid_type"),
        ({"input_reference": ["x"]}, "input_reference", "invalid_type"),
        ({"input_reference": {}}, "input_reference", "invalid_value"),
        ({"input_reference": {"image_url": "data:,", "file_id": "f"}}, "input_reference", "invalid_value"),
        ({"input_reference": {"file_id": "f"}}, "input_reference.file_id", "file_not_found"),
        ({"input_reference": {"image_url": 5}}, "input_reference.image_url", "invalid_type"),
        ({"input_reference": {"image_url": "http://127.0.0.1/x"}}, "input_reference.image_url", "invalid_image_url"),
        ({"input_reference": {"image_url": "file:///etc/passwd"}}, "input_reference.image_url", "invalid_image_url"),
        ({"input_reference": {"image_url": "data:x;base64,%%%"}}, "input_reference.image_url", "invalid_image_url"),
        ({"input_reference": {"image_url": data_url(b"nothing")}}, "input_reference", "invalid_image_format"),
        (
            {"input_reference": {"image_url": "data:image/png;base64," + "A" * 20_971_520}},
            "input_reference.image_url",
            "string_above_max_length",
        ),
    ],
)  # fmt: skip
def test_a_bad_field_is_refused_by_name(client, change, param, code):
    body = json.dumps({"prompt": "A fox"} | change)

    refused(client.post("/videos", content=body, headers={"Content-Type": "application/json"}), 400, code, param)


def test_a_refused_value_comes_with_those_supported(client):
    message = refused(client.post("/videos", json={"prompt": "x", "seconds": "15"}), 400, "invalid_value", "seconds")

    assert message == "Invalid value: '15'. Supported values are: '4', '8', '12', '16', and '20'."


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"  ", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"seconds": ' + b"9" * 10_000 + b"}", "application/json"),
        (b"not multipart", "multipart/form-data; boundary=b"),
        (b"--b\r\n", "multipart/form-data; boundary=b"),
        (b"--b\r\nX: y\r\n\r\nz\r\n--b--\r\n", "multipart/form-data; boundary=b"),
        (b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\ncut', "multipart/form-data; boundary=b"),
        (
            b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx\r\n--b--', "multipart/form-data"),
    ],
)
def test_a_malformed_body_is_refused(client, content, kind):
    refused(client.post("/videos", content=content, headers={"Content-Type": kind}), 400, None)


def test_other_content_types_are_refused(client):
    refused(client.post("/videos", content=b"x", headers={"Content-Type": "text/plain"}), 415, None)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(client, chunked):
    def pieces():
        for _ in range(33):
            yield b" " * 1024 * 1024

    content = pieces() if chunked else b"".join(pieces())
    refused(client.post("/videos", content=content), 413, "request_too_large")
    assert client.get("/models").status_code == 200


# -- references


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_reference_is_known_by_its_bytes(created, kind):
    part = ("upload", image(kind=kind), "application/octet-stream")

    assert created(data=LONG | {"size": "720x1280"}, files={"input_reference": part}).status_code == 200


def test_a_reference_may_come_first_in_pieces_and_with_text_types(client, created):
    pieces = [
        b'--b\r\nContent-Disposition: form-data; name="input_reference"; filename="../x.png"\r\n\r\n',
        image(),
        b'\r\n--b\r\nContent-Disposition: form-data; name="prompt"\r\nContent-Type: text/plain\r\n\r\n',
        b"A fox\r\n--b--\r\n",
    ]
    answer = created(content=iter(pieces), headers={"Content-Type": "multipart/form-data; boundary=b"})

    assert answer.request.headers["transfer-encoding"] == "chunked"
    assert answer.status_code == 200


def test_a_reference_may_be_a_data_url(created):
    url = data_url(image())

    assert created(json={"prompt": "x", "input_reference": {"image_url": url, "type": "image"}}).status_code == 200
    assert created(json={"prompt": "x", "input_reference": {"image_url": {"url": url}}}).status_code == 200
    for name, value in (("input_reference[image_url]", url), ("input_reference", json.dumps({"image_url": url}))):
        assert created(files={"prompt": (None, "x"), name: (None, value)}).status_code == 200


def test_a_photo_is_measured_upright(created):
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = image((1280, 720), "JPEG", exif=exif)

    assert created(data={"prompt": "x"}, files={"input_reference": photo}).status_code == 200


def test_a_reference_of_another_size_is_refused_in_the_hosted_words(client):
    for size in ((1280, 720), (719, 1280)):
        answer = client.post("/videos", data={"prompt": "x"}, files={"input_reference": image(size)})
        message = refused(answer, 400, None)
        assert message == "Inpaint image must match the requested width and height"


def test_an_enormous_picture_is_refused_without_decoding_it(client):
    for side in (12_000, 60_000):
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000_000))
        started = time.monotonic()
        refused(client.post("/videos", data={"prompt": "x"}, files={"input_reference": bomb}), 400, None)
        assert time.monotonic() - started < 2


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a" + b"\0" * 100, image(kind="BMP"), image(kind="TIFF"), image()[:200], b"<svg/>"],
    ids=["empty", "gif", "bmp", "tiff", "cut", "svg"],
)
def test_a_reference_that_is_no_picture_is_refused(client, data):
    answer = client.post("/videos", data={"prompt": "x"}, files={"input_reference": ("x.png", data, "image/png")})

    refused(answer, 400, "invalid_image_format", "input_reference")


def test_a_reference_over_twenty_mebibytes_is_refused(client):
    part = image() + b"\0" * 20 * 1024 * 1024
    answer = client.post("/videos", data={"prompt": "x"}, files={"input_reference": part})

    refused(answer, 400, "image_too_large", "input_reference")


def test_two_files_of_one_name_are_refused(client):
    files = [("input_reference", ("a.png", image())), ("input_reference", ("b.png", image()))]

    refused(client.post("/videos", data={"prompt": "x"}, files=files), 400, None, "input_reference")


# -- idempotency


def test_the_same_key_and_body_give_the_same_video(created):
    headers = {"Idempotency-Key": "again"}
    first = created(json=LONG, headers=headers).json()

    assert created(json=LONG, headers=headers).json()["id"] == first["id"]
    assert created(data=LONG, headers=headers).json()["id"] == first["id"]
    refused(created(json=LONG | {"seconds": "4"}, headers=headers), 400, "idempotency_key_reused")


def test_many_creates_at_once_give_one_video_per_key(client, created):
    ids: dict[int, set[str]] = {0: set(), 1: set(), 2: set()}

    def post(number):
        answer = created(json=LONG, headers={"Idempotency-Key": f"many-{number % 3}"})
        ids[number % 3].add(answer.json()["id"])

    threads = [threading.Thread(target=post, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [len(each) for each in ids.values()] == [1, 1, 1]
    assert len(set.union(*ids.values())) == 3


# -- list


def test_pages_follow_each_other_in_both_orders(tmp_path):
    with serving(tmp_path) as client:
        empty = client.get("/videos").json()
        assert empty == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}
        ids = [client.post("/videos", json=LONG).json()["id"] for _ in range(5)]
        for order, expected in (("desc", ids[::-1]), ("asc", ids)):
            seen, more, after = [], [], {}
            while not more or more[-1]:
                page = client.get("/videos", params={"limit": 2, "order": order} | after).json()
                seen += [video["id"] for video in page["data"]]
                assert (page["first_id"], page["last_id"]) == (page["data"][0]["id"], page["data"][-1]["id"])
                more.append(page["has_more"])
                after = {"after": page["last_id"]}
            assert (seen, more) == (expected, [True, True, False])
        client.delete(f"/videos/{ids[2]}")
        page = client.get("/videos", params={"order": "asc", "after": ids[2]}).json()
        assert [video["id"] for video in page["data"]] == ids[3:]


def test_pages_may_be_empty(client, film_id):
    for query in ({"limit": 0}, {"after": "after"}, {"after": "after", "limit": 0, "order": "asc"}):
        page = client.get("/videos", params=query).json()
        assert (page["data"], page["first_id"], page["last_id"], page["has_more"]) == ([], None, None, False)
    assert client.get("/videos", params={"limit": 100}).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"), [("limit", "101"), ("limit", "-1"), ("limit", "x"), ("limit", ""), ("order", "sideways")]
)
def test_a_bad_query_is_refused(client, name, value):
    refused(client.get("/videos", params={name: value}), 400, "invalid_value", name)


# -- life of a video


def test_a_video_is_rendered_with_real_progress(film):
    videos = [answer.json() for answer in film]

    assert list(dict.fromkeys(video["status"] for video in videos)) == ["queued", "in_progress", "completed"]
    assert [video["progress"] for video in videos] == sorted(video["progress"] for video in videos)
    assert len({video["progress"] for video in videos}) > 5
    assert all(video["progress"] < 100 for video in videos[:-1])
    assert videos[-1]["progress"] == 100
    assert videos[-1]["completed_at"] >= videos[-1]["created_at"]
    assert videos[-1]["expires_at"] > time.time()
    assert all(answer.headers["openai-poll-after-ms"].isdigit() for answer in film[:-1])
    assert "openai-poll-after-ms" not in film[-1].headers


def test_the_content_is_the_film_that_was_ordered(client, film_id, tmp_path):
    answer = client.get(f"/videos/{film_id}/content", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["content-disposition"] == f'attachment; filename="{film_id}.mp4"'
    (tmp_path / "film.mp4").write_bytes(answer.content)
    found = probe(tmp_path / "film.mp4")
    assert (found.width, found.height, found.duration, found.frames) == (720, 1280, 4.0, 96)
    assert client.get(f"/videos/{film_id}/content?variant=video").content == answer.content


def test_the_stills_are_pictures_with_their_layout(client, film_id):
    thumbnail = client.get(f"/videos/{film_id}/content", params={"variant": "thumbnail"})
    sheet = client.get(f"/videos/{film_id}/content", params={"variant": "spritesheet"})

    columns, rows, frames = (int(sheet.headers[SPRITESHEET_HEADERS[key]]) for key in ("columns", "rows", "frames"))
    assert (columns, rows, frames) == (8, 1, 8)
    assert (thumbnail.headers["content-type"], sheet.headers["content-type"]) == ("image/webp", "image/jpeg")
    with Image.open(io.BytesIO(thumbnail.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (720, 1280))
    with Image.open(io.BytesIO(sheet.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (columns * 90, rows * 160))


def test_parts_of_the_film_are_served(client, film_id):
    url = f"/videos/{film_id}/content"
    whole = client.get(url)
    size = len(whole.content)

    for wanted, start, end in (("0-99", 0, 100), ("100-", 100, size), ("-50", size - 50, size), ("0-", 0, size),
                               (f"{size - 1}-{size + 99}", size - 1, size), (f"-{size * 2}", 0, size)):  # fmt: skip
        part = client.get(url, headers={"Range": f"bytes={wanted}"})
        assert (part.status_code, part.content) == (206, whole.content[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    for ignored in ("bytes=5-2", "bytes=", "bytes=0-1,5-6", "items=0-1", "bytes=-"):
        assert client.get(url, headers={"Range": ignored}).status_code == 200
    for outside in (f"bytes={size}-", "bytes=-0"):
        answer = client.get(url, headers={"Range": outside})
        refused(answer, 416, None)
        assert answer.headers["content-range"] == f"bytes */{size}"
    etag = whole.headers["etag"]
    assert client.get(url, headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == 206
    assert client.get(url, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200


def test_the_head_tells_the_length_without_the_film(client, film_id):
    answer = client.head(f"/videos/{film_id}/content")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["accept-ranges"] == "bytes"
    assert int(answer.headers["content-length"]) == len(client.get(f"/videos/{film_id}/content").content)


def test_a_download_that_is_dropped_harms_nobody(client, film_id):
    for _ in range(20):
        with client.stream("GET", f"/videos/{film_id}/content") as answer:
            next(answer.iter_raw(1024))

    assert client.get(f"/videos/{film_id}/content").status_code == 200


def test_content_before_its_time_is_refused(client, created):
    video = created(json=LONG).json()

    message = refused(client.get(f"/videos/{video['id']}/content"), 404, "video_not_ready")
    assert message == "Video is not ready yet, use GET /v1/videos/{video_id} to check status"


def test_an_unknown_variant_is_refused(client, film_id):
    refused(client.get(f"/videos/{film_id}/content?variant=gif"), 400, "invalid_value", "variant")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/videos/none"), ("DELETE", "/videos/none"), ("GET", "/videos/none/content"), ("GET", "/videos/../x")],
)
def test_an_unknown_video_is_not_found(client, method, path):
    message = refused(client.request(method, path), 404, "unknown_url" if ".." in path else "video_not_found")

    assert ".." in path or message == "Video with id 'none' not found."


def test_a_crashed_render_is_a_failed_video(client, created):
    video_id = created(json=LONG).json()["id"]
    os.kill(until(lambda: render_of(video_id)), signal.SIGKILL)

    answer = until(lambda: (found := client.get(f"/videos/{video_id}")).json()["status"] == "failed" and found)

    assert answer.status_code == 200
    assert answer.json()["error"]["code"] == "generation_failed"
    assert "/" not in answer.json()["error"]["message"]
    refused(client.get(f"/videos/{video_id}/content"), 404, "video_failed")
    refused(client.post(f"/videos/{video_id}/remix", json={"prompt": "x"}), 400, "video_failed", "video")


def test_deleting_a_running_video_stops_its_render(client):
    video_id = client.post("/videos", json=LONG).json()["id"]
    render = os.pidfd_open(until(lambda: render_of(video_id)))

    answer = client.request("DELETE", f"/videos/{video_id}", headers={"Content-Type": "application/json"})

    assert answer.json() == {"id": video_id, "object": "video.deleted", "deleted": True}
    assert select.select([render], [], [], 5)[0]
    os.close(render)
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/content")):
        refused(client.request(method, f"/videos/{video_id}{path}"), 404, "video_not_found")


# -- remix


def test_a_remix_keeps_everything_but_the_prompt(client, film_id):
    source = client.get(f"/videos/{film_id}").json()
    remix = client.post(f"/videos/{film_id}/remix", json={"prompt": "make it rain"}).json()
    form = client.post(f"/videos/{film_id}/remix", files={"prompt": (None, "at night"), "seed": (None, "9")}).json()
    client.delete(f"/videos/{form['id']}")

    assert (remix["remixed_from_video_id"], remix["operation"]) == (film_id, "remix")
    assert {key: remix[key] for key in ("model", "size", "seconds", "seed")} == {
        key: source[key] for key in ("model", "size", "seconds", "seed")
    }
    assert (form["prompt"], form["seed"]) == ("at night", 9)
    assert ended(client, remix["id"])["status"] == "completed"
    assert client.get(f"/videos/{remix['id']}/content").content != client.get(f"/videos/{film_id}/content").content


def test_only_a_completed_video_is_remixed(client, created):
    video = created(json=LONG).json()

    refused(client.post("/videos/none/remix", json={"prompt": "x"}), 404, "video_not_found")
    refused(client.post(f"/videos/{video['id']}/remix", json={"prompt": "x"}), 400, "video_not_ready", "video")
    refused(client.post(f"/videos/{video['id']}/remix", json={}), 400, "missing_required_parameter", "prompt")


# -- load


def test_many_clients_at_once_are_answered(client, film_id):
    failures = []

    def read():
        with httpx.Client(base_url=client.base_url, headers=client.headers, timeout=20) as one:
            for path in (f"/videos/{film_id}", "/videos", f"/videos/{film_id}/content", "/models"):
                if one.get(path).status_code != 200:
                    failures.append(path)

    threads = [threading.Thread(target=read) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
