"""What things come in: bottles, jars, bags, boxes, bowls, baskets, crates and boards, all with the foot at (0, 0)."""

from marketplace.demo.pictures.brush import (
    across,
    block,
    curve,
    dark,
    light,
    lin,
    mix,
    oval,
    poly,
    put,
    shadow,
    shape,
    stroke,
    turned,
)


def label(w: float, top: float, foot: float, colour: str, emblem: str = "", *, trim: str = "") -> str:
    """A paper label round a body of half-width w between two heights, with an emblem in its middle."""
    bow = w * 0.13
    d = f"M{-w:g},{top:g}A{w:g},{bow:g} 0 0 0 {w:g},{top:g}L{w:g},{foot:g}A{w:g},{bow:g} 0 0 1 {-w:g},{foot:g}Z"
    stops = (dark(colour, 0.22), f"{light(colour, 0.5)}@0.3", f"{colour}@0.6", dark(colour, 0.34))
    middle, line = (top + foot) / 2, trim or dark(colour, 0.45)
    edge = stroke(f"M{-w + 3:g},{top + 9:g}A{w:g},{bow:g} 0 0 0 {w - 3:g},{top + 9:g}", line, 4, 0.6)
    edge += stroke(f"M{-w + 3:g},{foot - 9:g}A{w:g},{bow:g} 0 0 0 {w - 3:g},{foot - 9:g}", line, 4, 0.6)
    return shape(d, lin(*stops, turn=0)) + edge + put(emblem, 0, middle + bow)


def gloss(x: float, top: float, foot: float, width: float = 14, *, opacity: float = 0.5) -> str:
    """The upright reflection of a window on glass or glaze."""
    return block(x, top, width, foot - top, lin("#ffffffdd", "#ffffff44"), r=width / 2, opacity=opacity)


def bottle(profile: str, colour: str, *, cap: str, neck: float = 34, top: float = -430, art: str = "") -> str:
    """A bottle of one glass colour with a cap; art is drawn over the body (label, level)."""
    w = float(profile.split()[-1].split(",")[0])
    cork = block(-neck - 6, top - 34, 2 * neck + 12, 48, across(cap), r=10)
    return turned(profile, colour) + art + gloss(-w * 0.72, -240, -40, w * 0.14) + cork


def jar(
    content: str, *, lid: str, w: float = 120, h: float = 250, art: str = "", paper: str = "#fff8ea", emblem: str = ""
) -> str:
    """A preserving jar: glass, content with art in it, a lid and (with paper) a label."""
    glass = turned(
        f"{w * 0.8:g},{-h:g} {w * 0.84:g},{-h + 12:g} {w:g},{-h + 46:g} {w:g},-60 {w:g},-18 {w * 0.9:g},-4",
        mix(content, "#ffffff", 0.35),
    )
    inner = w - 9
    fill = turned(f"{inner * 0.9:g},{-h + 34:g} {inner:g},{-h + 62:g} {inner:g},-60 {inner:g},-24 {inner * 0.9:g},-10", content)
    tag = label(w * 0.99, -h * 0.62, -h * 0.2, paper, emblem, trim=lid) if paper else ""
    top = block(-w * 0.9, -h - 36, w * 1.8, 46, across(lid), r=12) + oval(0, -h - 34, w * 0.86, w * 0.1, light(lid, 0.3))
    rim = "".join(block(x * w * 0.2 - 2, -h - 22, 4, 26, dark(lid, 0.4), opacity=0.25) for x in range(-4, 5))
    return glass + fill + art + tag + gloss(-w * 0.8, -h + 60, -34, w * 0.12) + top + rim


def bag(colour: str, *, w: float = 150, h: float = 330, paper: str = "", emblem: str = "", tie: str = "") -> str:
    """A paper bag with a folded top, a label with an emblem and perhaps a ribbon."""
    d = f"M{-w:g},0 L{-w * 0.92:g},{-h * 0.86:g} L{-w * 0.86:g},{-h:g} L{w * 0.86:g},{-h:g} L{w * 0.92:g},{-h * 0.86:g} L{w:g},0"
    body = shape(
        d + f"Q0,14 {-w:g},0Z",
        lin(dark(colour, 0.12), f"{light(colour, 0.35)}@0.3", f"{colour}@0.65", dark(colour, 0.32), turn=8),
    )
    fold = shape(
        poly(f"{-w * 0.92:g},{-h * 0.84:g} {-w * 0.86:g},{-h:g} {w * 0.86:g},{-h:g} {w * 0.92:g},{-h * 0.84:g}"),
        dark(colour, 0.16),
        0.75,
    )
    crease = stroke(f"M{-w * 0.6:g},{-h * 0.8:g} L{-w * 0.52:g},-24", light(colour, 0.7), 5, 0.35)
    crease += stroke(f"M{w * 0.68:g},{-h * 0.8:g} L{w * 0.62:g},-24", dark(colour, 0.5), 5, 0.25)
    front = block(-w * 0.56, -h * 0.64, w * 1.12, h * 0.44, lin(light(paper, 0.4), paper), r=14) if paper else ""
    bow = block(-w * 0.92, -h * 0.86, w * 1.84, 14, tie, r=7) if tie else ""
    return body + fold + crease + front + put(emblem, 0, -h * 0.42) + bow


def carton(colour: str, *, w: float = 300, h: float = 220, deep: float = 90, art: str = "") -> str:
    """A closed box seen from the upper right; art lies on its front, whose middle is (-deep/2, -h/2)."""
    left, right = -w / 2 - deep / 3, w / 2 - deep / 3
    front = block(left, -h, w, h, lin(light(colour, 0.25), colour, turn=60), r=6)
    side = shape(
        poly(f"{right:g},{-h:g} {right + deep:g},{-h - deep * 0.5:g} {right + deep:g},{-deep * 0.5:g} {right:g},0"),
        lin(dark(colour, 0.2), dark(colour, 0.42)),
    )
    top = shape(
        poly(f"{left:g},{-h:g} {left + deep:g},{-h - deep * 0.5:g} {right + deep:g},{-h - deep * 0.5:g} {right:g},{-h:g}"),
        lin(light(colour, 0.6), light(colour, 0.3)),
    )
    return side + top + front + put(art, (left + right) / 2, -h / 2)


def bowl(colour: str, inside: str, *, w: float = 220, h: float = 170, content: str = "") -> str:
    """A bowl; content is drawn at the level of its rim, behind the front wall."""
    d = f"M{-w:g},{-h:g}C{-w * 0.96:g},{-h * 0.3:g} {-w * 0.6:g},-8 {-w * 0.36:g},0 A{w * 0.36:g},14 0 0 0 {w * 0.36:g},0"
    d += f"C{w * 0.6:g},-8 {w * 0.96:g},{-h * 0.3:g} {w:g},{-h:g}A{w:g},{w * 0.2:g} 0 0 1 {-w:g},{-h:g}Z"
    rim = oval(0, -h, w, w * 0.2, light(colour, 0.35)) + oval(0, -h + 4, w * 0.94, w * 0.17, lin(dark(inside, 0.4), inside))
    band = stroke(
        f"M{-w * 0.97:g},{-h * 0.76:g}A{w * 0.97:g},{w * 0.2:g} 0 0 0 {w * 0.97:g},{-h * 0.76:g}", light(colour, 0.75), 8, 0.55
    )
    return rim + put(content, 0, -h + 22) + shape(d, across(colour)) + shape(d, lin("#00000000@0.5", "#2b163855")) + band


def crate(*, w: float = 520, h: float = 190, content: str = "", colour: str = "#c8965a") -> str:
    """A slatted wooden crate with its content looking over the front."""
    back = block(-w / 2 + 14, -h - 26, w - 28, h, dark(colour, 0.55), r=6)
    slats = ""
    for k in range(3):
        y = -h + k * h / 3
        slats += block(-w / 2, y, w, h / 3 - 8, lin(light(colour, 0.4), f"{colour}@0.4", dark(colour, 0.22)), r=6)
        slats += stroke(
            curve(f"{-w / 2 + 40},{y + 20} {-w / 8},{y + 27} {w / 4},{y + 18} {w / 2 - 40},{y + 25}"), dark(colour, 0.4), 3, 0.4
        )
    posts = "".join(
        block(x, -h - 14, 38, h + 14, lin(light(colour, 0.3), dark(colour, 0.3), turn=0), r=5) for x in (-w / 2 + 8, w / 2 - 46)
    )
    nails = "".join(oval(x, -h + h / 6 + k * h / 3, 5, 5, "#6b4a2a") for x in (-w / 2 + 27, w / 2 - 27) for k in range(3))
    return back + put(content, 0, -h + 12) + slats + posts + nails


def wicker(w: float, h: float, colour: str = "#c58a4a", *, taper: float = 0.84) -> str:
    """The woven wall of a basket, wider at its rim."""
    rows, out = max(4, int(h / 26)), ""
    d = poly(f"{-w / 2:g},{-h:g} {w / 2:g},{-h:g} {w / 2 * taper:g},0 {-w / 2 * taper:g},0")
    out += shape(d, across(dark(colour, 0.45)))
    for k in range(rows):
        half = w / 2 * (1 - (1 - taper) * (k + 0.5) / rows)
        n, high = 12, h / rows
        step = 2 * half / n
        for i in range(n + k % 2):
            x = -half + (i - 0.5 * (k % 2)) * step
            lo, hi = max(x, -half), min(x + step, half)
            tone = mix(light(colour, 0.45), dark(colour, 0.25), min(1, max(0, i / n)))
            out += block(
                lo + 1,
                -h + k * high + 1,
                max(2, hi - lo - 2),
                high - 2,
                lin(light(tone, 0.25), tone, dark(tone, 0.2)),
                r=high / 2.2,
            )
    brim = block(-w / 2 - 10, -h - 16, w + 20, 30, lin(light(colour, 0.5), colour, dark(colour, 0.3)), r=15)
    return out + brim


def basket(*, w: float = 420, h: float = 190, content: str = "", colour: str = "#c58a4a", handle: bool = True) -> str:
    """A woven basket with content and a high handle."""
    bow = f"M{-w * 0.44:g},{-h:g}C{-w * 0.44:g},{-h * 2.75:g} {w * 0.44:g},{-h * 2.75:g} {w * 0.44:g},{-h:g}"
    arm = stroke(bow, dark(colour, 0.3), 26) + stroke(bow, colour, 18) + stroke(bow, light(colour, 0.5), 6, 0.7) if handle else ""
    hollow = oval(0, -h, w * 0.48, 30, dark(colour, 0.6))
    return arm + hollow + put(content, 0, -h + 20) + wicker(w, h, colour)


def board(w: float, colour: str = "#c99a62", *, handle: bool = True) -> str:
    """A wooden board lying on the table around (0, 0)."""
    d = f"M{-w:g},-40 Q{-w:g},-62 {-w + 30:g},-62 L{w - 30:g},-62 Q{w:g},-62 {w + 12:g},-40 L{w + 34:g},26 Q{w + 40:g},50 {w:g},50 L{-w:g},50 Q{-w - 40:g},50 {-w - 34:g},26Z"
    grip = stroke(f"M{w:g},-6 L{w + 110:g},-6", colour, 46) + oval(w + 108, -6, 11, 7, dark(colour, 0.55)) if handle else ""
    grain = "".join(
        stroke(f"M{-w + 40 + 30 * k:g},{-44 + 20 * k} L{w - 60 + 14 * k:g},{-42 + 20 * k}", dark(colour, 0.4), 3, 0.35)
        for k in range(5)
    )
    low = put(shape(d, dark(colour, 0.4)), 0, 18)
    return shadow(0, 60, w * 1.25, 60) + put(grip, 0, 12) + low + grip + shape(d, lin(light(colour, 0.45), colour)) + grain


def plate(w: float, colour: str = "#f7f1e6") -> str:
    """A plate lying around (0, 0)."""
    outer = (
        shadow(0, 22, w * 1.25, w * 0.36)
        + oval(0, 10, w, w * 0.3, dark(colour, 0.25))
        + oval(0, 0, w, w * 0.3, lin(light(colour, 0.6), colour))
    )
    return outer + oval(0, 4, w * 0.72, w * 0.19, lin(dark(colour, 0.16), colour))
