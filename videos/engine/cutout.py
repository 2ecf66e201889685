"""Cuts the foreground out of the middle frame of a clip: the card that plays a character."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from videos.engine.limits import limit_this_process
from videos.engine.ownfigure import own_figure
from videos.engine.paint.noise import Array
from videos.engine.paint.reel import Index, Reel

CARD_HEIGHT = 512
WORKING_SIDE = 340
# What is cut out must be a share of the picture between these, or it is no figure.
LEAST, MOST = 0.006, 0.5
# Frames tried around what stands out, as shares of the picture's height: high, and wide for each height.
HEIGHTS, ASPECTS, PLACES = (0.28, 0.4, 0.54, 0.74), (0.5, 0.95, 1.7), 2
ROUNDS = 3
TONES = 8
# Below this an outline follows nothing in the picture.
LEAST_SCORE = 0.004
# Colours no further apart (in Lab) do not tell a figure from its surroundings.
NEARLY_ALIKE = 12.0
Box = tuple[int, int, int, int]


def make_card(clip: Path, card: Path) -> None:
    """Write the foreground of the clip's middle frame as an RGBA PNG: trimmed, at most 512 pixels high."""
    cv2.setNumThreads(1)
    cv2.setRNGSeed(1)
    index = Index(clip)
    picture = Reel(index).picture(len(index) // 2)
    pixels = own_figure(index, picture)
    if pixels is None:
        pixels = np.dstack([picture[..., ::-1], foreground(picture)])
    image = Image.fromarray(_trimmed(pixels))
    image.thumbnail((CARD_HEIGHT * 3, CARD_HEIGHT), Image.Resampling.LANCZOS)
    image.save(card, "PNG")


def foreground(picture: Array) -> Array:
    """The cover of the figure in 0..255; an oval about the middle where none can be told from its surroundings."""
    high, wide = picture.shape[:2]
    scale = min(1.0, WORKING_SIDE / max(high, wide))
    small = cv2.resize(picture, (round(wide * scale), round(high * scale)), interpolation=cv2.INTER_AREA)
    figure = _best_figure(small)
    if figure is None:
        return _oval((high, wide))
    soft = cv2.resize(figure.astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(soft, (0, 0), 0.7 / scale)
    # A little within the outline, so that no rim of the old background comes along.
    return np.asarray(np.clip((soft - 0.5) * 2.4 * 255, 0, 255), np.uint8)


def _best_figure(small: Array) -> Array | None:
    """Of what GrabCut finds in frames of several sizes, the piece whose outline follows the picture's edges best."""
    apart = _apart(small)
    if float(apart.max()) < 0.999:
        return None
    edges = _edges(small)
    best, found = LEAST_SCORE, None
    for place in _places(apart):
        for box in _boxes(place, apart.shape):
            figure = _figure(_grabbed(small, box))
            score = _score(figure, edges, box) * _standing_out(figure, apart)
            if score > best:
                best, found = score, figure
    return found


def _standing_out(figure: Array, apart: Array) -> float:
    """High when much of what stands out is inside, and little else."""
    inside = apart[figure > 0]
    return float(inside.sum() / apart.sum()) ** 0.5 * float(inside.mean()) if inside.size else 0.0


def _places(apart: Array) -> list[tuple[int, int]]:
    """Where the picture stands out most, and where next to it, well away from there."""
    left, places = apart.copy(), []
    for _ in range(PLACES):
        y, x = np.unravel_index(int(np.argmax(left)), left.shape)
        places.append((int(x), int(y)))
        cv2.circle(left, places[-1], left.shape[0] // 5, (0.0,), -1)
    return places


def _boxes(place: tuple[int, int], shape: tuple[int, ...]) -> list[Box]:
    """Frames about a place; each lies within the picture."""
    high, wide = shape
    x, y = place
    boxes = []
    for height in HEIGHTS:
        for aspect in ASPECTS:
            rows, columns = round(height * high), min(round(height * aspect * high), round(wide * 0.9))
            top = min(max(y - rows // 2, 1), high - rows - 1)
            left = min(max(x - columns // 2, 1), wide - columns - 1)
            boxes.append((left, top, columns, rows))
    return boxes


def _grabbed(small: Array, box: Box) -> Array:
    """GrabCut in a frame; what lies around it, as far again as it is wide, is background."""
    left, top, columns, rows = box
    margin = max(columns, rows) // 2
    x0, y0 = max(0, left - margin), max(0, top - margin)
    part = np.ascontiguousarray(small[y0 : top + rows + margin, x0 : left + columns + margin])
    mask = np.zeros(part.shape[:2], np.uint8)
    behind, before = np.zeros((1, 65)), np.zeros((1, 65))
    frame = (left - x0, top - y0, columns, rows)
    cv2.grabCut(part, mask, frame, behind, before, ROUNDS, cv2.GC_INIT_WITH_RECT)
    whole = np.zeros(small.shape[:2], np.uint8)
    whole[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]] = (mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)
    return whole


def _edges(small: Array) -> Array:
    """How much the colour changes at each pixel or beside it, in 0..1."""
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 0.8), cv2.COLOR_BGR2LAB).astype(np.float32)
    slope = np.hypot(cv2.Sobel(lab, cv2.CV_32F, 1, 0), cv2.Sobel(lab, cv2.CV_32F, 0, 1)).max(axis=2)
    return np.asarray(np.minimum(cv2.dilate(slope, np.ones((3, 3), np.uint8)) / 160, 1.0))


def _score(figure: Array, edges: Array, box: Box) -> float:
    """High for an outline that lies on edges nearly everywhere and keeps off the frame it was found in."""
    share = float(figure.mean())
    if not LEAST < share < MOST:
        return 0.0
    outlines, _ = cv2.findContours(figure, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    points = max(outlines, key=len)[:, 0]
    x, y = points[:, 0], points[:, 1]
    left, top, columns, rows = box
    touching = (x <= left + 1) | (x >= left + columns - 2) | (y <= top + 1) | (y >= top + rows - 2)
    drawn = float(np.percentile(edges[y, x], 25))
    solid = float(cv2.contourArea(points)) / max(float(cv2.contourArea(cv2.convexHull(points))), 1.0)
    return float(drawn * (1 - min(4 * float(touching.mean()), 1.0)) * solid**0.5)


def _apart(small: Array) -> Array:
    """How far each pixel is from the colours along the borders, weighted towards the middle."""
    high, wide = small.shape[:2]
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 1.5), cv2.COLOR_BGR2LAB).astype(np.float32)
    rim = max(2, round(min(high, wide) * 0.09))
    border = np.ones((high, wide), bool)
    border[rim:-rim, rim:-rim] = False
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    _, _, tones = cv2.kmeans(
        np.ascontiguousarray(lab[border]), TONES, np.zeros((0,), np.int32), criteria, 2, cv2.KMEANS_PP_CENTERS
    )
    distance = np.min(np.linalg.norm(lab[:, :, None, :] - tones[None, None], axis=3), axis=2)
    distance = cv2.GaussianBlur(distance, (0, 0), max(high, wide) / 60)
    x = np.linspace(-1, 1, wide, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, high, dtype=np.float32)[:, None]
    apart = distance * np.exp(-(x**2) / 0.16 - ((y - 0.12) ** 2) / 0.5)
    return np.asarray(apart / max(float(apart.max()), NEARLY_ALIKE))


def _figure(mask: Array) -> Array:
    """The largest piece, whole: thin threads cut, holes filled."""
    thick = max(3, round(float(np.sqrt(mask.sum())) * 0.075)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (thick, thick))
    whole, mask = mask, cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
    count, pieces, facts, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return np.zeros_like(mask)
    largest = 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA]))
    # Ears and feet that were cut with the threads come back, as far as they are near.
    piece = cv2.dilate(np.asarray(pieces == largest, np.uint8), kernel) & whole
    outlines, _ = cv2.findContours(piece, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(mask), outlines, -1, (1,), -1))


def _oval(size: tuple[int, int]) -> Array:
    y = np.linspace(-1, 1, size[0], dtype=np.float32)[:, None] / 0.86
    x = np.linspace(-1, 1, size[1], dtype=np.float32)[None, :] * size[1] / min(size) / 0.72
    return np.asarray(np.clip((1 - np.hypot(x, y)) * 7, 0, 1) * 255, np.uint8)


def _trimmed(pixels: Array) -> Array:
    rows, columns = (np.flatnonzero(pixels[..., 3].max(axis=axis) > 8) for axis in (1, 0))
    return np.ascontiguousarray(pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def main(argv: list[str]) -> int:
    if len(argv) != 2:
        sys.stderr.write("usage: python -m videos.engine.cutout CLIP CARD\n")
        return 2
    limit_this_process(memory=3 * 1024**3, cpu_seconds=60)
    try:
        make_card(Path(argv[0]), Path(argv[1]))
    except Exception as error:
        sys.stderr.write(f"no card: {error or type(error).__name__}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
