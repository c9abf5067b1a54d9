"""Decides which labels and which claim about diet an article may carry, and says them in words.

Seals of the organic associations belong to businesses with a valid organic certificate only (`catalogue.claims`); everything else
is the producer's own word, which must not contradict the list of allergens (article 7 LMIV: information must not mislead).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.catalogue import allergens, claims
from marketplace.catalogue.models import Product

VEGETARIAN, VEGAN = Product.Diet.VEGETARIAN, Product.Diet.VEGAN
FROM_SLAUGHTER: Final = frozenset({"CRUSTACEANS", "FISH", "MOLLUSCS"})
FROM_ANIMALS: Final = FROM_SLAUGHTER | {"EGGS", "MILK"}


@dataclass(frozen=True)
class Label:
    """A mark to find goods by; a `seal` needs the organic certificate, and none of the allergens in `never` may be in it."""

    code: str
    name: str | Promise
    seal: bool = False
    never: frozenset[str] = frozenset()


LABELS: Final = (
    Label("bioland", "Bioland", seal=True),
    Label("demeter", "Demeter", seal=True),
    Label("naturland", "Naturland", seal=True),
    Label("free_range", gettext_lazy("free range")),
    Label("pasture", gettext_lazy("animals on pasture")),
    Label("raw_milk", gettext_lazy("raw milk")),
    Label("old_variety", gettext_lazy("old variety or breed")),
    Label("handmade", gettext_lazy("made by hand")),
    Label("no_additives", gettext_lazy("without additives")),
    Label("refill", gettext_lazy("in returnable packaging")),
    Label("gluten_free", gettext_lazy("gluten-free"), never=allergens.GLUTEN),
    Label("lactose_free", gettext_lazy("lactose-free")),
)
SEALS: Final = frozenset(label.code for label in LABELS if label.seal)


def names() -> dict[str, str]:
    """Code → name in the language of the page, in the order in which they are shown."""
    return {label.code: str(label.name) for label in LABELS}


def shown(*, product: Product, today: date) -> list[str]:
    """The names of an article's labels; seals go on the day on which the certificate goes. Needs the producer at hand."""
    certified = claims.certified(partner=product.partner, today=today)
    return [name for code, name in names().items() if code in product.labels and (certified or code not in SEALS)]


def carrying(*, code: str, today: date) -> Q:
    """The filter for articles that may show the label today."""
    marked = Q(labels__contains=[code])
    return marked & certified(today=today) if code in SEALS else marked


def certified(*, today: date) -> Q:
    """The filter for articles whose producer has an organic certificate that is valid today."""
    return Q(partner__organic_valid_until__gte=today) & ~Q(partner__organic_code="")


def fitting(*, diet: str) -> list[str]:
    """Which claims fit who eats like that: vegan food is vegetarian, too."""
    claims_by_diet = {str(VEGETARIAN): [str(VEGETARIAN), str(VEGAN)], str(VEGAN): [str(VEGAN)]}
    return claims_by_diet.get(diet, [])


def problems(*, diet: str, labels: Iterable[str], contained: Iterable[str], partner: Any, today: date) -> list[str]:
    """What stands against the claims, as sentences for the producer; `contained` are keys of allergens."""
    inside, chosen, known = set(contained), list(labels), {label.code: label for label in LABELS}
    found = []
    if any(code not in known for code in chosen):
        found.append(_("Please choose labels from the list."))
    if SEALS & set(chosen) and not claims.certified(partner=partner, today=today):
        found.append(_("The seals of the organic associations need a valid organic certificate."))
    against = {"": frozenset(), VEGETARIAN: FROM_SLAUGHTER, VEGAN: FROM_ANIMALS}.get(diet, frozenset()) & inside
    if against:
        found.append(_contradiction(str(dict(Product.Diet.choices).get(diet, diet)), against))
    found += [
        _contradiction(str(label.name), label.never & inside)
        for code in chosen
        if (label := known.get(code)) and label.never & inside
    ]
    return found


def _contradiction(claim: str, against: frozenset[str]) -> str:
    named = allergens.text(keys=sorted(against), language="de")
    return _("“%(claim)s” does not fit the allergens: %(allergens)s.") % {"claim": claim, "allergens": named}
