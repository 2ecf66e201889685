from __future__ import annotations

import pytest

from videos.backends.words import public

INTERNAL = {
    "path": ("No such file: /srv/models/wan/weights.bin", "/srv"),
    "other path": (r"cannot open C:\models\wan.bin", "models"),
    "address": ("POST http://gpu-7.internal:8000/v1/videos?key=1 failed", "gpu-7"),
    "host and port": ("connection to gpu-7.internal:8000 refused", "gpu-7"),
    "IPv4": ("10.1.2.3 did not answer", "10.1.2.3"),
    "IPv6": ("[fd12::1:2]:8000 did not answer", "fd12"),
    "key": ("invalid key sk-live-abcdef123456", "abcdef"),
    "token": ("header Bearer eyJhbGciOiJIUzI1NiJ9.e30.x", "eyJ"),
    "traceback": ('failed\nTraceback (most recent call last):\n  File "a.py", line 1\nKeyError: secret', "secret"),
}


@pytest.mark.parametrize("what", INTERNAL)
def test_what_belongs_to_the_backends_machine_is_not_passed_on(what: str) -> None:
    text, secret = INTERNAL[what]

    assert secret not in public(text)
    assert "…" in public(text)


@pytest.mark.parametrize(
    "text",
    [
        "The prompt was refused: it names a real person.",
        "CUDA out of memory. Tried to allocate 2.5 GiB at 12:30.",
        "Use 1280x720 and/or 720x1280; 4/8/12 s are possible.",
        "Das Bild zeigt 50 % Rauschen – bitte neu versuchen.",
    ],
)
def test_what_people_can_use_stays(text: str) -> None:
    assert public(text) == text
