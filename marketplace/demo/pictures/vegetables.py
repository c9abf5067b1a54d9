"""Vegetables: roots, bulbs, cabbages and leaves."""

from marketplace.demo.pictures.arrangement import Motif, contained, cycle, heap, stand
from marketplace.demo.pictures.brush import (across, blob, block, curve, dark, form, light, lin, mix, oval, pick, put, ring, shadow, shape, shine,
                                             stroke, turned, wobble)  # fmt: skip
from marketplace.demo.pictures.foliage import crinkle, frond, leaf, sprig
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
    tops = "".join(put(frond(190 + 20 * (k % 2), pick(i + k, "#5fa33a", "#74b548", "#4c8f33")), 0, -296, turn=t) for k, t in enumerate((-26, 24, -2)))
    return tops + form(d, root) + rings + shine(-24, -240, 11, 60, turn=4)


def carrots(v: int) -> str:
    """A bunch of carrots fanned out and tied."""
    n = 5 + v % 2
    out = shadow(600, 742, 330, 60)
    for i in range(n):
        k = i - (n - 1) / 2
        out += put(carrot(i, v), 600 + k * 92, 726 - abs(k) * 18, s=1.22, turn=k * -9 if v % 3 else k * 6)
    tie = f"M{600 - n * 34},400Q600,440 {600 + n * 34},400"
    return put(out + stroke(tie, "#8a5a2c", 20) + stroke(tie, "#d8a866", 12), 0, 60, s=1)


def onion(i: int, v: int) -> str:
    """An onion with papery skin."""
    skin = "#8e2f58" if v % 3 == 2 else pick(i, "#d68b32", "#c97c2a")
    d = blob("0,-250 -18,-200 -84,-168 -118,-92 -78,-18 0,0 78,-18 118,-92 84,-168 18,-200")
    lines = "".join(stroke(f"M{x * 0.1:g},-214C{x * 1.2:g},-160 {x * 1.3:g},-50 {x * 0.3:g},-6", dark(skin, 0.35), 4, 0.5) for x in (-84, -48, -12, 30, 70))
    roots = "".join(stroke(f"M0,-2l{k * 9},16", "#cbb28a", 4) for k in (-2, -1, 0, 1, 2))
    return roots + form(d, skin) + lines + shine(-46, -120, 22, 46, turn=20)


def leek(i: int, v: int) -> str:
    """A stick of leek, root at the foot."""
    roots = "".join(stroke(f"M{k * 6},-4q{k * 4},14 {k * 6},26", "#d8c9a0", 4) for k in range(-4, 5))
    fan = ""
    for k, turn in enumerate((-30, 28, -14, 15, 0)):
        fan += put(leaf(230 + 20 * (k % 3), 40, pick(k + i, "#3f8a4a", "#5aa35a", "#2f7444")), 0, -270, turn=turn)
    shaft = f"M-30,0C-44,-20 -34,-60 -33,-120L-38,-330Q0,-360 38,-330L33,-120C34,-60 44,-20 30,0Q0,12 -30,0Z"
    lines = "".join(stroke(f"M{x},-20L{x * 1.2},-320", "#7fae6a", 3, 0.5) for x in (-18, -4, 12))
    return roots + fan + shape(shaft, lin("#4f9a52", "#a8cf86@0.35", "#f2f4dc@0.65", "#fffdf0")) + lines + shape(shaft, lin("#ffffff00", "#ffffff66@0.3", "#1d4a2a55", turn=0))


def leeks(v: int) -> str:
    """Sticks of leek side by side."""
    n = 3 + v % 2
    sticks = [put(leek(i, v), 600 + (i - (n - 1) / 2) * 130, 770 - 18 * (i % 2), s=1.18, turn=(i - (n - 1) / 2) * 7) for i in range(n)]
    return shadow(610, 790, 80 * n + 60, 42) + "".join(sticks)


def cabbage(colour: str, inner: str, vein: str, i: int, v: int) -> str:
    """A firm head with outer leaves."""
    outer = put(crinkle(300, 300, dark(colour, 0.12), depth=0.05), -96, 0, turn=-38) + put(crinkle(300, 300, colour, depth=0.05), 100, 0, turn=36)
    head = form(blob(ring(10, 160, 152, y=-160)), inner)
    wrap = form(blob("-150,-200 -60,-296 60,-250 20,-120 -20,-10 -110,-50"), mix(inner, colour, 0.35), deep=0.25)
    veins = curve("-30,-12 -60,-110 -80,-260") + curve("-58,-100 -120,-150 -136,-190") + curve("-66,-150 -20,-200 10,-236")
    veins += curve("30,-10 70,-120 60,-250") + curve("66,-130 116,-170 134,-210")
    low = put(crinkle(330, 170, mix(colour, inner, 0.4), depth=0.05), 20 * (1 - 2 * (i % 2)), 10)
    return outer + head + wrap + stroke(veins, vein, 7, 0.75) + low + shine(-60, -230, 40, 22)


def beet(i: int, v: int) -> str:
    """A beetroot with red-stemmed leaves."""
    tops = ""
    for k, turn in enumerate((-26, 22, -4)):
        art = stroke("M0,0L0,-150", "#c2255c", 13) + put(leaf(190, 66, pick(k, "#4f8f3c", "#5da345", "#437f38")), 0, -110) + stroke("M0,-100L0,-270", "#d6336c", 6)
        tops += put(art, 0, -170, turn=turn)
    d = blob("0,30 -14,-6 -84,-44 -108,-112 -70,-178 0,-190 70,-178 108,-112 84,-44 14,-6")
    lines = "".join(stroke(f"M{-70 + 12 * k},{-170 + 6 * k}q{70 - 12 * k},26 {140 - 24 * k},0", "#5c0a34", 4, 0.4) for k in range(2))
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


def lettuce(i: int, v: int) -> str:
    """An open head of lettuce."""
    tone = "#a34a52" if v % 4 == 3 else "#7fc043"
    out = ""
    for k, (x, turn, s) in enumerate(((-20, -62, 0.95), (20, 62, 0.95), (-30, -38, 1.05), (30, 38, 1.05), (0, 0, 1.12), (-30, -18, 0.9), (34, 20, 0.86), (0, 2, 0.68))):
        colour = mix(tone, "#e6f2a0", min(0.6, 0.08 * k))
        out += put(crinkle(210, 270, colour, waves=9), x, 0, s=s, turn=turn)
    return out


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
    art = oval(0, 6, 82, 80, "#2c6b2a") + oval(0, 0, 82, 80, "#3f8f35") + oval(0, 0, 73, 71, lin("#eef6c4", "#cfe794")) + oval(0, 0, 50, 48, "#dcee9f") + seeds
    return put(art, x, y, s=s)


def cucumbers(v: int) -> str:
    """Two or three cucumbers and slices."""
    out = ""
    for i, (x, y, turn) in enumerate(((620, 560, -9), (560, 660, 5), (650, 740, -4))[v % 2 :]):
        out += shadow(x, y, 300, 46) + put(cucumber(i, v), x, y, s=1.22, turn=turn)
    return out + "".join(shadow(x, 782, 90, 26) + cucumber_slice(x, 730, 0.82) for x in (270, 390 + 30 * (v % 3)))


def radish(i: int, v: int) -> str:
    """A radish with its green."""
    tops = "".join(put(stroke("M0,0L0,-60", "#9fc46a", 9) + put(leaf(170, 44, pick(k, "#5fa83f", "#74b84c")), 0, -36), 0, -136, turn=t) for k, t in enumerate((-30, 28, 0)))
    d = blob("0,10 -10,-8 -62,-30 -82,-86 -54,-136 0,-146 54,-136 82,-86 62,-30 10,-8")
    skin = pick(v // 2, "#e0234e", "#d21f6b", "#e53b5e")
    return tops + shape(d, lin(skin, f"{skin}@0.62", "#fbe6e6@0.95", "#fffafa")) + shape(d, lin("#ffffff55", "#ffffff00@0.4", "#5a0a3055", turn=10)) + stroke("M0,4q4,20 -6,40", "#f2d6d6", 6) + shine(-32, -104, 16, 24)


def garlic(i: int, v: int) -> str:
    """A bulb of garlic."""
    d = blob("-10,-270 -18,-200 -86,-140 -112,-70 -70,-8 0,0 70,-8 112,-70 86,-140 18,-200 12,-270")
    lines = "".join(stroke(f"M{x * 0.12:g},-214C{x * 0.8:g},-150 {x * 1.2:g},-70 {x * 0.4:g},-4", "#b48aa8", 4, 0.55) for x in (-80, -40, 0, 44, 84))
    return form(d, "#f3e9e4", deep=0.25) + lines + shape(blob("-70,-120 -40,-150 -30,-70 -56,-30"), "#c79ab8", 0.25) + shine(-46, -90, 18, 40, turn=14)


def mushroom(i: int, v: int) -> str:
    """A mushroom, white or brown."""
    cap = pick(v // 2 + i, "#f1e6d6", "#b98055", "#d8b48a")
    stem = shape("M-44,-110C-38,-60 -56,-20 -50,-4Q0,16 50,-4C56,-20 38,-60 44,-110Z", lin("#d8c9b0", "#fffaf0@0.35", "#cbb595", turn=0))
    gills = oval(0, -108, 104, 26, lin("#8a6548", "#c49a74"))
    d = "M-132,-112C-140,-220 -60,-256 0,-256S140,-220 132,-112C100,-84 -100,-84 -132,-112Z"
    return stem + gills + form(d, cap, deep=0.3) + shine(-54, -206, 38, 20)


def spear(i: int, v: int, colour: str) -> str:
    """A spear of asparagus, tip upwards."""
    out = shape("M-22,0L-24,-330Q0,-360 24,-330L22,0Q0,10 -22,0Z", lin(dark(colour, 0.15), f"{light(colour, 0.5)}@0.35", dark(colour, 0.3), turn=0))
    tip = mix(colour, "#7a5aa0", 0.32)
    out += "".join(put(leaf(54, 20, mix(tip, colour, 0.12 * k), rib=False), x, y, turn=t)
                   for k, (x, y, t) in enumerate(((-10, -330, -10), (10, -330, 10), (-9, -352, -6), (9, -352, 6), (0, -372, 0))))  # fmt: skip
    return out + "".join(put(leaf(40, 15, tip, rib=False), x, y, turn=x) for x, y in ((-10, -90), (9, -160), (-8, -240), (10, -280)))


def asparagus(v: int) -> str:
    """A tied bundle of asparagus."""
    colour = pick(v, "#f1e7c4", "#7fae4f")
    rows = [(x, y) for y, n in ((0, 8), (14, 7)) for x in [(-n / 2 + 0.5 + k) * 46 for k in range(n)]]
    spears = "".join(put(spear(i, v, colour), x, y - 6 * abs(wobble(i + v)), s=1.14, turn=x * 0.035) for i, (x, y) in enumerate(rows))
    ties = "".join(stroke(f"M-186,{y}Q0,{y + 28} 186,{y}", "#9c3b2e", 26) + stroke(f"M-184,{y - 4}Q0,{y + 24} 184,{y - 4}", "#d6604a", 14) for y in (-120, -290))
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
        out += put(bean(i, v), 600 + wobble(i * 3 + v, 190 - 30 * (3 - row)), 590 + 48 * row, s=1.15, turn=wobble(i + 7 * v, 26), flip=i % 2 == 0)
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
        leafy = crinkle(190, 300, mix(tone, "#b8d98a", 0.06 * k), waves=17, depth=0.14)
        out += put(stroke("M0,0L0,-110", "#cfe0a8", 15) + put(leafy, 0, -60), 0, 0, turn=turn)
    return out


def celeriac(i: int, v: int) -> str:
    """A knobbly celeriac with short stalks."""
    stalks = "".join(put(stroke("M0,0L0,-130", "#8fbf5a", 22) + stroke("M-4,0L-4,-126", "#c2e08f", 7) + put(leaf(86, 34, "#5b9a3c"), 0, -110), x, -240, turn=x * 0.5) for x in (-52, 50, -18, 20))
    body = form(blob([(x * (1 + wobble(k + i, 0.05)), y) for k, (x, y) in enumerate(ring(13, 150, 132, y=-134))]), "#d9bf8f")
    roots = "".join(stroke(f"M{x},-20q{x * 0.2},24 {x * 0.5},34", "#b89a68", 9) for x in (-90, -52, -14, 30, 72, 104))
    pits = "".join(stroke(f"M{wobble(k, 100):.0f},{-130 + wobble(k + 30, 84):.0f}q12,9 24,0", "#8d6f45", 5, 0.5) for k in range(12))
    return stalks + roots + body + pits + shine(-60, -200, 40, 24)


def herbs(v: int) -> str:
    """A pot of basil between parsley and chives, tied in bunches."""
    pot = turned("104,-170 100,-150 92,-140 70,0", "#c9683f") + block(-116, -196, 232, 44, across("#d67a4c"), r=10)
    leaves = "".join(put(sprig(190 + 24 * (k % 2), pick(k, "#4f9d3c", "#66b04a", "#3f8a38"), pairs=4, size=92), turn * 1.2, -180, turn=turn) for k, turn in enumerate((-46, 44, -24, 22, 0)))
    chives = "".join(stroke(f"M{k * 5},0Q{k * 9},-160 {k * 15},{-330 - 20 * (k % 3)}", pick(k, "#3f8f45", "#5fae58"), 9) for k in range(-6, 7))
    chives += stroke("M-30,-110Q0,-100 30,-110", "#d8a866", 18)
    parsley = "".join(put(frond(300, pick(k, "#4c9a3a", "#6ab34c"), size=44), turn=t) for k, t in enumerate((-24, 24, -8, 8)))
    parsley += stroke("M-20,-60Q0,-50 20,-60", "#d8a866", 18)
    sides = (parsley, chives) if v % 2 else (chives, parsley)
    out = shadow(300, 750, 110) + put(sides[0], 300, 740, s=1.1, turn=-4) + shadow(900, 750, 110) + put(sides[1], 900, 740, s=1.1, turn=4)
    return out + shadow(610, 775, 190) + put(leaves + pot, 600, 765, s=1.28)


def _crate(content: str) -> str:
    return crate(content=content)


def _basket(content: str) -> str:
    return basket(content=content)


def _bowl(content: str) -> str:
    return bowl("#6f93a8", "#dfe8ea", content=content)


def _white(i: int, v: int) -> str:
    return cabbage("#7fb552", "#cfe3a0", "#f4f9dd", i, v)


def _red(i: int, v: int) -> str:
    return cabbage("#6b3f7a", "#8a2f6e", "#e2b3d8", i, v)


MOTIFS = {
    "potatoes": Motif("Kartoffeln", cycle(heap(potato, width=190, rows="234", scale=1.4), contained(_crate, potato, size=0.66, step=112), contained(_basket, potato, size=0.6, step=100, scale=1.4)), "wood linen honey slate meadow sky"),
    "carrots": Motif("Möhren im Bund", carrots, "honey linen meadow wood sky slate"),
    "onions": Motif("Zwiebeln", cycle(stand(onion, width=230, scale=1.45), contained(_crate, onion, size=0.56, step=112)), "linen slate wood sky meadow honey"),
    "leek": Motif("Porreestangen", leeks, "wood sky linen honey rose slate"),
    "white_cabbage": Motif("Weißkohl", stand(_white, width=420, counts="121212", scale=1.0), "wood sky linen honey rose slate"),
    "red_cabbage": Motif("Rotkohl", stand(_red, width=420, counts="211212", scale=1.0), "linen meadow sky honey mint wood"),
    "kale": Motif("Grünkohl", stand(kale, width=300, counts="121211", scale=1.15), "wood linen sky rose honey slate"),
    "beetroot": Motif("Rote Bete mit Blättern", stand(beet, width=210, counts="323323", scale=1.2), "linen mint wood honey sky meadow"),
    "pumpkin": Motif("Kürbisse", stand(pumpkin, width=390, counts="212312", scale=1.0), "meadow linen sky wood mint slate"),
    "lettuce": Motif("Salatkopf", stand(lettuce, width=430, counts="112121", scale=1.1), "wood linen rose sky honey slate"),
    "tomatoes": Motif("Tomaten", cycle(stand(tomato, width=230, counts="344344", scale=1.5), contained(_bowl, tomato, size=0.52, step=112), contained(_crate, tomato, size=0.56, step=116)), "mint linen meadow wood sky honey"),
    "cucumber": Motif("Gurken", cucumbers, "linen sky wood rose honey slate"),
    "radishes": Motif("Radieschen", stand(radish, width=160, counts="454545", scale=1.25), "mint linen wood sky meadow honey"),
    "garlic": Motif("Knoblauch", stand(garlic, width=220, counts="323232", scale=1.4), "slate wood meadow rose honey sky"),
    "mushrooms": Motif("Champignons", cycle(stand(mushroom, width=220, counts="334434", scale=1.4), contained(_basket, mushroom, size=0.5, step=100, scale=1.4)), "meadow wood slate linen sky honey"),
    "asparagus": Motif("Spargel im Bund", asparagus, "meadow linen slate rose wood sky"),
    "beans": Motif("Grüne Bohnen", beans, "linen wood rose sky honey slate"),
    "spinach": Motif("Spinat", stand(spinach, width=280, counts="121212", scale=1.2), "linen wood rose sky honey slate"),
    "celeriac": Motif("Knollensellerie", stand(celeriac, width=300, counts="121212", scale=1.02), "wood slate linen sky rose honey"),
    "herbs": Motif("Kräuter im Topf und im Bund", herbs, "linen wood sky rose honey slate"),
}
