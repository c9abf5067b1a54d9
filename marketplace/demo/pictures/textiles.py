"""What hands make of wool, leather, willow and wax."""

from marketplace.demo.pictures.arrangement import Motif, stand
from marketplace.demo.pictures.brush import (
    across,
    ball,
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
    shape,  # fmt: skip
    shine,
    stroke,
    turned,
    wobble,
)
from marketplace.demo.pictures.foliage import flower
from marketplace.demo.pictures.vessels import basket


def candle(i: int, v: int) -> str:
    """A burning candle of beeswax."""
    wax = pick(v // 2 + i, "#f0c25a", "#f6e6c0", "#d9824f")
    h = 250 + 70 * (i % 3 == 0)
    glow = oval(0, -h - 70, 170, 170, "rad(0.5,0.5,0.5;#fff3b0cc;#fff3b000)")
    flame = shape(
        f"M0,{-h - 136}C30,{-h - 90} 34,{-h - 64} 0,{-h - 40}C-34,{-h - 64} -30,{-h - 90} 0,{-h - 136}Z",
        lin("#ffb52e", "#fff6c0"),
    )
    comb = "".join(
        shape(poly(" ".join(f"{x + a:.0f},{y + b:.0f}" for a, b in ring(6, 17, 17, start=30))), dark(wax, 0.3), 0.22)
        for y in range(-h + 40, -20, 30)
        for x in range(-62 + 17 * ((y // 30) % 2), 70, 34)
    )
    drip = block(-70, -h, 22, 80, light(wax, 0.4), r=11) + block(40, -h, 18, 50, light(wax, 0.3), r=9)
    return (
        glow
        + turned(f"84,{-h} 84,-60 84,-4", wax, rim=light(wax, 0.5))
        + comb
        + drip
        + stroke(f"M0,{-h}l2,-44", "#4a3a34", 7)
        + flame
    )


def soap(i: int, v: int) -> str:
    """A bar of soap with a paper band and blossoms."""
    tone = pick(v + i, "#d9c0e4", "#bfdcb4", "#f3cdb4")
    bar = shape(
        "M-190,-100Q-190,-130 -160,-132L150,-132Q180,-130 180,-100L180,-10Q180,16 150,18L-160,18Q-190,16 -190,-10Z",
        lin(light(tone, 0.4), tone, dark(tone, 0.2)),
    )
    top = shape(
        "M-178,-118L-110,-186Q-100,-194 -84,-194L212,-194Q232,-194 224,-182L170,-122Z", lin(light(tone, 0.8), light(tone, 0.5))
    )
    side = shape("M176,-120L226,-184Q236,-184 236,-170L232,-60Q230,-44 220,-34L180,8Z", lin(dark(tone, 0.15), dark(tone, 0.32)))
    band = shape(poly("-70,-131 30,-131 30,18 -70,18"), "#fffaf0") + shape(poly("-70,-131 10,-194 106,-194 30,-131"), "#f1e8d6")
    return side + bar + top + band + put(flower(34, dark(tone, 0.15), petals=7), -20, -56)


def suds(v: int) -> str:
    """Bubbles."""
    return "".join(
        oval(
            600 + wobble(k + v, 480),
            330 + wobble(k + 50 + v, 230),
            r,
            r,
            rad("#ffffff22", "#ffffff33@0.7", "#ffffffcc", x=0.5, y=0.5, r=0.5),
        )
        for k, r in enumerate((40, 26, 58, 20, 34, 48, 16))
    )


def wool(i: int, v: int) -> str:
    """A ball of wool."""
    tone = pick(v + i, "#c9566a", "#5f8fa8", "#d9a441", "#8fa56a", "#9a7aa8")
    lines = ""
    for k, turn in enumerate((20, -50, 80)):
        arcs = "".join(
            stroke(
                f"M{-112 + 12 * j},{-40 + 14 * j}Q0,{-110 + 30 * j} {112 - 12 * j},{-40 + 14 * j}",
                dark(tone, 0.3) if j % 2 else light(tone, 0.5),
                6,
                0.6,
            )
            for j in range(5 - k)
        )
        lines += put(arcs, 0, -130, turn=turn, s=0.94)
    thread = stroke("M90,-30C180,20 200,-30 260,14", tone, 12)
    return thread + form(blob(ring(12, 132, 130, y=-130)), tone) + lines


def needles(v: int) -> str:
    """Knitting needles behind the wool."""
    pair = "".join(
        put(block(-7, -420, 14, 460, across("#d9b27a"), r=7) + ball(0, -424, 20, 20, "#8a4a34"), x, 0, turn=t)
        for x, t in ((-30, -24), (60, 26))
    )
    return put(pair, 610, 640, s=1.05) + stand(wool, width=270, counts="233233", scale=1.15)(v)


def scarf(v: int) -> str:
    """A folded scarf with stripes and fringes."""
    tone, other = pick(v, "#b8474a", "#4f7f95", "#7f9a5a", "#8a6aa0"), pick(v, "#f6e3c4", "#f3c35a", "#fff6e4")
    out = ""
    for k in range(3):
        y = -80 * k
        out += block(-290 + 10 * k, y - 96, 580 - 20 * k, 100, lin(light(tone, 0.3), tone, dark(tone, 0.35)), r=48)
        out += "".join(
            block(x, y - 92, 30, 92, lin(light(other, 0.3), other, dark(other, 0.3)), r=4, opacity=0.9)
            for x in (-200, -150, 120, 170)
        )
    fall = shape("M-110,-262L70,-262L92,96L-120,96Z", lin(light(tone, 0.25), tone, dark(tone, 0.15), turn=60)) + "".join(
        shape(poly(f"-{112 + j * 0.1:g},{y} 76,{y} 78,{y + 26} -113,{y + 26}"), other, 0.9)
        for j, y in enumerate((-180, -130, 10))
    )
    knit = "".join(
        stroke(f"M{x},{y}l9,9l9,-9", dark(tone, 0.4), 3, 0.3) for y in range(-240, 90, 22) for x in range(-100, 64, 20)
    )
    fringe = "".join(
        stroke(
            f"M{-112 + 18 * k},96q{wobble(k, 10):.0f},30 {wobble(k + 3, 8):.0f},64",
            pick(k, tone, dark(tone, 0.15), light(tone, 0.2)),
            10,
        )
        for k in range(12)
    )
    return shadow(600, 660, 460, 90) + put(out + fall + knit + fringe, 600, 650, s=1.2, flip=v % 2 == 1)


def baskets(i: int, v: int) -> str:
    """A woven basket with a cloth."""
    cloth = shape(blob("-190,16 -160,-30 -50,-10 40,-34 150,-20 190,16 100,70 40,30 -60,60"), lin("#fffaf2", "#eadcc4"))
    return basket(content=cloth, w=430, h=210, colour=pick(v // 2 + i, "#c58a4a", "#a8703c", "#d9b27a"))


def leather(i: int, v: int) -> str:
    """A leather satchel."""
    tone = pick(v // 2 + i, "#a5623a", "#7d4a30", "#c08a4f")
    strap = stroke("M-190,-250C-160,-420 160,-420 190,-250", dark(tone, 0.3), 26) + stroke(
        "M-190,-254C-160,-412 160,-412 190,-254", light(tone, 0.1), 12
    )
    body = block(-240, -290, 480, 290, lin(tone, dark(tone, 0.3)), r=44)
    flap = shape(
        "M-244,-250Q-244,-300 -200,-302L200,-302Q244,-300 244,-250L236,-140Q220,-96 170,-92L-170,-92Q-220,-96 -236,-140Z",
        lin(light(tone, 0.4), f"{tone}@0.6", dark(tone, 0.1)),
    )
    seam = f'<path d="M-228,-250L-220,-144Q-206,-110 -168,-108L168,-108Q206,-110 220,-144L228,-250" fill="none" stroke="{light(tone, 0.7)}" stroke-width="4" stroke-dasharray="14 9" stroke-opacity="0.8"/>'
    belts = "".join(
        block(x - 24, -190, 48, 150, lin(light(tone, 0.2), dark(tone, 0.25)), r=12)
        + block(x - 32, -112, 64, 48, across("#d9b25a"), r=10)
        + block(x - 18, -100, 36, 24, dark(tone, 0.3), r=5)
        for x in (-120, 120)
    )
    return strap + body + flap + seam + belts + shine(-130, -270, 80, 12, turn=-2)


def slipper(i: int, v: int) -> str:
    """A felt slipper."""
    tone = pick(v + i // 2, "#8f9aa5", "#b5566a", "#6f8f6a", "#c98f4f")
    sole = block(-246, -34, 500, 40, lin("#c9a06a", "#8a6239"), r=20)
    d = "M-244,-24C-256,-120 -240,-190 -196,-196C-150,-196 -120,-150 -60,-140C20,-190 120,-170 200,-120C250,-90 262,-50 252,-24Z"
    cuff = shape(
        "M-240,-150C-236,-204 -200,-214 -170,-196C-130,-170 -110,-150 -50,-146C-20,-160 0,-166 14,-166L4,-128C-60,-110 -140,-120 -180,-156C-206,-176 -216,-170 -222,-130Z",
        light(tone, 0.7),
    )
    return (
        sole
        + form(d, tone, deep=0.35)
        + cuff
        + put(flower(30, light(tone, 0.6), petals=6), 130, -104)
        + "".join(oval(wobble(k, 200), -70 + wobble(k + 9, 40), 4, 3, "#ffffff", opacity=0.35) for k in range(24))
    )


MOTIFS = {
    "candle": Motif("Kerzen", stand(candle, width=200, counts="323232", scale=1.15), "slate rose linen wood mint sky"),
    "soap": Motif(
        "Handgemachte Seife",
        lambda v: suds(v) + stand(soap, width=420, counts="323232", scale=0.9)(v),
        "mint rose sky linen meadow slate",
    ),
    "wool": Motif("Wolle mit Stricknadeln", needles, "linen sky wood mint rose slate"),
    "scarf": Motif("Gestrickter Schal", scarf, "sky linen wood mint rose slate"),
    "basket": Motif(
        "Geflochtener Korb", stand(baskets, width=430, counts="121211", scale=0.96), "linen meadow sky rose mint slate"
    ),
    "leather_bag": Motif(
        "Ledertasche", stand(leather, width=480, counts="121211", scale=1.0), "linen mint sky wood meadow slate"
    ),
    "felt_slippers": Motif(
        "Filzpantoffeln", stand(slipper, width=480, counts="222222", scale=0.92), "wood linen mint sky honey rose"
    ),
}
