"""Places indoors and at the counter: bakery, workshops, smithy, shop and kitchen."""

from marketplace.demo.pictures.arrangement import Item, Motif
from marketplace.demo.pictures.bakery import croissant, loaf, roll
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
    shadow,
    shape,
    stroke,
    turned,
    wobble,
)
from marketplace.demo.pictures.crafts import mug, pottery, vase
from marketplace.demo.pictures.foliage import leaf, sprig, tree
from marketplace.demo.pictures.garden import pot_plant
from marketplace.demo.pictures.pantry import honey, jam, pickles
from marketplace.demo.pictures.services import STEEL, sparks
from marketplace.demo.pictures.textiles import baskets
from marketplace.demo.pictures.vegetables import carrot, tomato
from marketplace.demo.pictures.vessels import bag, bowl, crate

_WALLS = ("#f3e3c6", "#e3eadf", "#f3d9c4", "#dfe6ea", "#f0e0b8", "#e8dcd6")


def room(v: int, *, floor: str = "#b98650") -> str:
    """A wall, a board floor and warm lamplight."""
    wall = _WALLS[v % 6]
    boards = "".join(stroke(f"M{600 + 90 * k},690L{600 + 190 * k},900", dark(floor, 0.35), 4, 0.4) for k in range(-9, 10))
    glow = oval(600 + 200 * (1 if v % 2 else -1), 260, 620, 420, "rad(0.5,0.5,0.5;#fff8dccc;#fff8dc00)", opacity=0.8)
    return (
        block(0, 0, 1200, 700, lin(light(wall, 0.3), dark(wall, 0.1)))
        + glow
        + block(0, 690, 1200, 210, lin(light(floor, 0.2), dark(floor, 0.2)))
        + boards
        + block(0, 676, 1200, 20, dark(wall, 0.2))
    )


def window(x: float, y: float, w: float, h: float, v: int) -> str:
    """A window with the country outside."""
    sky = pick(v, "#bfe0f2", "#fbdcb0", "#cfe8f5", "#f9d5c0")
    view = (
        block(x, y, w, h, lin(sky, "#fff6e0"))
        + shape(
            f"M{x},{y + h * 0.68}Q{x + w * 0.3},{y + h * 0.48} {x + w * 0.6},{y + h * 0.64}T{x + w},{y + h * 0.58}V{y + h}H{x}Z",
            lin("#a5c96f", "#7fae4f"),
        )
        + put(tree(h * 0.4, "#5f9a45"), x + w * 0.74, y + h * 0.84)
    )
    bars = "".join(block(x + w * k - 6, y, 12, h, "#fffaf0") for k in (0.0, 0.5, 1.0)) + "".join(
        block(x - 6, y + h * k - 6, w + 12, 12, "#fffaf0") for k in (0.0, 0.45, 1.0)
    )
    return view + bars + block(x - 26, y + h, w + 52, 20, lin("#fffaf0", "#d9c9aa"), r=5)


def shelf(x: float, y: float, w: float, things: str = "") -> str:
    """A wall shelf with things standing on it (drawn in sheet coordinates)."""
    return (
        block(x, y + 18, w, 16, "#3a2430", opacity=0.18)
        + things
        + block(x, y, w, 22, lin("#dcb27c", "#9c6f42"), r=5)
        + block(x + 30, y + 22, 16, 40, "#8a6039")
        + block(x + w - 46, y + 22, 16, 40, "#8a6039")
    )


def row(draw: Item, x: float, y: float, w: float, n: int, s: float, v: int) -> str:
    """Things of one kind in a row from x over w."""
    return "".join(put(draw(k, v), x + w * (k + 0.5) / n, y, s=s) for k in range(n))


def table(y: float, tone: str = "#c08d54", *, x: float = 80, w: float = 1040) -> str:
    """A big working table whose top lies at y."""
    legs = "".join(
        block(px, y + 60, 60, 840 - y, lin(light(tone, 0.1), dark(tone, 0.35), turn=0), r=8) for px in (x + 50, x + w - 110)
    )
    return (
        shadow(x + w / 2, 880, w * 0.6, 46)
        + legs
        + block(x + 30, y + 56, w - 60, 70, dark(tone, 0.25), r=6)
        + block(x, y, w, 66, lin(light(tone, 0.5), tone, dark(tone, 0.2)), r=12)
    )


def lamp(x: float, tone: str) -> str:
    """A hanging lamp."""
    return (
        block(x - 3, 0, 6, 110, "#4a3a34")
        + oval(x, 190, 250, 190, "rad(0.5,0.5,0.5;#fff3b0aa;#fff3b000)")
        + shape(
            f"M{x - 76},176Q{x - 66},104 {x},100Q{x + 66},104 {x + 76},176Z", lin(light(tone, 0.35), dark(tone, 0.2), turn=20)
        )
        + oval(x, 178, 44, 13, "#fff6c9")
    )


def bakery_scene(v: int) -> str:
    """The bakery with its oven and shelves of bread."""
    oven = block(70, 190, 400, 510, lin("#c9745a", "#8f4a38"), r=20) + "".join(
        block(80 + 66 * ((k + r) % 6) - 20 * (r % 2), 206 + 44 * r, 58, 34, "#b5614a", r=5, opacity=0.45)
        for r in range(11)
        for k in range(6)
    )
    mouth = (
        shape("M130,560V430Q130,320 270,320T410,430V560Z", "#4a2a22")
        + shape("M150,560V440Q150,345 270,345T390,440V560Z", lin("#3a1a14", "#e8702a"))
        + shape("M180,560Q200,470 240,500Q262,420 290,490Q330,460 350,560Z", lin("#ffd23f", "#f0802e"))
        + block(110, 556, 320, 30, lin("#d9d3c9", "#98908a"), r=6)
    )
    loaves = "".join(
        put(loaf(pick(k, "#c98640", "#9c5f30", "#d9a055"), v, dusted=k % 2 == 0), 640 + 190 * k, 240, s=0.3) for k in range(3)
    )
    buns = row(roll, 550, 420, 580, 5, 0.42, v)
    top = table(640, x=430, w=750)
    dough = form(blob("560,640 570,590 640,566 720,574 760,620 750,642"), "#f6e6c4", deep=0.16)
    front = put(loaf("#c98640", v, dusted=True), 940, 642, s=0.44) + put(croissant(0, 0), 1100, 640, s=0.28)
    pin = put(
        block(-120, -24, 240, 44, across("#dcb27c"), r=20)
        + block(-170, -12, 60, 20, "#9c6f42", r=10)
        + block(110, -12, 60, 20, "#9c6f42", r=10),
        660,
        664,
        s=0.9,
    )
    flour = put(
        bag("#e9d6b4", w=120, h=230, paper="#fffaf0", emblem=put(leaf(90, 26, "#e0b04a"), 0, 44), tie="#b8472f"), 350, 860, s=1.0
    )
    art = (
        room(v)
        + oven
        + mouth
        + shelf(540, 240, 600, loaves)
        + shelf(540, 420, 600, buns)
        + top
        + dough
        + front
        + pin
        + shadow(350, 862, 170)
        + flour
    )
    return art if v < 3 else put(art, 1200, 0, flip=True)


def kitchen(v: int) -> str:
    """A farmhouse kitchen with jars and fresh vegetables."""
    jars = row(jam, 800, 250, 330, 3, 0.4, v) + ""
    crocks = row(pickles, 800, 430, 330, 3, 0.36, v)
    pans = "".join(
        block(x - 4, 130, 8, 50, "#6b4a30")
        + put(oval(0, 0, 62, 62, rad("#f0b07a", "#c9723f", "#8f4a28")) + oval(0, 0, 48, 48, dark("#c9723f", 0.25)), x, 236)
        for x in (90, 230)
    ) + block(30, 118, 270, 16, "#7d5330", r=8)
    herbs = "".join(put(sprig(120, "#6f9f5a", pairs=5, size=40), x, 130, turn=180) for x in (370, 430, 700, 750)) + block(
        340, 120, 440, 10, "#8a6039", r=5
    )
    veg = "".join(put(carrot(k, v), 250 + 60 * k, 640, s=0.42, turn=70 + 10 * k) for k in range(3)) + "".join(
        put(tomato(k, v), 820 + 84 * k, 650, s=0.42) for k in range(3)
    )
    pot = put(
        bowl(
            pick(v, "#3f7f95", "#c8503f", "#7f9a5a"),
            "#f0dcc0",
            content="".join(
                oval(wobble(k, 150), -6 + wobble(k + 7, 18), 26, 18, pick(k, "#e8702a", "#8fbf4a", "#f3d98a")) for k in range(14)
            ),
            w=170,
            h=160,
        ),
        600,
        655,
    )
    steam = "".join(stroke(f"M{x},470q-26,-40 0,-76t0,-76", "#ffffff", 13, 0.55) for x in (550, 600, 650))
    board = block(170, 640, 300, 20, lin("#e0b884", "#a8743f"), r=10)
    art = (
        room(v, floor="#c9a57c")
        + window(430, 190, 260, 280, v)
        + pans
        + herbs
        + shelf(780, 250, 370, jars)
        + shelf(780, 430, 370, crocks)
        + table(650)
        + veg
        + board
        + steam
        + pot
    )
    return art


def workshop(v: int) -> str:
    """A joiner's workshop with bench, tools and shavings."""
    saw = (
        shape(poly("0,0 250,-20 256,50 0,84"), STEEL)
        + shape("M-110,-10Q-60,-40 6,-8L6,90Q-60,100 -110,70Z", lin("#c9965a", "#8a5a34"))
        + oval(-52, 36, 26, 22, _WALLS[v % 6])
    )
    hammer = block(-12, 0, 24, 200, across("#c9965a"), r=10) + block(-66, -40, 132, 56, STEEL, r=10)
    chisels = "".join(
        block(590 + 56 * k, 190, 22, 90, across(pick(k, "#d9a05a", "#b5703f")), r=9) + block(594 + 56 * k, 280, 14, 90, STEEL)
        for k in range(4)
    )
    rail = block(60, 176, 780, 18, "#8a6039", r=6)
    planks = "".join(
        block(960 + 46 * k, 190 + 30 * (k % 3), 40, 510 - 30 * (k % 3), lin(light(c, 0.3), c, dark(c, 0.2), turn=0), r=4)
        for k, c in enumerate(("#dcb27c", "#b98650", "#e8c590", "#a5703f", "#d0a064"))
    )
    plane = put(
        block(-150, -60, 300, 64, lin("#e0b884", "#a8743f"), r=14)
        + stroke("M70,-60Q110,-140 60,-150", "#8a5a34", 30)
        + oval(-90, -74, 30, 30, "#8a5a34")
        + shape(poly("-10,-60 30,-60 60,-130 30,-136"), STEEL),
        470,
        606,
        s=1.0,
    )
    piece = block(200, 604, 720, 38, lin("#f0d3a0", "#d0a064"), r=5) + stroke("M230,618Q500,612 900,622", "#b98650", 3, 0.6)
    curls = "".join(
        put(
            stroke("M0,0c30,-30 60,0 30,20s-40,-20 -10,-26", pick(k, "#f0d3a0", "#e0b884"), 10),
            600 + wobble(k + v, 480),
            830 + wobble(k + 11, 44),
            turn=wobble(k, 80),
        )
        for k in range(16)
    ) + put(stroke("M0,0c36,-40 80,-10 50,22s-60,-14 -20,-30", "#f3dcae", 12), 330, 600)
    vise = block(170, 690, 90, 90, lin("#6b747c", "#3f474e"), r=10) + stroke("M160,735H100M100,700V770", "#8a96a1", 14)
    art = (
        room(v, floor="#a87a48")
        + planks
        + rail
        + put(saw, 170, 240, turn=8)
        + put(hammer, 500, 230)
        + chisels
        + table(642, "#b07a45", w=900)
        + vise
        + piece
        + plane
        + curls
    )
    return art if v % 2 == 0 else put(art, 1200, 0, flip=True)


def pottery_workshop(v: int) -> str:
    """A potter's wheel before shelves of ware."""
    high = shelf(60, 230, 480, row(pottery, 70, 230, 460, 3, 0.34, v)) + shelf(60, 410, 480, row(mug, 70, 410, 460, 4, 0.42, v))
    other = shelf(830, 330, 320, row(vase, 840, 330, 300, 2, 0.34, v))
    wheel = (
        shadow(620, 860, 330)
        + block(590, 690, 60, 150, across("#8a96a1"), r=8)
        + oval(620, 850, 190, 34, lin("#b98650", "#6b4528"))
        + block(380, 640, 480, 60, lin("#c9965a", "#8a5a34"), r=20)
        + oval(620, 630, 170, 32, lin("#e3e6e8", "#98a4ae"))
    )
    clay = put(turned("96,-240 84,-200 116,-120 110,-40 70,-4", "#c98a68", rim="#8a5440"), 620, 630, s=1.1) + "".join(
        stroke(f"M{620 - w},{y}Q620,{y + 26} {620 + w},{y}", "#a5684a", 5, 0.5)
        for y, w in ((430, 96), (470, 114), (520, 124), (560, 120))
    )
    bucket = put(turned("96,-150 92,-100 76,-4", "#7f95a5", rim="#b98a6a"), 190, 850) + put(baskets(0, v), 1040, 860, s=0.46)
    return room(v, floor="#b5a08a") + window(600, 130, 190, 230, v) + high + other + wheel + clay + shadow(190, 852, 130) + bucket


def smithy(v: int) -> str:
    """A smithy with glowing forge, anvil and hammer."""
    stone = "".join(
        block(-20 + 130 * k - 60 * (r % 2), 70 * r, 122, 62, pick(k * 3 + r, "#6b625e", "#766c66", "#5f5753"), r=10)
        for r in range(10)
        for k in range(11)
    )
    wall = block(0, 0, 1200, 700, "#4f4744") + stone + block(0, 0, 1200, 700, lin("#2b1a2266", "#2b1a2200"))
    hood = shape(poly("80,0 420,0 520,300 -20,300"), lin("#8f5a48", "#5f382e")) + block(
        -20, 470, 540, 250, lin("#8a6a5a", "#5a4038"), r=8
    )
    glow = oval(250, 400, 470, 380, "rad(0.5,0.5,0.5;#ff9d2ecc;#ff9d2e00)", opacity=0.9)
    fire = "".join(
        shape(
            f"M{x - w},470Q{x - w * 0.8},{470 - h * 0.5} {x},{470 - h}Q{x + w * 0.9},{470 - h * 0.5} {x + w},470Z",
            lin("#fff0a5", c),
        )
        for x, w, h, c in (
            (160, 60, 130, "#f0702a"),
            (330, 64, 120, "#f0702a"),
            (240, 76, 170, "#f5902a"),
            (250, 44, 110, "#ffc23f"),
        )
    )
    coal = "".join(oval(90 + 22 * k, 470 + wobble(k, 7), 22, 15, pick(k, "#3a2a2a", "#e8502a", "#52302a")) for k in range(16))
    tools = block(700, 150, 420, 16, "#3a3a40", r=6) + "".join(
        block(740 + 90 * k, 166, 14, 190, lin("#aab4bd", "#5f6a74", turn=0), r=6)
        + pick(
            k,
            block(716 + 90 * k, 340, 62, 40, "#6b747c", r=6),
            f'<circle cx="{747 + 90 * k}" cy="376" r="28" fill="none" stroke="#8a96a1" stroke-width="12"/>',
        )
        for k in range(4)
    )
    floor = block(0, 690, 1200, 210, lin("#8a6a50", "#4f3a30"))
    stump = block(600, 690, 300, 170, lin("#b98650", "#6b4528", turn=0), r=16) + oval(750, 692, 150, 26, "#d9ae78")
    anvil = shape(
        "M540,560Q600,600 660,596L660,640Q690,660 640,690L860,690Q810,660 840,640L840,596L960,590L960,548L640,548Q590,548 540,560Z",
        lin("#c3cad1", "#6b747c@0.6", "#4a525a"),
    )
    iron = put(
        block(-170, -13, 240, 26, lin("#6b747c", "#4a525a"), r=6) + block(40, -15, 130, 30, lin("#fff0a5", "#ff9d2e"), r=8),
        770,
        532,
        turn=-4,
    ) + oval(850, 526, 130, 90, "rad(0.5,0.5,0.5;#ffb52eaa;#ffb52e00)")
    hammer = put(
        block(-14, 0, 28, 280, across("#c9965a"), r=10) + block(-76, -56, 152, 80, STEEL, r=12), 890 + 8 * v, 440, turn=58
    )
    art = (
        wall
        + hood
        + glow
        + coal
        + fire
        + tools
        + floor
        + block(-20, 470, 540, 26, "#a58a7a", r=6)
        + shadow(750, 866, 230)
        + stump
        + anvil
        + iron
        + sparks(820, 500, v)
        + hammer
    )
    return art if v < 3 else put(art, 1200, 0, flip=True)


def shop_front(v: int) -> str:
    """A village shop with awning, window display and baskets."""
    tone = pick(v, "#2f6f4f", "#b8472f", "#3f6f95", "#c98a2e", "#7f4f7a", "#4f8f8a")
    wall = block(0, 0, 1200, 740, lin("#f3d9b8", "#e0b98f")) + "".join(
        block(-30 + 100 * k - 50 * (r % 2), 44 * r, 92, 37, "#c9825f", r=4, opacity=0.28) for r in range(17) for k in range(13)
    )
    street = block(0, 740, 1200, 160, lin("#d3c6ae", "#a8977c")) + "".join(
        stroke(f"M{600 + 120 * k},742L{600 + 190 * k},900", "#8f7f66", 4, 0.4) for k in range(-6, 7)
    )
    frame = block(70, 250, 700, 470, tone, r=10) + block(100, 280, 640, 400, lin("#fff3d0", "#f0d3a0"), r=6)
    inside = (
        shelf(120, 440, 600, row(honey, 120, 440, 300, 3, 0.36, v) + row(jam, 420, 440, 300, 3, 0.36, v))
        + row(roll, 110, 668, 300, 3, 0.36, v)
        + row(pot_plant, 400, 668, 330, 3, 0.36, v)
    )
    glass = (
        shape(poly("100,280 330,280 170,680 100,680"), "#ffffff", 0.22)
        + shape(poly("430,280 500,280 340,680 270,680"), "#ffffff", 0.16)
        + block(414, 280, 12, 400, tone)
    )
    door = (
        block(840, 250, 280, 500, dark(tone, 0.2), r=10)
        + block(870, 290, 220, 300, lin("#fff3d0", "#d9c9a5"), r=8)
        + block(870, 290, 60, 300, "#ffffff", r=8, opacity=0.3)
        + oval(890, 640, 13, 13, "#e8c46a")
        + put(block(-62, -30, 124, 60, "#fff8ea", r=12) + block(-36, -8, 72, 14, tone, r=7), 980, 420)
    )
    sign = (
        block(90, 60, 1020, 96, lin(light(tone, 0.15), dark(tone, 0.15)), r=16)
        + put(leaf(70, 26, "#f6e3b0"), 560, 140, turn=-30)
        + put(leaf(70, 26, "#fff3d0"), 590, 140, turn=20)
        + block(200, 98, 290, 20, "#fff3d0", r=10, opacity=0.85)
        + block(660, 98, 330, 20, "#fff3d0", r=10, opacity=0.85)
    )
    awning = "".join(
        shape(
            f"M{80 + k * 104},168H{80 + (k + 1) * 104}L{60 + (k + 1) * 108},280Q{60 + (k + 0.5) * 108},326 {60 + k * 108},280Z",
            lin(light(tone, 0.3), tone) if k % 2 == 0 else lin("#fffdf6", "#eadcc4"),
        )
        for k in range(10)
    )
    goods = "".join(
        put(crate(content="".join(put(draw(k, v), -160 + 80 * k, 24, s=0.44) for k in range(5)), w=460, h=130), x, 846, s=0.52)
        for x, draw in ((250, tomato), (540, roll))
    )
    plants = put(pot_plant(0, v), 790, 850, s=0.56) + put(pot_plant(1, v), 1150, 850, s=0.56)
    return wall + street + frame + inside + glass + door + sign + awning + shadow(400, 850, 320, 30) + goods + plants


MOTIFS = {
    "bakery": Motif("Backstube mit Ofen", bakery_scene, ""),
    "workshop": Motif("Tischlerwerkstatt", workshop, ""),
    "pottery_workshop": Motif("Töpferwerkstatt mit Drehscheibe", pottery_workshop, ""),
    "smithy": Motif("Schmiede mit Amboss", smithy, ""),
    "shop_front": Motif("Dorfladen mit Schaufenster", shop_front, ""),
    "kitchen": Motif("Küche mit Gläsern und Gemüse", kitchen, ""),
}
