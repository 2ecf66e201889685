"""One-point perspective: where a point of the street falls on the screen."""

from __future__ import annotations

from videos.engine.paint.layer import Canvas, Frame, View

EYE = 1.55
HALF = 3.1
TRAVEL = 15.0


def focal(frame: Frame) -> float:
    return frame.unit * 1.12


class Perspective:
    """Shared by walls, road and signs."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def matrix(self, view: View, canvas: Canvas) -> tuple[float, float, float, float, float]:
        """Vanishing point, focal length in canvas pixels, sideways and forward travel in metres."""
        frame = self.frame
        f = focal(frame) * view.zoom
        cx = (frame.centre - view.yaw - view.focus[0]) * view.zoom + view.focus[0]
        cy = (frame.horizon - view.pitch - view.focus[1]) * view.zoom + view.focus[1]
        k = canvas.scale
        return cx * k, cy * k, f * k, view.x * 2.2, view.z * TRAVEL
