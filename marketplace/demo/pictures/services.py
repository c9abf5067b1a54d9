"""What craftspeople do: sharpening, mending, sewing, sawing, and what they do it on."""

from math import cos, radians, sin

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
    shadow,
    shape,
    shine,  # fmt: skip
    stroke,
    wobble,
)

STEEL = lin("#ffffff", "#cfd7de@0.5", "#8a96a1", turn=60)


def hoop(x: float, y: float, r: float, colour: str, width: float) -> str:
    """A circle's line."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def knife(tone: str) -> str:
    """A kitchen knife lying, its point to the right."""
    blade = shape("M0,-36L330,-36Q420,-30 470,20Q300,40 0,36Z", STEEL) + shape("M0,20Q300,30 470,20Q300,42 0,36Z", "#ffffff", 0.8)
    grip = block(-250, -40, 260, 72, lin(light(tone, 0.3), tone, dark(tone, 0.3)), r=26) + "".join(
        oval(x, -4, 9, 9, "#e0c27a") for x in (-190, -120, -50)
    )
    return blade + grip + block(-6, -42, 26, 78, lin("#e6e9ec", "#7d8994"), r=6)


def sparks(x: float, y: float, v: int) -> str:
    """Sparks flying."""
    return "".join(
        stroke(
            f"M{x},{y}m{30 + 26 * (k % 4)},{wobble(k + v, 70):.0f}l{26 + 8 * (k % 3)},{wobble(k + v, 30):.0f}",
            pick(k, "#ffd23f", "#ff9d2e", "#fff3b0"),
            7,
        )
        for k in range(14)
    )


def sharpening(v: int) -> str:
    """A knife at the turning grindstone."""
    stone = (
        oval(0, 0, 220, 220, rad("#e0dad0", "#b5ab9d", "#857b70", x=0.4, y=0.3))
        + oval(-12, -6, 196, 198, rad("#efe9df", "#c4baac", "#988d80"))
        + oval(-10, -4, 46, 46, "#6f5138")
        + oval(-10, -4, 20, 20, "#d9b27a")
        + "".join(oval(wobble(k, 150), wobble(k + 40, 150), 6, 6, "#857b70", opacity=0.5) for k in range(26))
    )
    stand_art = (
        shape(poly("-260,40 -200,40 -150,330 -210,330"), lin("#b9834c", "#7d5330"))
        + shape(poly("260,40 200,40 150,330 210,330"), lin("#a8743f", "#6b4528"))
        + block(-280, 20, 560, 50, lin("#d9a867", "#9c6a3a"), r=14)
    )
    art = stone + stand_art + sparks(160, -200, v) + put(knife(pick(v, "#7a4a2c", "#3a3a44", "#a5523c")), -40, -212, turn=9)
    return shadow(600, 765, 380, 50) + put(art, 560 if v < 3 else 640, 430, s=1.02 + 0.03 * (v % 3), flip=v >= 3)


def scissors(v: int) -> str:
    """Open scissors with a comb of thread."""
    tone = pick(v, "#c8503f", "#3f7f95", "#e0a83f")

    def half() -> str:
        return (
            shape("M-22,0L-14,-400Q0,-440 22,-390L24,0Z", STEEL)
            + shape("M10,-20L14,-400Q20,-410 22,-390L24,0Z", "#ffffff", 0.5)
            + stroke("M4,0L14,110", "#9aa5af", 34)
            + f'<ellipse cx="40" cy="210" rx="70" ry="104" fill="none" stroke="{dark(tone, 0.3)}" stroke-width="42" transform="rotate(-14 40 210)"/><ellipse cx="38" cy="206" rx="70" ry="104" fill="none" stroke="{light(tone, 0.15)}" stroke-width="26" transform="rotate(-14 38 206)"/>'
        )

    pair = (
        put(half(), turn=22 + 2 * v, flip=False)
        + put(half(), turn=-22 - 2 * v, flip=True)
        + oval(0, 10, 19, 19, rad("#fff", "#c9d0d6", "#77828c"))
    )
    cloth = shape(
        "M150,640Q400,600 620,640T1060,650L1090,800Q800,760 560,800T120,790Z",
        lin(light(pick(v + 1, "#c8503f", "#7fa5b5", "#e0c07a"), 0.5), pick(v + 1, "#c8503f", "#7fa5b5", "#e0c07a")),
    )
    return shadow(610, 790, 500, 40) + cloth + put(pair, 600, 470, s=1.02, turn=-28 + 10 * (v % 4))


def bicycle(v: int) -> str:
    """A touring bicycle with a basket."""
    tone = pick(v, "#c8503f", "#3f8f7a", "#3f6fa5", "#e0a32e", "#7f5a9a", "#4f5f6a")

    def wheel(x: float) -> str:
        spokes = "".join(
            stroke(f"M{x},0L{x + 150 * cos(radians(a)):.0f},{150 * sin(radians(a)):.0f}", "#b9c2ca", 3) for a in range(0, 360, 24)
        )
        return hoop(x, 0, 156, "#3a3a44", 18) + hoop(x, 0, 142, "#d3dae0", 7) + spokes + oval(x, 0, 17, 17, "#8a96a1")

    frame = "M-250,0L-130,-220L120,-220L-20,0L-250,0M-130,-220L-20,0M120,-220L230,0M120,-220L104,-290M-130,-220L-150,-270"
    steer = (
        stroke("M104,-290Q120,-330 170,-326M104,-290Q80,-330 40,-322", "#6b747c", 14)
        + oval(28, -322, 26, 11, "#7a4a2c")
        + oval(180, -326, 26, 11, "#7a4a2c")
    )
    seat = shape(
        "M-220,-284Q-210,-312 -150,-304Q-100,-300 -84,-284Q-110,-262 -150,-266Q-210,-256 -220,-284Z", lin("#a5623a", "#5f3620")
    )
    carrier = stroke("M-140,-190L-330,-180L-256,-8", "#6b747c", 10)
    basket_art = (
        shape(poly("130,-330 290,-330 270,-220 150,-220"), lin("#e0b57c", "#a8743f"))
        + "".join(stroke(f"M138,{y}L284,{y}", "#8a5a34", 4, 0.6) for y in (-306, -282, -258, -236))
        + "".join(ball(x, -344, 26, 26, c) for x, c in ((165, "#d2372f"), (210, "#8fae3c"), (252, "#e0a32e")))
    )
    crank = hoop(-20, 0, 40, "#8a96a1", 11) + stroke("M-20,0L20,62M4,62L40,62", "#4a4f58", 12)
    art = (
        wheel(-250)
        + wheel(230)
        + carrier
        + stroke(frame, dark(tone, 0.35), 24)
        + stroke(frame, tone, 18)
        + stroke(frame, light(tone, 0.6), 5, 0.6)
        + seat
        + steer
        + basket_art
        + crank
    )
    return shadow(600, 770, 520, 36) + put(art, 600, 588, s=1.14, flip=v % 2 == 1)


def shoe(i: int, v: int) -> str:
    """A leather lace-up boot."""
    tone = pick(v // 2 + i // 2, "#a5623a", "#6f4530", "#8a3f34")
    d = "M-190,-30L-196,-300Q-194,-322 -170,-324L10,-324Q30,-322 30,-300L40,-190C90,-160 190,-150 226,-110Q250,-80 246,-30Z"
    sole = shape("M-204,-40L252,-40Q268,-20 254,0L-60,0L-70,20L-190,20Q-206,14 -204,-40Z", lin("#5a3a28", "#2f1e18")) + stroke(
        "M-196,-34L250,-34", "#e8c98a", 7, 0.9
    )
    toe = stroke("M130,-152Q100,-90 140,-44", dark(tone, 0.4), 6, 0.7) + stroke(
        "M-60,-44Q-80,-140 -190,-150", dark(tone, 0.4), 6, 0.5
    )
    laces = "".join(
        stroke(f"M{-30 + 3 * k},{-296 + 34 * k}L{42 + 10 * k},{-282 + 30 * k}", "#f6e6c4", 11)
        + oval(-32 + 3 * k, -296 + 34 * k, 8, 8, "#d9b25a")
        for k in range(4)
    )
    return (
        sole
        + form(d, tone, deep=0.48)
        + shape("M-196,-300Q-194,-330 -170,-332L10,-332Q32,-330 30,-296Z", light(tone, 0.25))
        + toe
        + laces
        + shine(150, -130, 50, 12, turn=16)
    )


def sewing(v: int) -> str:
    """A sewing machine with thread and cloth."""
    tone = pick(v, "#2f4f4a", "#7a2f3f", "#34466f", "#b5864a")
    base = block(-330, -70, 640, 80, lin("#c9965a", "#7d5330"), r=16) + block(
        -310, -96, 600, 40, lin(light(tone, 0.3), tone), r=12
    )
    arm = shape(
        "M290,-90L290,-330Q290,-400 220,-404L-200,-404Q-270,-400 -274,-330L-274,-230L-186,-230L-184,-290Q-180,-306 -160,-306L120,-306Q150,-300 150,-260L150,-90Z",
        lin(light(tone, 0.45), f"{tone}@0.5", dark(tone, 0.3), turn=70),
    )
    wheel = oval(312, -310, 34, 88, lin("#e9edf0", "#7d8994")) + oval(318, -310, 17, 50, lin("#aab4bd", "#5f6a74"))
    spool = (
        block(-20, -500, 80, 84, across(pick(v, "#d2503f", "#e8b84a", "#4f9ab0")), r=8)
        + block(-30, -508, 100, 16, "#d9b27a", r=7)
        + block(-30, -424, 100, 16, "#d9b27a", r=7)
        + stroke("M-20,-460Q-150,-470 -230,-400L-230,-120", pick(v, "#d2503f", "#e8b84a", "#4f9ab0"), 4)
    )
    needle = block(-252, -236, 46, 40, lin("#dfe5ea", "#8a96a1"), r=6) + stroke("M-230,-196L-230,-100", "#8a96a1", 9)
    cloth = shape(
        blob("-420,-96 -330,-126 -180,-100 -60,-110 -80,-60 -200,-74 -330,-30 -430,-20"),
        lin(light(pick(v, "#7fa5b5", "#d98a7a", "#e0c07a"), 0.5), pick(v, "#7fa5b5", "#d98a7a", "#e0c07a")),
    )
    flowers = "".join(
        oval(x, y, 12, 12, "#f0cf7a") + oval(x, y, 5, 5, "#fff6e0")
        for x, y in ((-60, -356), (10, -350), (80, -356), (220, -240), (220, -180))
    )
    return shadow(600, 765, 470, 48) + put(
        base + spool + arm + wheel + flowers + needle + cloth, 620 if v < 3 else 580, 755, s=1.2, flip=v >= 3
    )


def saw_chain(v: int) -> str:
    """A chainsaw with its chain."""
    tone = pick(v, "#e8702a", "#d2402f", "#3f8f5a")
    bar = block(60, -150, 470, 100, STEEL, r=50) + block(60, -118, 420, 36, "#eef2f4", r=18, opacity=0.7)
    teeth = "".join(
        put(shape(poly("-15,4 -15,-12 -4,-12 6,-24 16,-12 16,4"), "#4a5058"), x, -150)
        + put(shape(poly("-15,4 -15,-12 -4,-12 6,-24 16,-12 16,4"), "#4a5058"), x, -50, turn=180)
        for x in range(90, 500, 38)
    ) + stroke("M80,-152L480,-152Q534,-150 534,-100T480,-50L80,-50", "#5f666e", 11)
    body = form(blob("-300,-40 -310,-190 -240,-250 -40,-260 90,-220 110,-120 90,-30 -80,0 -240,0"), tone, deep=0.42)
    grip = (
        stroke("M-290,-170C-420,-170 -430,-30 -300,-30", "#3a3f46", 40)
        + stroke("M-150,-240C-160,-400 40,-420 60,-230", "#3a3f46", 34)
        + stroke("M-146,-250C-150,-384 30,-400 52,-240", "#6b737c", 8, 0.7)
    )
    vents = (
        "".join(block(-230 + 40 * k, -150, 20, 84, dark(tone, 0.6), r=10) for k in range(5))
        + block(-230, -210, 190, 36, "#fff3e0", r=18, opacity=0.9)
        + oval(30, -110, 34, 34, "#3a3f46")
        + oval(30, -110, 17, 17, "#aab4bd")
    )
    chips = "".join(
        put(
            block(-14, -6, 28, 12, pick(k, "#e8c98a", "#d9ad6a"), r=4),
            700 + wobble(k + v, 380),
            770 + wobble(k + 30, 36),
            turn=wobble(k, 90),
        )
        for k in range(22)
    )
    art = shadow(0, 6, 360, 40) + bar + teeth + grip + body + vents
    return (put(art, 500, 720, s=1.12, turn=-4) if v % 2 == 0 else put(art, 700, 720, s=1.12, turn=4, flip=True)) + chips


def toolbox(v: int) -> str:
    """An open toolbox with hammer, spanner and pliers."""
    tone = pick(v, "#d2402f", "#3f7fa5", "#3f8f5a", "#e0a32e")
    hammer = block(-14, -380, 28, 380, across("#c9965a"), r=10) + shape(
        "M-100,-430L60,-430Q90,-426 110,-400L60,-376L-100,-376Z", STEEL
    )
    spanner = block(-17, -330, 34, 330, STEEL, r=12) + hoop(0, -370, 42, "#a5b0ba", 30) + block(-20, -440, 40, 60, "#00000000")
    driver = block(-8, -220, 16, 220, "#aab4bd") + block(
        -30, -400, 60, 190, across(pick(v + 1, "#e0a32e", "#d2402f", "#3f7fa5")), r=24
    )
    ruler = block(-24, -350, 48, 350, lin("#f3d98a", "#d9ad4a"), r=4) + "".join(
        block(-24, -330 + 30 * k, 22, 4, "#7a5a2c") for k in range(11)
    )
    tools = (
        put(hammer, -190, 40, turn=-10)
        + put(spanner, -60, 40, turn=-3)
        + put(driver, 70, 40, turn=4)
        + put(ruler, 200, 40, turn=12)
    )
    handle = stroke("M-300,-200L-220,-330L220,-330L300,-200", dark(tone, 0.5), 22)
    box = (
        block(-340, -230, 680, 240, lin(light(tone, 0.35), tone, dark(tone, 0.25)), r=22)
        + block(-340, -236, 680, 44, lin(light(tone, 0.5), dark(tone, 0.1)), r=16)
        + "".join(
            block(x - 40, -210, 80, 70, across("#dfe5ea"), r=12) + block(x - 20, -170, 40, 18, "#6b747c", r=6)
            for x in (-190, 190)
        )
        + block(-90, -120, 180, 70, "#fff8ea", r=14)
        + put(hoop(0, 0, 17, tone, 10), 0, -85)
    )
    return shadow(600, 765, 480, 56) + put(put(tools, 0, -190) + box + (handle if v % 2 else ""), 600, 755, s=1.14, flip=v >= 3)


def clock(v: int) -> str:
    """A grandfather's wall clock with its pendulum."""
    wood, dial = pick(v, "#a5683a", "#6f4530", "#c9965a"), "#fff8e6"
    case = shape(
        "M-190,-520Q0,-640 190,-520L190,-40Q0,20 -190,-40Z", lin(light(wood, 0.35), wood, dark(wood, 0.35), turn=20)
    ) + block(-120, -260, 240, 210, lin("#3a2a24", "#6f5240"), r=16)
    swing = put(
        block(-6, 0, 12, 150, "#d9b25a", r=5) + oval(0, 160, 44, 44, rad("#fff3c0", "#e0b24a", "#a5761f")),
        0,
        -262,
        turn=12 - 5 * v,
    )
    face = oval(0, -400, 160, 160, lin("#e8c46a", "#a5761f")) + oval(0, -400, 142, 142, rad("#ffffff", dial, "#e8d9b5"))
    marks = "".join(
        stroke(
            f"M{126 * cos(radians(30 * k)):.1f},{-400 + 126 * sin(radians(30 * k)):.1f}L{(104 if k % 3 == 0 else 114) * cos(radians(30 * k)):.1f},{-400 + (104 if k % 3 == 0 else 114) * sin(radians(30 * k)):.1f}",
            "#3a2a24",
            9 if k % 3 == 0 else 5,
        )
        for k in range(12)
    )
    hands = (
        put(stroke("M0,10L0,-70", "#2f2a34", 13), 0, -400, turn=-60 + 30 * v)
        + put(stroke("M0,14L0,-104", "#2f2a34", 8), 0, -400, turn=60 + 12 * v)
        + oval(0, -400, 11, 11, "#c9372f")
    )
    return shadow(610, 790, 250, 40) + put(
        case + swing + block(-120, -260, 30, 210, "#ffffff", r=12, opacity=0.14) + face + marks + hands, 600, 775, s=1.2
    )


def computer(v: int) -> str:
    """A laptop with a screwdriver and a gear on its screen."""
    tone = pick(v, "#3f7f95", "#4f8f5a", "#c9703f", "#5f6fa8")
    lid = (
        block(-300, -430, 600, 390, lin("#4a525c", "#2f353d"), r=26)
        + block(-276, -406, 552, 336, lin(light(tone, 0.5), tone, dark(tone, 0.2), turn=50), r=12)
        + shape(poly("-276,-406 -20,-406 -200,-70 -276,-70"), "#ffffff", 0.12)
    )
    gear = "".join(put(block(-17, -98, 34, 40, "#fff8ea", r=8), turn=45 * k) for k in range(8)) + hoop(0, 0, 54, "#fff8ea", 32)
    tick = stroke("M-24,0l18,20l34,-40", "#fff8ea", 13)
    base = (
        shape("M-330,-40L330,-40L400,40Q404,60 380,62L-380,62Q-404,60 -400,40Z", lin("#eef1f4", "#aab4bd"))
        + "".join(block(-262 + 48 * k + 3 * j, -26 + 20 * j, 40, 13, "#5f6a74", r=4) for j in range(3) for k in range(11))
        + block(-80, 36, 160, 18, "#c9d0d6", r=8)
    )
    driver = block(-8, -200, 16, 200, "#aab4bd") + block(-28, -370, 56, 180, across(pick(v, "#e0a32e", "#d2402f")), r=22)
    art = lid + put(gear + put(tick, 150, 0, s=1.4), -70, -238) + base
    return (
        shadow(600, 770, 520, 50)
        + put(art, 580, 700, s=1.16, flip=False)
        + shadow(1030, 800, 120, 18)
        + put(driver, 960 - 740 * (v % 2), 820, turn=64, s=0.8)
    )


MOTIFS = {
    "knife_sharpening": Motif("Messer am Schleifstein", sharpening, "linen slate sky mint honey meadow"),
    "scissors": Motif("Schere", scissors, "sky linen mint rose wood slate"),
    "bicycle": Motif("Fahrrad mit Korb", bicycle, "meadow sky linen mint honey rose"),
    "shoe": Motif("Lederschuhe", stand(shoe, width=470, counts="212121", scale=1.02), "linen mint sky wood honey meadow"),
    "sewing": Motif("Nähmaschine", sewing, "rose linen mint sky wood honey"),
    "saw_chain": Motif("Motorsäge", saw_chain, "meadow linen sky slate mint wood"),
    "toolbox": Motif("Werkzeugkasten", toolbox, "sky linen slate mint wood honey"),
    "clock": Motif("Pendeluhr", clock, "mint linen rose sky honey slate"),
    "computer": Motif("Laptop in der Reparatur", computer, "linen mint sky wood slate honey"),
}
