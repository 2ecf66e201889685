"""The only place where input is judged, for both doors. Error codes are the contract's."""

from __future__ import annotations

from videos.forms.batches import BatchForm
from videos.forms.characters import CharacterForm
from videos.forms.files import FileForm
from videos.forms.keys import ApiKeyChangeForm, ApiKeyForm
from videos.forms.videos import (
    ComposerForm,
    EditForm,
    ExtendForm,
    RemixComposerForm,
    RemixForm,
    VideoForm,
)
from videos.forms.webhooks import WebhookEndpointForm, WebhookTestForm

__all__ = [
    "ApiKeyChangeForm",
    "ApiKeyForm",
    "BatchForm",
    "CharacterForm",
    "ComposerForm",
    "EditForm",
    "ExtendForm",
    "FileForm",
    "RemixComposerForm",
    "RemixForm",
    "VideoForm",
    "WebhookEndpointForm",
    "WebhookTestForm",
]
