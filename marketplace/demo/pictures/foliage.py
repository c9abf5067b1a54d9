"""Leaves, sprigs, blossoms and trees, all growing upwards from (0, 0)."""

from math import cos, radians, sin

from marketplace.demo.pictures.brush import blob, dark, form, light, lin, mix, oval, put, rad, ring, shape, stroke, wobble


def leaf(length: float, width: float, colour: str, *, rib: bool = True) -> str:
    """A pointed leaf with a midrib."""
    d = f"M0,0C{-width:g},{-length * 0.25:g} {-width * 0.8:g},{-length * 0.75:g} 0,{-length:g}C{width * 0.8:g},{-length * 0.75:g} {width:g},{-length * 0.25:g} 0,0Z"
    half = f"M0,0C{width:g},{-length * 0.25:g} {width * 0.8:g},{-length * 0.75:g} 0,{-length:g}Z"
    body = shape(d, lin(light(colour, 0.35), colour)) + shape(half, dark(colour, 0.3), 0.5)
    return body + (stroke(f"M0,0L0,{-length * 0.86:g}", light(colour, 0.6), max(2, width * 0.07), 0.8) if rib else "")


def sprig(length: float, colour: str, *, pairs: int = 5, size: float = 60, stem: str = "") -> str:
    """A stem with pairs of leaves getting smaller towards the tip."""
    out = stroke(f"M0,0Q{length * 0.06:g},{-length * 0.5:g} 0,{-length:g}", stem or dark(colour, 0.2), max(5, size * 0.1))
    for k in range(pairs):
        y = -length * (0.25 + 0.75 * k / pairs)
        s = size * (1 - 0.45 * k / pairs)
        out += put(leaf(s, s * 0.42, mix(colour, "#ffffff", 0.04 * k)), 2, y, turn=-58) + put(
            leaf(s, s * 0.42, colour), 2, y, turn=58
        )
    return out + put(leaf(size * 0.7, size * 0.3, light(colour, 0.15)), 0, -length * 0.94)


def frond(length: float, colour: str, *, size: float = 26) -> str:
    """A feathery stalk, as carrots and dill carry it."""
    out = stroke(f"M0,0Q{length * 0.05:g},{-length * 0.5:g} 0,{-length:g}", dark(colour, 0.15), 7)
    for k in range(7):
        y, s = -length * (0.35 + 0.1 * k), size * (1.5 - 0.13 * k)
        for side in (-1, 1):
            x, tone = side * s * 0.75, mix(colour, "#d8f08a", 0.3 if side < 0 else 0.05)
            out += stroke(f"M0,{y:g}L{x:g},{y - s * 0.6:g}", tone, 5) + oval(
                x * 1.1, y - s * 0.75, s * 0.5, s * 0.36, tone, turn=side * -35
            )
            out += oval(x * 0.5, y - s * 0.75, s * 0.34, s * 0.3, light(tone, 0.2), turn=side * -50)
    return out


def crinkle(width: float, height: float, colour: str, *, waves: int = 11, depth: float = 0.16) -> str:
    """A frilly leaf (lettuce, kale, spinach) whose foot is at (0, 0)."""
    edge = []
    for i in range(waves * 2):
        a = radians(115 + 310 * i / (waves * 2 - 1))
        swell = 1 + (depth if i % 2 else -depth)
        edge.append((width / 2 * cos(a) * swell, -height / 2 + height / 2 * sin(a) * swell))
    d = blob([(0.0, 0.0), *edge])
    veins = f"M0,0Q{width * 0.02:g},{-height * 0.4:g} 0,{-height * 0.82:g}"
    for k in range(3):
        y = -height * (0.25 + 0.18 * k)
        veins += f"M0,{y:g}L{-width * 0.28:g},{y - height * 0.16:g}M0,{y:g}L{width * 0.28:g},{y - height * 0.16:g}"
    return form(d, colour, deep=0.3, glow=0.35) + stroke(veins, light(colour, 0.65), max(4, width * 0.025), 0.7)


def flower(r: float, colour: str, *, petals: int = 8, heart: str = "#f3b52f") -> str:
    """A blossom seen from the front around (0, 0)."""
    out = ""
    for i in range(petals):
        out += put(oval(0, -r * 0.62, r * 0.3, r * 0.44, lin(light(colour, 0.35), dark(colour, 0.12))), turn=360 * i / petals)
    return out + oval(0, 0, r * 0.3, r * 0.3, rad(light(heart, 0.5), heart, dark(heart, 0.35)))


def rose(r: float, colour: str) -> str:
    """A full round blossom of many petals around (0, 0)."""
    out = form(blob(ring(9, r, r)), dark(colour, 0.15))
    for k, share in enumerate((0.8, 0.56, 0.32)):
        for i in range(5 - k):
            turn = 360 * i / (5 - k) + 31 * k
            out += put(
                oval(0, -r * share * 0.5, r * share * 0.52, r * share * 0.42, lin(light(colour, 0.3), dark(colour, 0.2))),
                turn=turn,
            )
    return out + oval(0, 0, r * 0.15, r * 0.13, dark(colour, 0.3))


def tree(h: float, colour: str, *, fruit: str = "", seed: int = 0) -> str:
    """A round-headed tree of height h, perhaps with fruit or blossom in its crown."""
    trunk = shape(
        f"M{-h * 0.045:g},0L{-h * 0.03:g},{-h * 0.5:g}L{h * 0.03:g},{-h * 0.5:g}L{h * 0.05:g},0Z",
        lin("#9a6b42", "#5d3b25", turn=0),
    )
    edge = [
        (x * (1 + (0.1 if i % 2 else -0.03) + wobble(seed + i, 0.04)), y)
        for i, (x, y) in enumerate(ring(16, h * 0.38, h * 0.34, y=-h * 0.64))
    ]
    crown = form(blob(edge), colour, deep=0.42, glow=0.4) + "".join(_dab(h, colour, seed, k) for k in range(34))
    spots = [(wobble(seed + i, 0.33), -0.62 + wobble(seed + 40 + i, 0.24)) for i in range(14)] if fruit else []
    return trunk + crown + "".join(oval(h * x, h * y, h * 0.026, h * 0.026, rad(light(fruit, 0.6), fruit)) for x, y in spots)


def _dab(h: float, colour: str, seed: int, k: int) -> str:
    x, y = wobble(seed + k * 3, 0.33), wobble(seed + k + 60, 0.27)
    tone = mix(light(colour, 0.3), mix(colour, "#1f5a30", 0.45), min(1, max(0, 0.5 + x + y * 1.2)))
    return put(leaf(h * 0.1, h * 0.036, tone, rib=False), h * x, h * (y - 0.6), turn=wobble(k + seed, 70))


def fir(h: float, colour: str = "#2f6b46") -> str:
    """A fir tree of height h."""
    out = f'<rect x="{-h * 0.04:g}" y="{-h * 0.14:g}" width="{h * 0.08:g}" height="{h * 0.14:g}" fill="#6d4a30"/>'
    for k in range(4):
        w, y = h * (0.34 - 0.068 * k), -h * (0.1 + 0.2 * k)
        d = f"M{-w:g},{y:g}Q{-w * 0.5:g},{y + h * 0.05:g} 0,{y + h * 0.02:g}Q{w * 0.5:g},{y + h * 0.05:g} {w:g},{y:g}Q{w * 0.3:g},{y - h * 0.16:g} 0,{y - h * 0.3:g}Q{-w * 0.3:g},{y - h * 0.16:g} {-w:g},{y:g}Z"
        out += shape(d, lin(light(colour, 0.28), f"{colour}@0.5", dark(colour, 0.3), turn=20))
    return out
