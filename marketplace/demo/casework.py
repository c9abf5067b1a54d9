"""Lets the demo's shops buy in whole cases: they order after the cut-off, and what they ordered is there when they pack."""

from collections.abc import Mapping
from datetime import datetime

from logistics import cases, purchases
from logistics.cases import Terms
from logistics.models import Collection, DeliveryRound, Purchase
from marketplace.catalogue.models import Product

DRINKS, TEA = "Getränkehandel Küstenkiste (Beispiel)", "Teekontor Speicherwind (Beispiel)"
#: article, and how it is bought; the pieces that lay there from the beginning
BOUGHT = {
    "mineralwasser-still": (Terms(size=12, wholesaler=DRINKS, article_number="1207"), 5),
    "haferdrink-aus-schleswig-holstein": (Terms(size=6, wholesaler=DRINKS, article_number="3316"), 2),
    "ostfriesische-teemischung": (Terms(size=10, wholesaler=TEA, article_number="OF-250"), 0),
    "schokolade-70-prozent": (Terms(size=15, wholesaler=TEA, article_number="S-70"), 4),
}


def agree(*, products: Mapping[str, Product], at: datetime) -> None:
    """What is bought in cases, where the market has it."""
    for slug, (terms, loose) in BOUGHT.items():
        if slug in products:
            offer = products[slug].stockrecords.get()
            cases.agree(stockrecord=offer, terms=terms, at=at, by=None)
            cases.recount(stockrecord=offer, seen=0, counted=loose, at=at, by=None)


def order_due(*, at: datetime) -> None:
    """The shops order what their closed rounds need."""
    due = Purchase.objects.filter(round__status=DeliveryRound.Status.CLOSED, cases__gt=0, told_cases=0, arrived__isnull=True)
    told: dict[DeliveryRound, dict[int, int]] = {}
    for row in due.select_related("round").order_by("pk"):
        told.setdefault(row.round, {})[row.stockrecord_id] = row.cases
    for delivery_round, numbers in told.items():
        purchases.order(delivery_round=delivery_round, told=numbers, at=at, by=None)


def receive(*, collection: Collection, at: datetime) -> None:
    """All that a shop ordered for a round has come."""
    rows = Purchase.objects.filter(round=collection.round_id, stockrecord__partner=collection.partner_id, cases__gt=0)
    came = {row.stockrecord_id: row.supply for row in rows}
    if came:
        purchases.arrive(delivery_round=collection.round, pieces=came, at=at, by=None)
