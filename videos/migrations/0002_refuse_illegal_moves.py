"""The database itself refuses a move that the state machine does not have.

On SQLite a later migration that rebuilds the table drops its triggers and must make them anew; a test notices.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

# Frozen: videos.models.video.TRANSITIONS as of this migration.
MOVES = {
    "queued": "creating held failed cancelled",
    "creating": "submitted queued unknown failed cancelled",
    "unknown": "submitted queued held failed cancelled",
    "held": "queued submitted failed cancelled",
    "submitted": "generating collecting queued held failed cancelled",
    "generating": "collecting queued held failed cancelled",
    "collecting": "ready queued failed cancelled",
}


def _legal() -> str:
    pairs = (f"(OLD.phase = '{old}' AND NEW.phase IN ('{new}'))" for old, new in _lists())
    return " OR ".join(pairs)


def _lists() -> list[tuple[str, str]]:
    return [(old, "', '".join(new.split())) for old, new in MOVES.items()]


SQLITE = f"""
CREATE TRIGGER video_phase_moves BEFORE UPDATE OF phase ON videos_video
WHEN OLD.phase <> NEW.phase AND NOT ({_legal()})
BEGIN SELECT RAISE(ABORT, 'illegal move of a video'); END
"""
POSTGRESQL = f"""
CREATE FUNCTION video_phase_moves() RETURNS trigger AS $$
BEGIN
  IF NOT ({_legal()}) THEN
    RAISE EXCEPTION 'illegal move of a video' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER video_phase_moves BEFORE UPDATE OF phase ON videos_video
FOR EACH ROW WHEN (OLD.phase IS DISTINCT FROM NEW.phase) EXECUTE FUNCTION video_phase_moves();
"""


def guard(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER video_phase_moves")
    else:
        schema_editor.execute("DROP TRIGGER video_phase_moves ON videos_video")
        schema_editor.execute("DROP FUNCTION video_phase_moves")


class Migration(migrations.Migration):
    dependencies = [("videos", "0001_people_videos_and_assets")]
    operations = [migrations.RunPython(guard, unguard)]
