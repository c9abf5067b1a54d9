"""Decides which different words mean the same goods, so that who asks for Karotten finds Möhren."""

from typing import Final

from marketplace.catalogue import spelling

#: each line is one thing; singular, as the region and the rest of the country call it
SAME: Final = (
    ("möhre", "karotte", "mohrrübe", "wurzeln"),
    ("brötchen", "rundstück", "semmel", "schrippe"),
    ("schlagsahne", "schlagrahm", "sahne", "rahm"),
    ("hackfleisch", "gehacktes", "mett"),
    ("rote bete", "rote rübe", "rote beete"),
    ("grünkohl", "braunkohl"),
    ("weißkohl", "weißkraut"),
    ("rotkohl", "blaukraut", "rotkraut"),
    ("zwetschge", "pflaume"),
    ("quark", "topfen"),
    ("hähnchen", "hühnchen", "broiler"),
    ("feldsalat", "rapunzel", "nüsslisalat", "vogerlsalat"),
    ("rauke", "rucola"),
    ("joghurt", "jogurt", "yoghurt", "yogurt"),
    ("espresso", "expresso"),
    ("johannisbeere", "ribisel"),
    ("frikadelle", "bulette", "fleischpflanzerl"),
    ("lauch", "porree"),
    ("steckrübe", "wruke", "kohlrübe"),
    ("marmelade", "konfitüre", "fruchtaufstrich"),
    ("nudel", "pasta"),
    ("rosenkohl", "sprossenkohl"),
)
_KNOWN: Final = {
    spelling.plain(word=name): tuple(spelling.plain(word=other) for other in names if other != name and " " not in other)
    for names in SAME
    for name in names
    if " " not in name
}


def of(*, word: str) -> list[str]:
    """Other words for the same thing, folded as in the index; for the plural, too."""
    folded = spelling.plain(word=word)
    return [other for form in (folded, *spelling.stems(word=folded)) for other in _KNOWN.get(form, ())]
