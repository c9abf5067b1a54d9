"""Decides which lines of a basket somebody sees: whoever fills it by a link sees no article that is not for him."""

from django.db.models import QuerySet

from marketplace.basket.models import Basket, Line


def lines_of(*, basket: Basket) -> QuerySet[Line]:
    """Its lines, as far as they are for who looks at it."""
    rows: QuerySet[Line] = Line.objects.filter(basket_id=basket.pk)
    return rows.filter(basket.shown_to.where("product__")) if basket.shown_to else rows


def hidden(*, basket: Basket) -> int:
    """How many are not; one query, none for whoever sees everything."""
    if not basket.pk or not basket.shown_to:
        return 0
    rows: QuerySet[Line] = Line.objects.filter(~basket.shown_to.where("product__"), basket_id=basket.pk)
    return rows.count()
