"""Says how a producer's articles stand in the list: price, what is left, and a small picture, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import prefetch_related_objects

from marketplace.assortments import reach
from marketplace.catalogue import prices
from marketplace.catalogue.models import Product
from marketplace.partner import stock
from marketplace.partner.models import StockRecord
from marketplace.pictures import sizes
from marketplace.pictures.sizes import ShownPicture

Kind = StockRecord.StockKind


@dataclass(frozen=True, kw_only=True)
class ListedArticle:
    """One row. `price` in euro is per `unit`; `number` is what is counted (None where nothing is), `left` what can be sold."""

    pk: int
    title: str
    url: str
    is_public: bool
    price: Decimal
    unit: str
    counted: str
    number: int | None
    left: int | None
    kind_text: str
    picture: ShownPicture | None
    #: who sees it where not everybody does: `für Gastronomie`
    who: str


def listed(*, products: Sequence[Product]) -> list[ListedArticle]:
    """The rows of these articles of one region, in their order.

    Two queries, two more where not everybody sees all of them, and one for each picture that has no small size yet.
    """
    rows = list(products)
    marked = {row.pk: row.assortments for row in rows if row.assortments}
    who = reach.of_articles(region=rows[0].partner.region, belonging=marked) if marked else {}
    prefetch_related_objects(rows, "stockrecords")
    sizes.look_up(pictures=[row.picture for row in rows if row.picture], sizes=(sizes.TILE,))
    return [_listed(row, offer, who.get(row.pk, "")) for row in rows for offer in list(row.stockrecords.all())[:1]]


def _listed(product: Product, offer: StockRecord, who: str) -> ListedArticle:
    weighed = product.catch_weight and offer.price_per_kg is not None
    kind = Kind(offer.stock_kind)
    return ListedArticle(
        pk=product.pk,
        title=product.title,
        url=product.get_absolute_url(),
        is_public=product.is_public,
        price=(offer.price_per_kg if weighed else offer.price) or Decimal(0),
        unit="kg" if weighed else prices.unit_text(product=product),
        counted=kind.value if kind != Kind.MADE_TO_ORDER else "",
        number={Kind.LIMITED: offer.num_in_stock, Kind.PER_ROUND: offer.per_round}.get(kind),
        left=stock.available(stockrecord=offer),
        kind_text=str(kind.label),
        picture=sizes.shown(picture=product.picture, size=sizes.TILE),
        who=who,
    )
