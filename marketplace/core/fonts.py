"""Decides which cuts of the house faces the printed documents use, and makes them from the variable fonts of the wheels.

Static TrueType cuts, because the PDF/A check can judge only those. They are made once into a folder the caller names.
"""

import functools
import importlib.resources
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from fontTools.ttLib import TTFont

LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2050),
    0x20AC,
    0x2122,
    0x2212,
    0x2192,
]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "liga"]


class Cut(NamedTuple):
    """One static cut: where it comes from and how heavy it is."""

    package: str
    source: str
    weight: int


CUTS = {
    "SourceSans3-Regular.ttf": Cut("fontpkg_source_sans_3", "SourceSans3[wght].ttf", 400),
    "SourceSans3-SemiBold.ttf": Cut("fontpkg_source_sans_3", "SourceSans3[wght].ttf", 600),
    "SourceSans3-Bold.ttf": Cut("fontpkg_source_sans_3", "SourceSans3[wght].ttf", 700),
    "SourceSans3-Italic.ttf": Cut("fontpkg_source_sans_3", "SourceSans3-Italic[wght].ttf", 400),
    "Bitter-Bold.ttf": Cut("fontpkg_bitter", "Bitter[wght].ttf", 700),
}


def prepare(folder: Path) -> Path:
    """Make the cuts that ``folder`` lacks and return it; safe when several processes do it at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, cut in CUTS.items():
        if not (folder / name).exists():
            _write(cut, folder / name)
    return folder


def _write(cut: Cut, target: Path) -> None:
    from fontTools import subset  # much to load for what is done once on a machine
    from fontTools.varLib import instancer

    source = importlib.resources.files(cut.package) / "files" / cut.source
    with source.open("rb") as stream:
        face = TTFont(stream)
        letters = subset.Subsetter(subset.Options(layout_features=FEATURES, name_IDs=["*"], notdef_outline=True))
        letters.populate(unicodes=LETTERS)
        letters.subset(face)
        face = instancer.instantiateVariableFont(face, {"wght": cut.weight}, updateFontNames=True)
    handle, unfinished = tempfile.mkstemp(dir=target.parent, suffix=".part")
    with os.fdopen(handle, "wb") as stream:
        face.save(stream)
    os.chmod(unfinished, 0o644)  # mkstemp keeps it private; other processes print with it too
    os.replace(unfinished, target)


@functools.cache
def coverage(folder: Path) -> frozenset[int]:
    """The code points that every cut can print; PDF/A refuses any other."""
    covered = frozenset(LETTERS)
    for name in CUTS:
        with TTFont(folder / name, lazy=True) as face:
            covered &= face.getBestCmap().keys()
    return covered
