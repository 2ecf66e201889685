"""The same request sent twice makes one thing: by the client's own key, or by the SDKs' word that it is a retry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import quote

from django.db import IntegrityError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from videos import contract
from videos.api.bodies import Body, read_body
from videos.api.errors import ApiError, judged
from videos.forms.fields import WorkspaceForm
from videos.forms.shapes import Shape
from videos.models import ApiKey, Receipt
from videos.models.workspace import digest

# How long a retry of the SDKs, which send no key, is believed to be one.
RETRY_WINDOW = timedelta(minutes=15)
LIFETIME = timedelta(hours=contract.IDEMPOTENCY_HOURS)
KEY_MAX_LENGTH = 255
NAMES_MAX, NAME_MAX_LENGTH = 20, 64

Row = TypeVar("Row")
# Called inside the transaction that makes the row.
Note = Callable[[Row], None]


def make_once(
    request: HttpRequest,
    key: ApiKey,
    body: Body,
    make: Callable[[Note[Row]], Row],
    to_wire: Callable[[Row], dict[str, Any]],
) -> JsonResponse:
    """`make` makes a row, calls its argument with it inside the transaction, and returns it; `to_wire` tells of it."""
    asked = _Asked(key, _key_of(request), _is_retry(request), digest(f"{request.path} {body.fingerprint}"))
    if earlier := asked.earlier():
        return _replay(earlier)
    try:
        answer = to_wire(make(lambda row: asked.note(to_wire(row))))
    except IntegrityError:
        # The same request was faster, on another thread.
        earlier = asked.earlier()
        if earlier is None:
            raise
        return _replay(earlier)
    return JsonResponse(answer, headers=_ignored(body))


def make_from_form(
    request: HttpRequest,
    key: ApiKey,
    shape: Shape,
    form: type[WorkspaceForm],
    action: Callable[..., Row],
    to_wire: Callable[[Row], dict[str, Any]],
) -> JsonResponse:
    """Once, what `action` makes of what `form` finds in the body."""
    body = read_body(request, shape)

    def make(note: Note[Row]) -> Row:
        asked = judged(form(body.data, body.files, workspace=key.workspace), body)
        return action(workspace=key.workspace, by=key.user, note=note, **asked)

    return make_once(request, key, body, make, to_wire)


@dataclass(frozen=True)
class _Asked:
    key: ApiKey
    idempotency_key: str | None
    is_retry: bool
    fingerprint: str

    def earlier(self) -> Receipt | None:
        if self.idempotency_key:
            return self._by_key(self.idempotency_key)
        if not self.is_retry:
            return None
        since = timezone.now() - RETRY_WINDOW
        found = Receipt.objects.filter(api_key=self.key, fingerprint=self.fingerprint, created_at__gt=since)
        return found.order_by("-created_at").first()

    def _by_key(self, idempotency_key: str) -> Receipt | None:
        receipts = Receipt.objects.filter(workspace=self.key.workspace, idempotency_key=idempotency_key)
        receipts.filter(created_at__lt=timezone.now() - LIFETIME).delete()
        receipt = receipts.first()
        if receipt and receipt.fingerprint != self.fingerprint:
            message = f"This {contract.IDEMPOTENCY_HEADER} was used before with another request."
            raise ApiError(400, message, code="idempotency_key_reused")
        return receipt

    def note(self, answer: dict[str, Any]) -> None:
        Receipt.objects.create(
            workspace=self.key.workspace,
            api_key=self.key,
            idempotency_key=self.idempotency_key,
            fingerprint=self.fingerprint,
            object_id=answer["id"],
            answer=answer,
        )


def _key_of(request: HttpRequest) -> str | None:
    value = request.headers.get(contract.IDEMPOTENCY_HEADER, "")
    if len(value) > KEY_MAX_LENGTH:
        message = f"The {contract.IDEMPOTENCY_HEADER} has more than {KEY_MAX_LENGTH} characters."
        raise ApiError(400, message, code="invalid_value")
    return value or None


def _is_retry(request: HttpRequest) -> bool:
    count = request.headers.get(contract.RETRY_COUNT_HEADER, "")
    return count.isdecimal() and int(count[:9]) > 0


def _replay(receipt: Receipt) -> JsonResponse:
    return JsonResponse(receipt.answer, headers={contract.REPLAYED_HEADER: "true"})


def _ignored(body: Body) -> dict[str, str]:
    """Names that cannot stand in a header are percent-encoded."""
    names = [quote(name, safe="[]", errors="replace")[:NAME_MAX_LENGTH] for name in body.ignored[:NAMES_MAX]]
    return {contract.IGNORED_HEADER: ", ".join(names)} if names else {}
