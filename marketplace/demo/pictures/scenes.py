"""Places out of doors: the hills with their lake, farms, villages, meadows, fields and markets."""

from marketplace.demo.pictures.arrangement import Motif
from marketplace.demo.pictures.brush import (
    blob,
    block,
    dark,
    form,
    light,
    lin,
    mix,
    oval,
    pick,
    poly,
    put,
    shape,
    stroke,
    wobble,
)
from marketplace.demo.pictures.foliage import tree
from marketplace.demo.pictures.landscape import (
    church,
    cow,
    hedge,
    hill,
    house,
    lake,
    meadow_flowers,
    patch,
    sky,
    trees,
)

GREEN = ("#86b85a", "#94b050", "#7fb35f", "#a5b455", "#8fb56a", "#79b565")


def far(v: int) -> str:
    """Sky and the hills at the horizon."""
    blue = mix("#8fb8b5", "#b5a5a8", 0.5 * (v % 2))
    return (
        sky(v)
        + hill("-40,430 160,380 380,420 620,350 860,410 1060,370 1240,410", light(blue, 0.3))
        + hill("-40,470 200,450 460,400 700,455 960,405 1240,460", mix(blue, "#8fbf6f", 0.5))
    )


def hamlet(x: float, y: float, s: float) -> str:
    """A few houses round a church."""
    homes = (
        (-120, 6, 90, "#b5573f", "#6f3a30"),
        (-40, -6, 80, "#f3e6d0", "#a54f38"),
        (96, 4, 100, "#e8d5b0", "#8f4433"),
        (190, -4, 84, "#b5573f", "#5f4a44"),
        (20, 20, 110, "#f6ead6", "#b5573f"),
    )
    art = put(church(170), -6, -6) + "".join(put(house(w, wall=wall, roof=roof), dx, dy) for dx, dy, w, wall, roof in homes)
    green = trees("-190,8 -84,12 66,14 150,12 250,8", "#5f9a4a", size=70)
    return put(art + green, x, y, s=s)


def hills_lake(v: int) -> str:
    """The rolling hills with lake, fields, hedges and villages."""
    green = GREEN[v]
    middle = hill("-40,500 180,455 420,490 640,530 860,480 1060,455 1240,490", light(green, 0.2))
    fields = (
        patch("60,505 210,468 330,490 190,545", "#f0cf3f", stripes=6)
        + patch("860,492 1010,462 1120,478 980,540", "#e3c46f", stripes=7)
        + patch("380,500 470,492 560,520 440,545", "#a5c96a", stripes=5)
    )
    hedges = (
        hedge("-20,505 60,510 200,552 340,492", 12)
        + hedge("830,500 985,545 1130,480 1230,495", 12)
        + hedge("340,492 430,550 570,525", 10)
    )
    water = lake("250,640 390,580 600,562 820,576 960,620 900,668 690,700 450,694 300,672", v)
    boat = (
        shape("M-46,0L46,0Q36,20 20,20L-26,20Q-40,16 -46,0Z", "#a5573a")
        + shape("M-4,-6L-4,-96L-46,-14Z", "#fffdf6")
        + shape("M4,-6L4,-104L40,-12Z", "#f6e3c4")
    )
    shore = hill("-40,600 110,570 250,612 330,680 520,722 760,716 920,660 1060,590 1240,560", green, rows=0)
    strips = patch("960,655 1080,598 1240,576 1240,690", "#e9c94f", stripes=7) + patch(
        "-40,620 90,584 220,620 60,700", "#c3d26a", stripes=6
    )
    edges = hedge("930,668 960,655 1090,606 1230,585", 17) + hedge("-30,720 70,706 240,628", 17)
    front = hill("-40,770 200,722 480,772 760,790 1000,730 1240,700", dark(green, 0.06))
    herd = (
        put(cow(), 545, 790, s=0.34, flip=True)
        + put(cow("#c9855a", "#f6e6d0"), 700, 826, s=0.46, flip=True)
        + put(cow(), 270, 850, s=0.62)
    )
    big = put(tree(330, mix(green, "#3f8f45", 0.5), fruit="#e8503f" if v % 2 else "#fff3f0", seed=v), 1030, 850) + put(
        tree(230, "#6fa84f"), 1150, 800
    )
    art = (
        middle
        + fields
        + hedges
        + hamlet(690, 560, 0.8)
        + hamlet(120, 560, 0.5)
        + water
        + put(boat, 520 + 50 * v % 200, 630, s=0.7)
        + shore
        + strips
        + edges
    )
    return (
        far(v)
        + art
        + trees("300,660 345,690 860,690 905,668", "#5a9a4a", size=90)
        + front
        + herd
        + big
        + meadow_flowers(820, v, n=36)
    )


def farmhouse(v: int) -> str:
    """A thatched farmhouse under old trees."""
    green = GREEN[v]
    back = hill("-40,520 260,480 600,525 900,470 1240,510", light(green, 0.15)) + hedge("-30,560 300,545 620,560 1230,548", 20)
    walls = pick(v, "#b5523c", "#f3e6d0", "#a8563f")
    home = put(house(620, wall=walls, roof="#8a7355", timber=True), 520, 690) + put(
        house(270, wall="#a5563f", roof="#6f4a3a"), 1010, 668
    )
    path = shape("M470,690L560,690C600,760 700,800 760,900L430,900C500,800 500,760 470,690Z", lin("#ecd9ac", "#cfb37c"))
    yard = hill("-40,660 300,640 760,660 1240,640", green)
    hens = "".join(
        put(
            form(blob("-40,-30 -20,-56 20,-50 50,-70 46,-20 10,-4 -26,-8"), pick(k, "#fffaf0", "#b5653a"))
            + oval(-34, -62, 16, 16, pick(k, "#fffaf0", "#b5653a"))
            + oval(-36, -80, 8, 7, "#d2372f")
            + shape(poly("-50,-62 -66,-56 -50,-54"), "#f0b03c")
            + stroke("M0,-6v18M14,-6v18", "#e0a03c", 5),
            250 + 110 * k,
            800 + 24 * (k % 2),
            s=0.8,
        )
        for k in range(3 + v % 2)
    )
    old = put(tree(400, mix(green, "#3f8f45", 0.4), fruit="#e0402f" if v % 2 == 0 else ""), 130, 740) + put(
        tree(300, "#7fae4f"), 1130, 740
    )
    return far(v) + back + yard + home + path + old + hens + meadow_flowers(780, v, n=30)


def village(v: int) -> str:
    """A village street with a church."""
    green = GREEN[v]
    back = (
        hill("-40,500 300,450 640,500 1000,445 1240,490", light(green, 0.15))
        + hedge("-30,540 400,525 800,545 1230,525", 22)
        + hill("-40,600 300,575 800,590 1240,570", green)
    )
    rows = (
        (150, 640, 300, "#b5573f", "#6f3a30", False),
        (990, 640, 320, "#f3e6d0", "#a54f38", True),
        (420, 625, 230, "#e8d5b0", "#8f4433", True),
        (770, 625, 220, "#b5573f", "#5f4a44", False),
    )
    homes = put(church(460), 590, 620) + "".join(
        put(house(w, wall=pick(v + k, wall, wall, "#f0dcc0"), roof=roof, timber=wood), x, y)
        for k, (x, y, w, wall, roof, wood) in enumerate(rows)
    )
    street = shape(
        "M560,640L640,640C700,740 900,820 1000,910L240,910C400,800 540,740 560,640Z", lin("#e3d5b8", "#bfa980")
    ) + "".join(
        oval(600 + wobble(k, 60 + 3 * k), 670 + 5.4 * k, 12 + k * 0.3, 4 + k * 0.1, "#a58f68", opacity=0.4) for k in range(42)
    )
    linden = put(tree(320, "#6fa84f"), 270, 800) + put(tree(290, mix(green, "#4f8f45", 0.4)), 1010, 800)
    bench = put(
        block(-70, -50, 140, 16, "#a8743f", r=6)
        + block(-70, -84, 140, 16, "#b9854c", r=6)
        + block(-56, -50, 12, 50, "#7d5330")
        + block(44, -50, 12, 50, "#7d5330"),
        370,
        815,
    )
    return (
        far(v)
        + back
        + homes
        + hill("-40,690 200,660 1000,660 1240,690", green)
        + street
        + linden
        + bench
        + meadow_flowers(830, v, n=18)
    )


MOTIFS = {
    "hills_lake": Motif("Hügellandschaft mit See, Feldern und Dörfern", hills_lake, ""),
    "farmhouse": Motif("Bauernhaus unter alten Bäumen", farmhouse, ""),
    "village": Motif("Dorfstraße mit Kirche", village, ""),
}
