"""Bread, cake and what they are baked from."""

from marketplace.demo.pictures.arrangement import Motif, contained, cycle, heap, stand
from marketplace.demo.pictures.brush import (
    ball,
    blob,
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
    stroke,
    wobble,
)
from marketplace.demo.pictures.foliage import leaf
from marketplace.demo.pictures.vessels import bag, basket, board, bowl, plate


def ear(length: float = 260, colour: str = "#e2b04a") -> str:
    """An ear of corn on its stalk."""
    out = stroke(f"M0,0Q10,{-length * 0.5:g} 0,{-length:g}", dark(colour, 0.1), 7)
    for k in range(6):
        y = -length * 0.52 - k * length * 0.085
        for side in (-1, 1):
            out += put(
                leaf(length * 0.17, length * 0.05, colour, rib=False)
                + stroke(f"M0,{-length * 0.16:g}l0,{-length * 0.12:g}", colour, 2.5),
                side * 5,
                y,
                turn=side * 32,
            )
    return out + put(leaf(length * 0.18, length * 0.05, light(colour, 0.2), rib=False), 0, -length)


def loaf(crust: str, v: int, *, dusted: bool) -> str:
    """A long loaf with cuts in its crust."""
    d = blob("-300,-60 -280,-170 -180,-236 0,-256 180,-236 280,-170 300,-60 250,-6 0,6 -250,-6")
    cuts = ""
    for k in range(4):
        x = -190 + 124 * k
        cut = blob(f"{x - 34},-70 {x - 14},-130 {x + 34},-196 {x + 54},-204 {x + 34},-130 {x - 6},-70")
        cuts += shape(cut, lin(mix(crust, "#ffe2ae", 0.72), mix(crust, "#ffe2ae", 0.35))) + stroke(
            f"M{x - 34},-70Q{x - 10},-140 {x + 54},-204", dark(crust, 0.4), 5, 0.6
        )
    flour = "".join(
        oval(wobble(k, 250), -180 + wobble(k + 40, 56), 9 + wobble(k, 5), 5, "#fff6e2", opacity=0.42)
        for k in range(34 if dusted else 8)
    )
    return form(d, crust, deep=0.5) + cuts + flour + shine(-150, -214, 70, 14, turn=-14, opacity=0.4)


def slice_of(crust: str, crumb: str) -> str:
    """A slice of bread standing."""
    d = "M-120,0C-130,-60 -136,-90 -128,-120C-150,-170 -90,-206 0,-206S150,-170 128,-120C136,-90 130,-60 120,0Q0,10 -120,0Z"
    pores = "".join(
        oval(wobble(k * 7, 92), -96 + wobble(k + 33, 78), 5 + wobble(k, 3), 4, dark(crumb, 0.22), opacity=0.7) for k in range(26)
    )
    return (
        put(shape(d, dark(crust, 0.3)), 16, -4)
        + shape(d, crust)
        + put(shape(d, lin(light(crumb, 0.3), crumb)), 0, -7, s=0.92)
        + pores
    )


def rye_bread(v: int) -> str:
    """A dark loaf with slices."""
    crust = pick(v, "#8a5229", "#7a4524")
    slices = "".join(
        put(slice_of(crust, "#b98a5c"), 180 + 74 * k, -4 + 20 * k, s=1.02 - 0.05 * k, turn=5 + 4 * k) for k in range(1 + v % 3)
    )
    art = board(360) + put(loaf(crust, v, dusted=True), -110, -4, s=0.95) + slices
    return put(art, 590, 690, s=1.24, flip=v % 2 == 1)


def wheat_bread(v: int) -> str:
    """A round light loaf with ears of wheat."""
    crust = pick(v, "#dd9a48", "#d08a3a", "#e6ab5c")
    d = blob("-270,-70 -250,-190 -140,-276 0,-296 140,-276 250,-190 270,-70 200,-4 0,8 -200,-4")
    cross = "".join(
        shape(blob(path), lin("#fff0cc", "#f3cd8e"))
        for path in ("-150,-150 -40,-190 120,-214 170,-206 60,-170 -70,-140", "-40,-250 0,-200 60,-120 84,-70 40,-110 -20,-190")
    )
    ears = "".join(put(ear(330), 250 + 26 * k, 46, turn=44 + 14 * k) for k in range(3))
    art = board(350) + put(form(d, crust, deep=0.45) + cross + shine(-150, -220, 50, 22), -60, 0) + ears
    return put(art, 580, 690, s=1.24, flip=v % 2 == 1)


def roll(i: int, v: int) -> str:
    """A bread roll, plain, with poppy or with sesame."""
    crust = pick(v // 2 + i, "#e0a14e", "#d08c3c", "#b9763a")
    d = blob("-130,-50 -110,-120 -50,-156 0,-162 50,-156 110,-120 130,-50 96,-6 0,4 -96,-6")
    cut = shape(blob("-84,-96 -20,-126 60,-128 96,-104 40,-92 -40,-80"), lin("#fff1d0", "#f3d09a"))
    dots = "".join(
        oval(wobble(k + i * 5, 86), -106 + wobble(k + 44, 36), 4.6, 3.2, "#2f2a33" if i % 3 == 1 else "#fff3d4")
        for k in range(22)
    )
    return form(d, crust, deep=0.45) + (cut if i % 3 == 0 else dots) + shine(-60, -130, 28, 10)


def cake(v: int) -> str:
    """A cream cake with fruit on a plate, one piece missing."""
    tone, fruit = pick(v, "#e9a07f", "#8a5638", "#f3c86a"), pick(v, "#e0284a", "#d81e5b", "#3f4f96")
    side = shape(
        "M-250,-200L-250,-50A250,72 0 0 0 250,-50L250,-200Z",
        lin(dark(tone, 0.15), f"{light(tone, 0.4)}@0.3", tone, dark(tone, 0.3), turn=0),
    )
    bands = "".join(stroke(f"M-248,{y}A250,72 0 0 0 248,{y}", "#fff6e4", 24) for y in (-66, -124))
    top = oval(0, -200, 250, 72, lin("#fffdf6", "#fbe8cd"))
    cut = shape("M0,-206L70,-131L70,20L0,-56Z", "#f6d9a6") + shape("M0,-206L206,-160L206,-8L0,-56Z", lin("#fbe3b5", "#efc98c"))
    layers = stroke("M4,-104L68,-26M4,-156L68,-80", "#fff9ee", 15) + stroke("M6,-104L202,-58M6,-156L202,-108", "#fff9ee", 15)
    tuffs = ""
    for x, y in ring(12, 196, 52, y=-212):
        if not (x > 20 and y > -206):
            tuffs += ball(x, y - 8, 30, 24, "#fffaf0", deep=0.15) + ball(x, y - 34, 17, 17, fruit)
    return put(
        plate(360) + put(shadow(0, 10, 280, 50) + side + bands + top + cut + layers + tuffs, 0, 20),
        600,
        680,
        s=1.22,
        flip=v % 2 == 1,
    )


def cookie(i: int, v: int) -> str:
    """A biscuit: round with chocolate, or a star with icing."""
    dough = pick(v // 2 + i, "#dca35c", "#c98a48", "#e8bb78")
    if i % 3 == 2:
        star = [
            (x * (1 if k % 2 else 0.62), (y + 60) * (1 if k % 2 else 0.62) - 60)
            for k, (x, y) in enumerate(ring(10, 118, 80, y=-60, start=18))
        ]
        return (
            put(shape(blob(star), dark(dough, 0.35)), 0, 16)
            + form(blob(star), dough)
            + put(shape(blob(star), "#fffaf0"), 0, -14, s=0.72)
        )
    chips = "".join(oval(wobble(k * 5 + i, 74), -60 + wobble(k + 21 + i, 42), 13, 9, lin("#7a4a30", "#452417")) for k in range(8))
    return (
        oval(0, -44, 112, 74, dark(dough, 0.42)) + form(blob(ring(11, 114, 74, y=-60)), dough) + chips + shine(-50, -96, 26, 10)
    )


def flour(v: int) -> str:
    """A bag of flour with ears of corn and a scoop."""
    sack = bag(
        "#e9d6b4",
        w=170,
        h=400,
        paper="#fffaf0",
        emblem=put(ear(150), -26, 66, turn=-14) + put(ear(150), 26, 66, turn=14),
        tie=pick(v, "#b8472f", "#3f7f5a", "#3f6fa5"),
    )
    heap_d = form(blob("-150,0 -110,-46 -50,-84 0,-100 60,-80 120,-40 160,0 0,14"), "#fdf7ea", deep=0.14)
    ears = "".join(put(ear(380), 250 + 20 * k, 20, turn=10 + 14 * k) for k in range(2 + v % 2))
    return shadow(600, 760, 360, 60) + put(sack + ears + put(heap_d, -210, 24), 580, 745, s=1.36, flip=v % 2 == 1)


def croissant(i: int, v: int) -> str:
    """A crescent of puff pastry, or a cinnamon bun."""
    crust = pick(v // 3, "#dc9440", "#c97f33")
    if (i + v) % 3 == 2:
        bun = oval(0, -50, 150, 70, dark(crust, 0.4)) + form(blob(ring(10, 152, 92, y=-84)), crust, deep=0.42)
        spiral = stroke(
            "M0,-84c18,-12 40,6 14,22s-74,6 -66,-26s84,-48 124,-14s16,66 -44,76s-146,-18 -146,-58", "#7a431c", 13, 0.8
        )
        return bun + spiral + stroke("M-80,-120q40,30 70,-10t80,14", "#fffaf0", 13, 0.9)
    out = ""
    for x, y, w, h, turn in (
        (-190, -26, 44, 34, -40),
        (190, -26, 44, 34, 40),
        (-146, -66, 62, 58, -30),
        (146, -66, 62, 58, 30),
        (-80, -104, 66, 78, -14),
        (80, -104, 66, 78, 14),
        (0, -116, 66, 86, 0),
    ):
        out += put(
            form(blob(ring(8, w, h)), crust, deep=0.5)
            + stroke(f"M{-w * 0.5:g},{-h * 0.7:g}Q{-w * 0.1:g},0 {-w * 0.4:g},{h * 0.7:g}", light(crust, 0.5), 7, 0.6),
            x,
            y,
            turn=turn,
        )
    return out


def oats(v: int) -> str:
    """A bowl of rolled oats with ears beside it."""
    flakes = "".join(
        oval(
            wobble(k * 3 + v, 190),
            -20 + abs(wobble(k + 50, 1)) * -90 * (1 - abs(wobble(k * 3 + v, 1)) ** 2),
            24,
            15,
            lin("#fbeecb", pick(k, "#e3c48c", "#d9b678", "#efd6a2")),
            turn=wobble(k + 9, 70),
        )
        for k in range(90)
    )
    hill = form(blob("-196,20 -150,-50 -70,-96 0,-108 80,-94 150,-50 196,20"), "#e3c48c")
    spilt = "".join(
        shadow(x, y + 6, 26, 7) + oval(x, y, 22, 13, lin("#fbeecb", "#ddb97a"), turn=wobble(x, 50))
        for x, y in ((250, 790), (320, 820), (870, 810), (940, 780), (210, 740))
    )
    ears = "".join(put(ear(420, "#d9b25a"), 850 + 34 * k, 770, turn=8 + 14 * k) for k in range(3))
    return (
        ears
        + shadow(580, 755, 360, 66)
        + put(bowl(pick(v, "#b8654a", "#5f86a6", "#7f9f6a"), "#efe4cf", content=hill + flakes, w=230, h=160), 570, 745, s=1.45)
        + spilt
    )


def _basket(content: str) -> str:
    cloth = shape(blob("-210,30 -190,-40 -60,-20 60,-30 190,-44 210,30"), "#fffaf2")
    return basket(content=content + cloth, handle=False, h=140)


def _tin(content: str) -> str:
    return bowl("#c8503f", "#8f2f28", content=content, w=230, h=130)


MOTIFS = {
    "rye_bread": Motif("Roggenbrot", rye_bread, "linen honey sky rose slate meadow"),
    "wheat_bread": Motif("Weizenbrot mit Ähren", wheat_bread, "sky linen meadow rose slate mint"),
    "rolls": Motif(
        "Brötchen",
        cycle(heap(roll, width=250, rows="23", scale=1.35), contained(_basket, roll, size=0.5, step=108, scale=1.6)),
        "linen sky wood rose meadow slate",
    ),
    "cake": Motif("Torte", cake, "rose mint linen sky honey meadow"),
    "cookies": Motif(
        "Kekse",
        cycle(
            heap(cookie, width=236, rows="233", scale=1.35, lean=8),
            contained(_tin, cookie, size=0.55, step=108, foot=4, scale=1.6),
        ),
        "mint linen rose sky wood honey",
    ),
    "flour_bag": Motif("Mehl in der Tüte", flour, "honey sky linen wood meadow rose"),
    "pastry": Motif("Feingebäck", stand(croissant, width=390, counts="322322", scale=1.2), "rose linen sky mint wood honey"),
    "oats": Motif("Haferflocken", oats, "sky linen meadow honey rose wood"),
}
