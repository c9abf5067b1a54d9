"""Fruit, berries and nuts."""

from math import cos, radians, sin

from marketplace.demo.pictures.arrangement import Motif, contained, cycle, heap, stand
from marketplace.demo.pictures.brush import (
    ball,
    blob,
    dark,
    form,
    lin,
    mix,
    oval,
    pick,
    put,
    ring,
    shadow,
    shape,
    shine,
    stroke,
    wobble,
)
from marketplace.demo.pictures.foliage import crinkle, flower, leaf
from marketplace.demo.pictures.vessels import basket, bowl, crate


def apple(i: int, v: int) -> str:
    """A red-cheeked apple."""
    skin, cheek = pick(v // 2 + i % 2, "#e2352f", "#d92b3e", "#9cc23f"), pick(v // 2, "#f7c14a", "#f3a93a", "#e4574a")
    d = "M0,-196C-50,-236 -138,-206 -138,-112C-138,-44 -86,4 -44,4C-22,4 -16,-4 0,-4S22,4 44,4C86,4 138,-44 138,-112C138,-206 50,-236 0,-196Z"
    blush = oval(52, -110, 60, 76, rad_of(cheek), opacity=0.75)
    dip = oval(0, -194, 46, 13, dark(skin, 0.5), opacity=0.5)
    stem = stroke("M0,-192Q4,-226 22,-252", "#6b4426", 11)
    return form(d, skin) + blush + dip + stem + put(leaf(100, 36, "#6fae3c"), 10, -216, turn=62) + shine(-66, -156, 36, 22)


def rad_of(colour: str) -> str:
    """A glow of a colour that fades to nothing."""
    return f"rad(0.5,0.5,0.5;{colour};{colour}00)"


def pear(i: int, v: int) -> str:
    """A pear."""
    skin = pick(v // 2 + i, "#c9c648", "#d8b23e", "#a9bf4c")
    d = blob("0,-300 -44,-280 -62,-210 -106,-140 -116,-70 -70,-6 0,4 70,-6 116,-70 106,-140 62,-210 44,-280")
    dots = "".join(oval(wobble(k + i, 80), -80 + wobble(k + 50, 60), 3, 3, "#7d6f2a", opacity=0.5) for k in range(16))
    return (
        form(d, skin)
        + oval(46, -90, 56, 80, rad_of("#d9653a"), opacity=0.55)
        + dots
        + stroke("M0,-294Q2,-330 18,-352", "#6b4426", 11)
        + put(leaf(104, 34, "#6fae3c"), 8, -316, turn=-60)
        + shine(-48, -130, 22, 44, turn=14)
    )


def plum(i: int, v: int) -> str:
    """A plum with its bloom."""
    skin = pick(v // 3 + i // 4, "#5b3a8c", "#6d2f72")
    d = blob("0,-170 -60,-164 -104,-104 -92,-36 -44,0 10,2 70,-14 104,-70 88,-138 46,-168")
    return (
        form(d, skin, glow=0.35)
        + stroke("M8,-168C-30,-110 -30,-50 6,0", dark(skin, 0.5), 6, 0.5)
        + oval(-40, -112, 44, 40, rad_of("#c8c4ec"), opacity=0.6)
        + stroke("M6,-166q4,-22 18,-34", "#6b4426", 8)
        + shine(-50, -132, 20, 14)
    )


def strawberry(i: int, v: int) -> str:
    """A strawberry, tip at the foot."""
    skin = pick(v // 2, "#e5283c", "#d91f45", "#ef4038")
    d = blob("0,4 -44,-20 -98,-100 -106,-160 -60,-192 0,-186 60,-192 106,-160 98,-100 44,-20")
    seeds = "".join(
        put(oval(0, 0, 4, 7, "#ffdf8a"), x, y, turn=-x * 0.25)
        for y, row in ((-150, (-70, -24, 24, 70)), (-112, (-50, 0, 50)), (-74, (-56, -20, 24, 58)), (-38, (-14, 20)))
        for x in row
    )
    crown = "".join(put(leaf(74, 22, "#5fa83a", rib=False), 0, -182, turn=t) for t in (-104, -66, -30, 34, 70, 106))
    return form(d, skin) + seeds + crown + stroke("M0,-184q4,-26 18,-40", "#6f9f3f", 9) + shine(-52, -150, 22, 15)


def raspberry(i: int, v: int) -> str:
    """A raspberry of many drupelets."""
    skin, out = (
        pick(v // 2, "#d81e5b", "#e0346c", "#b81d52"),
        form(blob("0,0 -60,-40 -84,-110 -50,-160 0,-168 50,-160 84,-110 60,-40"), dark("#d81e5b", 0.3)),
    )
    for n, y in ((3, -150), (4, -122), (5, -92), (4, -62), (3, -36), (2, -14)):
        for j in range(n):
            out += ball((j - (n - 1) / 2) * 36, y, 22, 21, skin)
    return out + "".join(put(leaf(54, 15, "#6fae3c", rib=False), 0, -160, turn=t) for t in (-90, -46, 0, 46, 90))


def cherry(i: int, v: int) -> str:
    """A pair of cherries on their stalks."""
    skin = pick(v // 2, "#c3172f", "#a5122f", "#d9302f")
    stalks = stroke("M-66,-110Q-40,-230 24,-300M66,-104Q60,-210 24,-300", "#6c8f3a", 9)
    one = (
        form(blob("0,-124 -44,-130 -74,-84 -60,-24 0,-2 60,-24 74,-84 44,-130"), skin)
        + shine(-28, -96, 17, 12)
        + oval(0, -120, 20, 6, dark(skin, 0.6), opacity=0.6)
    )
    return put(leaf(120, 40, "#5fa83a"), 24, -296, turn=64) + put(one, -68, 0) + put(one, 70, 8) + stalks


def blueberry(i: int, v: int) -> str:
    """A blueberry with its little crown."""
    skin = pick(v // 2 + i, "#3f4f96", "#4a62a8", "#35407e")
    crown = "".join(put(leaf(22, 9, dark(skin, 0.45), rib=False), 10, -92, turn=t) for t in (0, 72, 144, 216, 288))
    return (
        oval(0, -64, 70, 64, f"rad(0.35,0.28,0.8;{mix(skin, '#dfe6ff', 0.6)};{skin}@0.5;{dark(skin, 0.45)})")
        + oval(10, -92, 20, 10, dark(skin, 0.5))
        + crown
        + shine(-28, -90, 16, 10)
    )


def rhubarb(v: int) -> str:
    """Stalks of rhubarb with their big leaves."""
    out, n = shadow(600, 790, 300, 40), 4 + v % 3
    for i in range(n):
        k = i - (n - 1) / 2
        stalk = shape(
            "M-30,0C-22,-180 -22,-330 -20,-440L20,-440C22,-330 26,-180 32,0Q0,14 -30,0Z",
            lin("#8a1d3c", "#f06a7e@0.3", "#d43a58@0.6", "#8a1638", turn=0),
        )
        ribs = "".join(stroke(f"M{x},-10L{x * 0.6:g},-430", "#f7b0a8", 4, 0.5) for x in (-14, 2, 16)) + shape(
            "M-22,-380L-20,-445L20,-445L22,-380Z", lin("#8fbf4a", "#8fbf4a00")
        )
        out += put(
            put(crinkle(230, 240, pick(i, "#4f9a3c", "#66ad45", "#428a38"), waves=10, depth=0.09), 0, -420) + stalk + ribs,
            600 + k * 84,
            780 - 16 * (i % 2),
            s=1.02,
            turn=k * 7,
        )
    return out + stroke("M400,600Q600,640 800,600", "#e9d3a4", 22) + stroke("M400,606Q600,646 800,606", "#b98a4e", 4)


def walnut(i: int, v: int) -> str:
    """A walnut, every third one open."""
    shell = pick(v // 2, "#c08a52", "#b07a45", "#cc9c62")
    d = blob("0,-156 -66,-144 -104,-84 -84,-22 -20,2 40,0 92,-30 104,-90 62,-144")
    if i % 3 == 1:
        half = form(d, shell) + shape(blob("0,-140 -58,-128 -88,-80 -70,-28 0,-10 74,-32 88,-84 54,-130"), dark(shell, 0.45))
        lobes = "".join(
            form(blob(ring(7, 30, 26, x=x, y=y, start=k * 20)), "#e3bf85")
            for k, (x, y) in enumerate(((-34, -106), (34, -106), (-44, -60), (44, -62), (-22, -34), (26, -36)))
        )
        return half + lobes + stroke("M0,-132L0,-20", dark(shell, 0.3), 7)
    lines = "".join(
        stroke(f"M{x},-136C{x * 1.6:g},-110 {x * 0.9 + wobble(x + i, 14):g},-60 {x * 1.2:g},-22", dark(shell, 0.4), 5, 0.55)
        for x in (-56, -28, 32, 58)
    )
    return form(d, shell) + stroke("M4,-156C-14,-110 16,-60 2,0", dark(shell, 0.45), 9, 0.7) + lines + shine(-44, -116, 22, 14)


def twig(v: int) -> str:
    """A leafy twig lying in the background."""
    out = stroke("M0,0Q180,-60 380,-40", "#7d5a38", 11)
    for k in range(5):
        a = radians(200 + 22 * k)
        out += put(
            leaf(110, 38, pick(k, "#6fae3c", "#5b9c38")),
            60 + 72 * k,
            -24 - 10 * sin(a * 2),
            turn=(-50 if k % 2 else 128) + 10 * cos(a),
        )
    return put(out, 700, 560, flip=v % 2 == 1)


def _crate(content: str) -> str:
    return crate(content=content)


def _basket(content: str) -> str:
    return basket(content=content, handle=False, h=150)


def _punnet(content: str) -> str:
    return basket(content=content, handle=False, h=140, w=440, colour="#d9b06a")


def _bowl(content: str) -> str:
    return bowl("#f1ece0", "#d9cfbb", content=content, w=230, h=150)


def _blue_bowl(content: str) -> str:
    return bowl("#5f86a6", "#d5e2ea", content=content, w=230, h=150)


def _leafy(v: int) -> str:
    return twig(v) + put(flower(46, "#ffffff", petals=5), 260, 640) + heap(strawberry, width=200, rows="23", scale=1.2)(v)


MOTIFS = {
    "apples": Motif(
        "Äpfel",
        cycle(
            stand(apple, width=280, counts="333333", scale=1.15),
            contained(_crate, apple, size=0.46, step=114),
            contained(_basket, apple, size=0.46, step=100, scale=1.5),
        ),
        "meadow linen sky wood honey mint",
    ),
    "pears": Motif(
        "Birnen",
        cycle(stand(pear, width=230, counts="333333", scale=1.2), contained(_crate, pear, size=0.46, step=110)),
        "linen sky wood meadow slate rose",
    ),
    "plums": Motif(
        "Pflaumen",
        cycle(
            heap(plum, width=210, rows="23", scale=1.5),
            contained(_bowl, plum, size=0.5, step=100, scale=1.5),
            contained(_crate, plum, size=0.5, step=104),
        ),
        "honey linen meadow wood sky rose",
    ),
    "strawberries": Motif(
        "Erdbeeren",
        cycle(
            _leafy,
            contained(_punnet, strawberry, size=0.46, step=92, scale=1.6),
            contained(_bowl, strawberry, size=0.46, step=92, scale=1.6),
        ),
        "mint linen meadow sky wood honey",
    ),
    "raspberries": Motif(
        "Himbeeren",
        cycle(
            contained(_bowl, raspberry, size=0.5, step=88, scale=1.6),
            heap(raspberry, width=165, rows="234", scale=1.35),
            contained(_punnet, raspberry, size=0.5, step=88, scale=1.6),
        ),
        "linen mint meadow sky wood honey",
    ),
    "cherries": Motif(
        "Kirschen",
        cycle(stand(cherry, width=290, counts="333333", scale=1.1), contained(_blue_bowl, cherry, size=0.42, step=94, scale=1.6)),
        "sky linen mint honey meadow wood",
    ),
    "blueberries": Motif(
        "Heidelbeeren",
        cycle(
            contained(_bowl, blueberry, size=0.52, step=66, foot=6, scale=1.6),
            heap(blueberry, width=134, rows="3565", scale=1.15),
            contained(_punnet, blueberry, size=0.52, step=66, foot=6, scale=1.6),
        ),
        "rose honey linen meadow sky wood",
    ),
    "rhubarb": Motif("Rhabarber", rhubarb, "linen sky mint honey wood slate"),
    "walnuts": Motif(
        "Walnüsse",
        cycle(heap(walnut, width=210, rows="233", scale=1.35), contained(_basket, walnut, size=0.5, step=92, scale=1.6)),
        "linen wood meadow sky slate honey",
    ),
}
