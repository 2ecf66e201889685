"""Prints a link that signs one person in, once."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from videos.models import SignInLink, User


class Command(BaseCommand):
    help = "Print a one-time sign-in link, good for a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", default=settings.ADMIN_EMAIL)

    def handle(self, *args: Any, **options: Any) -> str:
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {options['email']}.")
        return settings.SITE_URL + reverse("sign_in_link", args=[SignInLink.issue(user)])
