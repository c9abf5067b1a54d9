"""Cabbages, leaves, stalks and herbs."""

from marketplace.demo.pictures.arrangement import Motif, stand
from marketplace.demo.pictures.brush import (
    across,
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
    put,
    ring,
    shadow,
    shape,
    shine,
    stroke,  # fmt: skip
    turned,
    wobble,
)
from marketplace.demo.pictures.foliage import crinkle, frond, leaf, sprig


def leek(i: int, v: int) -> str:
    """A stick of leek, root at the foot."""
    roots = "".join(stroke(f"M{k * 6},-4q{k * 4},14 {k * 6},26", "#d8c9a0", 4) for k in range(-4, 5))
    fan = ""
    for k, turn in enumerate((-30, 28, -14, 15, 0)):
        fan += put(leaf(230 + 20 * (k % 3), 40, pick(k + i, "#3f8a4a", "#5aa35a", "#2f7444")), 0, -270, turn=turn)
    shaft = "M-30,0C-44,-20 -34,-60 -33,-120L-38,-330Q0,-360 38,-330L33,-120C34,-60 44,-20 30,0Q0,12 -30,0Z"
    lines = "".join(stroke(f"M{x},-20L{x * 1.2},-320", "#7fae6a", 3, 0.5) for x in (-18, -4, 12))
    return (
        roots
        + fan
        + shape(shaft, lin("#4f9a52", "#a8cf86@0.35", "#f2f4dc@0.65", "#fffdf0"))
        + lines
        + shape(shaft, lin("#ffffff00", "#ffffff66@0.3", "#1d4a2a55", turn=0))
    )


def leeks(v: int) -> str:
    """Sticks of leek side by side."""
    n = 3 + v % 2
    sticks = [
        put(leek(i, v), 600 + (i - (n - 1) / 2) * 130, 770 - 18 * (i % 2), s=1.18, turn=(i - (n - 1) / 2) * 7) for i in range(n)
    ]
    return shadow(610, 790, 80 * n + 60, 42) + "".join(sticks)


def cabbage(colour: str, inner: str, vein: str, i: int, v: int) -> str:
    """A firm head with outer leaves."""
    outer = put(crinkle(300, 300, dark(colour, 0.12), depth=0.05), -96, 0, turn=-38) + put(
        crinkle(300, 300, colour, depth=0.05), 100, 0, turn=36
    )
    head = form(blob(ring(10, 160, 152, y=-160)), inner)
    wrap = form(blob("-150,-200 -60,-296 60,-250 20,-120 -20,-10 -110,-50"), mix(inner, colour, 0.35), deep=0.25)
    veins = curve("-30,-12 -60,-110 -80,-260") + curve("-58,-100 -120,-150 -136,-190") + curve("-66,-150 -20,-200 10,-236")
    veins += curve("30,-10 70,-120 60,-250") + curve("66,-130 116,-170 134,-210")
    low = put(crinkle(330, 170, mix(colour, inner, 0.4), depth=0.05), 20 * (1 - 2 * (i % 2)), 10)
    return outer + head + wrap + stroke(veins, vein, 7, 0.75) + low + shine(-60, -230, 40, 22)


def lettuce(i: int, v: int) -> str:
    """An open head of lettuce."""
    tone = "#a34a52" if v % 4 == 3 else "#7fc043"
    out = ""
    for k, (x, turn, s) in enumerate(
        (
            (-20, -62, 0.95),
            (20, 62, 0.95),
            (-30, -38, 1.05),
            (30, 38, 1.05),
            (0, 0, 1.12),
            (-30, -18, 0.9),
            (34, 20, 0.86),
            (0, 2, 0.68),
        )
    ):
        colour = mix(tone, "#e6f2a0", min(0.6, 0.08 * k))
        out += put(crinkle(210, 270, colour, waves=12, depth=0.07), x, 0, s=s, turn=turn)
    return out


def spear(i: int, v: int, colour: str) -> str:
    """A spear of asparagus, tip upwards."""
    out = shape(
        "M-22,0L-24,-330Q0,-360 24,-330L22,0Q0,10 -22,0Z",
        lin(dark(colour, 0.15), f"{light(colour, 0.5)}@0.35", dark(colour, 0.3), turn=0),
    )
    tip = mix(colour, "#7a5aa0", 0.32)
    out += "".join(put(leaf(54, 20, mix(tip, colour, 0.12 * k), rib=False), x, y, turn=t)
                   for k, (x, y, t) in enumerate(((-10, -330, -10), (10, -330, 10), (-9, -352, -6), (9, -352, 6), (0, -372, 0))))  # fmt: skip
    return out + "".join(
        put(leaf(40, 15, tip, rib=False), x, y, turn=x) for x, y in ((-10, -90), (9, -160), (-8, -240), (10, -280))
    )


def asparagus(v: int) -> str:
    """A tied bundle of asparagus."""
    colour = pick(v, "#f1e7c4", "#7fae4f")
    rows = [(x, y) for y, n in ((0, 8), (14, 7)) for x in [(-n / 2 + 0.5 + k) * 46 for k in range(n)]]
    spears = "".join(
        put(spear(i, v, colour), x, y - 6 * abs(wobble(i + v)), s=1.14, turn=x * 0.035) for i, (x, y) in enumerate(rows)
    )
    ties = "".join(
        stroke(f"M-186,{y}Q0,{y + 28} 186,{y}", "#9c3b2e", 26) + stroke(f"M-184,{y - 4}Q0,{y + 24} 184,{y - 4}", "#d6604a", 14)
        for y in (-120, -290)
    )
    return shadow(610, 752, 270, 50) + put(spears + ties, 600, 740, turn=-3 if v % 2 else 2)


def bean(i: int, v: int) -> str:
    """A green bean pod lying."""
    colour = pick(v // 2 + i, "#5fa63a", "#74b544", "#4f9433")
    d = blob("-190,-40 -120,-24 0,-10 120,-26 196,-60 204,-52 140,8 0,32 -130,14 -196,-24")
    bulges = "".join(oval(x, 4 - abs(x) * 0.12, 24, 13, light(colour, 0.4), opacity=0.5) for x in (-110, -55, 0, 55, 110))
    return form(d, colour, deep=0.3) + bulges + stroke("M-190,-34q-18,-8 -26,-24", "#8aa34c", 9)


def beans(v: int) -> str:
    """A heap of green beans."""
    out = shadow(600, 750, 380, 80)
    for i in range(13):
        row = i // 4
        out += put(
            bean(i, v),
            600 + wobble(i * 3 + v, 190 - 30 * (3 - row)),
            590 + 48 * row,
            s=1.15,
            turn=wobble(i + 7 * v, 26),
            flip=i % 2 == 0,
        )
    return out


def spinach(i: int, v: int) -> str:
    """A tuft of spinach leaves."""
    out = ""
    for k, turn in enumerate((-64, 62, -40, 38, -16, 18, 0)):
        tone = mix("#2f7d3a", "#7fc050", 0.11 * k)
        art = stroke("M0,0L0,-130", light(tone, 0.45), 13) + put(leaf(240, 96, tone), 0, -86)
        out += put(art, 0, 0, s=0.95 + 0.05 * (k % 3), turn=turn)
    return out


def kale(i: int, v: int) -> str:
    """A curly head of kale."""
    out = ""
    tone = pick(v // 3, "#3f7f4a", "#5b6f8a" if v > 4 else "#4a8a44")
    for k, turn in enumerate((-72, 70, -48, 46, -24, 24, 0)):
        leafy = crinkle(190, 300, mix(tone, "#b8d98a", 0.06 * k), waves=19, depth=0.09)
        out += put(stroke("M0,0L0,-110", "#cfe0a8", 15) + put(leafy, 0, -60), 0, 0, turn=turn)
    return out


def herbs(v: int) -> str:
    """A pot of basil between parsley and chives, tied in bunches."""
    pot = turned("104,-170 100,-150 92,-140 70,0", "#c9683f") + block(-116, -196, 232, 44, across("#d67a4c"), r=10)
    leaves = "".join(
        put(sprig(190 + 24 * (k % 2), pick(k, "#4f9d3c", "#66b04a", "#3f8a38"), pairs=4, size=92), turn * 1.2, -180, turn=turn)
        for k, turn in enumerate((-46, 44, -24, 22, 0))
    )
    chives = "".join(
        stroke(f"M{k * 5},0Q{k * 9},-160 {k * 15},{-330 - 20 * (k % 3)}", pick(k, "#3f8f45", "#5fae58"), 9) for k in range(-6, 7)
    )
    chives += stroke("M-30,-110Q0,-100 30,-110", "#d8a866", 18)
    parsley = "".join(put(frond(300, pick(k, "#4c9a3a", "#6ab34c"), size=44), turn=t) for k, t in enumerate((-24, 24, -8, 8)))
    parsley += stroke("M-20,-60Q0,-50 20,-60", "#d8a866", 18)
    sides = (parsley, chives) if v % 2 else (chives, parsley)
    out = (
        shadow(300, 750, 110)
        + put(sides[0], 300, 740, s=1.1, turn=-4)
        + shadow(900, 750, 110)
        + put(sides[1], 900, 740, s=1.1, turn=4)
    )
    return out + shadow(610, 775, 190) + put(leaves + pot, 600, 765, s=1.28)


def _white(i: int, v: int) -> str:
    return cabbage("#7fb552", "#cfe3a0", "#f4f9dd", i, v)


def _red(i: int, v: int) -> str:
    return cabbage("#6b3f7a", "#8a2f6e", "#e2b3d8", i, v)


MOTIFS = {
    "leek": Motif("Porreestangen", leeks, "wood sky linen honey rose slate"),
    "white_cabbage": Motif("Weißkohl", stand(_white, width=420, counts="121212", scale=1.0), "wood sky linen honey rose slate"),
    "red_cabbage": Motif("Rotkohl", stand(_red, width=420, counts="211212", scale=1.0), "linen meadow sky honey mint wood"),
    "kale": Motif("Grünkohl", stand(kale, width=300, counts="121211", scale=1.15), "wood linen sky rose honey slate"),
    "lettuce": Motif("Salatkopf", stand(lettuce, width=430, counts="112121", scale=1.1), "wood linen rose sky honey slate"),
    "asparagus": Motif("Spargel im Bund", asparagus, "meadow linen slate rose wood sky"),
    "beans": Motif("Grüne Bohnen", beans, "linen wood rose sky honey slate"),
    "spinach": Motif("Spinat", stand(spinach, width=280, counts="121212", scale=1.2), "linen wood rose sky honey slate"),
    "herbs": Motif("Kräuter im Topf und im Bund", herbs, "linen wood sky rose honey slate"),
}
