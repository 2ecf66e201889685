"""Makes an API key and prints it, this one time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from videos.models import ApiKey, User


class Command(BaseCommand):
    help = "Make an API key for a person's first workspace, or the one named, and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="command line")
        parser.add_argument("--email", default=settings.ADMIN_EMAIL)
        parser.add_argument("--workspace", help="slug")

    def handle(self, *args: Any, **options: Any) -> str:
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['email']}.")
        mine = user.workspaces()
        workspace = (mine.filter(slug=options["workspace"]) if options["workspace"] else mine).first()
        if workspace is None:
            raise CommandError(f"{user} is not a member of such a workspace.")
        _, secret = ApiKey.issue(workspace=workspace, user=user, name=options["name"])
        return secret
