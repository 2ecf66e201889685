"""Signs of life of the parts that no page may ask directly: the worker and the backends."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

FRESH = timedelta(seconds=30)


class Heartbeat(models.Model):
    name = models.CharField(max_length=60, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})

    @classmethod
    def is_fresh(cls, name: str) -> bool:
        return cls.objects.filter(name=name, seen_at__gt=timezone.now() - FRESH).exists()
