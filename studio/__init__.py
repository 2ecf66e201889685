"""The project: wiring only, no rules. Loads the Celery app so that tasks know their broker."""

from __future__ import annotations

from studio.celery import app as celery_app

__all__ = ["celery_app"]
