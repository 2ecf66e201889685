"""Loaded by pytest before Django reads its settings: a data directory of its own, and none of the user's variables."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# DATABASE_URL, REDIS_URL and S3_* stay: `python -m tests.services` sets them for the tests.
USERS = ("STUDIO_", "OPENAI_", "HOST", "PORT", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "LOG_LEVEL")

for name in list(os.environ):
    if name.startswith(USERS):
        del os.environ[name]

DATA_DIR = tempfile.mkdtemp(prefix="studio-tests-")
# WhiteNoise warns of a missing folder; `make run` fills it.
os.mkdir(os.path.join(DATA_DIR, "static"))
os.environ["STUDIO_DATA_DIR"] = DATA_DIR
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
