"""Build the committed fonts and icons; run by hand when a font, a character or an icon is added.

    python tools/assets.py fonts    needs the packages fontpkg-source-sans-3, fontpkg-bitter, fonttools, brotli
    python tools/assets.py icons    needs npm; fetches lucide-static once, or reads it from --lucide FOLDER

The results are committed, so neither building nor running the site needs this script.
"""

import argparse
import re
import subprocess
import tarfile
import tempfile
from importlib import resources
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

STATIC = Path(__file__).resolve().parent.parent / "marketplace" / "static"
LUCIDE = "lucide-static@1.62.0"

# Every page loads the core files, so they hold the letters of German trade and nothing more. The extra files hold what names
# from elsewhere and rare signs need; browsers fetch them only when such a letter stands on the page. The unicode-range of the
# extra files in tokens.css is written by this script, so both always name the same letters.
LETTERS = "".join(map(chr, [*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B)])) + "ÄÖÜßäöüé \u00a0\u202f"
HEAD = LETTERS + "!%&'()+,-./:;?·×‑–’“„…€"
TEXT = LETTERS + HEAD + '"*=@_§©°²½è‐‘‚”•−→'
ALL = [*map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)]), *"\u202fẞ‐‑–—‘’‚“”„•…€−†‰′″‹›™≈≤≥←↑→↓"]
# Kerning is for the headings: in running text one does not see it, and it weighs as much as all our scripts but one.
FEATURES = {"bitter": ["kern", "tnum"], "source-sans-3": ["tnum"]}
# A point of the bold outline may lie this far from where it was drawn, in thousandths of the type size: at 16 pixels a
# sixtieth of a pixel, for which many points need no move of their own.
NEAR_ENOUGH = 1
FONTS: list[tuple[str, str, str, tuple[int, int] | int, str]] = [  # package, file, target, weight or weights, letters of the core
    ("fontpkg_source_sans_3", "SourceSans3[wght].ttf", "source-sans-3", (400, 700), TEXT),
    ("fontpkg_bitter", "Bitter[wght].ttf", "bitter", 700, HEAD),
]
# fmt: off
ICONS = [
    "apple", "arrow-left", "arrow-right", "ban", "banknote", "bell", "calendar-days", "check", "chevron-right", "circle-alert",
    "circle-check", "circle-x", "clock", "download", "euro", "eye", "file-text", "fish", "gift", "globe", "hammer", "heart",
    "house", "image", "info", "key-round", "layout-dashboard", "leaf", "list", "lock", "log-in", "log-out", "mail", "map",
    "map-pin", "menu", "minus", "navigation", "package", "package-check", "pencil", "phone", "play", "plus", "printer", "receipt",
    "recycle", "repeat", "route", "scale", "search", "settings", "shield-check", "shopping-basket", "sliders-horizontal",
    "snowflake", "sprout", "store", "sun", "tag", "trash-2", "triangle-alert", "truck", "user", "users", "wrench", "x",
]
# fmt: on
# Our own mark: a basket whose handle is the round from farm to farm.
MARK = (
    '<symbol id="marktrunde" viewBox="0 0 32 32"><path d="M5 16a11 11 0 0 1 22 0" fill="none" stroke="currentColor" '
    'stroke-width="2.6" stroke-linecap="round" stroke-dasharray=".1 4.4"/><path d="M3.4 16h25.2l-2.3 10.4a3 3 0 0 1-2.9 2.4H8.6'
    'a3 3 0 0 1-2.9-2.4z" fill="currentColor"/><path d="M16 27c-3.4-1.5-4.6-4.6-3.8-7.8 3.2.4 5 2.6 4.8 5.6" fill="none" '
    'stroke="var(--mark-leaf,#fff)" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/></symbol>'
)


def build_fonts() -> None:
    """Write a core and an extra woff2 per family to static/fonts, their licences beside them, the extra's range to tokens.css."""
    for package, file, name, weights, core in FONTS:
        extra = "".join(letter for letter in ALL if letter not in core and letter != "\u00ad")
        files = resources.files(package)
        licence = files.joinpath("LICENSE").read_text(encoding="utf-8")
        (STATIC / "fonts" / f"{name}.OFL.txt").write_text(licence, encoding="utf-8")
        with resources.as_file(files / "files" / file) as path:
            _write_font(path, f"{name}.woff2", core, weights)
            held = _write_font(path, f"{name}-extra.woff2", extra, weights)
        _write_range(f"{name}-extra.woff2", held)


def _write_font(source: Path, name: str, letters: str, weights: tuple[int, int] | int) -> list[int]:
    """Cut the font down and save it; tells which of the letters it holds, as code points."""
    font = TTFont(source)
    features = FEATURES[name.removesuffix(".woff2").removesuffix("-extra")]
    options = Options(layout_features=features, hinting=False, name_IDs=[0, 1, 2], notdef_outline=False)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": weights}, inplace=True)
    if "gvar" in font:
        _round_variations(font)
    font.flavor = "woff2"
    target = STATIC / "fonts" / name
    font.save(target)
    print(f"{name} {target.stat().st_size} bytes")
    return sorted(font.getBestCmap())


def _round_variations(font: TTFont) -> None:
    """Leave out the moves of points that follow, nearly enough, from those of their neighbours."""
    glyphs, metrics = font["glyf"], font["hmtx"].metrics
    for name, variations in font["gvar"].variations.items():
        points, outline = glyphs._getCoordinatesAndControls(name, metrics)
        for variation in variations:
            variation.calcInferredDeltas(points, outline.endPts)
            variation.roundDeltas()
            variation.optimize(points, outline.endPts, tolerance=NEAR_ENOUGH, isComposite=glyphs[name].isComposite())


def _write_range(name: str, codes: list[int]) -> None:
    """Write to tokens.css for which letters browsers fetch the font."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][-1] + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    told = ", ".join(f"U+{run[0]:X}" + (f"-{run[-1]:X}" if len(run) > 1 else "") for run in runs)
    css = STATIC / "css" / "tokens.css"
    pattern = rf"({re.escape(name)}.*unicode-range: )[^}};]*?( ?}})"
    text, count = re.subn(pattern, rf"\g<1>{told}\g<2>", css.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"tokens.css names {name} {count} times")
    css.write_text(text, encoding="utf-8")


def build_icons(lucide: Path) -> None:
    """Write the wanted icons of an unpacked lucide-static to static/icons/sprite.svg, with the licence beside it."""
    symbols = [MARK, *(_symbol(name, (lucide / "icons" / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS)]
    target = STATIC / "icons"
    note = "<!-- Icons: Lucide, ISC licence, see LICENSE.lucide.txt. Made by tools/assets.py. -->"
    sprite = f'{note}\n<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (target / "sprite.svg").write_text(sprite, encoding="utf-8")
    (target / "LICENSE.lucide.txt").write_text((lucide / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")
    print(f"sprite.svg {len(sprite)} bytes, {len(symbols)} symbols")


def _symbol(name: str, svg: str) -> str:
    match = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if match is None:
        raise ValueError(f"{name}.svg holds no svg element")
    shapes = re.sub(r"\s*\n\s*", "", match.group(1)).replace(" />", "/>")
    style = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {style}>{shapes}</symbol>'


def _fetched_lucide(folder: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", LUCIDE], cwd=folder, check=True)
    (archive,) = folder.glob("lucide-static-*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def main() -> None:
    """Build what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["fonts", "icons"])
    parser.add_argument("--lucide", type=Path, help="an unpacked lucide-static package")
    arguments = parser.parse_args()
    if arguments.what == "fonts":
        build_fonts()
    elif arguments.lucide:
        build_icons(arguments.lucide)
    else:
        with tempfile.TemporaryDirectory() as folder:
            build_icons(_fetched_lucide(Path(folder)))


if __name__ == "__main__":
    main()
