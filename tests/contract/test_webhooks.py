"""Webhooks: what is told, signed and repeated, C93 to C96."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.clients import CLIENTS, Driver
from tests.contract.envelope import accepted
from tests.contract.mailbox import HANG, Delivery, Mailbox, sign
from tests.contract.quick import FAIL, WAIT, Hall, reachable
from tests.contract.scorecard import Scorecard
from tests.contract.sdks import drive
from tests.contract.sources import upload_file
from tests.contract.target import Target, foreign

# A receiver may be told late: a foreign server renders, and repeats when it likes.
PATIENCE = 300 if foreign() else 30
LAPSE = """
from django.utils import timezone
from videos.models import WebhookEndpoint
endpoint = WebhookEndpoint.objects.get(pk={id!r})
print((endpoint.old_secret_until - timezone.now()).total_seconds())
WebhookEndpoint.objects.filter(pk=endpoint.pk).update(old_secret_until=timezone.now())
"""


@pytest.fixture(scope="module")
def here(hall: Hall) -> Hall:
    reachable(hall)
    return hall


@pytest.fixture(scope="module")
def source(here: Hall) -> str:
    return here.completed("The source of others")


@pytest.fixture(scope="module")
def told(here: Hall) -> tuple[Mailbox, str]:
    """An endpoint for both endings, and its secret."""
    mailbox = here.office.mailbox()
    return mailbox, here.subscribe(mailbox.url)["signing_secret"]


@pytest.fixture(autouse=True)
def _tidy(here: Hall, told: tuple[Mailbox, str]) -> Iterator[None]:
    yield
    here.tidy(told[0].url)


@pytest.fixture(scope="module")
def delivery(here: Hall, told: tuple[Mailbox, str]) -> Delivery:
    """The news of a completed video."""
    mailbox, _ = told
    return mailbox.wait(about=here.completed(), seconds=PATIENCE)[0]


def is_event(delivery: Delivery, kind: str, about: str) -> None:
    event = delivery.event
    assert event == {
        "id": delivery.id,
        "object": "event",
        "created_at": event["created_at"],
        "type": kind,
        "data": {"id": about},
    }
    assert event["id"].startswith("evt_")
    assert type(event["created_at"]) is int
    assert abs(event["created_at"] - delivery.at) < PATIENCE
    assert delivery.headers["content-type"].startswith("application/json")


OPERATIONS: dict[str, Callable[[str], tuple[str, dict[str, Any]]]] = {
    "create": lambda _: ("/videos", {"prompt": "A lamp"}),
    "remix": lambda source: (f"/videos/{source}/remix", {"prompt": "at night"}),
    "edit": lambda source: ("/videos/edits", {"prompt": "at night", "video": {"id": source}}),
    "extend": lambda source: ("/videos/extensions", {"prompt": "more", "seconds": "4", "video": {"id": source}}),
}


@pytest.mark.c(93)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_completed_video_of_any_operation_is_told_once(
    here: Hall, told: tuple[Mailbox, str], source: str, operation: str
) -> None:
    mailbox, _ = told
    path, body = OPERATIONS[operation](source)
    answer = here.client.post(path, json=here.target.order(**body) if operation == "create" else body)
    video_id = accepted(answer)["id"]

    (delivery,) = mailbox.wait(about=video_id, seconds=PATIENCE)

    is_event(delivery, "video.completed", video_id)
    # Told no sooner than it is so.
    assert here.client.get(f"/videos/{video_id}").json()["status"] == "completed"
    mailbox.stays_at(1, about=video_id)


@pytest.mark.c(93)
def test_a_failed_video_is_told_once(here: Hall, told: tuple[Mailbox, str]) -> None:
    here.target.own("a video that fails")
    mailbox, _ = told
    video_id = here.order(f"A lamp {FAIL}")

    (delivery,) = mailbox.wait(about=video_id)

    is_event(delivery, "video.failed", video_id)
    mailbox.stays_at(1, about=video_id)


@pytest.mark.c(93)
def test_every_endpoint_hears_what_it_asked_for_and_no_more(here: Hall) -> None:
    completed, failed = here.office.mailbox(), here.office.mailbox()
    here.subscribe(completed.url, "video.completed")
    here.subscribe(failed.url, "video.failed")
    video_id = here.completed()

    assert len(completed.wait(about=video_id, seconds=PATIENCE)) == 1
    failed.stays_at(0, about=video_id)


@pytest.mark.c(93)
def test_another_project_hears_nothing(here: Hall) -> None:
    mailbox = here.office.mailbox()
    with here.target.client(here.target.other_key()) as stranger:
        Hall(here.target, stranger, here.office).subscribe(mailbox.url)
    here.completed()

    mailbox.stays_at(0)


@pytest.mark.c(66, 93)
def test_a_video_deleted_before_its_end_is_not_told(here: Hall, told: tuple[Mailbox, str]) -> None:
    mailbox, _ = told
    video_id = here.order(f"A lamp {WAIT}")
    assert here.client.delete(f"/videos/{video_id}").status_code == 200

    mailbox.stays_at(0, about=video_id)


@pytest.mark.c(93)
def test_a_batch_is_told_when_it_is_done(here: Hall) -> None:
    mailbox = here.office.mailbox()
    here.subscribe(mailbox.url, "batch.completed")
    line = {"custom_id": "one", "method": "POST", "url": "/v1/videos", "body": here.target.order()}
    file = upload_file(here.client, json.dumps(line).encode(), "batch")
    order = {"input_file_id": file["id"], "endpoint": "/v1/videos", "completion_window": "24h"}
    batch_id = accepted(here.client.post("/batches", json=order))["id"]

    (delivery,) = mailbox.wait(about=batch_id, seconds=max(PATIENCE, 60))

    is_event(delivery, "batch.completed", batch_id)


@pytest.mark.c(94)
def test_the_bytes_that_are_sent_are_the_bytes_that_are_signed(delivery: Delivery, told: tuple[Mailbox, str]) -> None:
    _, secret = told

    assert secret.startswith("whsec_")
    assert delivery.is_signed_with(secret)
    assert not delivery.is_signed_with("whsec_" + secrets.token_hex(16))
    assert abs(int(delivery.timestamp) - delivery.at) <= 5


@pytest.fixture(params=CLIENTS, ids=str)
def driver(request: pytest.FixtureRequest, target: Target, card: Scorecard) -> Driver:
    return drive(request.param, target, card)


@pytest.mark.c(94)
def test_the_sdks_unwrap_it(driver: Driver, delivery: Delivery, told: tuple[Mailbox, str]) -> None:
    event = driver.run("unwrap", **delivery.as_arguments(told[1]))

    assert event == {"id": delivery.id, "type": "video.completed", "data": {"id": delivery.about}}


def one_byte_changed(delivery: Delivery, secret: str) -> tuple[Delivery, str]:
    return Delivery(delivery.headers, delivery.body.replace(b"completed", b"complated"), delivery.at), secret


def sent_at(shift: int) -> Callable[[Delivery, str], tuple[Delivery, str]]:
    """Rightly signed, but for another time."""

    def made(delivery: Delivery, secret: str) -> tuple[Delivery, str]:
        stamp = str(int(time.time()) + shift)
        signature = sign(secret, delivery.id, stamp, delivery.body)
        headers = {**delivery.headers, "webhook-timestamp": stamp, "webhook-signature": signature}
        return Delivery(headers, delivery.body, delivery.at), secret

    return made


FORGERIES: dict[str, Callable[[Delivery, str], tuple[Delivery, str]]] = {
    "one byte changed": one_byte_changed,
    "301 s old": sent_at(-301),
    # The clock goes on until the SDK looks.
    "310 s ahead": sent_at(310),
    "another secret": lambda delivery, _: (delivery, "whsec_" + secrets.token_hex(16)),
}


@pytest.mark.c(94)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_sdks_refuse_forgeries(driver: Driver, delivery: Delivery, told: tuple[Mailbox, str], forgery: str) -> None:
    forged, secret = FORGERIES[forgery](delivery, told[1])

    assert driver.refusal("unwrap", **forged.as_arguments(secret))["class"] == "InvalidWebhookSignatureError"


@pytest.mark.c(94)
def test_the_sdks_accept_a_signature_of_four_minutes_ago(
    driver: Driver, delivery: Delivery, told: tuple[Mailbox, str]
) -> None:
    """So the forgeries above are refused for what is wrong with them, not for how they were made."""
    old, secret = sent_at(-240)(delivery, told[1])

    assert driver.run("unwrap", **old.as_arguments(secret))["id"] == delivery.id


@pytest.mark.c(95)
def test_failed_deliveries_are_repeated_with_one_id_and_fresh_timestamps_until_one_succeeds(here: Hall) -> None:
    mailbox = here.office.mailbox(500, 301, HANG)
    secret = here.subscribe(mailbox.url)["signing_secret"]
    video_id = here.completed()

    attempts = mailbox.wait(4, about=video_id, seconds=PATIENCE * 2)

    assert {it.id for it in attempts} == {attempts[0].id}
    assert {it.body for it in attempts} == {attempts[0].body}
    assert [abs(int(it.timestamp) - it.at) <= 5 for it in attempts] == [True] * 4
    assert int(attempts[3].timestamp) > int(attempts[0].timestamp)
    assert all(it.is_signed_with(secret) for it in attempts)
    mailbox.stays_at(4, about=video_id)


@pytest.mark.c(95)
@pytest.mark.parametrize("status", [201, 204, 299])
def test_any_2xx_stops_the_attempts(here: Hall, status: int) -> None:
    mailbox = here.office.mailbox(status)
    here.subscribe(mailbox.url)
    video_id = here.completed()

    mailbox.wait(about=video_id, seconds=PATIENCE)
    mailbox.stays_at(1, about=video_id)


@pytest.mark.c(95)
def test_attempts_end_with_the_schedule(here: Hall) -> None:
    here.target.own("a short schedule")
    mailbox = here.office.mailbox(*[500] * 10)
    here.subscribe(mailbox.url)
    video_id = here.completed()

    mailbox.wait(4, about=video_id, seconds=PATIENCE)
    mailbox.stays_at(4, about=video_id)


@pytest.mark.c(95)
def test_a_deaf_receiver_holds_up_nobody_else(here: Hall, told: tuple[Mailbox, str]) -> None:
    deaf, (mailbox, _) = here.office.mailbox(*[HANG] * 20), told
    here.subscribe(deaf.url)
    deaf.wait(about=here.completed(), seconds=PATIENCE)

    # One after the other none would ever be told while somebody else does not answer.
    news = [mailbox.wait(about=here.completed(), seconds=PATIENCE)[0] for _ in range(3)]

    assert [it.at for it in news if deaf.is_silent_at(it.at)], "nobody was told while the deaf one was"


def rotate(here: Hall, endpoint_id: str, **body: Any) -> str:
    answer = here.client.post(f"/webhook_endpoints/{endpoint_id}/rotate_secret", json=body)
    secret: str = accepted(answer)["signing_secret"]
    return secret


@dataclass(frozen=True)
class Rotation:
    """The secrets of an endpoint whose old one was kept, and deliveries of then and of when it has lapsed."""

    old: str
    new: str
    both: Delivery
    late: Delivery | None


@pytest.fixture(scope="module")
def rotation(here: Hall) -> Rotation:
    mailbox = here.office.mailbox()
    endpoint = here.subscribe(mailbox.url)
    new = rotate(here, endpoint["id"], keep_old_secret_active_for_24_hours=True)
    (both,) = mailbox.wait(about=here.completed(), seconds=PATIENCE)
    return Rotation(endpoint["signing_secret"], new, both, _late(here, endpoint["id"], mailbox))


def _late(here: Hall, endpoint_id: str, mailbox: Mailbox) -> Delivery | None:
    """Of a server of ours, where nobody need wait the 24 hours."""
    if not here.target.studio:
        return None
    left = float(here.target.shell(LAPSE.format(id=endpoint_id)))
    assert left == pytest.approx(24 * 3600, abs=300)
    (late,) = mailbox.wait(about=here.completed(), seconds=PATIENCE)
    return late


@pytest.mark.c(96)
def test_after_a_rotation_both_secrets_verify(rotation: Rotation, driver: Driver) -> None:
    assert rotation.old != rotation.new
    assert len(rotation.both.signatures) == 2
    for secret in (rotation.old, rotation.new):
        assert rotation.both.is_signed_with(secret)
        assert driver.run("unwrap", **rotation.both.as_arguments(secret))["id"] == rotation.both.id


@pytest.mark.c(96)
def test_when_the_old_secret_lapses_only_the_new_one_verifies(here: Hall, rotation: Rotation, driver: Driver) -> None:
    delivery = rotation.late or here.target.not_applicable("24 hours later: asked of a Studio of our own")

    assert len(delivery.signatures) == 1
    assert delivery.is_signed_with(rotation.new)
    assert not delivery.is_signed_with(rotation.old)
    assert driver.run("unwrap", **delivery.as_arguments(rotation.new))["id"] == delivery.id
    refused = driver.refusal("unwrap", **delivery.as_arguments(rotation.old))
    assert refused["class"] == "InvalidWebhookSignatureError"


@pytest.mark.c(96)
def test_without_being_told_to_keep_it_the_old_secret_ends_at_once(here: Hall) -> None:
    mailbox = here.office.mailbox()
    endpoint = here.subscribe(mailbox.url)
    new = rotate(here, endpoint["id"])
    (delivery,) = mailbox.wait(about=here.completed(), seconds=PATIENCE)

    assert delivery.is_signed_with(new)
    assert not delivery.is_signed_with(endpoint["signing_secret"])
