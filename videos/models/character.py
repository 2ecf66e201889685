"""Somebody or something taken from a clip, to appear in later videos."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from videos import contract
from videos.models.owned import Owned
from videos.models.workspace import Workspace


def new_character_id() -> str:
    return f"char_{secrets.token_hex(24)}"


class CharacterQuerySet(Owned["Character"]):
    """Nothing ends a character, so all of a workspace's are to be found."""


class Character(models.Model):
    """`file` is the clip; `backend_ids` what each backend calls the character, by alias, once it was told."""

    id = models.CharField(max_length=60, primary_key=True, default=new_character_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="characters")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=contract.CHARACTER_NAME_MAX_LENGTH)
    file = models.FileField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    duration = models.FloatField()
    backend_ids = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CharacterQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="character_has_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"

    def new_key(self) -> str:
        """A storage key that was never used."""
        return f"characters/{self.id}/{secrets.token_hex(8)}.mp4"
