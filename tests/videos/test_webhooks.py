from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from openai import InvalidWebhookSignatureError, OpenAI

from tests.factories import make_video
from tests.live.server import free_port
from tests.videos.hooks import attempt, make_delivery, make_endpoint, unwrap
from tests.videos.outbound.servers import Exchange, serving
from videos import webhooks
from videos.models import Phase, Stale, WebhookAttempt, WebhookDelivery, WebhookEndpoint, Workspace
from videos.models.due import LEASE
from videos.models.webhook import new_signing_secret

BODY = b'{"id":"evt_1","object":"event","created_at":1,"type":"video.completed","data":{"id":"video_1"}}'


@pytest.fixture(autouse=True)
def _open_loopback(settings) -> None:
    settings.OUTBOUND_ALLOWED = ["127.0.0.1"]


def answering(*statuses: int) -> Any:
    """A receiver that answers these in turn, and the last for ever."""
    left = list(statuses)

    def script(exchange: Exchange) -> None:
        status = left.pop(0) if len(left) > 1 else left[0]
        exchange.answer(status, b"thanks", Location="/elsewhere")

    return serving(script)


# --- the message -------------------------------------------------------------------------------


def test_the_official_client_unwraps_what_arrives(workspace: Workspace) -> None:
    with answering(200) as receiver:
        endpoint = make_endpoint(workspace, url=f"{receiver.url}/in")
        video = make_video(workspace, phase=Phase.COLLECTING)
        video.ready()
        delivery = attempt(WebhookDelivery.objects.get())

    (heard,) = receiver.requests
    event = unwrap(heard, endpoint.signing_secret)
    assert (event.type, event.data.id, event.id) == ("video.completed", video.id, heard.headers["webhook-id"])
    assert (heard.command, heard.path) == ("POST", "/in")
    assert heard.headers["Content-Type"] == "application/json"
    assert heard.body == delivery.body.encode()
    assert abs(int(heard.headers["webhook-timestamp"]) - time.time()) < 5


def headers(secret: str, *, timestamp: int) -> dict[str, str]:
    signature = webhooks.sign(secret, "evt_1", timestamp, BODY)
    return {"webhook-id": "evt_1", "webhook-timestamp": str(timestamp), "webhook-signature": signature}


def test_a_changed_byte_another_secret_or_an_old_message_is_refused() -> None:
    secret, now = new_signing_secret(), int(time.time())
    sdk = OpenAI(api_key="none").webhooks
    fresh = headers(secret, timestamp=now)

    assert sdk.unwrap(BODY, fresh, secret=secret).id == "evt_1"
    for body, sent, by in (
        (BODY.replace(b"video_1", b"video_2"), fresh, secret),
        (BODY, fresh, new_signing_secret()),
        (BODY, fresh | {"webhook-id": "evt_2"}, secret),
        (BODY, fresh | {"webhook-timestamp": str(now - 1)}, secret),
        (BODY, headers(secret, timestamp=now - 302), secret),
        (BODY, headers(secret, timestamp=now + 310), secret),
    ):
        with pytest.raises(InvalidWebhookSignatureError):
            sdk.unwrap(body, sent, secret=by)


def test_the_signature_is_that_of_the_standard() -> None:
    """The example that the standard's own libraries test."""
    signature = webhooks.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_after_a_rotation_both_secrets_verify_until_the_old_one_lapses(workspace: Workspace) -> None:
    old, later = new_signing_secret(), timezone.now() + timedelta(hours=1)
    with answering(200) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url, old_secret=old, old_secret_until=later)
        attempt(make_delivery(endpoint))
        WebhookEndpoint.objects.update(old_secret_until=timezone.now())
        attempt(make_delivery(endpoint))

    overlap, after = receiver.requests
    assert len(overlap.headers["webhook-signature"].split()) == 2
    for secret in (old, endpoint.signing_secret):
        unwrap(overlap, secret)
    unwrap(after, endpoint.signing_secret)
    with pytest.raises(InvalidWebhookSignatureError):
        unwrap(after, old)


# --- answers -----------------------------------------------------------------------------------


def test_after_a_failure_the_same_event_comes_again_with_a_fresh_timestamp(workspace: Workspace, settings) -> None:
    settings.WEBHOOK_RETRY_SECONDS = [1.0]
    with answering(500, 200) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url)
        delivery = make_delivery(endpoint)
        webhooks.work_off(endpoint.id)
        webhooks.work_off(endpoint.id)  # not due
        assert len(receiver.requests) == 1
        deadline = time.monotonic() + 5
        while len(receiver.requests) < 2 and time.monotonic() < deadline:
            webhooks.work_off(endpoint.id)
            time.sleep(0.05)
        webhooks.work_off(endpoint.id)  # over

    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == delivery.event_id
    assert int(second.headers["webhook-timestamp"]) > int(first.headers["webhook-timestamp"])
    assert first.body == second.body
    unwrap(second, endpoint.signing_secret)
    delivery.refresh_from_db()
    assert delivery.delivered_at
    assert (delivery.attempts, delivery.due_at, delivery.given_up_at) == (2, None, None)
    assert [line.status for line in delivery.log.order_by("pk")] == [500, 200]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_success(workspace: Workspace, status: int) -> None:
    with serving(lambda exchange: exchange.answer(status)) as receiver:
        delivery = attempt(make_delivery(make_endpoint(workspace, url=receiver.url)))

    assert delivery.delivered_at


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 409, 429, 500, 503])
def test_anything_else_is_failure_and_no_redirect_is_followed(workspace: Workspace, status: int) -> None:
    with answering(status) as receiver:
        delivery = attempt(make_delivery(make_endpoint(workspace, url=receiver.url)))

    assert len(receiver.requests) == 1
    assert delivery.delivered_at is None
    assert delivery.due_at
    assert delivery.due_at > timezone.now()
    assert delivery.log.get().status == status


def hang(exchange: Exchange) -> None:
    time.sleep(2)


def drip(exchange: Exchange) -> None:
    exchange.drip(b"HTTP/1.1 200 OK\r\nX-Drip: ")


@pytest.mark.parametrize("script", [hang, drip])
def test_a_receiver_that_hangs_fails_in_time(workspace: Workspace, script: Any) -> None:
    began = time.monotonic()
    with serving(script) as receiver:
        delivery = attempt(make_delivery(make_endpoint(workspace, url=receiver.url)), seconds=0.3)
        taken = time.monotonic() - began

    assert taken < 1.5
    assert delivery.due_at
    line = delivery.log.get()
    assert line.status is None
    assert line.error
    assert 250 <= line.milliseconds < 1500


def test_a_long_answer_is_not_read_to_its_end(workspace: Workspace) -> None:
    with serving(lambda exchange: exchange.answer(200, b"x" * 5_000_000)) as receiver:
        delivery = attempt(make_delivery(make_endpoint(workspace, url=receiver.url)))

    assert delivery.delivered_at


def test_what_went_wrong_is_told_in_one_sentence_and_no_url_is_in_the_log(
    workspace: Workspace, settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OUTBOUND_ALLOWED = [f"127.0.0.1:{(closed := free_port())}"]
    urls = [f"http://127.0.0.1:{closed}/tell-nobody", "https://127.0.0.1:1/tell-nobody", "http://10.1.2.3/tell-nobody"]

    with caplog.at_level(logging.DEBUG, "videos"):
        for url in urls:
            attempt(make_delivery(make_endpoint(workspace, url=url)))

    assert WebhookAttempt.objects.count() == len(urls)
    assert len({line.error for line in WebhookAttempt.objects.all()}) == 1
    assert "evt_" in caplog.text
    assert "tell-nobody" not in caplog.text


def test_in_the_clear_only_where_the_administrator_says_so(workspace: Workspace, settings) -> None:
    settings.OUTBOUND_ALLOWED = []
    with answering(200) as receiver:
        delivery = attempt(make_delivery(make_endpoint(workspace, url=receiver.url)))

    assert receiver.requests == []
    assert delivery.delivered_at is None


# --- patience ----------------------------------------------------------------------------------


def test_the_pauses_grow_to_three_days_and_the_long_ones_jitter(settings) -> None:
    settings.WEBHOOK_RETRY_SECONDS = [5.0, 60.0, 1000.0]

    assert webhooks.schedule(1) == timedelta(seconds=5)
    assert webhooks.schedule(2) == timedelta(seconds=60)
    drawn = {pause.total_seconds() for _ in range(100) if (pause := webhooks.schedule(3))}
    assert len(drawn) > 50
    assert 900 <= min(drawn) < max(drawn) <= 1100
    assert webhooks.schedule(4) is None


def test_the_settings_own_pauses_make_three_days(settings) -> None:
    pauses = settings.WEBHOOK_RETRY_SECONDS

    assert pauses == sorted(pauses)
    assert 71 * 3600 <= sum(pauses) <= 77 * 3600


def test_after_the_last_attempt_it_is_given_up(workspace: Workspace, settings) -> None:
    settings.WEBHOOK_RETRY_SECONDS = [0.0, 0.0]
    with answering(500) as receiver:
        delivery = make_delivery(make_endpoint(workspace, url=receiver.url))
        seen = [attempt(delivery) for _ in range(4)]

    assert [row.attempts for row in seen] == [1, 2, 3, 3]
    assert [bool(row.given_up_at) for row in seen] == [False, False, True, True]
    assert len(receiver.requests) == delivery.log.count() == 3
    assert WebhookEndpoint.objects.get().disabled_at is None


def test_whoever_is_gone_is_not_asked_again(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    with answering(410) as receiver, caplog.at_level(logging.WARNING, "videos.webhooks"):
        endpoint = make_endpoint(workspace, url=receiver.url)
        waits = make_delivery(endpoint)
        gone = attempt(make_delivery(endpoint))
        waits = attempt(waits)

    endpoint.refresh_from_db()
    assert endpoint.disabled_at
    assert gone.given_up_at
    assert waits.given_up_at
    assert len(receiver.requests) == 1
    assert f"{endpoint.id} is switched off" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_410_of_an_old_address_leaves_the_new_one_on(workspace: Workspace) -> None:
    def move_away(exchange: Exchange) -> None:
        WebhookEndpoint.objects.update(url=new.url)
        connection.close()
        exchange.answer(410)

    with answering(200) as new, serving(move_away) as old:
        endpoint = make_endpoint(workspace, url=old.url)
        first, waits = make_delivery(endpoint), make_delivery(endpoint)
        first = attempt(first)
        assert first.due_at
        first, waits = attempt(first), attempt(waits)

    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None
    assert first.delivered_at
    assert waits.delivered_at
    assert (len(old.requests), len(new.requests)) == (1, 2)


def ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)


@pytest.mark.parametrize(
    ("given_up", "delivered", "changed", "is_disabled"),
    [
        ([4.0, 3.5], None, 30, True),
        ([4.0], None, 30, False),  # two in all
        ([2.5, 2.0], None, 30, False),  # not for three days
        ([5.0, 4.0, 2.0], 3.0, 30, False),  # it was well between
        ([4.0, 3.5], None, 3.8, False),  # another one since
    ],
)
def test_an_endpoint_that_only_fails_for_days_is_switched_off(
    workspace: Workspace, settings, given_up: list[float], delivered: float | None, changed: float, is_disabled: bool
) -> None:
    settings.WEBHOOK_RETRY_SECONDS = []
    endpoint = make_endpoint(
        workspace, url=f"https://127.0.0.1:{free_port()}", created_at=ago(30), updated_at=ago(changed)
    )
    for days in given_up:
        make_delivery(endpoint, created_at=ago(days), given_up_at=ago(days / 2))
    if delivered:
        make_delivery(endpoint, created_at=ago(delivered), delivered_at=ago(delivered))

    attempt(make_delivery(endpoint))

    endpoint.refresh_from_db()
    assert bool(endpoint.disabled_at) == is_disabled


def test_a_disabled_endpoint_is_told_nothing_and_nobody_complains(workspace: Workspace) -> None:
    with answering(200) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url)
        delivery = make_delivery(endpoint)
        WebhookEndpoint.objects.update(disabled_at=timezone.now())
        delivery = attempt(delivery)

    assert receiver.requests == []
    assert delivery.given_up_at
    assert (delivery.attempts, delivery.log.count()) == (0, 0)


def test_an_endpoint_deleted_while_it_is_told_leaves_nothing(workspace: Workspace) -> None:
    def script(exchange: Exchange) -> None:
        arrived.set()
        deleted.wait(5)
        exchange.answer(200)

    arrived, deleted = threading.Event(), threading.Event()
    with serving(script) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url)
        claimed = WebhookDelivery.claim(make_delivery(endpoint).pk)
        assert claimed
        endpoint.delete()
        deleted.set()
        webhooks.deliver(claimed)

    assert not WebhookDelivery.objects.exists()
    assert not WebhookAttempt.objects.exists()


def test_a_secret_that_cannot_be_read_is_a_failure_among_others(workspace: Workspace, settings) -> None:
    with answering(200) as receiver:
        delivery = make_delivery(make_endpoint(workspace, url=receiver.url))
        settings.SECRET_KEY = "another one"
        attempt(delivery)

    assert receiver.requests == []
    assert "secret" in delivery.log.get().error


def test_trouble_that_nobody_thought_of_is_a_failure_among_others(
    workspace: Workspace, settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.WEBHOOK_RETRY_SECONDS = [0.0]
    delivery = make_delivery(make_endpoint(workspace, signing_secret="whsec_odd"))

    with caplog.at_level(logging.ERROR, "videos.webhooks"):
        seen = [attempt(delivery) for _ in range(2)]

    assert [(row.attempts, bool(row.given_up_at)) for row in seen] == [(1, False), (2, True)]
    assert {(line.status, line.error) for line in delivery.log.all()} == {(None, "Studio could not send it.")}
    assert caplog.text.count("binascii.Error") == 2


# --- workers -----------------------------------------------------------------------------------


def test_what_a_killed_worker_had_in_hand_is_delivered_again(workspace: Workspace) -> None:
    with answering(200) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url)
        delivery = make_delivery(endpoint)
        killed = WebhookDelivery.claim(delivery.pk)
        assert killed
        webhooks._post(endpoint, killed.event_id, killed.body, 5.0)  # it died before it could note the answer

        assert WebhookDelivery.claim(delivery.pk) is None
        after_the_lease = timezone.now() + LEASE + timedelta(seconds=1)
        rescuer = WebhookDelivery.claim(delivery.pk, now=after_the_lease)
        assert rescuer
        webhooks.deliver(rescuer)

    assert [heard.headers["webhook-id"] for heard in receiver.requests] == [delivery.event_id] * 2
    assert WebhookDelivery.objects.get().delivered_at
    with pytest.raises(Stale):
        killed.delivered()


def test_one_who_was_overtaken_writes_nothing(workspace: Workspace) -> None:
    with answering(500) as receiver:
        delivery = make_delivery(make_endpoint(workspace, url=receiver.url))
        late = WebhookDelivery.claim(delivery.pk)
        assert late
        delivery.replay()
        webhooks.deliver(late)

    assert delivery.log.count() == 0
    assert WebhookDelivery.objects.get().attempts == 0


def test_an_attempt_ends_well_within_its_lease() -> None:
    assert LEASE.total_seconds() > webhooks.SECONDS * 2


def test_few_threads_wait_for_receivers_at_all(workspace: Workspace) -> None:
    with answering(200) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url)
        make_delivery(endpoint)
        with webhooks._turns.take("whe_1"), webhooks._turns.take("whe_2"), webhooks._turns.take("whe_3"):
            webhooks.work_off(endpoint.id)
            assert receiver.requests == []
        webhooks.work_off(endpoint.id)

    assert len(receiver.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_a_slow_receiver_is_told_one_by_one_and_holds_up_nobody_else(workspace: Workspace) -> None:
    released = threading.Event()

    def slow(exchange: Exchange) -> None:
        released.wait(5)
        exchange.answer(200)

    with serving(slow) as held, answering(200) as quick:
        tardy, prompt = make_endpoint(workspace, url=held.url), make_endpoint(workspace, url=quick.url)
        for endpoint in (tardy, tardy, prompt):
            make_delivery(endpoint)
        thread = threading.Thread(target=in_a_thread, args=[tardy.id])
        thread.start()
        deadline = time.monotonic() + 5
        while not held.requests and time.monotonic() < deadline:
            time.sleep(0.01)

        webhooks.work_off(tardy.id)
        webhooks.work_off(prompt.id)
        seen = (len(held.requests), len(quick.requests))
        released.set()
        thread.join()

    assert seen == (1, 1)
    assert len(held.requests) == 2
    assert webhooks.waiting() == []


def in_a_thread(endpoint_id: str) -> None:
    try:
        webhooks.work_off(endpoint_id)
    finally:
        connection.close()


def test_only_endpoints_with_something_due_are_waiting(workspace: Workspace) -> None:
    due, later, done = (make_endpoint(workspace) for _ in range(3))
    make_delivery(due)
    make_delivery(due)
    make_delivery(later, due_at=timezone.now() + timedelta(minutes=1))
    make_delivery(done, delivered_at=timezone.now())

    assert webhooks.waiting() == [due.id]


def test_what_ended_long_ago_is_forgotten(workspace: Workspace) -> None:
    endpoint = make_endpoint(workspace)
    old, recent = ago(31), ago(29)
    make_delivery(endpoint, created_at=old, delivered_at=old)
    make_delivery(endpoint, created_at=old, given_up_at=old)
    kept = [make_delivery(endpoint, created_at=old), make_delivery(endpoint, created_at=recent, delivered_at=recent)]

    webhooks.tidy()

    assert list(WebhookDelivery.objects.order_by("pk")) == kept


def test_a_deleted_endpoint_is_told_nothing_more_and_tidied_away_in_pieces(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "TIDY_BATCH", 2)
    with answering(200) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url)
        other = make_delivery(make_endpoint(workspace), delivered_at=timezone.now())
        claimed = WebhookDelivery.claim(make_delivery(endpoint).pk)
        assert claimed
        for delivery in (claimed, make_delivery(endpoint), make_delivery(endpoint, delivered_at=timezone.now())):
            WebhookAttempt.objects.create(delivery=delivery, status=500, milliseconds=3)
        endpoint.delete_softly()

        assert webhooks.waiting() == []
        webhooks.work_off(endpoint.id)
        webhooks.deliver(claimed)
        assert receiver.requests == []

    left = []
    for _ in range(2):
        webhooks.tidy()
        mine = WebhookDelivery.objects.exclude(pk=other.pk)
        left.append((mine.count(), WebhookAttempt.objects.count(), WebhookEndpoint.objects.count()))
    assert left == [(1, 1, 2), (0, 0, 1)]
    assert WebhookDelivery.objects.get() == other


# --- the test event ----------------------------------------------------------------------------


def test_a_test_event_is_signed_like_any_other_and_stays_out_of_the_outbox(workspace: Workspace) -> None:
    with answering(418) as receiver:
        endpoint = make_endpoint(workspace, url=receiver.url)
        outcome = webhooks.send_test(endpoint, "video.failed")

    assert (outcome.status, outcome.is_success) == (418, False)
    event = unwrap(receiver.requests[0], endpoint.signing_secret)
    assert event.type == "video.failed"
    assert event.data.id.startswith("video_")
    assert not WebhookDelivery.objects.exists()
