"""For `driver` fixtures: a release of an official SDK that is pointed at the server and named in the scorecard."""

from __future__ import annotations

from tests.contract.clients import Client, Driver, Unusable
from tests.contract.scorecard import Scorecard
from tests.contract.target import Target, not_applicable


def drive(client: Client, target: Target, card: Scorecard, *, key: str | None = None) -> Driver:
    try:
        client.require()
    except Unusable as why:
        not_applicable(str(why))
    card.client(f"openai-{client.language} {client.version}")
    return Driver(client, target.url, key or target.key)
