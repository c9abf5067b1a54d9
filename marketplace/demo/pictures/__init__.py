"""The demo's illustrations, drawn by our own code: every product, craft and place as an SVG that renders to PNG without fonts or files."""

import resvg_py

from marketplace.demo.pictures import bakery, crafts, dairy, drinks, fruit, garden, meat, pantry, services, vegetables
from marketplace.demo.pictures.brush import sheet, put
from marketplace.demo.pictures.grounds import ground

_MOTIFS = {**vegetables.MOTIFS, **fruit.MOTIFS, **dairy.MOTIFS, **bakery.MOTIFS, **meat.MOTIFS, **pantry.MOTIFS, **drinks.MOTIFS, **crafts.MOTIFS, **garden.MOTIFS, **services.MOTIFS}
MOTIFS: tuple[str, ...] = tuple(_MOTIFS)


class UnknownMotif(ValueError):
    """There is no illustration of that name."""

    def __init__(self, motif: str) -> None:
        super().__init__(f"There is no illustration called “{motif}”.")


def draw(*, motif: str, variant: int = 0) -> str:
    """The SVG document (1200 x 900) of a motif; variants 0..5 differ in palette, arrangement, number and tint (others go round)."""
    found = _found(motif)
    turn = variant % 6
    palettes = found.grounds.split()
    backdrop = ground(palette=palettes[turn % len(palettes)], variant=turn) if palettes else ""
    return sheet(backdrop + found.art(turn))


def render(*, svg: str, width: int = 1200) -> bytes:
    """The SVG as a PNG of so many pixels' width."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))


def alt(*, motif: str) -> str:
    """The German alternative text of a motif's picture."""
    return f"Illustration: {_found(motif).alt}"


def _found(motif: str):
    if motif not in _MOTIFS:
        raise UnknownMotif(motif)
    return _MOTIFS[motif]
