"""Where the goods are caught, ground, sold and driven: lake, mill, market, nursery, road."""

from marketplace.demo.pictures.arrangement import Item, Motif
from marketplace.demo.pictures.brush import (
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
    wobble,
)
from marketplace.demo.pictures.foliage import fir, sprig, tree
from marketplace.demo.pictures.fruit import apple
from marketplace.demo.pictures.garden import pot_plant
from marketplace.demo.pictures.landscape import (
    church,
    hedge,
    hill,
    house,
    lake,
    meadow_flowers,
    patch,
    sky,
)
from marketplace.demo.pictures.scenes import GREEN, far, hamlet
from marketplace.demo.pictures.vegetables import carrot, potato, tomato
from marketplace.demo.pictures.vessels import crate


def lake_fishing(v: int) -> str:
    """A fisherman's boat at a jetty."""
    green = GREEN[v]
    shore = (
        hill("-40,480 300,440 660,480 960,430 1240,470", light(green, 0.15))
        + hedge("-30,520 600,505 1230,520", 20)
        + hamlet(260, 515, 0.5)
    )
    water = lake("-200,520 300,510 900,512 1400,520 1400,900 600,980 -200,900", v)
    jetty = (
        "".join(block(x, 640, 26, 240, lin("#a5805a", "#6b4a30", turn=0), r=6) for x in (70, 230, 390))
        + shape(poly("-20,660 430,640 470,690 -20,724"), lin("#d9b585", "#a5804f"))
        + "".join(
            stroke(f"M{x},{660 - x * 0.045:.0f}L{x + 24},{722 - x * 0.07:.0f}", "#7d5a38", 4, 0.6) for x in range(0, 440, 44)
        )
    )
    boat = (
        shape(
            "M-260,-60Q0,-10 270,-80Q240,40 160,54L-170,54Q-240,30 -260,-60Z",
            lin(pick(v, "#3f8f8a", "#c8503f", "#3f6fa5"), dark(pick(v, "#3f8f8a", "#c8503f", "#3f6fa5"), 0.35)),
        )
        + stroke("M-260,-60Q0,-10 270,-80", "#f6e9d0", 14)
        + block(-150, -34, 300, 20, "#b9854c", r=6)
    )
    man = (
        form(blob("-44,-40 -50,-140 -20,-176 30,-170 50,-120 44,-40"), "#e0b03c")
        + oval(0, -204, 36, 38, rad("#f6d0ae", "#d9a07a"))
        + shape("M-60,-216Q0,-236 60,-216Q40,-270 0,-268Q-40,-270 -60,-216Z", "#4f6f5a")
        + stroke("M30,-130L90,-110", "#d9a02c", 26)
        + stroke("M80,-104L260,-300", "#7d5330", 7)
        + stroke("M260,-300L340,40", "#ffffff", 2.5, 0.8)
    )
    reeds = "".join(
        stroke(
            f"M{x},900Q{x + wobble(x, 20):.0f},800 {x + wobble(x + 1, 40):.0f},{690 + abs(wobble(x)) * 60:.0f}",
            pick(x, "#6f9a4a", "#8fb05a"),
            8,
        )
        for x in range(920, 1200, 17)
    ) + "".join(block(940 + 62 * k, 690 + 20 * (k % 2), 17, 66, lin("#a5683f", "#5f3a24", turn=0), r=8) for k in range(4))
    return (
        far(v)
        + shore
        + water
        + oval(700, 770, 320, 34, "#1f4f6a", opacity=0.25)
        + put(man, 650, 730, s=0.95)
        + put(boat, 680, 740)
        + jetty
        + reeds
    )


def market_stall(v: int) -> str:
    """A market stall with a striped awning."""
    tone = pick(v, "#c8453a", "#3f8f5f", "#3f7fa5", "#e0a32e", "#8f5a9a", "#d9703a")
    back = (
        put(house(330, wall="#f3e6d0", roof="#a54f38", timber=True), 150, 600)
        + put(house(340, wall="#b5573f", roof="#5f4a44"), 1060, 600)
        + put(church(400), 560, 590)
    )
    square = block(0, 590, 1200, 310, lin("#e6d9bf", "#bfa985")) + "".join(
        oval(600 + wobble(k * 3, 600), 620 + wobble(k + 50, 1) * 130 + 140, 34, 9, "#a5906a", opacity=0.3) for k in range(50)
    )
    posts = "".join(block(x, 300, 24, 500, lin("#d9b27a", "#8f6237", turn=0), r=6) for x in (190, 986))
    stripes = "".join(
        shape(
            f"M{250 + k * 77.8:.1f},200L{250 + (k + 1) * 77.8:.1f},200L{140 + (k + 1) * 102:.1f},350Q{140 + (k + 0.5) * 102:.1f},410 {140 + k * 102:.1f},350Z",
            lin(light(tone if k % 2 == 0 else "#fff8ea", 0.25), tone if k % 2 == 0 else "#f0e3ca"),
        )
        for k in range(9)
    )
    shade = shape("M160,352L1040,352L1000,600L200,600Z", "#3a2430", 0.32)
    goods: tuple[tuple[Item, float], ...] = ((apple, 0.36), (carrot, 0.34), (tomato, 0.42), (potato, 0.5))
    boxes = ""
    for j in range(4):
        item, size = goods[(j + v) % 4]
        content = "".join(put(item(k + r, v), -170 + 85 * k + 42 * r, 36 - 50 * r, s=size) for r in (1, 0) for k in range(5 - r))
        boxes += put(crate(content=content, w=450, h=210), 300 + 200 * j, 642, s=0.44)
    counter = (
        block(170, 630, 860, 200, lin("#d9a867", "#9c6a3a"), r=10)
        + "".join(block(170, 630 + 50 * k, 860, 5, "#7d5330", opacity=0.5) for k in range(1, 4))
        + block(150, 616, 900, 34, lin("#f0cb8f", "#c08d54"), r=10)
    )
    sign = block(480, 690, 240, 92, lin("#3f4f48", "#2a3833"), r=12) + stroke("M520,722H680M520,752H640", "#fff6e0", 9, 0.8)
    pots = put(pot_plant(0, v), 110, 850, s=0.62) + put(pot_plant(1, v), 1090, 850, s=0.62)
    return sky(v) + back + square + shadow(600, 836, 560, 50) + shade + posts + boxes + counter + sign + stripes + pots


def delivery_van(v: int) -> str:
    """The delivery van on a country road."""
    green, tone = GREEN[v], pick(v, "#2f6f4f", "#f3e6cc", "#3f7fa5", "#c8503f", "#2f6f4f", "#e0a83f")
    land = (
        hill("-40,500 300,450 660,500 960,445 1240,490", light(green, 0.15))
        + patch("160,500 320,470 440,490 280,545", "#f0cf3f", stripes=6)
        + hamlet(900, 540, 0.6)
        + hedge("-30,570 600,552 1230,570", 22)
        + hill("-40,610 600,590 1240,610", green)
    )
    road = shape("M-20,700Q600,660 1220,700L1220,840Q600,800 -20,840Z", lin("#a5a29f", "#7f7d7e")) + "".join(
        block(40 + 170 * k, 752, 90, 11, "#fff6e0", r=5, opacity=0.9) for k in range(7)
    )
    body = shape(
        "M-380,-60L-380,-330Q-376,-360 -340,-360L120,-360Q150,-360 170,-330L250,-200L350,-176Q390,-166 392,-120L392,-60Z",
        lin(light(tone, 0.4), f"{tone}@0.5", dark(tone, 0.25)),
    )
    glass = shape("M150,-310L220,-196L120,-196L120,-310Z", lin("#e9f7fb", "#9cc4d3")) + block(
        30, -310, 70, 114, lin("#e9f7fb", "#9cc4d3"), r=8
    )
    logo = (
        oval(-190, -220, 104, 92, "#fff8ea")
        + put(apple(0, 0), -220, -160, s=0.42)
        + put(carrot(0, 0), -150, -150, s=0.34, turn=14)
    )
    wheels = "".join(
        oval(x, -50, 74, 74, "#2f3138")
        + oval(x, -50, 42, 42, rad("#ffffff", "#c3cad1", "#8a96a1"))
        + oval(x, -50, 14, 14, "#5f6a74")
        for x in (-240, 240)
    )
    trim = (
        block(-386, -86, 784, 26, dark(tone, 0.5), r=12)
        + oval(372, -130, 18, 26, "#fff3b0")
        + block(-386, -150, 18, 50, "#d9403a", r=8)
        + stroke("M10,-340V-90M110,-340V-90", dark(tone, 0.4), 4, 0.5)
        + block(60, -170, 36, 10, dark(tone, 0.5), r=5)
    )
    load = put(
        crate(content="".join(put(apple(k, v), -150 + 90 * k, 10, s=0.4) for k in range(4)), w=430, h=120), -100, -356, s=0.5
    ) + put(
        crate(content="".join(put(sprig(130, "#5fa83f", pairs=4, size=50), -150 + 80 * k, 30) for k in range(5)), w=430, h=120),
        -260,
        -356,
        s=0.46,
    )
    van = load + body + glass + logo + trim + wheels
    return (
        far(v)
        + land
        + put(tree(330, "#6fa84f"), 130 if v % 2 else 1080, 690)
        + road
        + shadow(600, 800, 460, 40)
        + put(van, 590, 796, s=1.12, flip=v % 2 == 1)
        + meadow_flowers(850, v, n=24)
    )


def mill(v: int) -> str:
    """A windmill among corn."""
    green = GREEN[v]
    land = (
        hill("-40,520 300,470 660,520 960,460 1240,500", light(green, 0.15))
        + hamlet(220, 540, 0.55)
        + hedge("-30,580 600,562 1230,580", 22)
        + hill("-40,640 500,580 800,585 1240,650", green)
    )
    base = shape(poly("-120,0 -104,-110 104,-110 120,0"), lin("#c9674a", "#8f4433", turn=20)) + block(
        -150, -128, 300, 22, "#f6efe0", r=8
    )
    tower = shape("M-98,-128L-64,-400L64,-400L98,-128Z", lin("#6f4f3a", "#a5805a@0.35", "#5f4030", turn=0)) + shape(
        "M-76,-396Q-70,-480 0,-486Q70,-480 76,-396Z", lin("#5f6f78", "#3a4850", turn=0)
    )
    panes = (
        block(-16, -230, 32, 46, "#fff3c9", r=6)
        + block(-14, -330, 28, 40, "#fff3c9", r=6)
        + block(-30, -80, 60, 80, "#3f7a5a", r=8)
    )
    sail = (
        block(-6, -330, 12, 330, "#f6efe0")
        + shape(poly("6,-320 70,-310 62,-70 6,-60"), "#fffaf0", 0.85)
        + "".join(stroke(f"M6,{-80 - 34 * k}L{64},{-84 - 32 * k}", "#a5805a", 4) for k in range(8))
    )
    wings = "".join(put(sail, turn=90 * k + 20 + 14 * v) for k in range(4)) + oval(0, 0, 19, 19, "#8f4433")
    corn = hill("-40,740 400,715 800,735 1240,710", "#e3b84a", rows=6)
    return (
        far(v)
        + land
        + put(base + tower + panes + put(wings, 0, -430, s=0.92), 640, 690, s=1.08)
        + put(house(260, wall="#b5573f", roof="#6f3a30", timber=True), 960, 690)
        + put(tree(220, "#6fa84f"), 350, 690)
        + corn
        + meadow_flowers(800, v, n=40)
    )


def garden_centre(v: int) -> str:
    """A nursery: rows of pots before a glasshouse."""
    green = GREEN[v]
    land = hill("-40,510 400,470 800,510 1240,470", light(green, 0.15)) + hill("-40,580 600,570 1240,580", green)
    roof = "".join(
        shape(poly(f"{x},430 {x + 150},330 {x + 300},430 {x + 300},600 {x},600"), lin("#eef9f6", "#b5dcd4"))
        + stroke(
            f"M{x},600V430L{x + 150},330L{x + 300},430V600M{x},430H{x + 300}M{x + 75},380V600M{x + 150},330V600M{x + 225},380V600",
            "#ffffff",
            8,
        )
        for x in (150, 450, 750)
    )
    ground = block(0, 600, 1200, 300, lin("#e9d9b5", "#c9ae7c"))
    benches = ""
    for k, (y, s, step) in enumerate(((650, 0.36, 120), (740, 0.5, 160), (860, 0.68, 215))):
        benches += block(-10, y - 4, 1220, 22, lin("#c9965a", "#8a6239"), r=6)
        benches += "".join(put(pot_plant(i + k, v + i), x, y, s=s) for i, x in enumerate(range(60, 1200, step)))
    firs = put(fir(260), 80, 600) + put(fir(210, "#3f7f52"), 1130, 600) + put(fir(300), 1070, 615)
    return far(v) + land + roof + firs + ground + benches


MOTIFS = {
    "lake_fishing": Motif("Fischer im Boot auf dem See", lake_fishing, ""),
    "market_stall": Motif("Marktstand mit Gemüse und Obst", market_stall, ""),
    "delivery_van": Motif("Lieferwagen auf der Landstraße", delivery_van, ""),
    "mill": Motif("Windmühle am Kornfeld", mill, ""),
    "garden_centre": Motif("Gärtnerei mit Topfpflanzen", garden_centre, ""),
}
