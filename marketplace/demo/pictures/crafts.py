"""What craftspeople make: pottery, candles, soap, wool, wood, leather, glass and jewellery."""

from marketplace.demo.pictures.arrangement import Motif, stand
from marketplace.demo.pictures.brush import (across, ball, blob, block, curve, dark, form, light, lin, mix, oval, pick, poly, put, rad, ring, shadow,
                                             shape, shine, stroke, turned, wobble)  # fmt: skip
from marketplace.demo.pictures.foliage import flower, leaf, sprig
from marketplace.demo.pictures.vessels import basket, bowl, gloss


def glaze(v: int) -> str:
    """A potter's glaze."""
    return pick(v, "#5f8ba5", "#b5654a", "#7f9f7a", "#d9a95a", "#6b6f9a", "#c9bfae")


def drips(w: float, y: float, colour: str) -> str:
    """Glaze running down from a rim."""
    return "".join(block(-w + k * w / 4 + 3, y - 10, w / 4 - 6, 44 + 26 * abs(wobble(k + 3)), colour, r=w / 8 - 3, opacity=0.8) for k in range(8))


def pottery(i: int, v: int) -> str:
    """A hand-thrown bowl."""
    tone = glaze(v + i)
    return put(bowl(tone, light(tone, 0.5), w=210, h=190), 0, 0) + "".join(stroke(f"M{-196 + k * 22},{-130 + k * 34}A200,40 0 0 0 {196 - k * 22},{-130 + k * 34}", "#fff8ea", 5, 0.4) for k in range(3)) + shine(-110, -120, 22, 50, turn=16)


def mug(i: int, v: int) -> str:
    """A mug with running glaze."""
    tone = glaze(v + i)
    handle = stroke("M110,-190C210,-210 210,-60 104,-60", dark(tone, 0.25), 34) + stroke("M110,-192C200,-208 200,-66 106,-64", light(tone, 0.25), 14)
    return handle + turned("118,-240 122,-180 118,-60 106,-4", "#efe4d0", rim=dark("#efe4d0", 0.3)) + label_top(tone) + gloss(-84, -200, -50, 14)


def label_top(tone: str) -> str:
    """The glazed upper half of a mug."""
    wave = "M-119,-236A118,16 0 0 0 119,-236L121,-130Q100,-96 80,-124T40,-104T0,-112T-40,-92T-80,-116T-121,-112Z"
    return shape(wave, across(tone))


def vase(i: int, v: int) -> str:
    """A vase with a twig of blossom."""
    tone = glaze(v + i)
    twigs = "".join(put(sprig(260, "#7f9f5a", pairs=5, size=50) + "".join(put(flower(30, pick(v + k, "#f3b8c4", "#fff6e4", "#f0c35a"), petals=5), wobble(j + k * 4, 34), -110 - 60 * j) for j in range(3)), 0, -330, turn=t) for k, t in enumerate((-22, 4, 28)))
    body = turned("48,-350 44,-310 70,-260 128,-180 124,-80 80,-4", tone, rim=dark(tone, 0.5))
    return twigs + body + "".join(stroke(f"M-122,{y}A130,24 0 0 0 122,{y}", "#fff8ea", 6, 0.5) for y in (-190, -164)) + gloss(-84, -210, -70, 16)


def candle(i: int, v: int) -> str:
    """A burning candle of beeswax."""
    wax = pick(v // 2 + i, "#f0c25a", "#f6e6c0", "#d9824f")
    h = 250 + 70 * (i % 3 == 0)
    glow = oval(0, -h - 70, 170, 170, "rad(0.5,0.5,0.5;#fff3b0cc;#fff3b000)")
    flame = shape(f"M0,{-h - 136}C30,{-h - 90} 34,{-h - 64} 0,{-h - 40}C-34,{-h - 64} -30,{-h - 90} 0,{-h - 136}Z", lin("#ffb52e", "#fff6c0"))
    comb = "".join(shape(poly(" ".join(f"{x + a:.0f},{y + b:.0f}" for a, b in ring(6, 17, 17, start=30))), dark(wax, 0.3), 0.22) for y in range(-h + 40, -20, 30) for x in range(-62 + 17 * ((y // 30) % 2), 70, 34))
    drip = block(-70, -h, 22, 80, light(wax, 0.4), r=11) + block(40, -h, 18, 50, light(wax, 0.3), r=9)
    return glow + turned(f"84,{-h} 84,-60 84,-4", wax, rim=light(wax, 0.5)) + comb + drip + stroke(f"M0,{-h}l2,-44", "#4a3a34", 7) + flame


def soap(i: int, v: int) -> str:
    """A bar of soap with a paper band and blossoms."""
    tone = pick(v + i, "#d9c0e4", "#bfdcb4", "#f3cdb4")
    bar = shape("M-190,-100Q-190,-130 -160,-132L150,-132Q180,-130 180,-100L180,-10Q180,16 150,18L-160,18Q-190,16 -190,-10Z", lin(light(tone, 0.4), tone, dark(tone, 0.2)))
    top = shape("M-178,-118L-110,-186Q-100,-194 -84,-194L212,-194Q232,-194 224,-182L170,-122Z", lin(light(tone, 0.8), light(tone, 0.5)))
    side = shape("M176,-120L226,-184Q236,-184 236,-170L232,-60Q230,-44 220,-34L180,8Z", lin(dark(tone, 0.15), dark(tone, 0.32)))
    band = shape(poly("-70,-131 30,-131 30,18 -70,18"), "#fffaf0") + shape(poly("-70,-131 10,-194 106,-194 30,-131"), "#f1e8d6")
    return side + bar + top + band + put(flower(34, dark(tone, 0.15), petals=7), -20, -56)


def suds(v: int) -> str:
    """Bubbles."""
    return "".join(oval(600 + wobble(k + v, 480), 330 + wobble(k + 50 + v, 230), r, r, rad("#ffffff22", "#ffffff33@0.7", "#ffffffcc", x=0.5, y=0.5, r=0.5)) for k, r in enumerate((40, 26, 58, 20, 34, 48, 16)))


def wool(i: int, v: int) -> str:
    """A ball of wool."""
    tone = pick(v + i, "#c9566a", "#5f8fa8", "#d9a441", "#8fa56a", "#9a7aa8")
    lines = ""
    for k, turn in enumerate((20, -50, 80)):
        arcs = "".join(stroke(f"M{-112 + 12 * j},{-40 + 14 * j}Q0,{-110 + 30 * j} {112 - 12 * j},{-40 + 14 * j}", dark(tone, 0.3) if j % 2 else light(tone, 0.5), 6, 0.6) for j in range(5 - k))
        lines += put(arcs, 0, -130, turn=turn, s=0.94)
    thread = stroke("M90,-30C180,20 200,-30 260,14", tone, 12)
    return thread + form(blob(ring(12, 132, 130, y=-130)), tone) + lines


def needles(v: int) -> str:
    """Knitting needles behind the wool."""
    pair = "".join(put(block(-7, -420, 14, 460, across("#d9b27a"), r=7) + ball(0, -424, 20, 20, "#8a4a34"), x, 0, turn=t) for x, t in ((-30, -24), (60, 26)))
    return put(pair, 610, 640, s=1.05) + stand(wool, width=270, counts="233233", scale=1.15)(v)


def scarf(v: int) -> str:
    """A folded scarf with stripes and fringes."""
    tone, other = pick(v, "#b8474a", "#4f7f95", "#7f9a5a", "#8a6aa0"), pick(v, "#f6e3c4", "#f3c35a", "#fff6e4")
    out = ""
    for k in range(3):
        y = -80 * k
        out += block(-290 + 10 * k, y - 96, 580 - 20 * k, 100, lin(light(tone, 0.3), tone, dark(tone, 0.35)), r=48)
        out += "".join(block(x, y - 92, 30, 92, lin(light(other, 0.3), other, dark(other, 0.3)), r=4, opacity=0.9) for x in (-200, -150, 120, 170))
    fall = shape("M-110,-262L70,-262L92,96L-120,96Z", lin(light(tone, 0.25), tone, dark(tone, 0.15), turn=60)) + "".join(shape(poly(f"-{112 + j * 0.1:g},{y} 76,{y} 78,{y + 26} -113,{y + 26}"), other, 0.9) for j, y in enumerate((-180, -130, 10)))
    knit = "".join(stroke(f"M{x},{y}l9,9l9,-9", dark(tone, 0.4), 3, 0.3) for y in range(-240, 90, 22) for x in range(-100, 64, 20))
    fringe = "".join(stroke(f"M{-112 + 18 * k},96q{wobble(k, 10):.0f},30 {wobble(k + 3, 8):.0f},64", pick(k, tone, dark(tone, 0.15), light(tone, 0.2)), 10) for k in range(12))
    return shadow(600, 720, 460, 70) + put(out + fall + knit + fringe, 600, 690, s=1.22, flip=v % 2 == 1)


def baskets(i: int, v: int) -> str:
    """A woven basket with a cloth."""
    cloth = shape(blob("-190,16 -160,-30 -50,-10 40,-34 150,-20 190,16 100,70 40,30 -60,60"), lin("#fffaf2", "#eadcc4"))
    return basket(content=cloth, w=430, h=210, colour=pick(v // 2 + i, "#c58a4a", "#a8703c", "#d9b27a"))


def chopping(v: int) -> str:
    """Wooden boards leaning, with a spoon."""
    def plank(w: float, h: float, tone: str) -> str:
        slab = block(-w / 2, -h, w, h, lin(light(tone, 0.4), tone, dark(tone, 0.2), turn=40), r=44) + block(-w * 0.14, -h - 130, w * 0.28, 170, lin(light(tone, 0.3), tone), r=34)
        grain = "".join(stroke(curve(f"{x},{-h + 40} {x + 14},{-h * 0.6} {x - 10},{-h * 0.3} {x + 6},-30"), dark(tone, 0.35), 4, 0.35) for x in range(int(-w / 2) + 36, int(w / 2) - 20, 44))
        return slab + grain + oval(0, -h - 90, 17, 17, dark(tone, 0.6)) + oval(w * 0.16, -h * 0.5, 22, 34, dark(tone, 0.3), opacity=0.5)
    one, two = pick(v, "#c9965a", "#8a5a38", "#d9b27a"), pick(v, "#8a5a38", "#d9b27a", "#b07040")
    spoon = oval(0, -330, 46, 62, lin("#e0b884", "#b0824c")) + block(-13, -290, 26, 290, across("#c99a62"), r=13)
    art = put(plank(300, 420, two), 90, -20, turn=10, s=1.02) + put(plank(320, 370, one), -110, 0, turn=-6) + put(spoon, 290, 10, turn=14, s=1.05)
    return shadow(600, 765, 400, 54) + put(art, 590, 760, s=1.2, flip=v % 2 == 1)


def toy(v: int) -> str:
    """A wooden train."""
    red, blue, green = pick(v, "#d2503f", "#3f7fa5", "#e0a32e"), pick(v, "#4f86b0", "#e0a32e", "#c8503f"), pick(v, "#e8b23f", "#6fa05a", "#4f86b0")
    def wheel(x: float, r: float) -> str:
        return oval(x, -r, r, r, rad("#f0cf9a", "#c9935a", "#8a5a34")) + oval(x, -r, r * 0.36, r * 0.36, "#7a4a2c")
    loco = block(-200, -150, 250, 110, lin(light(red, 0.4), red, dark(red, 0.25)), r=40) + block(20, -250, 150, 210, lin(light(blue, 0.35), blue, dark(blue, 0.2)), r=16) + block(52, -216, 86, 76, "#fdf3da", r=12) + block(4, -276, 182, 34, lin(light(red, 0.3), dark(red, 0.1)), r=16)
    chimney = block(-160, -230, 56, 90, across("#d9b27a"), r=10) + block(-172, -246, 80, 26, across(green), r=10) + block(-210, -50, 390, 34, lin("#e0b57c", "#a8743f"), r=12)
    cart = block(230, -130, 210, 96, lin(light(green, 0.4), green, dark(green, 0.2)), r=14) + block(220, -50, 230, 32, lin("#e0b57c", "#a8743f"), r=12) + "".join(ball(275 + 60 * k, -140, 34, 34, pick(k + v, "#d2503f", "#4f86b0", "#6fa05a")) for k in range(3)) + stroke("M180,-34L230,-34", "#7a4a2c", 10)
    smoke = "".join(oval(-132 - 20 * k, -290 - 50 * k, 30 + 9 * k, 24 + 8 * k, "#ffffff", opacity=0.8 - 0.15 * k) for k in range(3))
    wheels = wheel(-140, 50) + wheel(-20, 50) + wheel(110, 50) + wheel(280, 42) + wheel(400, 42)
    return shadow(600, 745, 500, 50) + put(smoke + chimney + cart.replace("", "") + loco + wheels, 480, 740, s=1.22)  if v < 3 else shadow(600, 745, 500, 50) + put(smoke + chimney + cart + loco + wheels, 720, 740, s=1.22, flip=True)


def wreath(v: int) -> str:
    """A wreath of leaves with berries or blossoms and a bow."""
    out = stroke("M0,-210A210,210 0 1 1 -1,-210", "#8a6239", 40)
    for k, (x, y) in enumerate(ring(34, 212, 212) + ring(34, 190, 190, start=6)):
        out += put(leaf(96, 30, pick(k, "#4f8f4a", "#6ba858", "#3f7a45", "#86b868")), x, y, turn=360 / 34 * k + 150 + wobble(k, 40))
    for k, (x, y) in enumerate(ring(11, 206, 206, start=20)):
        out += put(flower(36, pick(v + k, "#f6e3c4", "#e8899a", "#f0b84a"), petals=7), x, y) if v % 2 else ball(x, y, 17, 17, "#d0342f") + ball(x + 26, y + 12, 14, 14, "#e0503f")
    bow = pick(v, "#c8372f", "#d9a441", "#7f5a9a")
    ribbon = shape("M0,0L-60,130L-20,112L6,140L16,10Z", dark(bow, 0.2)) + shape("M0,0L60,130L30,114L4,134Z", bow) + form(blob("0,0 -110,-60 -120,30"), bow) + form(blob("0,0 110,-60 120,30"), bow) + ball(0, 4, 28, 26, light(bow, 0.1))
    return shadow(610, 760, 280, 44) + put(out + put(ribbon, 0, 210), 600, 440, s=1.16, turn=6 * (v - 2))


def leather(i: int, v: int) -> str:
    """A leather satchel."""
    tone = pick(v // 2 + i, "#a5623a", "#7d4a30", "#c08a4f")
    strap = stroke("M-190,-250C-160,-420 160,-420 190,-250", dark(tone, 0.3), 26) + stroke("M-190,-254C-160,-412 160,-412 190,-254", light(tone, 0.1), 12)
    body = block(-240, -290, 480, 290, lin(tone, dark(tone, 0.3)), r=44)
    flap = shape("M-244,-250Q-244,-300 -200,-302L200,-302Q244,-300 244,-250L236,-140Q220,-96 170,-92L-170,-92Q-220,-96 -236,-140Z", lin(light(tone, 0.4), f"{tone}@0.6", dark(tone, 0.1)))
    seam = f'<path d="M-228,-250L-220,-144Q-206,-110 -168,-108L168,-108Q206,-110 220,-144L228,-250" fill="none" stroke="{light(tone, 0.7)}" stroke-width="4" stroke-dasharray="14 9" stroke-opacity="0.8"/>'
    belts = "".join(block(x - 24, -190, 48, 150, lin(light(tone, 0.2), dark(tone, 0.25)), r=12) + block(x - 32, -112, 64, 48, across("#d9b25a"), r=10) + block(x - 18, -100, 36, 24, dark(tone, 0.3), r=5) for x in (-120, 120))
    return strap + body + flap + seam + belts + shine(-130, -270, 80, 12, turn=-2)


def glass(i: int, v: int) -> str:
    """A blown glass bowl in colour."""
    tone = pick(v + i, "#4fa5b5", "#c9566f", "#6f9f5a", "#d9a03c")
    d = "M-220,-200C-190,-60 -90,-14 -60,-10L60,-10C90,-14 190,-60 220,-200A220,54 0 0 1 -220,-200Z"
    swirl = "".join(stroke(f"M{-190 + 60 * k},{-190 + 8 * abs(k - 3)}C{-120 + 50 * k},-120 {-60 + 30 * k},-60 {-30 + 14 * k},-14", light(tone, 0.75), 9, 0.5) for k in range(7))
    return oval(0, -6, 84, 20, dark(tone, 0.2)) + oval(0, -200, 220, 54, lin(f"{dark(tone, 0.2)}cc", f"{light(tone, 0.4)}cc")) + shape(d, lin(f"{dark(tone, 0.1)}dd", f"{light(tone, 0.5)}cc@0.3", f"{tone}dd@0.6", f"{dark(tone, 0.3)}ee", turn=0)) + swirl + stroke("M-220,-200A220,54 0 0 0 220,-200", "#ffffff", 7, 0.7) + shine(-110, -120, 20, 60, turn=24, opacity=0.9)


def jewellery(v: int) -> str:
    """A necklace with an amber pendant on a bust, and a ring."""
    metal = pick(v, "#e0b64f", "#c4ccd4")
    stone = pick(v, "#e58a1f", "#3f8fa5", "#a53f6a")
    bust = shape("M-60,-470C-60,-400 -70,-380 -150,-340C-240,-300 -260,-200 -240,-100Q-220,0 -190,0L190,0Q220,0 240,-100C260,-200 240,-300 150,-340C70,-380 60,-400 60,-470Z", lin("#4a3f5f", "#6f6288@0.35", "#3a3050", turn=20)) + oval(0, -470, 60, 15, "#8578a0")
    beads = "".join(ball(x, y, 11, 11, metal) for x, y in [(150 * (k / 8) - 0 if False else -128 + 16 * k, -352 + 190 * (1 - ((k - 8) / 8) ** 2)) for k in range(17)])
    pendant = form(blob("0,-30 -34,10 -30,52 0,72 30,52 34,10"), stone, glow=0.7) + stroke("M0,-30L0,-46", metal, 9) + shine(-10, 20, 9, 18, turn=10, opacity=0.9)
    band = f'<ellipse cx="0" cy="-70" rx="68" ry="66" fill="none" stroke="{dark(metal, 0.25)}" stroke-width="22"/><ellipse cx="-2" cy="-72" rx="68" ry="66" fill="none" stroke="{light(metal, 0.3)}" stroke-width="12"/>'
    gem = shape(poly("-40,-150 -20,-178 20,-178 40,-150 0,-112"), lin(light(stone, 0.7), stone, dark(stone, 0.3))) + shape(poly("-40,-150 40,-150 0,-112"), "#ffffff", 0.22)
    x = 930 if v < 3 else 270
    return shadow(600, 750, 320, 50) + put(bust + beads + put(pendant, 0, -120), 560 if v < 3 else 640, 745, s=1.2) + shadow(x, 770, 110) + put(band + gem, x, 768, s=1.25)


def slipper(i: int, v: int) -> str:
    """A felt slipper."""
    tone = pick(v + i // 2, "#8f9aa5", "#b5566a", "#6f8f6a", "#c98f4f")
    sole = block(-246, -34, 500, 40, lin("#c9a06a", "#8a6239"), r=20)
    d = "M-244,-24C-256,-120 -240,-190 -196,-196C-150,-196 -120,-150 -60,-140C20,-190 120,-170 200,-120C250,-90 262,-50 252,-24Z"
    cuff = shape("M-240,-150C-236,-204 -200,-214 -170,-196C-130,-170 -110,-150 -50,-146C-20,-160 0,-166 14,-166L4,-128C-60,-110 -140,-120 -180,-156C-206,-176 -216,-170 -222,-130Z", light(tone, 0.7))
    return sole + form(d, tone, deep=0.35) + cuff + put(flower(30, light(tone, 0.6), petals=6), 130, -104) + "".join(oval(wobble(k, 200), -70 + wobble(k + 9, 40), 4, 3, "#ffffff", opacity=0.35) for k in range(24))


MOTIFS = {
    "pottery_bowl": Motif("Getöpferte Schalen", stand(pottery, width=360, counts="212121", scale=1.08), "linen wood mint rose sky honey"),
    "mug": Motif("Getöpferte Becher", stand(mug, width=270, counts="232323", scale=1.2), "wood sky linen mint rose slate"),
    "vase": Motif("Vase mit Blüten", stand(vase, width=250, counts="121212", scale=0.98), "rose linen sky mint wood honey"),
    "candle": Motif("Kerzen", stand(candle, width=200, counts="323232", scale=1.15), "slate rose linen wood mint sky"),
    "soap": Motif("Handgemachte Seife", lambda v: suds(v) + stand(soap, width=420, counts="323232", scale=0.9)(v), "mint rose sky linen meadow slate"),
    "wool": Motif("Wolle mit Stricknadeln", needles, "linen sky wood mint rose slate"),
    "scarf": Motif("Gestrickter Schal", scarf, "sky linen wood mint rose slate"),
    "basket": Motif("Geflochtener Korb", stand(baskets, width=430, counts="121211", scale=0.96), "linen meadow sky rose mint slate"),
    "wooden_board": Motif("Holzbretter", chopping, "mint linen sky rose meadow slate"),
    "wooden_toy": Motif("Holzeisenbahn", toy, "sky honey linen mint rose meadow"),
    "wreath": Motif("Kranz", wreath, "linen sky wood rose slate mint"),
    "leather_bag": Motif("Ledertasche", stand(leather, width=480, counts="121211", scale=1.0), "linen mint sky wood meadow slate"),
    "glass_bowl": Motif("Glasschale", stand(glass, width=340, counts="121212", scale=1.1), "sky linen mint rose slate honey"),
    "jewellery": Motif("Schmuck", jewellery, "rose linen mint sky honey slate"),
    "felt_slippers": Motif("Filzpantoffeln", stand(slipper, width=480, counts="222222", scale=0.92), "wood linen mint sky honey rose"),
}
