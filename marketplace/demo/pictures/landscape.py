"""The parts of a landscape: sky, hills, fields, hedges, water, houses and animals."""

from itertools import pairwise

from marketplace.demo.pictures.brush import (
    Point,
    blob,
    block,
    curve,
    dark,
    form,
    light,
    lin,
    mix,
    oval,
    pick,
    points,
    poly,
    put,
    rad,
    shadow,
    shape,
    stroke,
    wobble,
)
from marketplace.demo.pictures.foliage import flower, tree

_SKIES = (
    ("#7fbfe6", "#d9eef5", "#fdf3d6"),
    ("#f2b48a", "#fbdcb0", "#fff1d0"),
    ("#5fa8d8", "#bfe2f0", "#f3f7e6"),
    ("#f0a58f", "#f7cfb8", "#fdecd6"),
    ("#8fb5d0", "#dce7ea", "#faf0dc"),
    ("#6fb8c9", "#cfeae4", "#fbf6dc"),
)


def sky(variant: int, *, horizon: float = 480) -> str:
    """Sky, sun and clouds; the variant chooses the hour."""
    top, middle, low = _SKIES[variant % 6]
    x = 300 if variant % 2 == 0 else 880
    sun = oval(x, 180, 330, 330, "rad(0.5,0.5,0.5;#fff6c8;#fff6c866@0.3;#fff6c800)", opacity=0.9) + oval(
        x, 180, 46, 46, rad("#fffdf0", "#fff3c0", x=0.5, y=0.5)
    )
    clouds = "".join(
        cloud(1140 - x + dx + wobble(variant + k, 60), y, s)
        for k, (dx, y, s) in enumerate(((-160, 130, 1.0), (190, 210, 0.7), (-420, 240, 0.5), (330, 90, 0.5)))
    )
    return block(0, 0, 1200, horizon + 140, lin(top, middle, low)) + sun + clouds


def cloud(x: float, y: float, s: float) -> str:
    """A fair-weather cloud."""
    puffs = ((0, 10, 150, 26), (-70, -10, 62, 40), (0, -36, 78, 58), (76, -14, 66, 42))
    body = "".join(oval(x + dx * s, y + dy * s, rx * s, ry * s, "#fffdf8") for dx, dy, rx, ry in puffs)
    return body + oval(x, y + 14 * s, 146 * s, 24 * s, lin("#dfe7ee00", "#cfdbe6aa"))


def hill(line: str, colour: str, *, foot: float = 900, rows: int = 0) -> str:
    """A rolling slope under a ridge line, perhaps with furrows that follow it."""
    ridge = points(line)
    d = f"{curve(ridge)}L1240,{foot} L-40,{foot}Z"
    out = shape(d, lin(light(colour, 0.35), f"{colour}@0.5", dark(colour, 0.12)))
    for k in range(rows):
        moved: list[Point] = [(x, y + 18 + 20 * k + k * k) for x, y in ridge]
        out += stroke(curve(moved), dark(colour, 0.25), 4 + k * 0.6, 0.22)
    return out


def patch(outline: str, colour: str, *, stripes: int = 0) -> str:
    """A field on a slope, perhaps striped."""
    spots = points(outline)
    out = shape(blob(spots), lin(light(colour, 0.25), colour))
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = spots[:4]
    for k in range(stripes):
        t = (k + 0.7) / (stripes + 0.4)
        start, end = (ax + (bx - ax) * t, ay + (by - ay) * t), (dx + (cx - dx) * t, dy + (cy - dy) * t)
        out += stroke(f"M{start[0]:.0f},{start[1]:.0f}L{end[0]:.0f},{end[1]:.0f}", dark(colour, 0.2), 4, 0.3)
    return out


def hedge(line: str, size: float, colour: str = "#4f8a45") -> str:
    """A hedgerow along a line, with a taller tree here and there."""
    out, spots, k = "", points(line), 0
    for (ax, ay), (bx, by) in pairwise(spots):
        n = max(2, int(abs(bx - ax) / (size * 0.75)))
        for i in range(n):
            x, y = ax + (bx - ax) * i / n, ay + (by - ay) * i / n
            r = size * (0.7 + abs(wobble(k + int(ax))) * 0.6)
            tone = mix(colour, "#9cc25a", abs(wobble(k + 3)) * 0.4)
            out += oval(x, y - r * 0.5, r, r * 0.8, lin(light(tone, 0.3), dark(tone, 0.22)))
            k += 1
    return out


def lake(outline: str, variant: int) -> str:
    """Water with light on it."""
    top, middle, _ = _SKIES[variant % 6]
    spots = points(outline)
    left, right = min(x for x, _ in spots), max(x for x, _ in spots)
    upper, lower = min(y for _, y in spots), max(y for _, y in spots)
    glints = ""
    for k in range(22):
        y = upper + (lower - upper) * (0.2 + 0.62 * abs(wobble(k + 5)))
        x = left + (right - left) * (0.5 + wobble(k + 60, 0.3))
        glints += stroke(f"M{x:.0f},{y:.0f}h{40 + wobble(k, 26):.0f}", "#ffffff", 3.4, 0.5)
    shore = shape(blob([(x, y + 5) for x, y in spots]), "#e6d9a8", 0.8)
    return (
        shore
        + shape(blob(spots), lin(mix(middle, "#ffffff", 0.3), mix(top, "#3f8fb5", 0.35), mix(top, "#2f6f95", 0.55)))
        + glints
    )


def house(w: float, *, wall: str = "#b5573f", roof: str = "#6f3a30", timber: bool = False) -> str:
    """A gabled house seen from its long side, foot at (0, 0)."""
    h, peak = w * 0.36, w * 0.4
    body = block(-w / 2, -h, w, h, lin(light(wall, 0.25), wall))
    top = shape(
        poly(f"{-w * 0.56:g},{-h:g} {-w * 0.44:g},{-h - peak:g} {w * 0.44:g},{-h - peak:g} {w * 0.56:g},{-h:g}"),
        lin(light(roof, 0.3), roof),
    )
    tiles = "".join(
        stroke(
            f"M{-w * 0.5 + 3 * k:g},{-h - peak * k / 6:g}L{w * 0.5 - 3 * k:g},{-h - peak * k / 6:g}",
            dark(roof, 0.35),
            max(1.5, w * 0.008),
            0.4,
        )
        for k in range(1, 6)
    )
    beams = (
        "".join(block(-w / 2 + k * w / 6 - w * 0.011, -h, w * 0.022, h, "#4a3226") for k in range(7))
        + block(-w / 2, -h * 0.55, w, w * 0.022, "#4a3226")
        if timber
        else ""
    )
    door = block(-w * 0.07, -h * 0.72, w * 0.14, h * 0.72, lin("#3f7a5a", "#2a5540"), r=w * 0.02)
    panes = "".join(
        block(x * w - w * 0.055, -h * 0.74, w * 0.11, h * 0.42, "#fff8e6", r=2)
        + block(x * w - w * 0.043, -h * 0.7, w * 0.086, h * 0.34, lin("#ffe9a8", "#a5c9d9"))
        + block(x * w - w * 0.005, -h * 0.72, w * 0.01, h * 0.38, "#fff8e6")
        for x in (-0.38, -0.2, 0.2, 0.38)
    )
    chimney = block(w * 0.2, -h - peak * 1.22, w * 0.08, peak * 0.4, lin(light(wall, 0.1), dark(wall, 0.2)))
    return oval(0, 0, w * 0.62, w * 0.04, "#2b3a20", opacity=0.25) + chimney + body + beams + door + panes + top + tiles


def church(h: float) -> str:
    """A village church with a pointed tower."""
    w = h * 0.2
    tower = block(-w / 2, -h * 0.6, w, h * 0.6, lin("#f3e6d0", "#cdb898", turn=0)) + shape(
        poly(f"{-w * 0.62:g},{-h * 0.6:g} 0,{-h:g} {w * 0.62:g},{-h * 0.6:g}"), lin("#6f8a95", "#41586a", turn=0)
    )
    nave = block(w * 0.4, -h * 0.3, w * 2, h * 0.3, lin("#f3e6d0", "#d9c5a5")) + shape(
        poly(f"{w * 0.3:g},{-h * 0.3:g} {w * 0.5:g},{-h * 0.5:g} {w * 2.3:g},{-h * 0.5:g} {w * 2.5:g},{-h * 0.3:g}"),
        lin("#c9674a", "#8f4433"),
    )
    return (
        nave
        + tower
        + "".join(block(x * w - w * 0.1, -h * 0.22, w * 0.2, h * 0.13, "#5f7a8a", r=w * 0.1) for x in (0, 0.9, 1.4, 1.9))
        + oval(0, -h * 0.5, w * 0.16, w * 0.16, "#fff6e0")
    )


def cow(coat: str = "#fffaf0", patches: str = "#3f322e") -> str:
    """A grazing dairy cow, about 300 wide, looking left."""
    legs = "".join(
        block(x, -96, 26, 96, lin(coat, dark(coat, 0.22)), r=8) + block(x, -16, 26, 16, "#3a2f2c", r=5)
        for x in (-90, -50, 66, 104)
    )
    body = form(blob("-140,-150 -120,-208 -40,-216 60,-214 140,-200 158,-140 130,-84 40,-72 -60,-72 -124,-90"), coat, deep=0.22)
    spots = (
        shape(blob("-60,-214 10,-214 30,-160 -30,-126 -80,-160"), patches)
        + shape(blob("80,-208 140,-196 152,-140 110,-124 76,-160"), patches)
        + shape(blob("-20,-100 40,-110 50,-76 -10,-74"), patches)
    )
    head = (
        form(blob("-226,-190 -170,-226 -120,-206 -128,-150 -190,-130 -236,-146"), coat, deep=0.2)
        + shape(blob("-190,-222 -150,-220 -124,-200 -140,-160 -170,-176"), patches)
        + oval(-218, -156, 28, 23, "#f0b0a5")
        + oval(-228, -158, 4, 5, "#a5605a")
        + oval(-178, -184, 6, 7, "#2a2230")
    )
    ears = put(oval(0, 0, 25, 12, patches), -128, -222, turn=-24) + stroke(
        "M-160,-224q-4,-20 -18,-26M-140,-226q4,-18 14,-24", "#e6d5b5", 8
    )
    udder = (
        oval(56, -74, 30, 22, "#f3b5a8")
        + stroke("M152,-180C190,-150 176,-110 182,-80", dark(coat, 0.2), 8)
        + oval(182, -74, 9, 17, patches)
    )
    return shadow(0, 0, 190, 26) + legs + udder + body + spots + ears + head


def goat(coat: str = "#f6efe2") -> str:
    """A goat, about 220 wide, looking left."""
    legs = "".join(
        block(x, -84, 18, 84, lin(coat, dark(coat, 0.25)), r=7) + block(x, -12, 18, 12, "#4a3a34", r=4)
        for x in (-66, -36, 46, 72)
    )
    body = form(blob("-96,-120 -80,-164 0,-168 80,-164 108,-130 96,-84 20,-70 -70,-76"), coat, deep=0.28)
    neck = form(blob("-96,-110 -60,-150 -84,-214 -130,-226 -140,-190"), coat, deep=0.22)
    head = (
        form(blob("-196,-190 -170,-232 -120,-250 -94,-226 -112,-190 -164,-172"), coat, deep=0.22)
        + oval(-138, -216, 6, 7, "#2a2230")
        + stroke("M-190,-188l14,6", "#a5706a", 5)
    )
    horns = stroke("M-120,-246C-116,-290 -90,-306 -66,-300M-132,-246C-132,-284 -112,-306 -92,-310", "#a58a6a", 12)
    beard = (
        shape(poly("-172,-178 -150,-176 -166,-132"), dark(coat, 0.15))
        + put(oval(0, 0, 28, 11, dark(coat, 0.15)), -84, -226, turn=20)
        + put(oval(0, 0, 14, 26, coat), 110, -160, turn=30)
    )
    return shadow(0, 0, 130, 18) + legs + horns + body + neck + head + beard


def fence(y: float, *, step: int = 110, size: float = 1.0) -> str:
    """A wooden fence across the sheet."""
    rails = "".join(block(-20, y - h * size, 1240, 15 * size, lin("#d3b184", "#9c7648"), r=6) for h in (86, 44))
    return rails + "".join(
        block(x, y - 118 * size, 22 * size, 122 * size, lin("#e0c093", "#8f6a40", turn=0), r=6) for x in range(10, 1200, step)
    )


def meadow_flowers(y: float, variant: int, *, n: int = 46) -> str:
    """Grass and blossoms in the foreground, from y downwards."""
    out = ""
    for k in range(n * 2):
        x, h = 600 + wobble(k * 3 + variant, 610), y + (900 - y) * abs(wobble(k + 200))
        out += stroke(
            f"M{x:.0f},{h:.0f}q{wobble(k, 10):.0f},-18 {wobble(k + 4, 14):.0f},-36",
            pick(k, "#5f9a3c", "#86b84c", "#4f8a38"),
            5,
            0.7,
        )
    for k in range(n):
        x, h = 600 + wobble(k * 5 + variant + 9, 610), y + (900 - y) * abs(wobble(k + 70))
        size = 9 + (h - y) / (901 - y) * 9
        out += put(flower(size, pick(k + variant, "#ffffff", "#e8503f", "#f6d13f", "#8f9fe0"), petals=6), x, h - 24)
    return out


def trees(spots: str, colour: str, *, fruit: str = "", size: float = 150) -> str:
    """Trees standing at the points; farther ones (higher up) come first."""
    return "".join(
        put(
            tree(size, mix(colour, "#c9d86a", abs(wobble(k)) * 0.4), fruit=fruit, seed=k), x, y, s=0.85 + abs(wobble(k + 9)) * 0.3
        )
        for k, (x, y) in enumerate(points(spots))
    )
