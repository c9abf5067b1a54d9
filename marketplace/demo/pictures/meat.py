"""Meat, sausage, poultry, game and fish."""

from marketplace.demo.pictures.arrangement import Art, Motif, stand
from marketplace.demo.pictures.brush import (
    blob,
    block,
    curve,
    dark,
    form,
    light,
    lin,
    oval,
    pick,
    put,
    rad,
    ring,
    shadow,
    shape,
    shine,
    stroke,  # fmt: skip
    wobble,
)
from marketplace.demo.pictures.foliage import leaf, sprig
from marketplace.demo.pictures.vessels import board, jar, plate


def served(art: Art, *, s: float = 1.26, y: float = 690, wood: str = "#c08d54") -> Art:
    """The art on a board with rosemary, differently garnished in every variant."""

    def composed(v: int) -> str:
        herb = put(sprig(240, "#5f8f52", pairs=8, size=40), -330 + 30 * (v % 3), 40, turn=38 + 8 * v)
        berries = "".join(
            oval(290 + 34 * k - 20 * (v % 2), 22 + 12 * (k % 2), 13, 13, rad("#f08a7a", "#c9302c", "#7a1420"))
            for k in range(1 + v % 4)
        )
        return put(board(350, pick(v, wood, "#b27a45", "#d2a56c")) + art(v) + herb + berries, 585, y, s=s, flip=v % 2 == 1)

    return composed


def steak(v: int) -> str:
    """A marbled steak with a rim of fat."""
    d = "-250,-70 -240,-150 -150,-214 -40,-206 60,-190 170,-200 246,-150 250,-70 180,-16 60,-6 -60,10 -190,0"
    red = pick(v // 2, "#c9343c", "#b92a35", "#d1474a")
    meat = shape(
        blob("-222,-76 -212,-146 -140,-190 -40,-178 60,-164 160,-174 220,-140 222,-78 160,-40 60,-30 -60,-14 -176,-24"),
        rad(light(red, 0.35), red, dark(red, 0.3)),
    )
    fat = "".join(
        stroke(curve(f"{x},{y} {x + 30},{y - 16} {x + 56},{y - 4} {x + 90},{y - 22}"), "#fbd9cf", 6, 0.75)
        for x, y in ((-180, -90), (-120, -150), (-60, -60), (10, -120), (70, -70), (100, -140), (-160, -46))
    )
    bone = form(blob(ring(8, 44, 34, x=-170, y=-120)), "#fbeedd") + oval(-170, -120, 18, 13, "#d98a7c") if v % 2 else ""
    return (
        put(shape(blob(d), "#d9a994"), 0, 16)
        + form(blob(d), "#fbe3d2", deep=0.2)
        + meat
        + fat
        + bone
        + shine(-60, -160, 80, 12, turn=-4)
    )


def roast(v: int) -> str:
    """A roast tied with string, a slice cut off."""
    crust = pick(v // 2, "#a85a34", "#94492c")
    d = blob("-250,-100 -220,-210 -110,-256 20,-256 130,-230 170,-130 140,-30 20,4 -130,4 -230,-30")
    strings = "".join(stroke(f"M{x},-250Q{x - 44},-120 {x + 6},-2", "#f3e3c4", 9) for x in (-150, -70, 10))
    face = (
        oval(140, -124, 62, 108, lin("#e9b39b", "#d08c78"))
        + oval(140, -124, 46, 88, "#e5a791")
        + stroke("M120,-170q26,30 8,90", "#f7d9cc", 8, 0.8)
    )
    cut = "".join(
        put(
            oval(8, 4, 60, 104, dark(crust, 0.2)) + oval(0, 0, 58, 102, crust) + oval(0, 0, 48, 90, lin("#f0bfa8", "#d4907c")),
            240 + 56 * k,
            -90 + 16 * k,
            turn=14 + 10 * k,
            s=0.86,
        )
        for k in range(1 + v % 2)
    )
    return form(d, crust, deep=0.5) + strings + face + cut + shine(-120, -220, 60, 14, turn=-6)


def sausage(x: float, y: float, turn: float, colour: str, s: float = 1) -> str:
    """One curved sausage."""
    d = "M-190,-30C-110,40 110,40 190,-30"
    art = (
        stroke(d, dark(colour, 0.5), 74)
        + stroke(d, colour, 66)
        + stroke("M-186,-40C-110,22 100,24 184,-42", light(colour, 0.45), 14, 0.7)
    )
    marks = "".join(stroke(f"M{k * 56 - 14},{26 - abs(k) * 12}l26,-34", dark(colour, 0.55), 8, 0.55) for k in (-2, -1, 0, 1, 2))
    ends = stroke("M-200,-44l-22,-20M200,-44l22,-20", dark(colour, 0.4), 13)
    return put(ends + art + marks, x, y, turn=turn, s=s)


def sausages(v: int) -> str:
    """Sausages on a board, with mustard."""
    tones = ("#b5583a", "#c96f45", "#8f3f30", "#d08a5a")
    out = "".join(sausage(-30 + 20 * (k % 2), -130 + 52 * k, 6 - 6 * k, pick(k + v, *tones), 1.1) for k in range(3 + v % 2))
    return out + put(
        shadow(0, 0, 70) + block(-52, -64, 104, 66, lin("#f6efe0", "#cfc2a8", turn=0), r=20) + oval(0, -62, 52, 16, "#e0a92c"),
        300,
        20,
    )


def ham(v: int) -> str:
    """A ham with bone, partly sliced."""
    skin = pick(v // 2, "#b5693a", "#a3552f")
    d = blob("-230,-150 -170,-240 -40,-268 90,-230 160,-170 250,-140 250,-90 150,-60 60,-10 -90,6 -200,-40")
    face = (
        oval(-120, -130, 112, 116, lin("#fbe5d6", "#f0cdb8"), turn=8)
        + oval(-116, -128, 94, 98, lin("#f0959a", "#d96872"), turn=8)
        + oval(-100, -140, 26, 22, "#fbeedd")
        + oval(-100, -140, 11, 9, "#d99a8a")
    )
    fat = "".join(
        stroke(curve(f"{x},{y} {x + 20},{y + 14} {x + 50},{y + 8}"), "#fbd9d4", 6, 0.8)
        for x, y in ((-180, -160), (-170, -90), (-110, -70), (-70, -100))
    )
    bone = stroke("M240,-116L310,-136", "#f4ead6", 36) + oval(318, -150, 24, 22, "#f9f1e0") + oval(324, -122, 24, 22, "#efe2ca")
    lattice = "".join(stroke(f"M{x},-240l70,170M{x + 90},-230l-90,170", "#7d3d22", 5, 0.45) for x in (-10, 60, 120))
    slices = "".join(
        put(
            oval(0, 0, 74, 50, "#fbe5d6") + oval(0, 0, 64, 42, lin("#f5a3a6", "#de7680")),
            -240 + 66 * k,
            6 + 10 * (k % 2),
            turn=-10,
        )
        for k in range(2 + v % 2)
    )
    return bone + form(d, skin, deep=0.45) + put(lattice, 20, 20, s=0.84) + face + fat + slices + shine(60, -206, 50, 13)


def minced(v: int) -> str:
    """A mound of minced meat on a plate."""
    strands = ""
    for k in range(110):
        share = k / 110
        x, y = wobble(k * 5 + v, 210 * (1 - share * 0.72)), -20 - 190 * share
        tone = pick(k, "#d9525a", "#e67a7c", "#c23c48", "#f0a4a0")
        strands += stroke(
            f"M{x - 24:.0f},{y:.0f}q{wobble(k, 24):.0f},{-22 + wobble(k + 3, 14):.0f} 44,{wobble(k + 5, 16):.0f}", tone, 19
        )
    return put(strands, 10, -4) + put(leaf(90, 32, "#5fa03c") + put(leaf(80, 28, "#74b548"), 0, 0, turn=56), 0, -214, turn=-20)


def chicken(v: int) -> str:
    """A whole roasted chicken."""
    skin = pick(v // 2, "#d98f3f", "#e0a058", "#cf8236")
    body = form(blob("-220,-90 -190,-210 -70,-270 60,-262 180,-210 230,-110 190,-20 40,6 -120,4"), skin, deep=0.46)
    leg = form(blob("-20,-160 60,-200 150,-180 190,-110 160,-50 90,-40 10,-70"), light(skin, 0.1), deep=0.45)
    drum = (
        stroke("M170,-96L276,-150", dark(skin, 0.25), 40)
        + stroke("M170,-96L272,-152", skin, 30)
        + oval(290, -166, 20, 18, "#fbf2e0")
        + oval(300, -144, 19, 17, "#f4e6cc")
    )
    wing = form(blob("-190,-150 -110,-180 -40,-140 -60,-80 -130,-60 -180,-90"), light(skin, 0.05), deep=0.45) + stroke(
        "M-160,-110q50,-40 90,0", dark(skin, 0.4), 6, 0.5
    )
    spots = "".join(oval(wobble(k * 7, 170), -180 + wobble(k + 11, 60), 5, 4, "#7a4218", opacity=0.35) for k in range(20))
    salad = "".join(
        put(leaf(120, 44, pick(k, "#74b548", "#8cc95a", "#5fa03c")), -240 + 60 * k, 20, turn=-60 + 14 * k) for k in range(9)
    )
    return salad + drum + body + leg + wing + spots + shine(-60, -236, 70, 16, turn=-8)


def lamb(v: int) -> str:
    """Cutlets of lamb with long bones."""
    out = ""
    for k in range(2 + v % 2):
        eye = form(blob("-90,-60 -80,-130 -10,-160 70,-140 96,-70 50,-10 -40,-6"), "#f6ddcc", deep=0.2) + shape(
            blob("-66,-64 -58,-116 -6,-138 54,-122 74,-70 38,-28 -30,-26"), rad("#f0969a", "#cc4f58", "#9c2f40")
        )
        marks = stroke("M-30,-110q30,20 70,0M-40,-70q30,24 70,6", "#f9d5cd", 7, 0.8)
        bone = stroke("M40,-110C110,-170 150,-230 170,-310", "#f6ecda", 30) + stroke(
            "M44,-112C108,-170 144,-230 164,-306", "#ffffff", 8, 0.6
        )
        out += put(bone + eye + marks, -190 + 150 * k, 4 + 10 * k, s=1.16, turn=-8 + 5 * k)
    return out


def game(v: int) -> str:
    """A saddle of venison with juniper, antlers on the wall."""
    red = pick(v // 2, "#7d2a34", "#8f3038")
    d = blob("-260,-70 -240,-160 -120,-206 40,-196 190,-190 262,-130 240,-40 100,0 -80,4 -210,-10")
    grain = "".join(
        stroke(curve(f"{x},{y} {x + 50},{y - 12} {x + 110},{y - 4}"), light(red, 0.35), 5, 0.6)
        for x, y in ((-190, -110), (-120, -150), (-60, -80), (20, -130), (90, -80), (110, -150))
    )
    antler = stroke(
        "M0,0C-30,-80 -110,-110 -120,-220M-60,-92C-110,-80 -150,-110 -160,-150M-112,-160C-70,-170 -60,-200 -58,-230",
        "#a98056",
        20,
    )
    shield = shape("M-70,-50Q0,-76 70,-50L64,60Q40,110 0,126Q-40,110 -64,60Z", lin("#d9b079", "#8f5f34"))
    trophy = put(
        antler
        + put(antler, flip=True)
        + put(shield, 0, 30)
        + shape(blob("-50,0 0,-30 50,0 30,70 0,90 -30,70"), lin("#8a5a34", "#5f3a20")),
        30,
        -300,
        s=0.8,
    )
    return trophy + form(d, red, deep=0.5) + grain + shine(-80, -176, 80, 12, turn=-2, opacity=0.35)


def pate(i: int, v: int) -> str:
    """A jar of liver sausage or pâté."""
    tone = pick(v + i, "#c9836a", "#b56f58", "#d09a80")
    head = (
        form(blob("-40,10 -36,-24 0,-36 36,-24 40,10 0,36"), "#f2b3a6")
        + oval(0, 8, 20, 14, "#e08f86")
        + oval(-7, 8, 4, 6, "#a85a55")
        + oval(7, 8, 4, 6, "#a85a55")
    )
    ears = put(leaf(34, 15, "#e9a398", rib=False), -26, -22, turn=-40) + put(leaf(34, 15, "#e9a398", rib=False), 26, -22, turn=40)
    eyes = oval(-15, -8, 4, 5, "#3a2a24") + oval(15, -8, 4, 5, "#3a2a24")
    return jar(tone, lid=pick(v, "#7d3b34", "#3f5f4a", "#8a6a34"), w=130, h=210, emblem=ears + head + eyes)


def fish_body(colour: str, belly: str, *, smoked: bool = False) -> str:
    """A fish lying, its head to the left."""
    d = "M-330,-70C-270,-150 -120,-176 40,-150C140,-134 220,-100 270,-84C240,-50 140,-6 20,6C-130,18 -270,-10 -330,-70Z"
    tail = shape(
        "M256,-92C300,-130 340,-160 372,-166C356,-120 352,-100 356,-78C352,-40 362,-10 376,14C330,4 290,-40 256,-74Z",
        lin(light(colour, 0.2), dark(colour, 0.3)),
    )
    fins = shape("M-60,-160C-20,-220 70,-216 110,-190L60,-146Z", lin(dark(colour, 0.1), light(colour, 0.3))) + shape(
        "M-60,6C-40,46 20,56 50,44L10,2Z", lin(light(colour, 0.2), dark(colour, 0.2))
    )
    body = shape(d, lin(dark(colour, 0.15), colour, f"{belly}@0.75", dark(belly, 0.12)))
    scales = "".join(
        stroke(f"M{x},{y}q12,14 0,28", light(colour, 0.6), 4, 0.5)
        for k, x in enumerate(range(-150, 200, 38))
        for y in (-128 + 10 * (k % 2) + abs(x) // 9, -92 + 10 * (k % 2), -56 - 8 * (k % 2))
    )
    head = (
        stroke("M-214,-136C-176,-100 -176,-40 -206,-2", dark(colour, 0.4), 7, 0.6)
        + oval(-262, -88, 19, 19, "#fff8e2")
        + oval(-262, -88, 10, 10, "#2a2230")
        + oval(-266, -92, 4, 4, "#fff")
    )
    mouth = stroke("M-328,-66q30,12 48,2", dark(colour, 0.5), 6) + shape(
        "M-150,-60C-120,-84 -80,-80 -64,-56C-90,-40 -130,-40 -150,-60Z", lin(light(colour, 0.3), dark(colour, 0.2))
    )
    glow = stroke("M-250,-124C-140,-160 20,-150 160,-112", "#fff6d8" if smoked else "#ffffff", 9, 0.45)
    return tail + fins + body + scales + head + mouth + glow


def fish(v: int) -> str:
    """Fresh trout on ice with lemon."""
    tone, belly = pick(v // 2, "#6d93a8", "#7f9a6a", "#8a94b0"), pick(v // 2, "#f3e4da", "#f6ecd0", "#eef2f6")
    ice = "".join(
        put(
            block(-40, -34, 80, 68, lin("#ffffffee", "#cfe6f2bb"), r=16),
            wobble(k, 420) + 600,
            735 + wobble(k + 21, 60),
            turn=wobble(k + 5, 40),
            s=0.9,
        )
        for k in range(26)
    )
    n = 1 + (v + 1) % 2
    pair = "".join(
        put(fish_body(tone, belly), 590 + 30 * k, 570 + 150 * k if n > 1 else 680, s=1.18, turn=-4 + 6 * k) for k in range(n)
    )
    lemon = "".join(
        put(
            oval(0, 0, 76, 72, "#f2c52e")
            + oval(0, 0, 66, 62, "#fff6cc")
            + "".join(put(leaf(52, 15, "#f9da5a", rib=False), turn=60 * k) for k in range(6)),
            x,
            800,
        )
        for x in (250, 340)
    )
    return shadow(600, 780, 520, 90) + ice + pair + put(lemon, 620 * (v % 2), 0)


def smoked(v: int) -> str:
    """Golden smoked fish on a board."""
    tone = pick(v // 2, "#b9772c", "#a8652a", "#c98a3a")
    n = 2 - v % 2
    return "".join(
        put(fish_body(tone, "#f0c674", smoked=True), -20 + 26 * k, (-96 + 92 * k) if n > 1 else -30, s=0.94, turn=-3 + 4 * k)
        for k in range(n)
    )


MOTIFS = {
    "steak": Motif("Steak auf einem Brett", served(steak), "slate linen meadow sky mint honey"),
    "roast": Motif("Braten mit Kräutern", served(roast), "linen mint honey slate sky meadow"),
    "sausages": Motif("Bratwürste mit Senf", served(sausages), "meadow linen sky mint slate honey"),
    "ham": Motif("Schinken am Knochen", served(ham), "linen meadow slate sky honey mint"),
    "minced_meat": Motif(
        "Hackfleisch", lambda v: put(plate(350) + minced(v), 600, 700, s=1.28), "mint linen sky slate honey meadow"
    ),
    "chicken": Motif(
        "Hähnchen", lambda v: put(plate(380) + chicken(v), 600, 700, s=1.24, flip=v % 2 == 1), "sky linen meadow rose mint slate"
    ),
    "lamb": Motif("Lammkoteletts", served(lamb), "meadow slate linen sky honey mint"),
    "game": Motif("Wildbraten mit Wacholder", served(game), "linen meadow sky honey mint slate"),
    "pate": Motif("Leberwurst im Glas", stand(pate, width=260, counts="323232", scale=1.25), "linen wood meadow sky slate honey"),
    "fish": Motif("Frischer Fisch auf Eis", fish, "sky slate mint linen meadow honey"),
    "smoked_fish": Motif("Räucherfisch", served(smoked), "slate linen sky meadow mint honey"),
}
