"""The grounds: what a product stands on and in front of, in a handful of warm palettes."""

from marketplace.demo.pictures.brush import HEIGHT, WIDTH, block, curve, lin, mix, oval, rad, shape, stroke, wobble

_WALLS = {
    "linen": ("#fbf4e6", "#eddcbf", "#efe0c6", "#cfb184"),
    "wood": ("#f6e7cf", "#e7c596", "#c98f56", "#99602f"),
    "meadow": ("#e3f2d3", "#b9d98f", "#a6cc76", "#6b9c49"),
    "sky": ("#e4f1f9", "#bcdcee", "#f1ead9", "#cdbd9b"),
    "slate": ("#d5dee4", "#a3b4c0", "#7d909e", "#4d606f"),
    "honey": ("#fff3c9", "#fbd983", "#f0bd55", "#cb8a2b"),
    "rose": ("#fdeae0", "#f5c3ad", "#ecac92", "#c8755e"),
    "mint": ("#e4f4ec", "#b4dccb", "#8fc4b0", "#4f907c"),
}


def ground(*, palette: str, variant: int) -> str:
    """Wall, light and table in one palette; the variant moves the light and the table's edge."""
    top, low, near, front = _WALLS[palette]
    edge = 560 - 14 * (variant % 3)
    glow = 430 if variant % 2 else 770
    wall = block(0, 0, WIDTH, edge + 2, lin(top, low))
    halo = oval(glow, 330, 640, 420, rad("#ffffffcc", "#ffffff00", x=0.5, y=0.5, r=0.5), opacity=0.75)
    table = block(0, edge, WIDTH, HEIGHT - edge, lin(near, front))
    lit = block(0, edge, WIDTH, 6, mix(near, "#ffffff", 0.45), opacity=0.7)
    pool = oval(600, 730, 560, 150, rad("#fff8e0aa", "#fff8e000", x=0.5, y=0.5, r=0.5), opacity=0.55)
    return wall + halo + _behind(palette, edge, variant) + table + _texture(palette, edge, front) + lit + pool


def _behind(palette: str, edge: int, variant: int) -> str:
    if palette in ("meadow", "mint"):
        far = curve(f"-20,{edge - 90} 240,{edge - 150} 560,{edge - 80} 900,{edge - 160} 1220,{edge - 100}")
        near = curve(f"-20,{edge - 40} 300,{edge - 30} 640,{edge - 95} 980,{edge - 40} 1220,{edge - 70}")
        close = f"L1220,{edge + 4} L-20,{edge + 4}Z"
        tone = _WALLS[palette][2]
        return shape(far + close, mix(tone, "#ffffff", 0.45)) + shape(near + close, mix(tone, "#ffffff", 0.2))
    if palette == "sky":
        spots = ((190, 150, 1.0), (960, 230, 0.8), (620, 90, 0.55))
        return "".join(_cloud(x + 40 * wobble(variant), y, s) for x, y, s in spots)
    if palette in ("honey", "rose"):
        dots = [(wobble(variant * 31 + i), wobble(variant * 17 + i + 90), i) for i in range(9)]
        return "".join(oval(600 + 580 * x, 270 + 230 * y, 26 + 7 * i, 26 + 7 * i, "#ffffff", opacity=0.13) for x, y, i in dots)
    tone = _WALLS[palette][3]
    lines = "".join(block(x, 0, 3, edge, tone, opacity=0.13) for x in range(150, WIDTH, 150))
    return lines if palette in ("wood", "slate") else ""


def _cloud(x: float, y: float, s: float) -> str:
    puffs = ((0, 0, 120, 30), (-50, -18, 55, 34), (20, -34, 66, 48), (75, -10, 48, 28))
    return "".join(oval(x + dx * s, y + dy * s, rx * s, ry * s, "#ffffff", opacity=0.75) for dx, dy, rx, ry in puffs)


def _texture(palette: str, edge: int, front: str) -> str:
    depth = HEIGHT - edge
    if palette == "wood":
        seams = [stroke(f"M{600 + 560 * k / 4:g},{edge} L{600 + 1000 * k / 4:g},{HEIGHT}", front, 4, 0.6) for k in range(-5, 6)]
        grain = [curve(f"{x},{edge + 40 + 47 * (i % 6)} {x + 90},{edge + 34 + 47 * (i % 6)} {x + 190},{edge + 41 + 47 * (i % 6)}")
                 for i, x in enumerate(range(-60, 1200, 84))]  # fmt: skip
        return "".join(seams) + "".join(stroke(d, front, 3, 0.3) for d in grain)
    if palette in ("linen", "rose", "sky"):
        rows = [block(0, edge + depth * k, WIDTH, depth * 0.09, "#ffffff", opacity=0.2) for k in (0.12, 0.36, 0.7)]
        lanes = [stroke(f"M{600 + 90 * k},{edge} L{600 + 150 * k},{HEIGHT}", "#ffffff", 16, 0.16) for k in range(-7, 8)]
        return "".join(rows + lanes)
    if palette in ("meadow", "mint"):
        blades = [(i * 37 % 1200, edge + 30 + (i * 71) % int(depth - 40)) for i in range(70)]
        return "".join(stroke(f"M{x},{y} q3,-14 {wobble(x, 8):.1f},-24", "#ffffff", 3, 0.22) for x, y in blades)
    flecks = [(i * 83 % 1200, edge + 16 + (i * 59) % int(depth - 20)) for i in range(40)]
    return "".join(oval(x, y, 7, 2.4, "#ffffff", opacity=0.16) for x, y in flecks)
