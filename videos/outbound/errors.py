"""Why a call did not happen: one sentence for the person, the reason for our log.

OutboundError
├── Forbidden     the policy refuses the URL, or what its name resolves to
└── Unreachable   nobody answered in time, or not with what was asked for
"""

from __future__ import annotations

# Were blocked, refused and silent told apart, Studio would be a port scanner.
MESSAGE = "This address is not allowed or did not answer as expected."


class OutboundError(Exception):
    """Its text is for anybody; `reason` names a host at most, never a path or a query, which may hold secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(MESSAGE)
        self.reason = reason


class Forbidden(OutboundError):
    pass


class Unreachable(OutboundError):
    pass
