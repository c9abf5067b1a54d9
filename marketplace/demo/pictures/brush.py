"""The brush: colours, gradients and the few curves from which every illustration is composed.

Art is plain SVG text. A gradient is written where it is used, as a token such as ``lin(90;#fff;#000)``; ``sheet`` turns the tokens
into shared definitions, so no shape needs to know of another.
"""

import re
from math import cos, radians, sin

Point = tuple[float, float]

WIDTH, HEIGHT = 1200, 900
_TOKEN = re.compile(r"(lin|rad)\(([^)]*)\)")


def mix(one: str, other: str, share: float) -> str:
    """The colour (#rrggbb) that lies ``share`` (0..1) of the way from one to the other."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def light(colour: str, share: float = 0.4) -> str:
    """The colour in warm light."""
    return mix(colour, "#fff4d8", share)


def dark(colour: str, share: float = 0.35) -> str:
    """The colour in warm, slightly violet shade."""
    return mix(colour, "#3a1638", share)


def pick(index: int, *choices: str) -> str:
    """One of the choices, going round."""
    return choices[index % len(choices)]


def wobble(seed: int, span: float = 1.0) -> float:
    """A number between -span and span that looks random and is always the same for the same seed."""
    value = (seed * 2654435761 + 97) & 0xFFFFFFFF
    value = ((value ^ (value >> 15)) * 2246822519) & 0xFFFFFFFF
    return ((value ^ (value >> 13)) / 0xFFFFFFFF * 2 - 1) * span


def lin(*stops: str, turn: float = 90) -> str:
    """A linear gradient token; a stop is ``#rrggbb``, ``#rrggbbaa`` or either with ``@offset``; turn 90 runs downwards."""
    return f"lin({turn:g};{';'.join(stops)})"


def rad(*stops: str, x: float = 0.35, y: float = 0.28, r: float = 0.8) -> str:
    """A radial gradient token with its light at (x, y) of the shape's box."""
    return f"rad({x:g},{y:g},{r:g};{';'.join(stops)})"


def shape(d: str, fill: str, opacity: float = 1) -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"{_opacity(opacity)}/>'


def stroke(d: str, colour: str, width: float, opacity: float = 1) -> str:
    """A round-ended line along a path."""
    ends = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{d}" {ends} stroke="{colour}" stroke-width="{width:g}"{_opacity(opacity, "stroke")}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, *, opacity: float = 1, turn: float = 0) -> str:
    """A filled ellipse around (x, y), turned by degrees."""
    spin = f' transform="rotate({turn:g} {x:g} {y:g})"' if turn else ""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{_opacity(opacity)}{spin}/>'


def block(x: float, y: float, w: float, h: float, fill: str, *, r: float = 0, opacity: float = 1) -> str:
    """A filled rectangle with its upper left corner at (x, y) and round corners of radius r."""
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}" fill="{fill}"{_opacity(opacity)}/>'


def put(art: str, x: float = 0, y: float = 0, *, s: float = 1, turn: float = 0, flip: bool = False) -> str:
    """The art moved to (x, y), scaled and turned around its own origin, perhaps mirrored."""
    return f'<g transform="translate({x:g} {y:g}) rotate({turn:g}) scale({-s if flip else s:g} {s:g})">{art}</g>'


def points(text: str) -> list[Point]:
    """The points written as ``"x,y x,y"``."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in text.split())]


def blob(text: str | list[Point]) -> str:
    """A closed smooth outline through the points."""
    spots = points(text) if isinstance(text, str) else text
    ring = [spots[-1], *spots, spots[0], spots[1]]
    return f"M{spots[0][0]:g},{spots[0][1]:g}{_through(ring)}Z"


def curve(text: str | list[Point]) -> str:
    """An open smooth line through the points."""
    spots = points(text) if isinstance(text, str) else text
    return f"M{spots[0][0]:g},{spots[0][1]:g}{_through([spots[0], *spots, spots[-1]])}"


def poly(text: str) -> str:
    """A closed outline with straight edges."""
    return "M" + "L".join(text.split()) + "Z"


def ring(n: int, rx: float, ry: float, *, x: float = 0, y: float = 0, start: float = 0) -> list[Point]:
    """n points evenly on an ellipse."""
    angles = [radians(start + 360 * i / n) for i in range(n)]
    return [(x + rx * cos(a), y + ry * sin(a)) for a in angles]


def form(d: str, colour: str, *, x: float = 0.35, y: float = 0.26, deep: float = 0.38, glow: float = 0.45) -> str:
    """A rounded body: light from the upper left, shade to the lower right, a darker foot."""
    body = shape(d, rad(light(colour, glow), f"{colour}@0.45", dark(colour, deep), x=x, y=y, r=0.85))
    return body + shape(d, lin(f"{dark(colour, 0.6)}00@0.55", f"{dark(colour, 0.6)}55"))


def ball(x: float, y: float, rx: float, ry: float, colour: str, *, deep: float = 0.38) -> str:
    """A round body with a highlight."""
    body = oval(x, y, rx, ry, rad(light(colour, 0.5), f"{colour}@0.45", dark(colour, deep), r=0.75))
    return body + shine(x - rx * 0.35, y - ry * 0.45, rx * 0.26, ry * 0.16)


def shine(x: float, y: float, rx: float, ry: float, *, turn: float = -30, opacity: float = 0.55) -> str:
    """A soft highlight."""
    return oval(x, y, rx, ry, rad("#ffffff", "#ffffff00", x=0.5, y=0.5, r=0.5), opacity=opacity, turn=turn)


def shadow(x: float, y: float, rx: float, ry: float = 0, *, opacity: float = 0.42) -> str:
    """The soft shadow that a thing throws on the ground below it."""
    return oval(x, y, rx, ry or rx * 0.2, rad("#3a2430@0.25", "#3a243000", x=0.5, y=0.5, r=0.5), opacity=opacity)


def turned(profile: str, colour: str, *, tip: float = 0.13, rim: str = "") -> str:
    """A body turned on a lathe: the profile gives half-widths and heights from top to bottom; rim colours the opening."""
    side = points(profile)
    (top, y), (foot, end) = side[0], side[-1]
    left = [(-w, h) for w, h in reversed(side)]
    d = f"{curve(side)}A{foot:g},{foot * tip:g} 0 0 1 {-foot:g},{end:g}{_through([left[0], *left, left[-1]])}"
    d += f"A{top:g},{top * tip:g} 0 0 1 {top:g},{y:g}Z"
    body = shape(d, across(colour)) + shape(d, lin(f"{dark(colour)}00@0.5", f"{dark(colour, 0.7)}50"))
    return body + (oval(0, y, top, top * tip, rim) if rim else "")


def across(colour: str) -> str:
    """The paint of an upright round body lit from the left."""
    stops = (dark(colour, 0.25), f"{light(colour, 0.4)}@0.28", f"{colour}@0.55", dark(colour, 0.42))
    return lin(*stops, turn=0)


def sheet(art: str) -> str:
    """The finished SVG document around the art, with its gradients defined once each."""
    known: dict[str, str] = {}
    body = _TOKEN.sub(lambda found: f"url(#{known.setdefault(found.group(0), f'p{len(known)}')})", art)
    defs = "".join(_definition(token, name) for token, name in known.items())
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
    return f"{head}<defs>{defs}</defs>{body}</svg>"


def _through(spots: list[Point]) -> str:
    pieces = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in zip(spots, spots[1:], spots[2:], spots[3:], strict=False):
        first = f"{bx + (cx - ax) / 6:.1f},{by + (cy - ay) / 6:.1f}"
        pieces.append(f"C{first} {cx - (dx - bx) / 6:.1f},{cy - (dy - by) / 6:.1f} {cx:.1f},{cy:.1f}")
    return "".join(pieces)


def _opacity(value: float, of: str = "fill") -> str:
    return f' {of}-opacity="{value:g}"' if value != 1 else ""


def _definition(token: str, name: str) -> str:
    kind, inner = token[:3], token[4:-1].split(";")
    stops = "".join(_stop(stop, i / max(1, len(inner) - 2)) for i, stop in enumerate(inner[1:]))
    if kind == "lin":
        a = radians(float(inner[0]))
        x, y = cos(a) / 2, sin(a) / 2
        ends = f'x1="{0.5 - x:.3f}" y1="{0.5 - y:.3f}" x2="{0.5 + x:.3f}" y2="{0.5 + y:.3f}"'
        return f'<linearGradient id="{name}" {ends}>{stops}</linearGradient>'
    x, y, r = map(float, inner[0].split(","))
    return f'<radialGradient id="{name}" cx="{x:g}" cy="{y:g}" r="{r:g}">{stops}</radialGradient>'


def _stop(text: str, offset: float) -> str:
    colour, _, place = text.partition("@")
    alpha = f' stop-opacity="{int(colour[7:9], 16) / 255:.3f}"' if len(colour) == 9 else ""
    return f'<stop offset="{float(place) if place else offset:.3f}" stop-color="{colour[:7]}"{alpha}/>'
