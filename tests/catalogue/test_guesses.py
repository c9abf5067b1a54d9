"""What was probably meant, among the words of a market: misspelt words are understood, foreign ones are left alone."""

import pytest

from marketplace.catalogue import guesses

NAMES = (
    "Blaue Kartoffeln", "Bunte Möhren", "Ziegenkäse gereift", "Joghurt mit Erdbeeren", "Katenschinken", "Lindenhonig",
    "Honig", "Dinkelbrötchen, 4 Stück", "Tomaten bunt", "Gewürzgurken", "Rote Zwiebeln", "Bergkäse alt", "Käse",
    "Lammbratwurst", "Eier aus Freilandhaltung", "Apfelsaft naturtrüb", "Roggenbrot Erna", "Forelle geräuchert",
    "Erdbeermarmelade", "Sauerkraut", "Hokkaido-Kürbis", "Schneidebrett Esche", "Lammkeule", "Tischlerei Esche",
    "Gärtnerei Grünfink", "Fisch", "Owschlag", "Holtsee", "Messer schärfen", "Geschichten", "Gartenkresse", "Impressum",
    "Kümmel nach Art des Hauses", "Kinderkorb", "Geschenke", "Toast",
)  # fmt: skip
MEANT = {
    "kartofeln": "Kartoffeln", "kartoflen": "Kartoffeln", "moehern": "Möhren", "zigenkäse": "Ziegenkäse",
    "ziegenkese": "Ziegenkäse", "joghurd": "Joghurt", "erdbern": "Erdbeeren", "schincken": "Schinken",
    "schikken": "Schinken", "hnoig": "Honig", "honik": "Honig", "brötschen": "Brötchen", "tomahten": "Tomaten",
    "gurcken": "Gurken", "zwibeln": "Zwiebeln", "kähse": "Käse", "bratwrust": "Bratwurst", "bratwurscht": "Bratwurst",
    "eire": "Eier", "apfelsfat": "Apfelsaft", "appelsaft": "Apfelsaft", "rohgenbrot": "Roggenbrot", "forele": "Forelle",
    "maremlade": "Marmelade", "sauerkaut": "Sauerkraut", "kürbs": "Kürbis", "lamkeule": "Lammkeule",
    "tischlr": "Tischler", "gärtnerrei": "Gärtnerei", "owschlak": "Owschlag", "holzsee": "Holtsee",
    "rote zwibeln": "Rote Zwiebeln",
}  # fmt: skip
STRANGE = (
    "xyzzy", "qwertz", "auto", "iphone", "laptop", "fernseher", "versicherung", "hallo", "test", "passwort", "schrank",
    "python", "hotel", "kino", "arzt", "telefon", "zoo", "benzin", "ananas", "banane", "pizza", "tofu", "krokodil",
    "windel", "drucker", "garage", "pullover", "lorem", "ipsum", "zebra", "batterie", "a", "", "käse raumschiff",
)  # fmt: skip


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    return guesses.vocabulary(names=NAMES)


@pytest.mark.parametrize("text", MEANT)
def test_meant_understands_slips(text: str, known: dict[str, str]) -> None:
    assert guesses.meant(text=text, known=known) == MEANT[text]


@pytest.mark.parametrize("text", STRANGE)
def test_meant_leaves_strange_words_alone(text: str, known: dict[str, str]) -> None:
    assert guesses.meant(text=text, known=known) == ""


def test_slips_count_a_turn_as_one_and_stop_early() -> None:
    assert guesses.slips(one="honig", other="hnoig", most=2) == 1
    assert guesses.slips(one="honig", other="honig", most=2) == 0
    assert guesses.slips(one="honig", other="hon", most=2) == 2
    assert guesses.slips(one="honig", other="xyzzy", most=2) == 3


def test_nearest_prefers_fewer_slips_then_whole_words() -> None:
    known = guesses.vocabulary(names=["Lindenhonig", "Honig", "Honigkuchen"])
    assert guesses.nearest(word="honik", known=known) == "Honig"
