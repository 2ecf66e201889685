"""The one error of the actions."""

from __future__ import annotations


class ActionError(Exception):
    """The state forbids what was asked. `status`, `code` and `param` are for programs, the text is for people."""

    def __init__(self, code: str, message: str, *, param: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param
        self.status = status
