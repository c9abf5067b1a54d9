"""The demo's illustrations, drawn by our own code: every product, craft and place as an SVG that renders to PNG without fonts or files."""

import resvg_py

from marketplace.demo.pictures import (
    bakery,
    commerce,
    crafts,
    dairy,
    drinks,
    farming,
    fruit,
    garden,
    greens,
    interiors,
    meat,
    pantry,
    scenes,
    services,
    textiles,
    vegetables,
)
from marketplace.demo.pictures.arrangement import Motif
from marketplace.demo.pictures.brush import sheet
from marketplace.demo.pictures.grounds import ground

_FOOD = (
    vegetables.MOTIFS | greens.MOTIFS | fruit.MOTIFS | dairy.MOTIFS | bakery.MOTIFS | meat.MOTIFS | pantry.MOTIFS | drinks.MOTIFS
)
_CRAFTS = crafts.MOTIFS | textiles.MOTIFS | garden.MOTIFS | services.MOTIFS
_PLACES = scenes.MOTIFS | farming.MOTIFS | commerce.MOTIFS | interiors.MOTIFS
_MOTIFS: dict[str, Motif] = _FOOD | _CRAFTS | _PLACES

VARIANTS = 6
MOTIFS: tuple[str, ...] = tuple(_MOTIFS)


class UnknownMotif(ValueError):
    """There is no illustration of that name."""

    def __init__(self, motif: str) -> None:
        super().__init__(f"There is no illustration called “{motif}”.")


def draw(*, motif: str, variant: int = 0) -> str:
    """The SVG document (1200 x 900) of a motif; variants 0..5 differ in palette, arrangement, number and tint (others go round).

    Raises UnknownMotif for a name that is not in MOTIFS.
    """
    found = _found(motif)
    turn = variant % VARIANTS
    palettes = found.grounds.split()
    backdrop = ground(palette=palettes[turn % len(palettes)], variant=turn) if palettes else ""
    return sheet(backdrop + found.art(turn))


def render(*, svg: str, width: int = 1200) -> bytes:
    """The SVG as a PNG of so many pixels' width; the height follows from the drawing (4:3)."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))


def alt(*, motif: str) -> str:
    """The German alternative text of a motif's picture; raises UnknownMotif like draw."""
    return f"Illustration: {_found(motif).alt}"


def _found(motif: str) -> Motif:
    if motif not in _MOTIFS:
        raise UnknownMotif(motif)
    return _MOTIFS[motif]
