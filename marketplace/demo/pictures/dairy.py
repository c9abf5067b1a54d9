"""Milk, cheese, butter and eggs."""

from marketplace.demo.pictures.arrangement import Motif, contained, cycle, stand
from marketplace.demo.pictures.brush import (
    across,
    blob,
    block,
    curve,
    dark,
    form,
    light,
    lin,
    oval,
    pick,
    poly,
    put,
    ring,
    shadow,
    shape,
    shine,
    stroke,
    turned,  # fmt: skip
    wobble,
)
from marketplace.demo.pictures.foliage import flower, leaf, sprig
from marketplace.demo.pictures.vessels import basket, board, bowl, jar, label


def cow_mark(s: float = 1) -> str:
    """A little cow's head for labels."""
    ears = put(oval(0, 0, 24, 12, "#5a4034"), -46, -18, turn=20) + put(oval(0, 0, 24, 12, "#5a4034"), 46, -18, turn=-20)
    head = shape(blob("-34,-34 0,-42 34,-34 30,10 24,34 -24,34 -30,10"), "#fffdf6") + shape(
        blob("4,-40 34,-34 30,4 10,-4"), "#5a4034"
    )
    return put(
        ears
        + head
        + oval(0, 26, 30, 19, "#f0a9a0")
        + oval(-11, 26, 4, 6, "#8a4a44")
        + oval(11, 26, 4, 6, "#8a4a44")
        + oval(-15, -8, 5, 6, "#3a2a24")
        + oval(15, -8, 5, 6, "#fff"),
        s=s,
    )


def milk(i: int, v: int) -> str:
    """A bottle of milk."""
    art = label(117, -196, -50, pick(v, "#7fb3d9", "#8fbf6a", "#f0b45a"), cow_mark(1.05))
    glass = turned("46,-400 46,-350 60,-310 118,-230 120,-60 120,-20 106,-4", "#e4eef2")
    inner = turned("46,-330 58,-300 112,-222 113,-60 113,-24 100,-8", "#fdfaf2")
    cap = block(-54, -428, 108, 40, across(pick(v, "#3f7fb5", "#4f8f45", "#d2592f")), r=12)
    return glass + inner + art + shine(-66, -240, 16, 40, turn=24, opacity=0.9) + cap


def tumbler(v: int) -> str:
    """A glass of milk."""
    return (
        turned("74,-190 66,-60 60,-4", "#e9f1f4", rim="#f4f9fb")
        + turned("68,-150 63,-60 57,-10", "#fffaf0", rim="#ffffff")
        + block(-50, -150, 12, 120, "#ffffff", r=6, opacity=0.7)
    )


def milk_bottle(v: int) -> str:
    """Bottles of milk with a glass beside them."""
    x = 840 if v % 2 else 360
    return stand(milk, width=240, counts="121212", scale=1.16)(v) + (
        shadow(x, 790, 110) + put(tumbler(v), x, 785, s=1.15) if "121212"[v] == "1" else ""
    )


def yoghurt(i: int, v: int) -> str:
    """A glass of yoghurt with fruit on its label."""
    tone = pick(v + i, "#e2557a", "#5b6fc0", "#e8913a")
    fruit = "".join(oval(x, y, 20, 20, lin(light(tone, 0.4), tone)) for x, y in ((-20, 6), (20, 8), (0, -20))) + put(
        leaf(40, 13, "#6fae3c"), 4, -34, turn=40
    )
    return jar("#fdf6ea", lid=tone, w=128, h=260, emblem=fruit, paper=light(tone, 0.82))


def butter(v: int) -> str:
    """A block of butter on a board, some slices cut off."""
    brick = "#ffd766"
    front = block(-250, -150, 380, 150, lin(light(brick, 0.4), brick), r=14)
    top = shape(poly("-244,-148 -150,-226 226,-226 130,-148"), lin("#fff6cf", "#ffe694"))
    side = shape(poly("130,-148 226,-226 226,-76 130,0"), lin("#f4c04a", "#d9982e"))
    curls = "".join(
        put(
            block(-20, -150, 34, 150, lin(light(brick, 0.5), dark(brick, 0.12)), r=8)
            + shape(poly("14,-146 96,-216 96,-70 14,-4"), lin("#f9cf5c", "#e2a83c")),
            196 + 74 * k,
            8 + 6 * k,
            turn=8 + 9 * k,
        )
        for k in range(1 + v % 2)
    )
    wrap = shape(poly("-262,-158 -60,-158 -80,10 -266,10"), lin("#fdfaf4", "#e2dccd", turn=20)) + shape(
        poly("-262,-158 -164,-238 24,-238 -60,-158"), lin("#ffffff", "#efe9da")
    )
    mark = put(flower(34, "#7fb8dd", petals=6), -168, -76)
    tone = stroke("M-262,-128L-64,-128M-264,-22L-76,-22", pick(v, "#4f8f5a", "#3f7fb5", "#c8553a"), 12, 0.8)
    art = board(330) + put(shadow(0, 0, 330, 40) + side + top + front + curls + wrap + mark + tone, -20, 6)
    knife = shape("M0,0L250,-24Q290,-10 262,6L0,22Z", lin("#f4f6f8", "#aab4bd")) + block(
        -150, -4, 160, 30, across("#7a4a2c"), r=14
    )
    return put(art, 590, 640, s=1.28, flip=v % 2 == 1) + put(shadow(60, 30, 210, 20) + knife, 560, 800, turn=-4)


def wheel(i: int, v: int) -> str:
    """A whole cheese with a wedge cut out."""
    rind = pick(v // 2, "#e0a03c", "#c9752f", "#8f6a44")
    paste = "#ffe08a"
    body = shape("M-250,-190L-250,-50A250,84 0 0 0 250,-50L250,-190Z", across(rind)) + oval(
        0, -190, 250, 84, lin(light(rind, 0.5), light(rind, 0.15))
    )
    cut = shape("M0,-196L60,-108L60,34L0,-56Z", lin(paste, dark(paste, 0.16))) + shape(
        "M0,-196L196,-138L196,2L0,-56Z", lin(light(paste, 0.35), paste, turn=20)
    )
    floor = shape("M60,-108A250,84 0 0 0 196,-138L196,2A250,84 0 0 1 60,34L0,-56Z", lin("#c58a44", "#a86e34"), 0.0)
    holes = "".join(
        oval(x, y, r, r * 0.8, lin("#d9a544", "#f3c860"))
        for x, y, r in ((60, -130, 12), (110, -88, 16), (150, -50, 10), (34, -90, 9), (160, -110, 8))
    )
    gap = shape("M0,-56L60,34A250,84 0 0 0 196,2Z", "#7d5330", 0.55)
    lid = shape("M0,-196L60,-108A250,84 0 0 0 196,-138Z", "none")
    ring_mark = f'<ellipse cx="0" cy="-192" rx="190" ry="60" fill="none" stroke="{light(rind, 0.65)}" stroke-width="6" stroke-opacity="0.5"/>'
    hide = shape("M0,-196L60,-108A250,84 0 0 0 196,-138Z", light(paste, 0.2))
    return body + ring_mark + hide + gap + cut + holes + floor + lid


def wedge(i: int, v: int) -> str:
    """A wedge of cheese with holes."""
    paste = pick(v // 2 + i, "#ffd84d", "#f9c33f", "#ffe27a")
    front = shape("M-240,-10L-240,-170L230,-120L230,20Q0,24 -240,-10Z", lin(light(paste, 0.3), paste, turn=50))
    top = shape("M-240,-170Q-120,-300 90,-290L230,-120Z", lin(light(paste, 0.65), light(paste, 0.2)))
    back = shape("M90,-290Q220,-240 230,-120L230,20Q250,-120 244,-150Q220,-260 90,-290Z", dark(paste, 0.3))
    holes = (
        (-160, -100, 30),
        (-60, -60, 20),
        (20, -106, 26),
        (110, -40, 30),
        (180, -84, 14),
        (-190, -44, 14),
        (-90, -130, 12),
        (40, -24, 12),
    )
    pits = "".join(oval(x, y, r, r * 0.9, lin(dark(paste, 0.34), dark(paste, 0.08))) for x, y, r in holes)
    pores = "".join(oval(x, y, rx, 8, dark(paste, 0.2)) for x, y, rx in ((-60, -210, 22), (60, -240, 16), (90, -176, 20)))
    return back + top + front + pits + pores


def on_board(art: str, v: int, *, s: float = 1.3, y: float = 690) -> str:
    """Art on a wooden board, mirrored in every other variant."""
    return put(board(330) + art, 590, y, s=s, flip=v % 2 == 1)


def cheese_wheel(v: int) -> str:
    """A wheel of cheese on a board."""
    return on_board(put(wheel(0, v), -10, -30, s=1.06), v)


def goat_cheese(v: int) -> str:
    """Rolls and rounds of white goat's cheese with herbs."""
    roll = (
        block(-180, -120, 330, 120, lin("#ffffff", "#fbf6ea@0.5", "#d9ccb6"), r=58)
        + oval(120, -60, 46, 60, lin("#fffdf6", "#efe4cf"))
        + oval(120, -60, 36, 48, "#fffaf0")
    )
    flecks = "".join(
        oval(-150 + 24 * k, -62 + wobble(k + v, 40), 6, 3.4, pick(k, "#5f9a3f", "#3f6f38", "#8a5a8a"), turn=40 * k)
        for k in range(11)
    )
    rounds = "".join(
        turned("80,-76 84,-60 84,-14 80,0", pick(k + v, "#fbf6ec", "#d9d6d2"), tip=0.28, rim="#fffdf8") for k in (0,)
    )
    coin = put(rounds, 210, 0) + put(rounds, 250, -70, s=0.86)
    herb = put(sprig(230, "#5b9a45", pairs=6, size=54), -210, 20, turn=70)
    return on_board(
        put(roll + flecks, -80, -20) + coin + herb + (put(flower(28, "#b79be0", petals=6), -250, 10) if v % 3 else ""), v, s=1.28
    )


def curd(i: int, v: int, colour: str = "#6f93a8") -> str:
    """A bowl heaped with quark."""
    heap_d = blob("-190,20 -170,-60 -110,-96 -70,-150 -10,-170 20,-210 40,-166 90,-140 130,-86 180,-50 196,20")
    content = (
        form(heap_d, "#fdf9ef", deep=0.16)
        + stroke(curve("-120,-40 -60,-90 10,-96 70,-70"), "#e2d7c0", 8, 0.8)
        + stroke(curve("-20,-130 20,-146 60,-120"), "#e2d7c0", 7, 0.8)
    )
    herb = (
        "".join(stroke(f"M{wobble(k + v, 110):.0f},{-60 + wobble(k + 20, 50):.0f}l{10 - k},-12", "#5f9f3f", 6) for k in range(12))
        if v % 2
        else put(leaf(80, 28, "#5fa83f"), 26, -176, turn=50)
    )
    return bowl(colour, "#dfe8ea", content=content + herb, w=220, h=150)


def quark(v: int) -> str:
    """A bowl of quark with a spoon."""
    spoon = block(-14, -330, 28, 250, across("#b98a56"), r=12) + oval(0, -50, 52, 70, lin("#d9ae78", "#a9773f"))
    return (
        shadow(600, 745, 340, 70)
        + put(curd(0, v, pick(v, "#6f93a8", "#b8654a", "#7f9f6a")), 570, 735, s=1.5)
        + shadow(960, 790, 70, 20)
        + put(spoon, 960, 780, s=0.95, turn=24)
    )


def cream(i: int, v: int) -> str:
    """A pot of cream with a swirl on top."""
    swirl = "".join(
        oval(x, y, rx, ry, lin("#fffefa", "#ecdfc6"))
        for x, y, rx, ry in ((0, -226, 116, 40), (-6, -262, 90, 34), (6, -294, 62, 28), (0, -322, 34, 22))
    ) + shape("M-26,-330Q-6,-380 22,-376Q2,-352 26,-330Z", "#fffaf0")
    cup = turned("130,-214 120,-120 100,-4", pick(v, "#9cc7e0", "#f2b8a0", "#b8d39a"), rim="#fffaf0")
    return cup + swirl + put(cow_mark(0.95), 0, -96)


def egg(i: int, v: int) -> str:
    """An egg standing."""
    shell = pick(i + v, "#e3a56e", "#d68f58", "#f1d3b0", "#c97f4c")
    d = "M0,-216C-70,-216 -104,-120 -104,-78C-104,-24 -56,2 0,2S104,-24 104,-78C104,-120 70,-216 0,-216Z"
    flecks = "".join(
        oval(wobble(k * 3 + i, 70), -84 + wobble(k + 60 + i, 70), 3.4, 3, dark(shell, 0.4), opacity=0.4) for k in range(10)
    )
    return form(d, shell) + flecks + shine(-36, -146, 22, 36, turn=20)


def nest(content: str) -> str:
    """A basket bedded with straw."""
    straw = "".join(
        stroke(f"M{-200 + 26 * k},0l{wobble(k, 60):.0f},{-46 - 20 * (k % 3)}", pick(k, "#e8c66a", "#d3a94c", "#f3dc94"), 7)
        for k in range(16)
    )
    return basket(content=straw + content, handle=False, h=150)


def egg_box(v: int) -> str:
    """An open box of eggs."""
    pulp = pick(v, "#b7a998", "#9fb08f", "#b59bb0")
    lid = shape(
        "M-330,-190L-290,-400Q-280,-424 -250,-424L250,-424Q280,-424 290,-400L330,-190Z", lin(dark(pulp, 0.12), dark(pulp, 0.3))
    )
    lid += "".join(form(blob(ring(9, 74, 60, x=x, y=-310)), dark(pulp, 0.1)) for x in (-190, 0, 190))
    n = 2 + (v % 3 != 1)
    back = "".join(put(egg(i, v), x, -130, s=0.72) for i, x in enumerate((-200, 0, 200)))
    front = "".join(put(egg(i + 4, v), x, -74, s=0.8) for i, x in enumerate((-215, 0, 215)[:n]))
    tray = shape(
        "M-350,-190L-320,-10Q-316,10 -290,10L290,10Q316,10 320,-10L350,-190Q290,-130 215,-110Q160,-190 108,-130Q60,-100 0,-110Q-60,-100 -108,-130Q-160,-190 -215,-110Q-290,-130 -350,-190Z",
        lin(light(pulp, 0.35), pulp, dark(pulp, 0.3)),
    )
    dents = "".join(stroke(f"M{x},-20L{x},-100", dark(pulp, 0.3), 9, 0.35) for x in (-108, 108))
    return shadow(600, 760, 480, 70) + put(
        lid + block(-346, -200, 692, 90, dark(pulp, 0.5), r=20) + back + front + tray + dents, 600, 750, s=1.25, flip=v % 2 == 1
    )


MOTIFS = {
    "milk_bottle": Motif("Milch in der Glasflasche", milk_bottle, "sky meadow linen wood honey mint"),
    "yoghurt_jar": Motif(
        "Joghurt im Glas", stand(yoghurt, width=260, counts="323232", scale=1.15), "mint sky linen rose meadow honey"
    ),
    "butter": Motif("Butter auf einem Brett", butter, "sky linen meadow mint rose slate"),
    "cheese_wheel": Motif("Käselaib", cheese_wheel, "meadow linen sky slate mint honey"),
    "cheese_wedge": Motif("Käsestücke", stand(wedge, width=480, counts="212121", scale=1.05), "linen sky wood meadow mint slate"),
    "goat_cheese": Motif("Ziegenkäse mit Kräutern", goat_cheese, "meadow sky slate rose mint honey"),
    "quark": Motif("Quark in einer Schale", quark, "honey linen rose meadow sky mint"),
    "cream": Motif("Sahne im Becher", stand(cream, width=250, counts="212121", scale=1.12), "rose honey meadow linen sky mint"),
    "eggs": Motif(
        "Eier",
        cycle(stand(egg, width=210, counts="345345", scale=1.5), contained(nest, egg, size=0.46, step=96, foot=4, scale=1.6)),
        "linen meadow wood sky honey mint",
    ),
    "egg_box": Motif("Eierkarton mit Eiern", egg_box, "honey linen sky meadow wood rose"),
}
