"""Drinks in bottles, with the glass they are drunk from."""

from collections.abc import Callable

from marketplace.demo.pictures.arrangement import Art, Item, Motif, stand
from marketplace.demo.pictures.brush import (
    across,
    block,
    dark,
    form,
    light,
    lin,
    oval,
    pick,
    put,
    rad,
    shadow,
    stroke,
    turned,
    wobble,
)
from marketplace.demo.pictures.foliage import leaf, sprig
from marketplace.demo.pictures.vessels import bottle, label


def apple_mark(tone: str = "#d9342f") -> str:
    """An apple for labels."""
    return form(
        "M0,-32C-14,-46 -48,-38 -48,-2C-48,28 -28,42 -14,42Q0,36 14,42C28,42 48,28 48,-2C48,-38 14,-46 0,-32Z", tone
    ) + put(leaf(34, 12, "#6fae3c"), 2, -34, turn=40)


def grapes_mark(tone: str = "#6b2f62") -> str:
    """Grapes for labels."""
    spots = ((-26, -14), (0, -16), (26, -14), (-14, 8), (14, 8), (0, 30))
    return put(leaf(36, 18, "#6fae3c"), 0, -24, turn=20) + "".join(
        oval(x, y, 15, 15, rad(light(tone, 0.6), tone, dark(tone, 0.3))) for x, y in spots
    )


def hops_mark() -> str:
    """An umbel of hops for labels."""
    rows = ((0, 34, 1), (-14, 16, 2), (-20, -6, 3), (-14, -26, 2))
    return "".join(
        put(leaf(36, 15, pick(k, "#8fbf4a", "#7aac3c"), rib=False), x + 14 * k * (2 if n == 2 else 1.4), y + 12, turn=180)
        for x, y, n in reversed(rows)
        for k in range(n)
    ) + stroke("M0,-34q2,-12 10,-18", "#6f8f3a", 6)


def juice(i: int, v: int) -> str:
    """A bottle of juice."""
    tone = pick(v + i, "#e8a02c", "#c9302f", "#d96f2a")
    return bottle(
        "44,-420 44,-360 52,-320 104,-250 106,-210 106,-30 94,-4",
        tone,
        cap=pick(v, "#4f8f45", "#d9a441"),
        neck=42,
        top=-420,
        art=label(105, -210, -60, "#fff8e8", apple_mark(tone)),
    )


def wine(i: int, v: int) -> str:
    """A bottle of wine."""
    glass, foil = pick(v + i, "#2f5138", "#6b1f33", "#c9b85a"), pick(v + i, "#7a1f33", "#b5913f", "#3f5f4a")
    cap = block(-31, -474, 62, 130, across(foil), r=8)
    return (
        turned("27,-460 27,-330 34,-300 94,-230 98,-190 98,-30 88,-4", glass)
        + label(97, -190, -50, "#f8efdc", grapes_mark(foil), trim=foil)
        + block(-70, -226, 13, 190, "#ffffff", r=6, opacity=0.35)
        + cap
    )


def beer(i: int, v: int) -> str:
    """A swing-top bottle of beer."""
    glass = pick(v + i, "#8a4f1f", "#6f3c18", "#3f6a3f")
    clip = (
        stroke("M-40,-350q-14,-60 10,-84M40,-350q14,-60 -10,-84", "#aab0b6", 6)
        + block(-34, -462, 68, 36, across("#f6f2ea"), r=14)
        + block(-36, -430, 72, 12, "#c9372f", r=6)
    )
    return (
        turned("32,-430 34,-340 42,-300 96,-220 98,-190 98,-30 86,-4", glass)
        + label(97, -190, -56, "#fbf0d4", hops_mark(), trim="#b5542a")
        + block(-70, -216, 13, 180, "#ffffff", r=6, opacity=0.4)
        + clip
    )


def cider(i: int, v: int) -> str:
    """A bottle of cider with a wired cork."""
    glass = pick(v + i, "#c9a03a", "#b9852c", "#8fa53c")
    foil = turned("34,-470 36,-440 38,-380 44,-330", "#d8b25a") + stroke("M-34,-430L34,-410M-34,-410L34,-430", "#8f6f2a", 4, 0.6)
    return (
        turned("32,-460 34,-360 44,-310 108,-220 112,-180 112,-30 100,-4", glass)
        + label(111, -190, -56, "#fdf6e4", apple_mark(pick(v, "#8fae3c", "#d9342f")))
        + block(-80, -210, 14, 170, "#ffffff", r=7, opacity=0.45)
        + foil
    )


def spirits(i: int, v: int) -> str:
    """A clear square bottle of spirits with fruit on the label."""
    tone = pick(v + i, "#dfeaf0", "#e8c98a", "#d3e4d0")
    plum = (
        oval(-16, 8, 24, 28, rad("#b9a3e0", "#5b3a8c"))
        + oval(18, 10, 22, 26, rad("#c3a8e2", "#6d3f92"))
        + put(leaf(40, 14, "#6fae3c"), 0, -18, turn=36)
    )
    body = block(
        -104, -290, 208, 292, lin(dark(tone, 0.22), f"{light(tone, 0.7)}@0.25", f"{tone}@0.6", dark(tone, 0.3), turn=0), r=28
    )
    neck = block(-36, -390, 72, 120, across(tone), r=12) + block(-48, -450, 96, 76, across("#8f5f3a"), r=14)
    level = block(-92, -240, 184, 232, light(tone, 0.2), r=20, opacity=0.5)
    return (
        neck
        + body
        + level
        + block(-82, -214, 164, 150, lin("#fffaf0", "#eadfc8"), r=10)
        + put(plum, 0, -140)
        + block(-92, -270, 12, 240, "#ffffff", r=6, opacity=0.7)
    )


def water(i: int, v: int) -> str:
    """A bottle of water with bubbles."""
    tone = pick(v + i, "#a9d8ea", "#9fd0c8", "#b5cdf0")
    bubbles = "".join(oval(wobble(k + i, 70), -130 + wobble(k + 20, 120), 6, 6, "#ffffff", opacity=0.7) for k in range(14))
    waves = "".join(stroke(f"M-50,{y}q25,-20 50,0t50,0", "#3f86b5", 9) for y in (-12, 12, 36))
    return bottle(
        "36,-420 36,-370 46,-320 98,-240 88,-180 98,-120 98,-30 86,-4",
        tone,
        cap="#3f86b5",
        neck=38,
        top=-420,
        art=bubbles + label(93, -200, -90, "#f4fafc", put(waves, 0, -8, s=0.9)),
    )


def tumbler(tone: str, *, foam: str = "") -> str:
    """A filled glass."""
    head = (
        "".join(
            oval(x, y, r, r * 0.8, foam)
            for x, y, r in ((-44, -236, 34), (0, -250, 42), (44, -238, 34), (-20, -226, 34), (24, -226, 34))
        )
        if foam
        else ""
    )
    inner = turned("84,-214 78,-100 70,-12", tone, rim=light(tone, 0.45))
    return (
        turned("92,-250 84,-100 76,-2", "#eaf1f4", rim="" if foam else "#f6fafc")
        + inner
        + head
        + block(-64, -200, 13, 160, "#ffffff", r=6, opacity=0.55)
    )


def goblet(tone: str) -> str:
    """A wine glass."""
    foot = oval(0, -4, 84, 17, lin("#f4f8fa", "#b9c6cf")) + block(-7, -160, 14, 156, "#d5e0e6", r=6)
    return (
        foot
        + turned("82,-400 98,-310 92,-230 50,-170 10,-156", "#e8eff3", rim="#f6fafc")
        + turned("92,-320 88,-236 48,-180 12,-164", tone, rim=light(tone, 0.35))
        + block(-66, -370, 11, 150, "#ffffff", r=5, opacity=0.7)
    )


def with_glass(item: Item, glass: Callable[[int], str], *, width: float, scale: float = 1.06) -> Art:
    """One or two bottles and a glass before them."""

    def art(v: int) -> str:
        side = 1 if v < 3 else -1
        bottles = put(
            stand(item, width=width, counts="121212", scale=scale * (1 if v % 2 == 0 else 0.98))(v),
            -110 * side if v % 2 == 0 else -90 * side,
            -10,
        )
        x = 600 + side * (250 if v % 2 == 0 else 340)
        return bottles + shadow(x + 10, 796, 130, 26) + put(glass(v), x, 792, s=1.12)

    return art


def _apple(v: int) -> str:
    return put(apple_mark(pick(v, "#d9342f", "#8fae3c", "#e0662f")), 150 if v < 3 else -150, -48, s=1.3)


MOTIFS = {
    "juice_bottle": Motif(
        "Saft in der Flasche",
        with_glass(juice, lambda v: tumbler(pick(v, "#f0b03c", "#d8443a", "#e88a3a")) + _apple(v), width=210),
        "meadow sky linen mint honey wood",
    ),
    "wine_bottle": Motif(
        "Wein mit Glas",
        with_glass(wine, lambda v: goblet(pick(v, "#9c2440", "#a52a44", "#e9cf7a")), width=200),
        "linen rose meadow sky slate honey",
    ),
    "beer_bottle": Motif(
        "Bier mit Glas",
        with_glass(beer, lambda v: tumbler(pick(v, "#eba522", "#c9701f", "#f0bb3c"), foam="#fffaf0"), width=200),
        "sky meadow linen mint slate rose",
    ),
    "cider_bottle": Motif(
        "Apfelwein mit Glas",
        with_glass(cider, lambda v: goblet(pick(v, "#f0c95a", "#e5b23c")), width=220),
        "mint linen sky meadow rose wood",
    ),
    "spirits_bottle": Motif(
        "Obstbrand mit Glas",
        with_glass(spirits, lambda v: put(goblet(pick(v, "#e6eef2", "#e8c98a", "#d3e4d0")), s=0.8), width=220),
        "slate linen honey meadow wood rose",
    ),
    "water_bottle": Motif(
        "Wasser mit Glas",
        with_glass(
            water,
            lambda v: tumbler(pick(v, "#bfe2f0", "#b5dcd4")) + put(sprig(120, "#5fae4a", pairs=2, size=60), 20, -210, turn=16),
            width=200,
        ),
        "sky mint linen rose honey meadow",
    ),
}
