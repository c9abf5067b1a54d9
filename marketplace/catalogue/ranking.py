"""Decides in which order the market recommends articles, and keeps it in a column, so that a list of any size reads only a page.

Recommended is, in this order: what the market puts first, what is to be had this month, from each producer one in turn, goods
before services, the oldest first. Nobody can buy a better place (article 5 Regulation (EU) 2019/1150 wants the order explained).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db.models import Case, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from marketplace.catalogue import seasons
from marketplace.catalogue.models import Product

#: the criteria from the weightiest to the lightest, and how far apart their steps lie in the key
PRIORITY, AWAY, TURN, KIND = 10**9, 10**8, 10, 1
#: more articles of one producer share the last turn
TURNS = AWAY // TURN - 1
#: what an article's place depends on, beside the other articles of its producer
WEIGHED = frozenset({"priority", "kind", "is_public", "season_months", "partner", "partner_id"})
_put_off: ContextVar[bool] = ContextVar("ranking_put_off", default=False)


def key(*, priority: int, away: bool, turn: int, is_service: bool) -> int:
    """The place of an article; the smaller the earlier. `turn` counts the articles of its producer from 1."""
    return -priority * PRIORITY + away * AWAY + min(turn, TURNS) * TURN + is_service * KIND


def refresh(*, today: date, partner_id: int | None = None) -> int:
    """Bring the keys up to date, of one producer or of all, and say how many changed. Runs twice = once."""
    known = Product.objects.filter(is_public=True)
    rows = _ranked(known.filter(partner=partner_id) if partner_id else known, today=today)
    changed = []
    for pk, kind, priority, old, turn, away in rows.values_list("pk", "kind", "priority", "shelf_key", "turn", "away").iterator():
        new = key(priority=priority, away=away, turn=turn, is_service=kind == Product.Kind.SERVICE)
        if new != old:
            changed.append(Product(pk=pk, shelf_key=new))
    Product.objects.bulk_update(changed, ["shelf_key"], batch_size=500)
    return len(changed)


@contextmanager
def together(*, today: date) -> Iterator[None]:
    """While many articles are saved, none takes its place; all do at the end."""
    token = _put_off.set(True)
    try:
        yield
    finally:
        _put_off.reset(token)
    refresh(today=today)


def saved(*, product: Product, fields: frozenset[str] | None, today: date) -> None:
    """An article takes its place, unless only `fields` were saved on which it does not depend (None: all were)."""
    if not _put_off.get() and (fields is None or fields & WEIGHED):
        refresh(today=today, partner_id=product.partner_id)


def _ranked(products: QuerySet[Product], *, today: date) -> QuerySet[Product]:
    turn = Window(RowNumber(), partition_by=F("partner"), order_by=(F("priority").desc(), F("pk").asc()))
    here = Q(season_months=[]) | seasons.now(day=today)
    ranked: QuerySet[Product] = products.annotate(turn=turn, away=Case(When(here, then=Value(False)), default=Value(True)))
    return ranked.order_by()
