from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.server import free_port
from tests.scripted_backend import Exchange, ScriptedBackend
from videos import contract
from videos.backends import BackendLost, BackendRejected, BackendUnavailable
from videos.backends.http import HttpBackend
from videos.contract import Reference, VideoRequest

REQUEST = VideoRequest(prompt="Ein Bär 🐻", model="m", size="1280x720", seconds=8, seed=7)


@pytest.fixture
def server() -> Iterator[ScriptedBackend]:
    with ScriptedBackend() as scripted:
        yield scripted


@pytest.fixture
def client(server: ScriptedBackend) -> HttpBackend:
    return HttpBackend(base_url=server.url, api_key=server.key, features=["seed"])


def test_create_sends_every_field_and_the_reference(server: ScriptedBackend, client: HttpBackend) -> None:
    image = Reference(b"\x89PNG bytes", "reference.png", "image/png")

    resource = client.create(VideoRequest("p", "m", "1280x720", 8, 7, image), key="k1")

    assert resource.id == server.job.id
    assert server.job.fields == {"prompt": "p", "model": "m", "size": "1280x720", "seconds": "8", "seed": "7"}
    assert server.job.upload == b"\x89PNG bytes"


def test_a_seed_goes_only_to_servers_that_take_one(server: ScriptedBackend) -> None:
    HttpBackend(base_url=server.url, api_key=server.key).create(REQUEST, key="k1")

    assert "seed" not in server.job.fields


def test_text_arrives_unchanged(server: ScriptedBackend, client: HttpBackend) -> None:
    client.create(REQUEST, key="k1")

    assert server.job.fields["prompt"] == "Ein Bär 🐻"


def test_the_same_key_makes_one_video(server: ScriptedBackend, client: HttpBackend) -> None:
    first, second = client.create(REQUEST, key="k1"), client.create(REQUEST, key="k1")

    assert first.id == second.id
    assert server.creates == 1


def test_remix_names_its_source_and_sends_no_size(server: ScriptedBackend, client: HttpBackend) -> None:
    source = client.create(REQUEST, key="k1")

    remix = VideoRequest("at night", "m", "1280x720", 8, operation="remix", source_id=source.id)
    made = client.create(remix, key="k2")

    assert server.jobs[made.id].source == source.id
    assert server.jobs[made.id].fields == {"prompt": "at night"}


@pytest.mark.parametrize("operation", ["remix", "edit", "extend"])
def test_a_source_that_the_backend_lost_is_told_apart_from_a_refusal(client: HttpBackend, operation: str) -> None:
    with pytest.raises(BackendLost):
        client.create(VideoRequest("p", "m", "s", 4, operation=operation, source_id="gone"), key="k")


def test_a_refused_connection_is_surely_not_created() -> None:
    client = HttpBackend(base_url=f"http://127.0.0.1:{free_port()}/v1")

    with pytest.raises(BackendUnavailable) as caught:
        client.create(REQUEST, key="k")

    assert caught.value.ambiguous is False


AMBIGUOUS = {
    "closed after the body": lambda exchange: exchange.hang_up(),
    "500": lambda exchange: exchange.refuse(500),
    "502": lambda exchange: exchange.refuse(502),
    "409": lambda exchange: exchange.refuse(409),
    "200 without an id": lambda exchange: exchange.answer(200, {"object": "video"}),
    "200 that is no JSON": lambda exchange: exchange.answer(200, b"<html>"),
    "200 that is a list": lambda exchange: exchange.answer(200, []),
}


@pytest.mark.parametrize("fault", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
def test_outcomes_that_may_have_created_a_video(server: ScriptedBackend, client: HttpBackend, fault) -> None:
    server.faults["create"].append(fault)

    with pytest.raises(BackendUnavailable) as caught:
        client.create(REQUEST, key="k")

    assert caught.value.ambiguous is True


@pytest.mark.parametrize("status", [402, 429, 401, 403])
def test_answers_that_mean_later_and_nothing_created(server: ScriptedBackend, client: HttpBackend, status: int) -> None:
    server.faults["create"].append(lambda exchange: exchange.refuse(status))

    with pytest.raises(BackendUnavailable) as caught:
        client.create(REQUEST, key="k")

    assert caught.value.ambiguous is False


REFUSALS = {
    "the envelope": (contract.error_body("No such size.", code="invalid_value"), "invalid_value", "No such size."),
    "a detail": ({"detail": "No such size."}, "generation_failed", "No such size."),
    "a bare sentence": ({"error": "No such size."}, "generation_failed", "No such size."),
    "nothing": ({}, "generation_failed", "The backend refused the request (HTTP 400)."),
}


@pytest.mark.parametrize(("body", "code", "message"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusals_are_told_in_the_backends_words(
    server: ScriptedBackend, client: HttpBackend, body: object, code: str, message: str
) -> None:
    server.faults["create"].append(lambda exchange: exchange.answer(400, body))

    with pytest.raises(BackendRejected) as caught:
        client.create(REQUEST, key="k")

    assert (caught.value.code, caught.value.message) == (code, message)


WORDS = {
    "queued": "queued",
    "PENDING": "queued",
    "processing": "in_progress",
    "never heard of": "in_progress",
    "succeeded": "completed",
    "canceled": "failed",
}


@pytest.mark.parametrize(("theirs", "ours"), WORDS.items())
def test_status_words_of_other_servers(server: ScriptedBackend, client: HttpBackend, theirs: str, ours: str) -> None:
    made = client.create(REQUEST, key="k")
    server.job.status = theirs

    assert client.retrieve(made.id).status == ours


PERCENTAGES = {"37": (37, 37), "null": (None, 0), "0.5 of 1": (0.5, 50), "text": ("12", 12), "too much": (140, 100)}


@pytest.mark.parametrize(("theirs", "ours"), PERCENTAGES.values(), ids=PERCENTAGES.keys())
def test_progress_in_any_form(server: ScriptedBackend, client: HttpBackend, theirs: object, ours: int) -> None:
    made = client.create(REQUEST, key="k")
    server.job.status, server.job.progress = "in_progress", theirs

    assert client.retrieve(made.id).progress == ours


ERRORS = {
    "object": ({"code": "moderation_blocked", "message": "No."}, "moderation_blocked", "No."),
    "without code": ({"message": "No."}, "generation_failed", "No."),
    "sentence": ("No.", "generation_failed", "No."),
    "nothing": (None, "generation_failed", ""),
}


@pytest.mark.parametrize(("error", "code", "message"), ERRORS.values(), ids=ERRORS.keys())
@pytest.mark.parametrize("http_status", [200, 422, 500])
def test_a_failed_job_is_read_from_any_answer(
    server: ScriptedBackend, client: HttpBackend, http_status: int, error: object, code: str, message: str
) -> None:
    made = client.create(REQUEST, key="k")
    body = {"id": made.id, "object": "video", "status": "failed", "error": error}
    server.faults["retrieve"].append(lambda exchange: exchange.answer(http_status, body))

    resource = client.retrieve(made.id)

    assert resource.error
    assert (resource.status, resource.error.code, resource.error.message) == ("failed", code, message)


def test_an_unknown_video_is_lost_and_an_error_is_not(server: ScriptedBackend, client: HttpBackend) -> None:
    with pytest.raises(BackendLost):
        client.retrieve("video_unknown")

    server.faults["retrieve"].append(lambda exchange: exchange.refuse(503))
    with pytest.raises(BackendUnavailable):
        client.retrieve("video_unknown")


def test_ids_are_quoted_in_paths(server: ScriptedBackend, client: HttpBackend) -> None:
    made = client.create(REQUEST, key="k")
    job = server.jobs.pop(made.id)
    job.id = "video_a/b+c="
    server.jobs[job.id] = job

    assert client.retrieve(job.id).id == job.id


def test_content_is_streamed_with_its_length(server: ScriptedBackend, client: HttpBackend) -> None:
    made = client.create(REQUEST, key="k")
    server.finish(server.job, b"x" * 1_000_000)

    with client.content(made.id, "video") as content:
        chunks = list(content.chunks)

    assert content.length == 1_000_000
    assert b"".join(chunks) == b"x" * 1_000_000
    assert max(map(len, chunks)) <= 256 * 1024


def test_content_that_is_missing_or_cut(server: ScriptedBackend, client: HttpBackend) -> None:
    def cut(exchange: Exchange) -> None:
        exchange.send_response(200)
        exchange.send_header("Content-Length", "1000")
        exchange.end_headers()
        exchange.wfile.write(b"only this")
        exchange.hang_up()

    made = client.create(REQUEST, key="k")

    with pytest.raises(BackendLost), client.content(made.id, "thumbnail"):
        pass
    server.faults["content"].append(cut)
    with pytest.raises(BackendUnavailable), client.content(made.id, "video") as content:
        list(content.chunks)


def test_delete_is_silent_about_unknown_videos(server: ScriptedBackend, client: HttpBackend) -> None:
    made = client.create(REQUEST, key="k")

    client.delete(made.id)
    client.delete(made.id)

    assert server.deleted == [made.id]


def test_check_tells_a_backend_that_answers_from_one_that_does_not(
    server: ScriptedBackend, client: HttpBackend
) -> None:
    client.check()

    with pytest.raises(BackendUnavailable):
        HttpBackend(base_url=server.url, api_key="wrong").check()
    with pytest.raises(BackendUnavailable):
        HttpBackend(base_url=f"http://127.0.0.1:{free_port()}/v1").check()


def test_a_key_with_a_typo_is_no_outage(server: ScriptedBackend) -> None:
    with pytest.raises(Exception, match="[Hh]eader|ascii"):
        HttpBackend(base_url=server.url, api_key="line\nbreak").check()


RETRY_AFTER = {"seconds": ("7", 7.0), "absurd": ("9" * 20, 300.0), "a word": ("soon", None), "infinite": ("inf", None)}


@pytest.mark.parametrize(("value", "seconds"), RETRY_AFTER.values(), ids=RETRY_AFTER.keys())
def test_retry_after_is_bounded(
    server: ScriptedBackend, client: HttpBackend, value: str, seconds: float | None
) -> None:
    def later(exchange: Exchange) -> None:
        exchange.send_response(429)
        exchange.send_header("Retry-After", value)
        exchange.send_header("Content-Length", "0")
        exchange.end_headers()

    server.faults["create"].append(later)

    with pytest.raises(BackendUnavailable) as caught:
        client.create(REQUEST, key="k")

    assert caught.value.retry_after == seconds


def test_unknown_features_are_refused() -> None:
    with pytest.raises(ValueError, match="telepathy"):
        HttpBackend(base_url="http://127.0.0.1/v1", features=["telepathy"])
