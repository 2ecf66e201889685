"""Makes an API key and prints it, this one time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from videos.forms import ApiKeyForm
from videos.models import ApiKey, User
from videos.models.api_key import SCOPES

DAYS_MAX = 36_500


class Command(BaseCommand):
    help = "Make an API key. The key alone stands on the last line of the output; words about it go to stderr."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="command line")
        parser.add_argument("--email", default=settings.ADMIN_EMAIL, help="of the person as whom it acts")
        parser.add_argument("--workspace", help="slug; the person's first if not given")
        parser.add_argument("--scopes", default=",".join(SCOPES), help="with commas between; all if not given")
        parser.add_argument("--rate", type=int, help="creates a minute; 0 for no limit")
        parser.add_argument("--expires-days", type=int, help="days until it stops working")

    def handle(self, *args: Any, **options: Any) -> str:
        user = _person(options["email"])
        days = options["expires_days"]
        if days is not None and not 1 <= days <= DAYS_MAX:
            raise CommandError(f"--expires-days: between 1 and {DAYS_MAX}.")
        asked = _judged(user, options)
        asked["expires_at"] = timezone.now() + timedelta(days=days) if days else None
        key, secret = ApiKey.issue(user=user, **asked)
        self.stderr.write(f"A key of {user} in {key.workspace.name}, shown this once:")
        return secret


def _person(email: str) -> User:
    user = User.objects.filter(email=email.lower(), is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {email}.")
    return user


def _judged(user: User, options: dict[str, Any]) -> dict[str, Any]:
    mine = user.workspaces()
    workspace = (mine.filter(slug=options["workspace"]) if options["workspace"] else mine).first()
    if workspace is None:
        raise CommandError(f"{user} is not a member of such a workspace.")
    scopes = [scope.strip() for scope in options["scopes"].split(",")]
    given = {"name": options["name"], "rate": options["rate"], "workspace": workspace.pk}
    form = ApiKeyForm(user, {**given, "access": "custom", "scopes": scopes, "expires": "never"})
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        known = f" Known are: {', '.join(SCOPES)}." if field == "scopes" else ""
        raise CommandError(f"--{field}: {errors[0]}{known}")
    return form.cleaned_data
