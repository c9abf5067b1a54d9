"""How things are laid out on the table: one, two, three or a heap of them, differently in every variant."""

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.demo.pictures.brush import put, shadow, wobble

Item = Callable[[int, int], str]
"""Draws one thing with its foot at (0, 0): told its place in the group and the variant."""

Art = Callable[[int], str]
"""Draws a whole composition on the 1200 x 900 sheet for a variant."""

_SPOTS: dict[int, tuple[tuple[float, float, float, float], ...]] = {
    1: ((600, 735, 1.3, 0),),
    2: ((430, 700, 1.02, -3), (755, 750, 1.16, 3)),
    3: ((610, 655, 0.92, 0), (360, 735, 0.98, -4), (840, 765, 1.02, 4)),
    4: ((480, 640, 0.84, 0), (760, 655, 0.84, 3), (320, 760, 0.88, -4), (640, 785, 0.92, 2)),
    5: ((600, 630, 0.76, 0), (360, 660, 0.76, -5), (840, 665, 0.76, 5), (470, 775, 0.82, -2), (740, 785, 0.82, 3)),
}


@dataclass(frozen=True)
class Motif:
    """What a picture shows: its German description, its composition and the palettes it looks best on (first one first)."""

    alt: str
    art: Art
    grounds: str = "linen wood meadow sky honey slate"


def stand(item: Item, *, width: float, counts: str = "312321", scale: float = 1.0) -> Art:
    """Several of a thing standing on the table; width is the item's own width for its shadow."""

    def art(variant: int) -> str:
        count = int(counts[variant])
        spots = sorted(_SPOTS[count], key=lambda spot: spot[1])
        mirror = variant >= 3
        pieces = []
        for i, (x, y, s, turn) in enumerate(spots):
            x, turn = (1200 - x, -turn) if mirror else (x, turn)
            size = s * scale * (1 + 0.03 * wobble(variant * 7 + i))
            x += 12 * wobble(variant * 13 + i)
            pieces.append(shadow(x + 14, y, width * size * 0.68, width * size * 0.15))
            pieces.append(put(item(i, variant), x, y, s=size, turn=turn))
        return "".join(pieces)

    return art


def heap(item: Item, *, width: float, rows: str = "343", scale: float = 1.0, lean: float = 18) -> Art:
    """A loose heap of small things: rows are the numbers of things per row from back to front."""

    def art(variant: int) -> str:
        pieces = []
        counts = [max(1, int(n) - (variant % 2 if k == 0 else 0)) for k, n in enumerate(rows)]
        size = scale * (1 + 0.05 * (variant % 3))
        for k, count in enumerate(counts):
            y = 740 - 0.36 * width * size * (len(counts) - 1 - k)
            for i in range(count):
                seed = variant * 101 + k * 17 + i
                x = 600 + (i - (count - 1) / 2) * width * size * 1.0 + wobble(seed, width * 0.13)
                y2 = y + wobble(seed + 5, width * 0.06)
                pieces.append(shadow(x + 8, y2, width * size * 0.6, width * size * 0.15))
                pieces.append(put(item(k * 5 + i, variant), x, y2, s=size, turn=wobble(seed + 9, lean)))
        return "".join(pieces)

    return art


def pyramid(item: Item, *, step: float, rise: float, foot: int) -> str:
    """Things piled on each other as in a bowl: foot in the lowest row, one less in each row above, lowest row last."""
    rows = []
    for k in reversed(range(foot)):
        count = foot - k
        row = [put(item(k * 7 + i, k), (i - (count - 1) / 2) * step, -k * rise, turn=wobble(k * 9 + i, 24)) for i in range(count)]
        rows.append("".join(row))
    return "".join(rows)


def cycle(*arts: Art) -> Art:
    """Each variant shows the next of several compositions."""

    def art(variant: int) -> str:
        return arts[variant % len(arts)](variant)

    return art


def contained(vessel: Callable[[str], str], item: Item, *, size: float, step: float, foot: int = 4, scale: float = 1.3) -> Art:
    """A pyramid of small things in a vessel: the vessel draws itself around its content."""

    def art(variant: int) -> str:
        content = put(pyramid(lambda i, k: item(i, variant), step=step / size, rise=step * 0.55 / size, foot=foot), s=size)
        return shadow(615, 745, 320 * scale, 60 * scale) + put(vessel(content), 600, 735, s=scale)

    return art


def laid(item: Item, *, width: float, counts: str = "211212", scale: float = 1.3) -> Art:
    """One or two broad things lying behind one another."""

    def art(variant: int) -> str:
        spots = ((0.0, 690.0),) if counts[variant] == "1" else ((-70.0, 560.0), (60.0, 740.0))
        size = scale * (1 if len(spots) == 1 else 0.82)
        pieces = []
        for i, (dx, y) in enumerate(spots):
            x = 600 + (dx if variant < 3 else -dx)
            pieces.append(shadow(x, y, width * size * 0.62, width * size * 0.12))
            pieces.append(put(item(i, variant), x, y, s=size, turn=wobble(variant + 3 * i, 4), flip=variant % 3 == 1))
        return "".join(pieces)

    return art
