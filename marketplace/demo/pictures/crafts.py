"""What craftspeople make: pottery, candles, soap, wool, wood, leather, glass and jewellery."""

from marketplace.demo.pictures.arrangement import Motif, stand
from marketplace.demo.pictures.brush import (
    across,
    ball,
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
    rad,
    ring,
    shadow,
    shape,  # fmt: skip
    shine,
    stroke,
    turned,
    wobble,
)
from marketplace.demo.pictures.foliage import flower, leaf, sprig
from marketplace.demo.pictures.vessels import bowl, gloss


def glaze(v: int) -> str:
    """A potter's glaze."""
    return pick(v, "#5f8ba5", "#b5654a", "#7f9f7a", "#d9a95a", "#6b6f9a", "#c9bfae")


def drips(w: float, y: float, colour: str) -> str:
    """Glaze running down from a rim."""
    return "".join(
        block(-w + k * w / 4 + 3, y - 10, w / 4 - 6, 44 + 26 * abs(wobble(k + 3)), colour, r=w / 8 - 3, opacity=0.8)
        for k in range(8)
    )


def pottery(i: int, v: int) -> str:
    """A hand-thrown bowl."""
    tone = glaze(v + i)
    return (
        put(bowl(tone, light(tone, 0.5), w=210, h=190), 0, 0)
        + "".join(
            stroke(f"M{-196 + k * 22},{-130 + k * 34}A200,40 0 0 0 {196 - k * 22},{-130 + k * 34}", "#fff8ea", 5, 0.4)
            for k in range(3)
        )
        + shine(-110, -120, 22, 50, turn=16)
    )


def mug(i: int, v: int) -> str:
    """A mug with running glaze."""
    tone = glaze(v + i)
    handle = stroke("M110,-190C210,-210 210,-60 104,-60", dark(tone, 0.25), 34) + stroke(
        "M110,-192C200,-208 200,-66 106,-64", light(tone, 0.25), 14
    )
    return (
        handle
        + turned("118,-240 122,-180 118,-60 106,-4", "#efe4d0", rim=dark("#efe4d0", 0.3))
        + label_top(tone)
        + gloss(-84, -200, -50, 14)
    )


def label_top(tone: str) -> str:
    """The glazed upper half of a mug."""
    wave = "M-119,-236A118,16 0 0 0 119,-236L121,-130Q100,-96 80,-124T40,-104T0,-112T-40,-92T-80,-116T-121,-112Z"
    return shape(wave, across(tone))


def vase(i: int, v: int) -> str:
    """A vase with a twig of blossom."""
    tone = glaze(v + i)
    twigs = "".join(
        put(
            sprig(260, "#7f9f5a", pairs=5, size=50)
            + "".join(
                put(flower(30, pick(v + k, "#f3b8c4", "#fff6e4", "#f0c35a"), petals=5), wobble(j + k * 4, 34), -110 - 60 * j)
                for j in range(3)
            ),
            0,
            -330,
            turn=t,
        )
        for k, t in enumerate((-22, 4, 28))
    )
    body = turned("48,-350 44,-310 70,-260 128,-180 124,-80 80,-4", tone, rim=dark(tone, 0.5))
    return (
        twigs
        + body
        + "".join(stroke(f"M-122,{y}A130,24 0 0 0 122,{y}", "#fff8ea", 6, 0.5) for y in (-190, -164))
        + gloss(-84, -210, -70, 16)
    )


def chopping(v: int) -> str:
    """Wooden boards leaning, with a spoon."""

    def plank(w: float, h: float, tone: str) -> str:
        slab = block(-w / 2, -h, w, h, lin(light(tone, 0.4), tone, dark(tone, 0.2), turn=40), r=44) + block(
            -w * 0.14, -h - 130, w * 0.28, 170, lin(light(tone, 0.3), tone), r=34
        )
        grain = "".join(
            stroke(curve(f"{x},{-h + 40} {x + 14},{-h * 0.6} {x - 10},{-h * 0.3} {x + 6},-30"), dark(tone, 0.35), 4, 0.35)
            for x in range(int(-w / 2) + 36, int(w / 2) - 20, 44)
        )
        return (
            slab
            + grain
            + oval(0, -h - 90, 17, 17, dark(tone, 0.6))
            + oval(w * 0.16, -h * 0.5, 22, 34, dark(tone, 0.3), opacity=0.5)
        )

    one, two = pick(v, "#c9965a", "#8a5a38", "#d9b27a"), pick(v, "#8a5a38", "#d9b27a", "#b07040")
    spoon = oval(0, -330, 46, 62, lin("#e0b884", "#b0824c")) + block(-13, -290, 26, 290, across("#c99a62"), r=13)
    art = (
        put(plank(300, 420, two), 90, -20, turn=10, s=1.02)
        + put(plank(320, 370, one), -110, 0, turn=-6)
        + put(spoon, 290, 10, turn=14, s=1.05)
    )
    return shadow(600, 765, 400, 54) + put(art, 590, 760, s=1.2, flip=v % 2 == 1)


def toy(v: int) -> str:
    """A wooden train."""
    red, blue, green = (
        pick(v, "#d2503f", "#3f7fa5", "#e0a32e"),
        pick(v, "#4f86b0", "#e0a32e", "#c8503f"),
        pick(v, "#e8b23f", "#6fa05a", "#4f86b0"),
    )

    def wheel(x: float, r: float) -> str:
        return oval(x, -r, r, r, rad("#f0cf9a", "#c9935a", "#8a5a34")) + oval(x, -r, r * 0.36, r * 0.36, "#7a4a2c")

    loco = (
        block(-200, -150, 250, 110, lin(light(red, 0.4), red, dark(red, 0.25)), r=40)
        + block(20, -250, 150, 210, lin(light(blue, 0.35), blue, dark(blue, 0.2)), r=16)
        + block(52, -216, 86, 76, "#fdf3da", r=12)
        + block(4, -276, 182, 34, lin(light(red, 0.3), dark(red, 0.1)), r=16)
    )
    chimney = (
        block(-160, -230, 56, 90, across("#d9b27a"), r=10)
        + block(-172, -246, 80, 26, across(green), r=10)
        + block(-210, -50, 390, 34, lin("#e0b57c", "#a8743f"), r=12)
    )
    cart = (
        block(230, -130, 210, 96, lin(light(green, 0.4), green, dark(green, 0.2)), r=14)
        + block(220, -50, 230, 32, lin("#e0b57c", "#a8743f"), r=12)
        + "".join(ball(275 + 60 * k, -140, 34, 34, pick(k + v, "#d2503f", "#4f86b0", "#6fa05a")) for k in range(3))
        + stroke("M180,-34L230,-34", "#7a4a2c", 10)
    )
    smoke = "".join(
        oval(-132 - 20 * k, -290 - 50 * k, 30 + 9 * k, 24 + 8 * k, "#ffffff", opacity=0.8 - 0.15 * k) for k in range(3)
    )
    wheels = wheel(-140, 50) + wheel(-20, 50) + wheel(110, 50) + wheel(280, 42) + wheel(400, 42)
    return (
        shadow(600, 745, 500, 50) + put(smoke + chimney + cart + loco + wheels, 480, 740, s=1.22)
        if v < 3
        else shadow(600, 745, 500, 50) + put(smoke + chimney + cart + loco + wheels, 720, 740, s=1.22, flip=True)
    )


def wreath(v: int) -> str:
    """A wreath of leaves with berries or blossoms and a bow."""
    out = stroke("M0,-210A210,210 0 1 1 -1,-210", "#8a6239", 40)
    for k, (x, y) in enumerate(ring(34, 212, 212) + ring(34, 190, 190, start=6)):
        out += put(
            leaf(96, 30, pick(k, "#4f8f4a", "#6ba858", "#3f7a45", "#86b868")), x, y, turn=360 / 34 * k + 150 + wobble(k, 40)
        )
    for k, (x, y) in enumerate(ring(11, 206, 206, start=20)):
        out += (
            put(flower(36, pick(v + k, "#f6e3c4", "#e8899a", "#f0b84a"), petals=7), x, y)
            if v % 2
            else ball(x, y, 17, 17, "#d0342f") + ball(x + 26, y + 12, 14, 14, "#e0503f")
        )
    bow = pick(v, "#c8372f", "#d9a441", "#7f5a9a")
    ribbon = (
        shape("M0,0L-60,130L-20,112L6,140L16,10Z", dark(bow, 0.2))
        + shape("M0,0L60,130L30,114L4,134Z", bow)
        + form(blob("0,0 -110,-60 -120,30"), bow)
        + form(blob("0,0 110,-60 120,30"), bow)
        + ball(0, 4, 28, 26, light(bow, 0.1))
    )
    return shadow(610, 760, 280, 44) + put(out + put(ribbon, 0, 210), 600, 440, s=1.16, turn=6 * (v - 2))


def glass(i: int, v: int) -> str:
    """A blown glass bowl in colour."""
    tone = pick(v + i, "#4fa5b5", "#c9566f", "#6f9f5a", "#d9a03c")
    d = "M-220,-200C-190,-60 -90,-14 -60,-10L60,-10C90,-14 190,-60 220,-200A220,54 0 0 1 -220,-200Z"
    swirl = "".join(
        stroke(
            f"M{-190 + 60 * k},{-190 + 8 * abs(k - 3)}C{-120 + 50 * k},-120 {-60 + 30 * k},-60 {-30 + 14 * k},-14",
            light(tone, 0.75),
            9,
            0.5,
        )
        for k in range(7)
    )
    return (
        oval(0, -6, 84, 20, dark(tone, 0.2))
        + oval(0, -200, 220, 54, lin(f"{dark(tone, 0.2)}cc", f"{light(tone, 0.4)}cc"))
        + shape(d, lin(f"{dark(tone, 0.1)}dd", f"{light(tone, 0.5)}cc@0.3", f"{tone}dd@0.6", f"{dark(tone, 0.3)}ee", turn=0))
        + swirl
        + stroke("M-220,-200A220,54 0 0 0 220,-200", "#ffffff", 7, 0.7)
        + shine(-110, -120, 20, 60, turn=24, opacity=0.9)
    )


def jewellery(v: int) -> str:
    """A necklace with an amber pendant on a bust, and a ring."""
    metal = pick(v, "#e0b64f", "#c4ccd4")
    stone = pick(v, "#e58a1f", "#3f8fa5", "#a53f6a")
    bust = shape(
        "M-60,-470C-60,-400 -70,-380 -150,-340C-240,-300 -260,-200 -240,-100Q-220,0 -190,0L190,0Q220,0 240,-100C260,-200 240,-300 150,-340C70,-380 60,-400 60,-470Z",
        lin("#4a3f5f", "#6f6288@0.35", "#3a3050", turn=20),
    ) + oval(0, -470, 60, 15, "#8578a0")
    beads = "".join(
        ball(x, y, 11, 11, metal) for x, y in [(-128 + 16 * k, -352 + 190 * (1 - ((k - 8) / 8) ** 2)) for k in range(17)]
    )
    pendant = (
        form(blob("0,-30 -34,10 -30,52 0,72 30,52 34,10"), stone, glow=0.7)
        + stroke("M0,-30L0,-46", metal, 9)
        + shine(-10, 20, 9, 18, turn=10, opacity=0.9)
    )
    band = f'<ellipse cx="0" cy="-70" rx="68" ry="66" fill="none" stroke="{dark(metal, 0.25)}" stroke-width="22"/><ellipse cx="-2" cy="-72" rx="68" ry="66" fill="none" stroke="{light(metal, 0.3)}" stroke-width="12"/>'
    gem = shape(poly("-40,-150 -20,-178 20,-178 40,-150 0,-112"), lin(light(stone, 0.7), stone, dark(stone, 0.3))) + shape(
        poly("-40,-150 40,-150 0,-112"), "#ffffff", 0.22
    )
    x = 930 if v < 3 else 270
    return (
        shadow(600, 750, 320, 50)
        + put(bust + beads + put(pendant, 0, -120), 560 if v < 3 else 640, 745, s=1.2)
        + shadow(x, 770, 110)
        + put(band + gem, x, 768, s=1.25)
    )


MOTIFS = {
    "pottery_bowl": Motif(
        "Getöpferte Schalen", stand(pottery, width=360, counts="212121", scale=1.08), "linen wood mint rose sky honey"
    ),
    "mug": Motif("Getöpferte Becher", stand(mug, width=270, counts="232323", scale=1.2), "wood sky linen mint rose slate"),
    "vase": Motif("Vase mit Blüten", stand(vase, width=250, counts="121212", scale=0.8), "rose linen sky mint wood honey"),
    "wooden_board": Motif("Holzbretter", chopping, "mint linen sky rose meadow slate"),
    "wooden_toy": Motif("Holzeisenbahn", toy, "sky honey linen mint rose meadow"),
    "wreath": Motif("Kranz", wreath, "linen sky wood rose slate mint"),
    "glass_bowl": Motif("Glasschale", stand(glass, width=340, counts="121212", scale=1.1), "sky linen mint rose slate honey"),
    "jewellery": Motif("Schmuck", jewellery, "rose linen mint sky honey slate"),
}
