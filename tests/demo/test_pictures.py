"""The demo's illustrations: every motif can be drawn, told apart and described."""

import io
from functools import cache

import pytest
from PIL import Image

from marketplace.demo import pictures

WIDTH = 120

WANTED = [
    "potatoes",
    "carrots",
    "onions",
    "leek",
    "white_cabbage",
    "red_cabbage",
    "kale",
    "beetroot",
    "pumpkin",
    "lettuce",
    "tomatoes",
    "cucumber",
    "radishes",
    "garlic",
    "herbs",
    "mushrooms",
    "asparagus",
    "beans",
    "spinach",
    "celeriac",
    "apples",
    "pears",
    "plums",
    "strawberries",
    "raspberries",
    "cherries",
    "blueberries",
    "rhubarb",
    "walnuts",
    "milk_bottle",
    "yoghurt_jar",
    "butter",
    "cheese_wheel",
    "cheese_wedge",
    "goat_cheese",
    "quark",
    "cream",
    "eggs",
    "egg_box",
    "rye_bread",
    "wheat_bread",
    "rolls",
    "cake",
    "cookies",
    "flour_bag",
    "pastry",
    "oats",
    "steak",
    "roast",
    "sausages",
    "ham",
    "minced_meat",
    "chicken",
    "lamb",
    "game",
    "pate",
    "fish",
    "smoked_fish",
    "honey_jar",
    "jam_jar",
    "pickle_jar",
    "oil_bottle",
    "mustard_jar",
    "soup_jar",
    "tea_tin",
    "coffee_bag",
    "chocolate",
    "juice_bottle",
    "wine_bottle",
    "beer_bottle",
    "cider_bottle",
    "spirits_bottle",
    "water_bottle",
    "pottery_bowl",
    "mug",
    "vase",
    "candle",
    "soap",
    "wool",
    "scarf",
    "basket",
    "wooden_board",
    "wooden_toy",
    "wreath",
    "leather_bag",
    "glass_bowl",
    "jewellery",
    "felt_slippers",
    "gift_box",
    "gift_basket",
    "voucher",
    "bouquet",
    "pot_plant",
    "christmas_tree",
    "seeds",
    "firewood",
    "knife_sharpening",
    "scissors",
    "bicycle",
    "shoe",
    "sewing",
    "saw_chain",
    "toolbox",
    "clock",
    "computer",
    "hills_lake",
    "farmhouse",
    "village",
    "cows_meadow",
    "goats_meadow",
    "orchard",
    "bakery",
    "beehives",
    "greenhouse",
    "field",
    "workshop",
    "pottery_workshop",
    "smithy",
    "shop_front",
    "kitchen",
    "lake_fishing",
    "market_stall",
    "delivery_van",
    "mill",
    "garden_centre",
]


@cache
def rendered(motif: str) -> Image.Image:
    png = pictures.render(svg=pictures.draw(motif=motif), width=WIDTH)
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_motifs_are_exactly_those_the_demo_asks_for() -> None:
    assert sorted(pictures.MOTIFS) == sorted(WANTED)


@pytest.mark.parametrize("motif", pictures.MOTIFS)
def test_render_gives_a_colourful_png_of_the_asked_width(motif: str) -> None:
    image = rendered(motif)
    assert image.size == (WIDTH, WIDTH * 3 // 4)
    assert len(image.getcolors(maxcolors=WIDTH * WIDTH) or []) > 1000


def test_render_gives_the_full_sheet_by_default() -> None:
    assert Image.open(io.BytesIO(pictures.render(svg=pictures.draw(motif="hills_lake")))).size == (1200, 900)


@pytest.mark.parametrize("motif", pictures.MOTIFS)
def test_draw_is_deterministic(motif: str) -> None:
    assert pictures.draw(motif=motif, variant=3) == pictures.draw(motif=motif, variant=3)


@pytest.mark.parametrize("motif", pictures.MOTIFS)
def test_draw_gives_six_different_variants(motif: str) -> None:
    assert len({pictures.draw(motif=motif, variant=variant) for variant in range(6)}) == 6


def test_draw_goes_round_after_the_sixth_variant() -> None:
    assert pictures.draw(motif="apples", variant=7) == pictures.draw(motif="apples", variant=1)


def test_draw_gives_no_two_motifs_the_same_picture() -> None:
    assert len({rendered(motif).tobytes() for motif in pictures.MOTIFS}) == len(pictures.MOTIFS)


@pytest.mark.parametrize("motif", pictures.MOTIFS)
def test_draw_uses_no_text_and_nothing_from_elsewhere(motif: str) -> None:
    svg = pictures.draw(motif=motif)
    assert [word for word in ("<text", "<image", "href", "<style", "<script") if word in svg] == []


def test_alt_describes_every_motif_differently() -> None:
    texts = {pictures.alt(motif=motif) for motif in pictures.MOTIFS}
    assert len(texts) == len(pictures.MOTIFS)
    assert all(text.startswith("Illustration: ") and len(text) > 16 for text in texts)


def test_alt_is_german() -> None:
    assert pictures.alt(motif="carrots") == "Illustration: Möhren im Bund"


def test_draw_refuses_an_unknown_motif() -> None:
    with pytest.raises(pictures.UnknownMotif, match="unicorn"):
        pictures.draw(motif="unicorn")


def test_alt_refuses_an_unknown_motif() -> None:
    with pytest.raises(ValueError, match="unicorn"):
        pictures.alt(motif="unicorn")
