"""Presents, flowers and what comes from garden and wood."""

from marketplace.demo.pictures.arrangement import Motif, stand
from marketplace.demo.pictures.bakery import loaf
from marketplace.demo.pictures.brush import (
    across,
    ball,
    block,
    dark,
    form,
    light,
    lin,
    oval,
    pick,
    poly,
    put,
    rad,
    ring,
    shadow,
    shape,
    stroke,  # fmt: skip
    turned,
    wobble,
)
from marketplace.demo.pictures.dairy import wedge
from marketplace.demo.pictures.drinks import wine
from marketplace.demo.pictures.foliage import fir, flower, leaf, rose, sprig
from marketplace.demo.pictures.fruit import apple
from marketplace.demo.pictures.pantry import honey, jam
from marketplace.demo.pictures.vessels import basket, carton


def bow(tone: str, s: float = 1) -> str:
    """A ribbon's bow."""
    tails = shape("M0,0L-70,110L-34,100L-14,122L10,10Z", dark(tone, 0.25)) + shape(
        "M0,0L74,108L40,100L22,122L-8,10Z", dark(tone, 0.1)
    )
    loops = form("M0,0C-40,-90 -150,-90 -140,-20C-136,30 -50,20 0,0Z", tone) + form(
        "M0,0C40,-90 150,-90 140,-20C136,30 50,20 0,0Z", tone
    )
    return put(tails + loops + ball(0, -2, 27, 24, light(tone, 0.1)), s=s)


def gift(i: int, v: int) -> str:
    """A wrapped present."""
    paper, tone = pick(v + i, "#d2503f", "#4f8f7a", "#e0b04a", "#5f7fa8"), pick(v + i, "#f6dfa5", "#fff3e0", "#b8372f", "#f3d9e0")
    dots = "".join(
        oval(-150 + 60 * k + 30 * (j % 2), -80 + 54 * j, 8, 8, "#ffffff", opacity=0.4)
        for k in range(6)
        for j in range(4)
        if abs(-150 + 60 * k + 30 * (j % 2)) < 160
    )
    ribbon = block(-26, -145, 52, 290, lin(light(tone, 0.3), dark(tone, 0.1), turn=0))
    over = shape(poly("-56,-290 -4,-290 88,-336 36,-336"), light(tone, 0.3))
    return carton(paper, w=350, h=290, deep=92, art=dots + ribbon) + over + put(bow(tone), 16, -316)


def gift_basket(v: int) -> str:
    """A basket full of regional good things."""
    things = (
        put(wine(0, v), -120, 60, s=0.86)
        + put(loaf("#c98a45", v, dusted=True), 90, -40, s=0.5, turn=-34)
        + put(honey(0, v), 10, 50, s=0.68)
        + put(wedge(0, v), 150, 60, s=0.42)
        + put(jam(1, v), -30 + 6 * v, 70, s=0.46)
        + put(apple(0, 0), -50, 60, s=0.5)
        + put(apple(2, 2), 130, 66, s=0.46)
    )
    greens = put(leaf(90, 34, "#6fae3c"), -170, 40, turn=-50) + put(leaf(90, 34, "#5b9c38"), 190, 40, turn=50)
    band = put(bow(pick(v, "#c8372f", "#3f7f5a", "#d9a441"), 0.9), 0, -150)
    return shadow(600, 760, 440, 66) + put(
        basket(content=greens + things, w=500, h=190, handle=False) + band, 600, 750, s=1.42 - 0.03 * (v % 3), flip=v % 2 == 1
    )


def voucher(v: int) -> str:
    """A voucher in an envelope with a ribbon."""
    tone = pick(v, "#2f6f4f", "#b8472f", "#4f6f9a")
    card = (
        block(-300, -370, 600, 340, lin("#fffdf6", "#f6ead0"), r=22)
        + f'<rect x="-278" y="-348" width="556" height="296" rx="14" fill="none" stroke="{tone}" stroke-width="5" stroke-dasharray="3 12" stroke-linecap="round"/>'
    )
    wreath = "".join(
        put(leaf(54, 18, pick(k, "#5b9a45", "#7fb55a")), x, y, turn=360 / 14 * k + 150)
        for k, (x, y) in enumerate(ring(14, 86, 86, x=-140, y=-200))
    )
    lines = (
        block(10, -290, 220, 30, tone, r=15)
        + block(10, -236, 180, 18, tone, r=9, opacity=0.4)
        + block(10, -204, 200, 18, tone, r=9, opacity=0.4)
        + block(10, -140, 120, 44, lin(light(tone, 0.3), tone), r=22)
    )
    envelope = (
        block(-330, -190, 660, 260, lin("#e9cf9f", "#d3ac6d"), r=22)
        + shape("M-330,-170L0,10L330,-170L330,40Q330,70 300,70L-300,70Q-330,70 -330,40Z", lin("#f3dfb8", "#dcb97f"))
        + shape("M-326,62L-40,-40Q0,-60 40,-40L326,62Z", "#fff4d8", 0.5)
    )
    back = shape("M-330,-180L-40,-330Q0,-350 40,-330L330,-180Z", "#c99f62")
    return shadow(600, 740, 440, 56) + put(
        back
        + put(
            card
            + wreath
            + put(form("M0,30C-50,-4 -46,-44 -16,-44Q0,-42 0,-26Q0,-42 16,-44C46,-44 50,-4 0,30Z", "#c8372f"), -140, -196)
            + lines,
            0,
            -60,
            turn=-2 + v,
        )
        + envelope,
        600,
        660,
        s=1.14,
    )


def bouquet(v: int) -> str:
    """A bouquet in paper."""
    tones = (("#e8899a", "#fff3e4", "#c9566f"), ("#f0b84a", "#e8743f", "#fff3d0"), ("#a58ac9", "#f6e6f0", "#7f8fc9"))[v % 3]
    stems = "".join(stroke(f"M0,0L{k * 16},170", pick(k, "#5b9a45", "#7fb55a"), 12) for k in range(-3, 4))
    green = "".join(
        put(sprig(330, pick(k, "#6ba858", "#4f8f4a", "#86b868"), pairs=6, size=70), turn=t)
        for k, t in enumerate((-62, 60, -40, 42, -18, 20, 0))
    )
    heads = ""
    for k, (x, y, r) in enumerate(
        (
            (-150, -190, 62),
            (150, -200, 64),
            (0, -300, 66),
            (-90, -270, 52),
            (95, -290, 54),
            (-70, -150, 60),
            (70, -150, 62),
            (0, -200, 70),
        )
    ):
        tone = pick(k, *tones)
        heads += put(rose(r, tone) if (k + v) % 3 else flower(r * 1.15, tone, petals=9), x, y)
    wrap = shape(
        "M-210,-150L-36,110Q0,130 36,110L210,-150Q120,-90 60,-110Q0,-60 -60,-110Q-120,-90 -210,-150Z",
        lin("#f3dfb8", "#c9a06a", turn=20),
    ) + shape("M-210,-150L-36,110L0,116L-60,-110Q-120,-90 -210,-150Z", "#fff6e0", 0.35)
    return shadow(600, 770, 230, 44) + put(
        stems + green + heads + wrap + put(bow(pick(v, "#c8372f", "#3f7f5a", "#f6e3c4"), 0.8), 0, 84),
        600,
        590,
        s=1.22,
        turn=4 * (v % 3 - 1),
    )


def pot_plant(i: int, v: int) -> str:
    """A flowering plant in a clay pot."""
    tone = pick(v + i, "#e0566f", "#f0a83f", "#a57ac9", "#f6e6ea")
    greens = "".join(
        put(leaf(170, 60, pick(k, "#4f9a4a", "#6bb058", "#3f8a45")), 0, -170, turn=t)
        for k, t in enumerate((-84, 82, -60, 58, -34, 32, -10, 12))
    )
    heads = "".join(
        stroke(f"M0,-180L{x},{y}", "#5b9a45", 8) + put(flower(56, tone, petals=8), x, y)
        for x, y in ((-120, -320), (118, -330), (0, -400), (-52, -300), (60, -290))
    )
    pot = turned("112,-170 104,-140 78,-4", pick(v // 2, "#c9683f", "#7f95a5", "#e3d5bd"))
    return (
        greens
        + heads
        + pot
        + block(-124, -200, 248, 46, across(light(pick(v // 2, "#c9683f", "#7f95a5", "#e3d5bd"), 0.12)), r=12)
    )


def christmas_tree(v: int) -> str:
    """A fir tree, decorated or fresh from the wood with snow."""
    base = fir(600, pick(v, "#2f6b46", "#3f7a50"))
    decor = ""
    if v % 3 != 1:
        for k in range(18):
            y = -110 - 24 * k
            decor += ball(
                wobble(k * 7 + v, (480 + y * 0.1 + y + 60) * 0.34 if y > -460 else 40),
                y,
                17,
                17,
                pick(k, "#d2372f", "#e8b84a", "#f6f0e4"),
            )
        star = poly(
            " ".join(
                f"{x:.0f},{y:.0f}"
                for k in range(10)
                for x, y in [ring(10, 52 if k % 2 == 0 else 22, 52 if k % 2 == 0 else 22, y=-606, start=-90)[k]]
            )
        )
        decor += oval(0, -606, 120, 120, "rad(0.5,0.5,0.5;#fff3b099;#fff3b000)") + shape(star, lin("#fff0a5", "#e8a82f"))
    snow = "".join(
        oval(600 + wobble(k + v, 590), 330 + wobble(k + 77, 330), 6 + wobble(k, 3), 6, "#ffffff", opacity=0.85) for k in range(40)
    )
    small = "" if v % 2 else shadow(920, 745, 140) + put(fir(330, "#3f7f52"), 920, 745)
    presents = put(gift(0, v), 330, 780, s=0.42) + put(gift(1, v), 850, 800, s=0.34)
    return small + shadow(600, 765, 290, 50) + put(base + decor, 590, 765, s=1.12) + presents + snow


def seeds(v: int) -> str:
    """Packets of seed with seedlings in soil."""

    def packet(tone: str, emblem: str) -> str:
        return (
            block(-110, -320, 220, 320, lin(light(tone, 0.3), tone, turn=20), r=12)
            + block(-110, -320, 220, 46, dark(tone, 0.2), r=12)
            + block(-86, -250, 172, 190, "#fffaf0", r=16)
            + put(emblem, 0, -140)
            + block(-60, -40, 120, 14, "#fffaf0", r=7, opacity=0.8)
        )

    tomato_mark = (
        ball(0, 0, 52, 48, "#e53928")
        + put(leaf(34, 11, "#4f9a3a", rib=False), 0, -42, turn=-50)
        + put(leaf(34, 11, "#4f9a3a", rib=False), 0, -42, turn=50)
    )
    marks = (
        tomato_mark,
        flower(64, "#f0b84a", petals=10),
        put(sprig(130, "#5b9a45", pairs=4, size=50), 0, 60),
        flower(60, "#8f9fe0", petals=7),
    )
    packs = "".join(
        put(
            packet(pick(k + v, "#c8503f", "#4f8f5a", "#e0a83f", "#5f7fa8"), marks[(k + v) % 4]),
            400 + 200 * k,
            690,
            s=1.24,
            turn=-9 + 9 * k,
        )
        for k in range(3)
    )
    soil = shape("M160,790Q300,700 600,716T1040,790Q600,850 160,790Z", lin("#7a5236", "#4f3222"))
    sprouts = "".join(
        put(
            stroke("M0,0L0,-46", "#7fb54a", 8)
            + put(leaf(50, 18, "#8fcb5a"), 0, -40, turn=-54)
            + put(leaf(50, 18, "#6fb045"), 0, -40, turn=54),
            290 + 150 * k,
            768 + 12 * (k % 2),
        )
        for k in range(4 + v % 2)
    )
    return shadow(600, 700, 440, 60) + packs + shadow(600, 810, 520, 46) + soil + sprouts


def log(x: float, y: float, r: float, seed: int) -> str:
    """The sawn end of a log with bark."""
    wood = pick(seed, "#e3bd86", "#d9ad72", "#ecca98")
    rings = "".join(
        f'<ellipse cx="{x + 3:g}" cy="{y:g}" rx="{r * s:g}" ry="{r * s * 0.96:g}" fill="none" stroke="{dark(wood, 0.25)}" stroke-width="4" stroke-opacity="0.6"/>'
        for s in (0.66, 0.44, 0.22)
    )
    crack = stroke(f"M{x:g},{y:g}L{x + r * 0.6:g},{y - r * 0.4 + wobble(seed, 20):g}", dark(wood, 0.4), 4, 0.6)
    return (
        oval(x, y, r, r, lin("#8a6040", "#4f3422"))
        + oval(x, y, r * 0.86, r * 0.86, rad(light(wood, 0.4), wood, dark(wood, 0.12)))
        + rings
        + crack
    )


def firewood(v: int) -> str:
    """A stack of firewood, an axe beside it."""
    out, r = "", 78
    for k, n in enumerate((5, 4, 3 + v % 2, 1 + v % 3)):
        out += "".join(
            log(
                600 + (i - (n - 1) / 2) * r * 2.02 + (40 if v % 2 else -40),
                690 - k * r * 1.76,
                r - abs(wobble(i + 4 * k, 6)),
                i + k * 3 + v,
            )
            for i in range(n)
        )
    axe = put(
        block(-13, -380, 26, 380, across("#c9965a"), r=12)
        + shape("M-20,-390L60,-410Q110,-350 70,-290L-20,-320Z", lin("#eef2f5", "#8a96a0", turn=0))
        + shape("M60,-410Q110,-350 70,-290L54,-296Q84,-350 46,-406Z", "#ffffff", 0.7),
        1010,
        770,
        turn=12,
    )
    return shadow(600, 766, 520, 44) + put(out + shadow(1000, 772, 70) + axe, 1200 if v % 2 else 0, 0, flip=v % 2 == 1)


MOTIFS = {
    "gift_box": Motif("Geschenke", stand(gift, width=400, counts="121212", scale=0.98), "rose linen mint sky honey meadow"),
    "gift_basket": Motif("Präsentkorb", gift_basket, "linen mint sky rose honey meadow"),
    "voucher": Motif("Gutschein im Umschlag", voucher, "mint linen rose sky honey slate"),
    "bouquet": Motif("Blumenstrauß", bouquet, "sky linen mint honey rose meadow"),
    "pot_plant": Motif(
        "Blühende Topfpflanze", stand(pot_plant, width=240, counts="121212", scale=1.0), "linen sky mint wood rose honey"
    ),
    "christmas_tree": Motif("Weihnachtsbaum", christmas_tree, "slate rose sky linen mint wood"),
    "seeds": Motif("Saatgut mit Keimlingen", seeds, "meadow linen sky mint honey wood"),
    "firewood": Motif("Kaminholz", firewood, "meadow linen sky slate mint honey"),
}
