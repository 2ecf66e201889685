"""What a person may ask of an API key."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from videos.models import ApiKey, User, Workspace
from videos.models.api_key import READ_ONLY, SCOPES, all_scopes

RATE_MAX = 100_000
ACCESS = {"everything": "Everything", "read": "Read only", "custom": "Custom"}
EXPIRES = {
    "never": "Never",
    "7": "In 7 days",
    "30": "In 30 days",
    "90": "In 90 days",
    "365": "In a year",
    "date": "On a date",
}
# The scopes as a form shows them: its checkboxes in groups.
GROUPS = {
    "Videos": ["videos:read", "videos:write", "videos:delete"],
    "Other": ["characters", "files", "batches", "webhooks"],
}


class KeyRightsForm(forms.Form):
    """What makes a key: its name, what it may do, how fast and how long."""

    name = forms.CharField(max_length=80)
    access = forms.ChoiceField(choices=[*ACCESS.items()])
    scopes = forms.MultipleChoiceField(
        choices=[(group, [(it, SCOPES[it]) for it in scopes]) for group, scopes in GROUPS.items()], required=False
    )
    expires = forms.ChoiceField(choices=[*EXPIRES.items()])
    expires_on = forms.DateField(required=False, error_messages={"invalid": "Enter a date, such as 2027-01-31."})
    rate = forms.IntegerField(min_value=0, max_value=RATE_MAX, required=False)

    # An end that is already set, and may stay as it is.
    present_end: datetime | None = None

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        scopes = self._scopes(asked.get("access"), asked.pop("scopes", []))
        expires_at = self._expires_at(asked.pop("expires", None), asked.pop("expires_on", None))
        asked.pop("access", None)
        return asked | {"scopes": scopes, "expires_at": expires_at}

    def _scopes(self, access: str | None, chosen: list[str]) -> list[str]:
        if access == "everything":
            return all_scopes()
        if access == "read":
            return [*READ_ONLY]
        if access == "custom" and not chosen and "scopes" not in self.errors:
            self.add_error("scopes", "Choose at least one thing that the key may do.")
        return [scope for scope in SCOPES if scope in chosen]

    def _expires_at(self, expires: str | None, day: date | None) -> datetime | None:
        if expires == "date":
            return self._end_of(day)
        return timezone.now() + timedelta(days=int(expires)) if expires and expires != "never" else None

    def _end_of(self, day: date | None) -> datetime | None:
        """A key works to the end of its last day, in UTC."""
        if day and self.present_end and day == self.present_end.date():
            return self.present_end
        if day is None:
            if "expires_on" not in self.errors:
                self.add_error("expires_on", "Choose the last day on which the key works.")
        elif day < timezone.now().date():
            self.add_error("expires_on", "This day is over.")
        return datetime.combine(day, time.max, UTC) if day else None


class ApiKeyForm(KeyRightsForm):
    workspace = forms.ModelChoiceField(Workspace.objects.none(), empty_label=None)

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, initial={"access": "everything", "expires": "never"})
        self.fields["workspace"].queryset = user.workspaces()  # type: ignore[attr-defined]


class ApiKeyChangeForm(KeyRightsForm):
    def __init__(self, key: ApiKey, data: Any = None) -> None:
        end = key.expires_at
        present = {
            "name": key.name,
            "access": key.access,
            "scopes": key.scopes,
            "expires": "date" if end else "never",
            # As browsers want it, whatever the site's own format is.
            "expires_on": end.date().isoformat() if end else None,
            "rate": key.rate,
        }
        super().__init__(data, initial=present)
        self.present_end = end
