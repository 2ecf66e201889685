"""What the tests order: a film that is rendered in a moment, and one that never ends by itself."""

from __future__ import annotations

from dataclasses import replace

from tests.videos.engine.pictures import image
from videos.contract import Reference, VideoRequest

# A prompt without scenery is painted in half the time.
SHORT = VideoRequest(prompt="A red circle", model="animatic-1", size="96x64", seconds=4, seed=7)
LONG = replace(SHORT, size="1280x720", seconds=20)
PICTURE = Reference(image((96, 64)), "teal.png", "image/png")
WITH_REFERENCE = replace(SHORT, reference=PICTURE)

LONG_FIELDS = {"prompt": "A long film", "size": "1920x1080", "seconds": "20"}
