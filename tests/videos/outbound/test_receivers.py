from __future__ import annotations

import pytest

from videos.outbound import Forbidden
from videos.outbound.receivers import needs_https

ALLOWED = ["nas.lan:8080", "10.1.0.0/16", "192.168.7.7:9000"]


@pytest.mark.parametrize(
    "url", ["http://nas.lan:8080/in", "http://10.1.2.3/in", "http://192.168.7.7:9000", "http://NAS.lan.:8080/"]
)
def test_who_is_named_may_be_told_in_the_clear(settings, url: str) -> None:
    settings.OUTBOUND_ALLOWED = ALLOWED

    assert not needs_https(url)


@pytest.mark.parametrize(
    "url", ["http://example.org/in", "https://example.org/in", "http://nas.lan/in", "http://8.8.8.8/"]
)
def test_a_network_on_the_list_opens_no_plain_http_to_the_world(settings, url: str) -> None:
    settings.OUTBOUND_ALLOWED = ALLOWED

    assert needs_https(url)


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://10.2.0.1/", "ftp://nas.lan:8080/", "nas.lan", ""])
def test_what_can_never_be_called_is_forbidden(settings, url: str) -> None:
    settings.OUTBOUND_ALLOWED = ALLOWED

    with pytest.raises(Forbidden):
        needs_https(url)
