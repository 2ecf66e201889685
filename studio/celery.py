"""The Celery app. Every worker carries its own clock, so the sweep runs wherever a worker runs."""

from __future__ import annotations

import os
import warnings
from typing import Any

from celery import Celery, bootsteps
from celery.beat import EmbeddedService
from celery.exceptions import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

# Messages are JSON, so a worker that runs as root in a container executes nothing foreign.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("studio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class Clock(bootsteps.StartStopStep):
    """Beat in a thread of the worker. Several workers mean several clocks: claiming is atomic, so they do no harm."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        # The schedule is in the code and kept in memory: nothing to remember between two starts.
        self.beat: Any = EmbeddedService(parent.app, max_interval=1, thread=True, scheduler_cls="celery.beat:Scheduler")

    def start(self, parent: Any) -> None:
        self.beat.start()
        # The clock's first tick is one interval away; readiness should not wait for it.
        parent.app.send_task("videos.check_health")

    def stop(self, parent: Any) -> None:
        self.beat.stop()


app.steps["worker"].add(Clock)
