"""Secrets that Studio itself must read again, encrypted: a copy of the database alone does not give them away."""

from __future__ import annotations

import base64
import hashlib
from contextlib import suppress
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class Unreadable(Exception):
    """Sealed with a SECRET_KEY that is neither the present one nor among the fallbacks."""


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"studio.sealed:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(token: str) -> str:
    """Empty for what cannot be read (any more)."""
    with suppress(InvalidToken):
        return _fernet().decrypt(token.encode()).decode()
    return ""


class SealedField(models.TextField[str, str]):
    """Text in Python, a Fernet token in the database."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(str(value or ""))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return unseal(value or "")
