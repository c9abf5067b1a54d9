"""Vegetables: roots, bulbs, cabbages and leaves."""

from marketplace.demo.pictures.arrangement import Motif, contained, cycle, heap, stand
from marketplace.demo.pictures.brush import (
    blob,
    curve,
    dark,
    form,
    lin,
    oval,
    pick,
    put,
    ring,
    shadow,
    shape,
    shine,
    stroke,  # fmt: skip
    wobble,
)
from marketplace.demo.pictures.foliage import frond, leaf
from marketplace.demo.pictures.vessels import basket, bowl, crate


def potato(i: int, v: int) -> str:
    """A potato with eyes."""
    skin = pick(v // 2 + (i == 3), "#d9a566", "#e0b878", "#c9835f")
    d = blob("-88,-50 -70,-108 0,-128 66,-112 94,-62 70,-12 0,2 -66,-10")
    eyes = [(wobble(i * 11 + k, 60), -64 + wobble(i * 5 + k + 3, 40)) for k in range(6)]
    marks = "".join(stroke(f"M{x - 8:.0f},{y:.0f}q8,7 16,0", dark(skin, 0.45), 4.5, 0.6) for x, y in eyes)
    return form(d, skin) + marks + shine(-36, -94, 30, 15)


def carrot(i: int, v: int) -> str:
    """A carrot hanging from its leaves, tip at the foot."""
    root = pick(v // 3, "#f07f22", "#f59331")
    d = blob("0,0 -20,-70 -44,-190 -52,-270 -28,-306 0,-308 28,-306 52,-270 44,-190 20,-70")
    rings = "".join(stroke(curve(f"{x},{y} {x + s * 0.6},{y + 6} {x + s},{y + 2}"), dark(root, 0.35), 5, 0.5)
                    for x, y, s in ((-44, -250, 34), (12, -226, 30), (-38, -176, 26), (6, -150, 22), (-22, -104, 20)))  # fmt: skip
    tops = "".join(
        put(frond(190 + 20 * (k % 2), pick(i + k, "#5fa33a", "#74b548", "#4c8f33")), 0, -296, turn=t)
        for k, t in enumerate((-26, 24, -2))
    )
    return tops + form(d, root) + rings + shine(-24, -240, 11, 60, turn=4)


def carrots(v: int) -> str:
    """A bunch of carrots fanned out and tied."""
    n = 5 + v % 2
    out = shadow(600, 742, 330, 60)
    for i in range(n):
        k = i - (n - 1) / 2
        out += put(carrot(i, v), 600 + k * 92, 726 - abs(k) * 18, s=1.22, turn=k * -9 if v % 3 else k * 6)
    half = n * (30 if v % 3 else 53)
    tie = f"M{600 - half},400Q600,440 {600 + half},400"
    return put(out + stroke(tie, "#8a5a2c", 20) + stroke(tie, "#d8a866", 12), 0, 60, s=1)


def onion(i: int, v: int) -> str:
    """An onion with papery skin."""
    skin = "#8e2f58" if v % 3 == 2 else pick(i, "#d68b32", "#c97c2a")
    d = blob("0,-250 -18,-200 -84,-168 -118,-92 -78,-18 0,0 78,-18 118,-92 84,-168 18,-200")
    lines = "".join(
        stroke(f"M{x * 0.1:g},-214C{x * 1.2:g},-160 {x * 1.3:g},-50 {x * 0.3:g},-6", dark(skin, 0.35), 4, 0.5)
        for x in (-84, -48, -12, 30, 70)
    )
    roots = "".join(stroke(f"M0,-2l{k * 9},16", "#cbb28a", 4) for k in (-2, -1, 0, 1, 2))
    return roots + form(d, skin) + lines + shine(-46, -120, 22, 46, turn=20)


def beet(i: int, v: int) -> str:
    """A beetroot with red-stemmed leaves."""
    tops = ""
    for k, turn in enumerate((-26, 22, -4)):
        art = (
            stroke("M0,0L0,-150", "#c2255c", 13)
            + put(leaf(190, 66, pick(k, "#4f8f3c", "#5da345", "#437f38")), 0, -110)
            + stroke("M0,-100L0,-270", "#d6336c", 6)
        )
        tops += put(art, 0, -170, turn=turn)
    d = blob("0,30 -14,-6 -84,-44 -108,-112 -70,-178 0,-190 70,-178 108,-112 84,-44 14,-6")
    lines = "".join(
        stroke(f"M{-70 + 12 * k},{-170 + 6 * k}q{70 - 12 * k},26 {140 - 24 * k},0", "#5c0a34", 4, 0.4) for k in range(2)
    )
    return tops + form(d, "#a01551") + lines + stroke("M0,20q6,18 -4,34", "#8d1248", 7) + shine(-44, -140, 24, 34)


def pumpkin(i: int, v: int) -> str:
    """A ribbed pumpkin."""
    skin = pick(v // 2 + i, "#f08a1f", "#e8691c", "#d9a13a")
    out = ""
    for x, w in ((-120, 76), (120, 76), (-66, 84), (66, 84), (0, 82)):
        out += form(blob(ring(10, w, 128, x=x, y=-130)), skin, deep=0.42)
    stem = shape("M-22,-240C-16,-280 -30,-310 -52,-328L-14,-344C10,-320 22,-280 26,-242Z", lin("#8ea34d", "#56702f", turn=0))
    curl = stroke("M20,-256c60,-40 90,10 60,30s-50,-20 -20,-40", "#6e9440", 7)
    return out + stem + curl + put(leaf(100, 40, "#6fa03f"), -20, -250, turn=-70) + shine(-76, -196, 26, 46, turn=14)


def tomato(i: int, v: int) -> str:
    """A tomato with its star of sepals."""
    skin = pick(v // 3 * (i % 2), "#e53928", "#f08c1d")
    d = blob("0,-166 -60,-176 -112,-130 -112,-60 -66,-6 0,2 66,-6 112,-60 112,-130 60,-176")
    star = "".join(put(leaf(62, 13, "#4f9a3a", rib=False), 0, -160, turn=t) for t in (-100, -58, -10, 52, 102))
    return form(d, skin) + star + stroke("M0,-160q4,-24 16,-36", "#4f8a36", 10) + shine(-52, -122, 32, 20)


def cucumber(i: int, v: int) -> str:
    """A cucumber lying, its tip to the right, and slices before it."""
    d = blob("-250,-60 -232,-104 -120,-122 0,-118 130,-122 232,-108 262,-66 232,-22 120,-4 0,0 -130,-6 -230,-22")
    bumps = "".join(oval(-210 + 42 * k, -70 + wobble(k + i * 9, 38), 5, 4, "#9ccf6a", opacity=0.8) for k in range(11))
    stripes = "".join(stroke(f"M-220,{y}Q0,{y - 14} 228,{y}", "#8cc255", 5, 0.45) for y in (-88, -58, -30))
    return form(d, "#3f8f35") + stripes + bumps + shine(-60, -100, 140, 11, turn=0) + oval(262, -66, 10, 14, "#c9b35a")


def cucumber_slice(x: float, y: float, s: float) -> str:
    """A round slice of cucumber."""
    seeds = "".join(put(oval(0, -34, 6, 13, "#f3f7cf"), turn=60 * k) for k in range(6))
    art = (
        oval(0, 6, 82, 80, "#2c6b2a")
        + oval(0, 0, 82, 80, "#3f8f35")
        + oval(0, 0, 73, 71, lin("#eef6c4", "#cfe794"))
        + oval(0, 0, 50, 48, "#dcee9f")
        + seeds
    )
    return put(art, x, y, s=s)


def cucumbers(v: int) -> str:
    """Two or three cucumbers and slices."""
    out = ""
    for i, (x, y, turn) in enumerate(((620, 560, -9), (560, 660, 5), (650, 740, -4))[v % 2 :]):
        out += shadow(x, y, 300, 46) + put(cucumber(i, v), x, y, s=1.22, turn=turn)
    return out + "".join(shadow(x, 782, 90, 26) + cucumber_slice(x, 730, 0.82) for x in (270, 390 + 30 * (v % 3)))


def radish(i: int, v: int) -> str:
    """A radish with its green."""
    tops = "".join(
        put(stroke("M0,0L0,-60", "#9fc46a", 9) + put(leaf(170, 44, pick(k, "#5fa83f", "#74b84c")), 0, -36), 0, -136, turn=t)
        for k, t in enumerate((-30, 28, 0))
    )
    d = blob("0,10 -10,-8 -62,-30 -82,-86 -54,-136 0,-146 54,-136 82,-86 62,-30 10,-8")
    skin = pick(v // 2, "#e0234e", "#d21f6b", "#e53b5e")
    return (
        tops
        + shape(d, lin(skin, f"{skin}@0.62", "#fbe6e6@0.95", "#fffafa"))
        + shape(d, lin("#ffffff55", "#ffffff00@0.4", "#5a0a3055", turn=10))
        + stroke("M0,4q4,20 -6,40", "#f2d6d6", 6)
        + shine(-32, -104, 16, 24)
    )


def garlic(i: int, v: int) -> str:
    """A bulb of garlic."""
    d = blob("-10,-270 -18,-200 -86,-140 -112,-70 -70,-8 0,0 70,-8 112,-70 86,-140 18,-200 12,-270")
    lines = "".join(
        stroke(f"M{x * 0.12:g},-214C{x * 0.8:g},-150 {x * 1.2:g},-70 {x * 0.4:g},-4", "#b48aa8", 4, 0.55)
        for x in (-80, -40, 0, 44, 84)
    )
    return (
        form(d, "#f3e9e4", deep=0.25)
        + lines
        + shape(blob("-70,-120 -40,-150 -30,-70 -56,-30"), "#c79ab8", 0.25)
        + shine(-46, -90, 18, 40, turn=14)
    )


def mushroom(i: int, v: int) -> str:
    """A mushroom, white or brown."""
    cap = pick(v // 2 + i, "#f1e6d6", "#b98055", "#d8b48a")
    stem = shape(
        "M-44,-110C-38,-60 -56,-20 -50,-4Q0,16 50,-4C56,-20 38,-60 44,-110Z", lin("#d8c9b0", "#fffaf0@0.35", "#cbb595", turn=0)
    )
    gills = oval(0, -108, 104, 26, lin("#8a6548", "#c49a74"))
    d = "M-132,-112C-140,-220 -60,-256 0,-256S140,-220 132,-112C100,-84 -100,-84 -132,-112Z"
    return stem + gills + form(d, cap, deep=0.3) + shine(-54, -206, 38, 20)


def celeriac(i: int, v: int) -> str:
    """A knobbly celeriac with short stalks."""
    stalks = "".join(
        put(
            stroke("M0,0L0,-130", "#8fbf5a", 22) + stroke("M-4,0L-4,-126", "#c2e08f", 7) + put(leaf(86, 34, "#5b9a3c"), 0, -110),
            x,
            -240,
            turn=x * 0.5,
        )
        for x in (-52, 50, -18, 20)
    )
    body = form(blob([(x * (1 + wobble(k + i, 0.05)), y) for k, (x, y) in enumerate(ring(13, 150, 132, y=-134))]), "#d9bf8f")
    roots = "".join(stroke(f"M{x},-20q{x * 0.2},24 {x * 0.5},34", "#b89a68", 9) for x in (-90, -52, -14, 30, 72, 104))
    pits = "".join(
        stroke(f"M{wobble(k, 100):.0f},{-130 + wobble(k + 30, 84):.0f}q12,9 24,0", "#8d6f45", 5, 0.5) for k in range(12)
    )
    return stalks + roots + body + pits + shine(-60, -200, 40, 24)


def _crate(content: str) -> str:
    return crate(content=content)


def _basket(content: str) -> str:
    return basket(content=content)


def _bowl(content: str) -> str:
    return bowl("#6f93a8", "#dfe8ea", content=content)


MOTIFS = {
    "potatoes": Motif(
        "Kartoffeln",
        cycle(
            heap(potato, width=190, rows="234", scale=1.4),
            contained(_crate, potato, size=0.66, step=112),
            contained(_basket, potato, size=0.6, step=100, scale=1.4),
        ),
        "wood linen honey slate meadow sky",
    ),
    "carrots": Motif("Möhren im Bund", carrots, "honey linen meadow wood sky slate"),
    "onions": Motif(
        "Zwiebeln",
        cycle(stand(onion, width=230, scale=1.45), contained(_crate, onion, size=0.56, step=112)),
        "linen slate wood sky meadow honey",
    ),
    "beetroot": Motif(
        "Rote Bete mit Blättern", stand(beet, width=210, counts="323323", scale=1.2), "linen mint wood honey sky meadow"
    ),
    "pumpkin": Motif("Kürbisse", stand(pumpkin, width=390, counts="212312", scale=1.0), "meadow linen sky wood mint slate"),
    "tomatoes": Motif(
        "Tomaten",
        cycle(
            stand(tomato, width=230, counts="344344", scale=1.5),
            contained(_bowl, tomato, size=0.52, step=112),
            contained(_crate, tomato, size=0.56, step=116),
        ),
        "mint linen meadow wood sky honey",
    ),
    "cucumber": Motif("Gurken", cucumbers, "linen sky wood rose honey slate"),
    "radishes": Motif("Radieschen", stand(radish, width=160, counts="454545", scale=1.25), "mint linen wood sky meadow honey"),
    "garlic": Motif("Knoblauch", stand(garlic, width=220, counts="323232", scale=1.4), "slate wood meadow rose honey sky"),
    "mushrooms": Motif(
        "Champignons",
        cycle(
            stand(mushroom, width=220, counts="334434", scale=1.4), contained(_basket, mushroom, size=0.5, step=100, scale=1.4)
        ),
        "meadow wood slate linen sky honey",
    ),
    "celeriac": Motif(
        "Knollensellerie", stand(celeriac, width=300, counts="121212", scale=1.02), "wood slate linen sky rose honey"
    ),
}
