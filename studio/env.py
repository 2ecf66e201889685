"""Readers of environment variables, and of the secrets that the data directory keeps."""

from __future__ import annotations

import math
import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def envstr(name: str, default: str = "") -> str:
    """NAME, or the content of the file that NAME_FILE points to (how container secrets arrive). Empty means unset."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text().strip()
    return os.environ.get(name) or default


def envint(name: str, default: int, *, smallest: int, largest: int) -> int:
    value = envstr(name) or str(default)
    if not (value.isdecimal() and smallest <= int(value) <= largest):
        raise SystemExit(f"{name} must be a whole number from {smallest} to {largest}, not {value!r}")
    return int(value)


def envnumber(name: str, default: float, *, smallest: float) -> float:
    value = envstr(name) or str(default)
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= smallest):
        raise SystemExit(f"{name} must be a number from {smallest:g} on, not {value!r}")
    return number


def envnumbers(name: str, default: str) -> list[float]:
    """Numbers from 0 on, separated by commas."""
    try:
        numbers = [float(item) for item in envlist(name, default)]
    except ValueError:
        numbers = []
    if not (numbers and all(0 <= number < math.inf for number in numbers)):
        raise SystemExit(f"{name} must be numbers separated by commas, not {envstr(name)!r}")
    return numbers


def envbool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if not value:
        return default
    if value.lower() not in TRUE | FALSE:
        raise SystemExit(f"{name} must be 1 or 0, not {value!r}")
    return value.lower() in TRUE


def envlist(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in envstr(name, default).split(",") if item.strip()]


def envpairs(name: str) -> dict[str, str]:
    """`a=b,c=d` as a dict."""
    pairs = [item.partition("=") for item in envlist(name)]
    if not all(key and value for key, _, value in pairs):
        raise SystemExit(f"{name} must be pairs such as name=model, separated by commas")
    return {key.strip(): value.strip() for key, _, value in pairs}


def stored_secret(path: Path) -> str:
    """A random secret that is made once per data directory and found again at every later start."""
    try:
        return _secret_of(path)
    except OSError as error:
        raise SystemExit(f"The data directory {path.parent} cannot be used: {error.strerror}") from None


def _secret_of(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent) as draft:  # readable by its owner alone
            draft.write(secrets.token_urlsafe(48))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)  # whole or not at all, and never over that of another process
    return path.read_text().strip()
