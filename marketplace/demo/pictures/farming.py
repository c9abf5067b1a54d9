"""Animals on the pasture, orchard, bees and fields."""

from marketplace.demo.pictures.arrangement import Motif
from marketplace.demo.pictures.brush import (
    ball,
    block,
    dark,
    light,
    lin,
    mix,
    oval,
    pick,
    poly,
    put,
    shadow,
    shape,
    stroke,
    wobble,
)
from marketplace.demo.pictures.foliage import leaf, sprig, tree
from marketplace.demo.pictures.fruit import apple
from marketplace.demo.pictures.landscape import (
    cow,
    fence,
    goat,
    hedge,
    hill,
    house,
    meadow_flowers,
    patch,
)
from marketplace.demo.pictures.pantry import bee
from marketplace.demo.pictures.scenes import GREEN, far, hamlet
from marketplace.demo.pictures.vessels import crate


def cows_meadow(v: int) -> str:
    """Cows on a meadow."""
    green = GREEN[v]
    land = (
        hill("-40,520 260,470 620,520 940,460 1240,505", light(green, 0.15))
        + patch("700,510 860,478 1010,480 860,545", "#f0cf3f", stripes=6)
        + hedge("-30,560 300,545 700,565 1230,545", 20)
        + hill("-40,600 300,570 800,600 1240,570", green)
    )
    herd = (
        put(cow("#c9855a", "#f6e6d0"), 200, 650, s=0.5, flip=True)
        + put(cow(), 960, 660, s=0.55)
        + put(cow(), 430 + 20 * v, 800, s=1.0)
        + (
            put(cow("#b5683f", "#fff3e0"), 860, 830, s=0.96, flip=v % 2 == 0)
            if v != 2
            else put(cow(), 900, 790, s=0.8, flip=True)
        )
    )
    return far(v) + land + hamlet(240, 545, 0.55) + put(tree(280, "#6fa84f"), 1100, 650) + herd + meadow_flowers(790, v)


def goats_meadow(v: int) -> str:
    """Goats on a meadow by a barn."""
    green = GREEN[(v + 2) % 6]
    land = (
        hill("-40,510 300,460 660,510 960,450 1240,500", light(green, 0.15))
        + hedge("-30,555 300,540 700,560 1230,540", 20)
        + hill("-40,600 400,565 800,595 1240,565", green)
    )
    coats = ("#f6efe2", "#a5724a", "#5f4a40", "#e3cda5")
    herd = "".join(
        put(goat(pick(k + v, *coats)), x, y, s=s, flip=(k + v) % 2 == 0)
        for k, (x, y, s) in enumerate(((250, 660, 0.62), (980, 680, 0.66), (620, 720, 0.8), (340, 820, 1.1), (840, 840, 1.15)))
    )
    return (
        far(v)
        + land
        + put(house(330, wall="#a5523c", roof="#6f5a4a"), 900, 600)
        + put(tree(260, "#6fa84f"), 120, 640)
        + fence(650, size=0.7)
        + herd
        + meadow_flowers(800, v)
    )


def orchard(v: int) -> str:
    """Rows of fruit trees, ladders and crates."""
    green, fruit = GREEN[v], pick(v, "#e0352f", "#fff0f2", "#e8a02c")
    land = hill("-40,500 300,460 700,500 1240,460", light(green, 0.15)) + hill("-40,570 500,545 1240,570", green)
    rows = ""
    for y, size, step, off in ((590, 150, 150, 40), (660, 220, 220, -20), (770, 330, 350, 90)):
        rows += "".join(
            put(shadow(0, 4, size * 0.4, size * 0.06) + put(tree(size, mix(green, "#4f8f3f", 0.5), fruit=fruit, seed=x)), x, y)
            for x in range(off, 1260, step)
        )
    ladder = stroke("M0,0L60,-300M70,0L110,-300", "#b9854c", 13) + "".join(
        stroke(f"M{10 + 9 * k},{-40 * k - 30}L{74 + 6 * k},{-40 * k - 30}", "#d3a467", 10) for k in range(7)
    )
    box = put(crate(content="".join(put(apple(k, v), -170 + 84 * k, 20, s=0.42) for k in range(5))), 640, 860, s=0.62)
    return far(v) + land + rows + put(ladder, 390, 790) + shadow(640, 866, 200) + box + meadow_flowers(800, v, n=26)


def beehives(v: int) -> str:
    """Coloured beehives in flowers."""
    green = GREEN[v]
    land = (
        hill("-40,500 260,450 640,500 940,450 1240,490", light(green, 0.15))
        + hill("-40,560 400,530 800,565 1240,540", "#f0d24a", rows=4)
        + hedge("-30,620 500,605 1230,620", 24)
        + hill("-40,650 500,630 1240,655", green)
    )

    def hive(tone: str) -> str:
        body = "".join(
            block(-110, -110 - 100 * k, 220, 98, lin(light(c, 0.35), c, dark(c, 0.25), turn=20), r=8)
            + block(-40, -70 - 100 * k, 80, 14, dark(c, 0.45), r=7)
            for k, c in enumerate((tone, light(tone, 0.2)))
        )
        return (
            shadow(0, 14, 170, 26)
            + block(-100, -14, 20, 40, "#7d5330")
            + block(80, -14, 20, 40, "#7d5330")
            + body
            + block(-128, -234, 256, 32, lin("#e9edf0", "#98a4ae"), r=8)
            + block(-60, -24, 120, 13, "#c9965a", r=4)
        )

    hives = "".join(
        put(hive(pick(k + v, "#4f9ab5", "#e8b23f", "#d2604a", "#7fae5a")), 230 + 250 * k, 740 + 30 * (k % 2), s=1.0)
        for k in range(4)
    )
    swarm = "".join(
        put(
            bee(0.5 + 0.2 * abs(wobble(k))),
            600 + wobble(k * 3 + v, 540),
            420 + wobble(k + 21, 130),
            turn=wobble(k, 30),
            flip=k % 2 == 0,
        )
        for k in range(11)
    )
    return far(v) + land + put(tree(330, "#6fa84f", fruit="#fff6f0"), 1120, 690) + hives + swarm + meadow_flowers(770, v, n=60)


def greenhouse(v: int) -> str:
    """A greenhouse between vegetable beds."""
    green = GREEN[v]
    land = (
        hill("-40,510 400,470 800,510 1240,470", light(green, 0.15))
        + hedge("-30,560 600,545 1230,560", 22)
        + hill("-40,590 600,575 1240,590", green)
    )
    glass = shape(poly("250,690 250,480 600,320 950,480 950,690"), lin("#e9f7f4dd", "#b5dcd4cc"))
    inside = "".join(
        put(
            sprig(180, pick(k, "#4f9a3c", "#66b04a"), pairs=5, size=60)
            + ball(16, -70, 15, 15, "#e53928")
            + ball(-18, -110, 14, 14, "#e8702a"),
            310 + 72 * k,
            690,
        )
        for k in range(9)
    )
    bars = stroke(
        "M250,690V480L600,320L950,480V690M250,480H950M600,320V690M425,400V690M775,400V690M337,440V690M513,360V690M687,360V690M863,440V690M250,585H950",
        "#fdfdf8",
        9,
    )
    glow = shape(poly("270,680 270,490 420,420 340,680"), "#ffffff", 0.4)
    beds = ""
    for k in range(3):
        y = 740 + 56 * k
        beds += block(60 - 30 * k, y, 1080 + 60 * k, 44, lin("#8a5f3f", "#5f3d28"), r=20)
        beds += "".join(
            put(leaf(44, 18, c) + put(leaf(40, 16, c), turn=-50) + put(leaf(40, 16, c), turn=50), x, y + 12, s=1 + 0.2 * k)
            for x in range(100 - 20 * k, 1140, 84 + 12 * k)
            for c in (pick(k + v, "#6fb045", "#8f3f6e", "#4f9a5a"),)
        )
    return far(v) + land + block(236, 676, 728, 30, "#b5735a") + inside + glass + inside * (v % 2) + glow + bars + beds


def field(v: int) -> str:
    """A field in the season: corn, rape or rows of vegetables, with a tractor."""
    tone = pick(v, "#e3b84a", "#f2d23a", "#7fae4a")
    land = hill("-40,500 300,460 660,500 960,450 1240,490", light(GREEN[v], 0.15)) + hedge("-30,550 600,535 1230,552", 20)
    rows = "".join(
        shape(
            f"M{600 + (k - 0.5) * 40:g},560L{600 + (k + 0.5) * 40 - 4:g},560L{600 + (k + 0.5) * 230 - 20:g},900L{600 + (k - 0.5) * 230:g},900Z",
            lin(light(tone, 0.2), tone, dark(tone, 0.15)),
        )
        for k in range(-16, 17)
    )
    tractor = (
        block(-130, -150, 170, 90, lin("#d9503f", "#a5302a"), r=16)
        + block(20, -250, 120, 190, lin("#c8433a", "#8f2a26"), r=14)
        + block(36, -234, 88, 84, lin("#e9f4f8", "#a9c9d6"), r=8)
        + block(8, -266, 146, 24, "#f6efe0", r=10)
        + block(-84, -216, 16, 70, "#4a4f58", r=5)
    )
    tractor += "".join(
        oval(x, -r, r, r, "#33353c") + oval(x, -r, r * 0.55, r * 0.55, "#f0c23f") + oval(x, -r, r * 0.2, r * 0.2, "#8a6a2a")
        for x, r in ((96, 84), (-94, 52))
    )
    ears = (
        "".join(
            put(
                stroke("M0,0q8,-80 0,-150", "#c9a03a", 6)
                + "".join(
                    put(leaf(34, 10, "#ecc85a", rib=False), s * 5, -100 - 16 * k, turn=s * 30) for k in range(5) for s in (-1, 1)
                ),
                20 + 41 * i,
                910 + wobble(i, 16),
                turn=wobble(i + v, 14),
            )
            for i in range(29)
        )
        if v % 3 == 0
        else meadow_flowers(830, v, n=26)
    )
    return (
        far(v)
        + land
        + block(0, 556, 1200, 344, dark(tone, 0.3))
        + rows
        + hamlet(980, 550, 0.5)
        + shadow(600, 690, 190, 24)
        + put(tractor, 600, 690, s=0.9, flip=v % 2 == 1)
        + ears
    )


MOTIFS = {
    "cows_meadow": Motif("Kühe auf der Weide", cows_meadow, ""),
    "goats_meadow": Motif("Ziegen auf der Weide", goats_meadow, ""),
    "orchard": Motif("Obstwiese mit Leiter und Kiste", orchard, ""),
    "beehives": Motif("Bienenstöcke in der Blüte", beehives, ""),
    "greenhouse": Motif("Gewächshaus mit Beeten", greenhouse, ""),
    "field": Motif("Feld mit Traktor", field, ""),
}
