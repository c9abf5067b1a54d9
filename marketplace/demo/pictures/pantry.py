"""The larder: honey, jam, pickles, oil, mustard, soup, tea, coffee, chocolate."""

from marketplace.demo.pictures.arrangement import Motif, stand
from marketplace.demo.pictures.brush import (
    across,
    blob,
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
    shine,  # fmt: skip
    stroke,
    turned,
    wobble,
)
from marketplace.demo.pictures.foliage import flower, leaf, sprig
from marketplace.demo.pictures.vessels import bag, bottle, jar, label


def bee(s: float = 1) -> str:
    """A little bee."""
    wings = oval(-6, -30, 17, 30, "#ffffff", opacity=0.85, turn=-24) + oval(20, -30, 15, 26, "#e6f0f6", opacity=0.85, turn=20)
    body = (
        oval(0, 0, 42, 27, lin("#ffd75a", "#eda51f"))
        + "".join(block(x, -25, 10, 50, "#4a2f1c", r=5) for x in (-16, 4, 23))
        + oval(-38, -4, 17, 16, "#4a2f1c")
        + oval(-43, -8, 4, 4, "#fff")
    )
    return put(wings + body, s=s)


def honey(i: int, v: int) -> str:
    """A jar of honey with a bee on its label."""
    tone = pick(v // 2 + i, "#eba21f", "#f3c35a", "#c9781c")
    cloth = shape(
        blob("-122,-228 -136,-250 -110,-292 0,-310 110,-292 136,-250 122,-228 60,-240 0,-226 -60,-240"), lin("#fff6df", "#ecd6a6")
    )
    dots = "".join(
        oval(x, y, 8, 6, tone, opacity=0.7)
        for x, y in ((-84, -266), (-36, -284), (14, -262), (62, -282), (96, -258), (-54, -250))
    )
    string = stroke("M-112,-238Q0,-216 112,-238", "#9c6a34", 9)
    return jar(tone, lid="#d9a441", w=132, h=240, emblem=bee(1.05)) + cloth + dots + string


def dipper(v: int) -> str:
    """A honey dipper over a little pool of honey."""
    pool = oval(0, 0, 150, 34, lin("#ffd76a", "#dd8f14")) + oval(-40, -8, 60, 9, "#fff3c4", opacity=0.6)
    stick = block(-10, -340, 20, 260, across("#b07a42"), r=9)
    head = "".join(oval(0, -20 - 17 * k, 52 - 5 * abs(k - 2), 13, lin("#d9a263", "#8f5c2c")) for k in range(6))
    return pool + put(stick + head, 10, -4, turn=28 if v % 2 else -28)


def honey_jar(v: int) -> str:
    """Honey jars with a dipper and bees in the air."""
    x = 300 if v < 3 else 900
    bees = "".join(
        put(bee(0.9), (210, 400, 960)[k], 170 + 90 * ((k + v) % 2), turn=wobble(k + v, 24), flip=k % 2 == 1) for k in range(3)
    )
    return bees + stand(honey, width=270, counts="121212", scale=1.2)(v) + shadow(x, 800, 150) + put(dipper(v), x, 796)


def berries_mark(tone: str) -> str:
    """Berries with a leaf for labels."""
    dots = ((-24, 4), (24, 6), (0, -20), (-2, 26))
    return put(leaf(48, 16, "#6fae3c"), 0, -30, turn=30) + "".join(
        oval(x, y, 22, 22, rad(light(tone, 0.6), tone, dark(tone, 0.3))) for x, y in dots
    )


def jam(i: int, v: int) -> str:
    """A jar of jam under a checked cloth."""
    tone = pick(v + i, "#c21f3f", "#e07a1f", "#5a2a6e", "#d94a6a")
    cloth = shape(
        blob("-120,-232 -140,-252 -112,-290 0,-306 112,-290 140,-252 120,-232 62,-242 0,-230 -62,-242"), lin("#ffffff", "#f0e4dc")
    )
    checks = "".join(stroke(f"M{x},-298L{x * 1.16:g},-236", tone, 14, 0.4) for x in (-84, -42, 0, 42, 84)) + stroke(
        "M-128,-262Q0,-244 128,-262M-112,-284Q0,-270 112,-284", tone, 11, 0.4
    )
    return (
        jar(tone, lid=dark(tone, 0.1), w=130, h=240, emblem=berries_mark(tone))
        + cloth
        + checks
        + stroke("M-110,-240Q0,-222 110,-240", "#f6efe2", 10)
    )


def pickles(i: int, v: int) -> str:
    """A jar of gherkins with dill."""
    gherkins = "".join(
        put(
            form(blob("-26,0 -30,-80 -22,-150 0,-164 22,-150 30,-80 26,0 0,12"), pick(k, "#5f9a35", "#7aad42", "#4c8430")),
            x,
            -26 - 8 * (k % 2),
            turn=wobble(k + v, 7),
        )
        for k, x in enumerate((-86, -30, 28, 84))
    )
    extras = "".join(
        oval(wobble(k, 90), -120 + wobble(k + 9, 80), 7, 7, pick(k, "#e8c23a", "#d8472f")) for k in range(9)
    ) + "".join(put(sprig(130, "#8fbf4a", pairs=6, size=24), x, -40, turn=x * 0.2) for x in (-56, 56))
    art = gherkins + extras + block(-120, -240, 240, 236, "#e4f0b0", r=26, opacity=0.25)
    return jar("#cfe08f", lid=pick(v + i, "#3f7f4a", "#c9472f", "#d9a441"), w=136, h=290, art=art, paper="") + put(
        label(134, -96, -36, "#fff8ea"), 0, 0
    )


def drop_mark(tone: str) -> str:
    """A drop for labels."""
    return shape("M0,-44C26,-10 34,6 34,18A34,32 0 0 1 -34,18C-34,6 -26,-10 0,-44Z", lin(light(tone, 0.4), tone)) + shine(
        -10, 14, 8, 14, turn=0
    )


def oil(i: int, v: int) -> str:
    """A bottle of golden oil."""
    tone = pick(v + i, "#e9b622", "#b9b02c", "#d98f1f")
    return bottle(
        "30,-440 30,-360 36,-320 92,-240 96,-200 96,-30 84,-4",
        tone,
        cap=pick(v, "#3d3a34", "#c8a050"),
        neck=30,
        art=label(95, -190, -60, "#fff8e2", drop_mark(tone)),
    )


def rape(v: int) -> str:
    """A spray of rape blossom."""
    out = "".join(
        put(
            stroke("M0,0Q10,-150 0,-300", "#7da544", 8)
            + "".join(
                put(flower(26, "#f9d423", petals=4, heart="#c9b020"), wobble(k * 3 + j, 52), -290 + wobble(k + j * 7, 60))
                for j in range(9)
            )
            + put(leaf(90, 24, "#86b04c"), 2, -110, turn=50),
            turn=t,
        )
        for k, t in enumerate((-16, 14))
    )
    return out


def oil_bottle(v: int) -> str:
    """Bottles of oil with rape blossom."""
    return put(rape(v), 930 if v < 3 else 270, 770, s=1.2) + stand(oil, width=190, counts="121212", scale=1.14)(v)


def mustard(i: int, v: int) -> str:
    """A stoneware-like jar of mustard."""
    tone = pick(v + i, "#d9a21f", "#c98f2a", "#e2b53c")
    seeds = "".join(
        oval(x, y, 9, 9, lin(light(tone, 0.5), dark(tone, 0.3))) for x, y in [*ring(7, 36, 30), (0.0, 0.0), (14.0, -8.0)]
    )
    return jar(tone, lid=pick(v, "#5a3a2a", "#3f5f4a", "#7a2f2a"), w=120, h=200, emblem=seeds)


def soup(i: int, v: int) -> str:
    """A tall jar of soup with vegetables in it."""
    tone = pick(v + i, "#e0782c", "#c8452f", "#8fae4a")
    bits = "".join(
        oval(
            wobble(k + i * 7, 96),
            -130 + wobble(k + 31, 110),
            17,
            13,
            pick(k, "#f6b04a", "#8fbf4a", "#f3e3b0", "#d8472f"),
            turn=wobble(k, 60),
        )
        for k in range(22)
    )
    mark = put(
        block(-44, -14, 88, 50, lin("#b8654a", "#8a4230"), r=24)
        + oval(0, -12, 44, 12, light(tone, 0.3))
        + stroke("M-16,-32q-10,-14 0,-26M14,-32q-10,-14 0,-26", "#b9aa98", 6),
        0,
        6,
    )
    return jar(tone, lid=pick(v, "#d8b25a", "#5f6f7a"), w=128, h=300, art=bits, emblem=mark)


def tea(i: int, v: int) -> str:
    """A tea tin."""
    tone = pick(v + i, "#3f7a68", "#8a4a5a", "#c98a3a")
    body = block(-120, -300, 240, 300, across(tone), r=16) + block(-120, -300, 240, 300, lin("#00000000@0.6", "#2b163844"), r=16)
    lid = block(-126, -352, 252, 72, across(light(tone, 0.15)), r=16) + oval(0, -350, 106, 13, light(tone, 0.4))
    mark = oval(0, -140, 84, 92, "#fff8ea") + put(sprig(120, "#5f9f4a", pairs=3, size=62), 0, -86)
    return body + lid + mark + stroke("M-116,-262L116,-262", light(tone, 0.5), 5, 0.6)


def cup(v: int, drink: str) -> str:
    """A steaming cup on a saucer."""
    saucer = oval(0, 0, 170, 36, lin("#ffffff", "#ddd2bf"))
    body = turned("110,-140 108,-90 60,-10", pick(v, "#f6f0e4", "#d9e6ec"), rim="#fffaf2", tip=0.2) + oval(0, -138, 96, 18, drink)
    steam = stroke("M-30,-190q-24,-40 0,-70t0,-70M30,-196q-24,-36 0,-64t0,-60", "#ffffff", 11, 0.6)
    return stroke("M106,-116C180,-120 170,-40 84,-46", "#e4d8c4", 20) + saucer + body + steam


def tea_tin(v: int) -> str:
    """Tea tins and a cup."""
    x = 900 if v < 3 else 300
    tins = put(stand(tea, width=250, counts="121212", scale=1.05)(v), -90 if v < 3 else 90, -10)
    return tins + shadow(x, 800, 200) + put(cup(v, "#b5642a"), x, 790, s=1.05)


def bean_mark(tone: str = "#6b3f24") -> str:
    """A coffee bean."""
    return put(
        oval(0, 0, 34, 46, lin(light(tone, 0.25), tone, dark(tone, 0.35)))
        + stroke("M-4,-40C16,-12 -18,12 4,40", dark(tone, 0.6), 6),
        turn=28,
    )


def coffee(v: int) -> str:
    """A bag of coffee, a cup and beans."""
    tone = pick(v, "#7d5a44", "#4f6a5a", "#a5523c")
    beans = "".join(
        shadow(x, y + 14, 30, 8) + put(bean_mark(), x, y, s=0.62, turn=wobble(k + v, 90))
        for k, (x, y) in enumerate((300 + 56 * k, 790 + 18 * (k % 3)) for k in range(7))
    )
    pack = bag(
        tone,
        w=160,
        h=400,
        paper="#fff6e6",
        emblem=put(bean_mark(), -24, 0) + put(bean_mark(), 26, 4, turn=20),
        tie=light(tone, 0.4),
    )
    art = (
        shadow(440, 745, 260)
        + put(pack, 440, 735, s=1.3)
        + shadow(850, 780, 220)
        + put(cup(v, "#5a331f"), 840, 770, s=1.2)
        + beans
    )
    return art if v < 3 else put(art, 1200, 0, flip=True)


def chocolate(v: int) -> str:
    """A bar of chocolate, half unwrapped, and pieces."""
    tone = pick(v, "#6b3d26", "#4a2a1e", "#8f5a3a")
    cells = "".join(
        put(
            block(0, 0, 104, 84, dark(tone, 0.3), r=10)
            + block(7, 5, 90, 70, lin(light(tone, 0.3), tone), r=8)
            + block(18, 14, 66, 46, lin(dark(tone, 0.12), light(tone, 0.14)), r=6),
            x,
            y,
        )
        for x in (0, 108, 216)
        for y in (0, 88, 176)
    )
    foil = shape(poly("312,-16 346,4 334,40 352,80 332,120 350,170 330,210 350,250 312,280"), lin("#f6f6f4", "#b9bcc4", turn=0))
    wrap = (
        block(
            330,
            -18,
            330,
            304,
            lin(pick(v, "#c8503f", "#3f7a68", "#5b4f8a"), dark(pick(v, "#c8503f", "#3f7a68", "#5b4f8a"), 0.3)),
            r=10,
        )
        + block(420, 50, 170, 164, "#fff6e2", r=20)
        + put(leaf(90, 40, "#a56a3a"), 505, 186, turn=18)
        + stroke("M350,10L640,10M350,258L640,258", "#f0cf7a", 6)
    )
    bar = put(
        block(-6, 8, 670, 290, "#2b1638", r=16, opacity=0.25)
        + block(-8, -10, 350, 288, dark(tone, 0.35), r=14)
        + cells
        + wrap
        + foil,
        230,
        380,
        turn=-8,
    )
    pieces = "".join(
        shadow(x + 52, 812, 76, 16)
        + put(
            block(0, 16, 104, 84, dark(tone, 0.5), r=12)
            + block(0, 0, 104, 84, lin(light(tone, 0.35), tone), r=12)
            + block(16, 12, 72, 54, dark(tone, 0.1), r=8),
            x,
            714 + 10 * k,
        )
        for k, x in enumerate((330, 470, 760)[: 2 + v % 2])
    )
    return shadow(590, 690, 430, 90) + (bar if v % 2 == 0 else put(bar, 1200, 0, flip=True)) + pieces


MOTIFS = {
    "honey_jar": Motif("Honig im Glas", honey_jar, "honey meadow sky linen mint wood"),
    "jam_jar": Motif("Marmelade im Glas", stand(jam, width=270, counts="323232", scale=1.2), "linen mint meadow sky honey wood"),
    "pickle_jar": Motif(
        "Gewürzgurken im Glas", stand(pickles, width=280, counts="212121", scale=1.16), "linen wood sky honey rose slate"
    ),
    "oil_bottle": Motif("Rapsöl in der Flasche", oil_bottle, "sky meadow linen mint rose slate"),
    "mustard_jar": Motif(
        "Senf im Glas", stand(mustard, width=240, counts="323232", scale=1.35), "meadow linen slate sky rose mint"
    ),
    "soup_jar": Motif("Suppe im Glas", stand(soup, width=260, counts="232323", scale=1.08), "linen sky wood meadow mint honey"),
    "tea_tin": Motif("Tee in der Dose", tea_tin, "rose linen honey sky wood mint"),
    "coffee_bag": Motif("Kaffee in der Tüte", coffee, "linen honey sky mint rose meadow"),
    "chocolate": Motif("Schokolade", chocolate, "linen mint rose honey sky meadow"),
}
