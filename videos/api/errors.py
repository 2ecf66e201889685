"""Every error under /v1 has one shape; this file makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import JsonResponse

from videos import contract
from videos.forms import refusals
from videos.forms.fields import echo
from videos.forms.refusals import Refusal

if TYPE_CHECKING:
    from videos.api.bodies import Body


class ApiError(Exception):
    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        kind: str = "invalid_request_error",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = contract.error_body(message, kind=kind, param=param, code=code)
        self.headers = headers or {}

    def response(self) -> JsonResponse:
        return JsonResponse(self.body, status=self.status, headers=self.headers)


def not_found(video_id: str) -> ApiError:
    return missing("Video", video_id, code="video_not_found")


def missing(noun: str, object_id: str, *, code: str) -> ApiError:
    """404 for what does not exist, or belongs to somebody else: nobody can tell which."""
    return ApiError(404, f"{noun} with id '{echo(object_id)}' not found.", code=code)


def judged(form: forms.BaseForm, body: Body) -> dict[str, Any]:
    """What the form makes of the body, or the first thing that is wrong with it."""
    if not form.is_valid():
        raise refused(refusals.of_form(form, {*body.data, *body.files}, required=body.required))
    return form.cleaned_data


def refused(refusal: Refusal) -> ApiError:
    return ApiError(refusal.status, refusal.message, param=refusal.param, code=refusal.code)
