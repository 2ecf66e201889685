"""A reference image by data URL, by web address, or by the id of an uploaded file."""

from __future__ import annotations

import base64
import binascii
import logging
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from videos import contract, outbound
from videos.forms.fields import PartError, echo
from videos.models import File, Workspace

FIELD = "input_reference"
URL_PARAM, FILE_PARAM = f"{FIELD}.image_url", f"{FIELD}.file_id"
logger = logging.getLogger(__name__)
DATA_URL = re.compile(r"data:[^;,]*(?:;[^;,]*)*?;base64,", re.IGNORECASE)


def find_reference(given: dict[str, Any], workspace: Workspace) -> UploadedFile[bytes]:
    """The image that the object stands for. ValidationError, of the part that is wrong."""
    url, file_id = given.get("image_url"), given.get("file_id")
    if (url is None) == (file_id is None):
        raise ValidationError("'input_reference' takes exactly one of 'image_url' and 'file_id'.", "invalid_value")
    if file_id is not None:
        return _of_file(file_id, workspace)
    return _of_url(url.get("url") if isinstance(url, dict) else url)


def _upload(data: bytes) -> UploadedFile[bytes]:
    return UploadedFile(ContentFile(data), name="reference", size=len(data))


def _of_file(file_id: object, workspace: Workspace) -> UploadedFile[bytes]:
    if not isinstance(file_id, str):
        raise PartError(FILE_PARAM, f"Invalid type for '{FILE_PARAM}': expected a string.", "invalid_type")
    file = File.objects.in_workspace(workspace).named(file_id).first()
    if file is None:
        raise PartError(FILE_PARAM, f"File with id '{echo(file_id)}' not found.", "file_not_found")
    if file.size > contract.REFERENCE_MAX_BYTES:
        raise PartError(FILE_PARAM, "The file is larger than 20 MiB.", "image_too_large")
    with default_storage.open(str(file.file)) as stored:
        return _upload(stored.read())


def _of_url(url: object) -> UploadedFile[bytes]:
    if not isinstance(url, str):
        raise PartError(URL_PARAM, f"Invalid type for '{URL_PARAM}': expected a string.", "invalid_type")
    if len(url) > contract.DATA_URL_MAX_LENGTH:
        raise PartError(URL_PARAM, "The data URL is too long.", "string_above_max_length")
    match = DATA_URL.match(url[:200])
    if match:
        return _of_base64(url[match.end() :])
    try:
        return _upload(outbound.fetch_image(url))
    except outbound.OutboundError as error:
        logger.info("image not fetched: %s", error.reason)
        raise PartError(URL_PARAM, str(error), "invalid_image_url") from error


def _of_base64(text: str) -> UploadedFile[bytes]:
    try:
        return _upload(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError) as error:
        raise PartError(URL_PARAM, "The data URL is not valid base64.", "invalid_image_url") from error
