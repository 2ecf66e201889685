"""Whom to tell, and of what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from videos import contract, outbound
from videos.forms.fields import PartError, echo
from videos.models.webhook import EVENT_TYPES
from videos.outbound.receivers import needs_https

NAME_MAX_LENGTH = 80
URL_MAX_LENGTH = 2000


def known_event_type(value: object, param: str) -> str:
    if not isinstance(value, str):
        raise PartError(param, f"Invalid type for '{param}': expected a string.", "invalid_type")
    if value not in EVENT_TYPES:
        raise PartError(param, contract.supported_values(echo(value), [*EVENT_TYPES]), "invalid_value")
    return value


class WebhookEndpointForm(forms.Form):
    """`cleaned_data` is what the actions take; of an update only what was given."""

    name = forms.CharField(
        required=False,
        max_length=NAME_MAX_LENGTH,
        error_messages={"max_length": "The name has more than %(limit_value)d characters."},
    )
    url = forms.CharField(
        required=False,
        max_length=URL_MAX_LENGTH,
        error_messages={"max_length": "The url has more than %(limit_value)d characters."},
    )
    event_types = forms.Field(required=False)

    def __init__(self, data: dict[str, Any], *, partial: bool = False) -> None:
        super().__init__(data)
        if partial:
            self.fields = {name: field for name, field in self.fields.items() if name in data}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not name:
            raise ValidationError("Give the endpoint a name.", "invalid_value")
        return name

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            outbound.judge_url(url, https_only=needs_https(url))
        except outbound.OutboundError as error:
            raise ValidationError("Webhooks are sent to public https addresses only.", "invalid_url") from error
        return url

    def clean_event_types(self) -> list[str]:
        given = self.cleaned_data["event_types"]
        if not given:
            raise ValidationError("Name at least one event type.", "invalid_value")
        return list(
            dict.fromkeys(known_event_type(value, f"event_types[{index}]") for index, value in enumerate(given))
        )


class WebhookTestForm(forms.Form):
    event_type = forms.CharField(required=False)

    def clean_event_type(self) -> str:
        return known_event_type(self.cleaned_data["event_type"], "event_type")
