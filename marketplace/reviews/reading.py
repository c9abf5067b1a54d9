"""Decides which reviews who reads, and in which order; averages come with the query of what they are about."""

from typing import Any

from django.db.models import Avg, Case, Count, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.reviews.models import Review

PUBLISHED = Review.Status.PUBLISHED


def of_region(*, region: Any) -> QuerySet[Review]:
    """All reviews of a region for its office: those that wait first, of these the oldest; then the newest."""
    waiting = Case(When(status=Review.Status.OPEN, then=0), default=1)
    rows = Review.objects.filter(partner__region=region).select_related("order_line", "partner", "product")
    return rows.order_by(waiting, Case(When(status=Review.Status.OPEN, then="written_at")), "-written_at", "-pk")


def published(*, product: Product | None = None, partner: Partner | None = None) -> QuerySet[Review]:
    """What everybody reads about an article or a producer, the newest first."""
    about = {"product": product} if product is not None else {"partner": partner}
    return Review.objects.filter(status=PUBLISHED, **about).select_related("order_line", "product").order_by("-written_at", "-pk")


def summary(*, rows: QuerySet[Review]) -> dict[str, Any]:
    """`average` (None without any) and `number` of published reviews; one query."""
    return rows.order_by().aggregate(average=Avg("stars"), number=Count("pk"))


def with_stars(*, products: QuerySet[Product]) -> QuerySet[Product]:
    """Articles with `review_average` (None without any) and `review_number`, in their own query."""
    rows = Review.objects.filter(status=PUBLISHED, product=OuterRef("pk")).order_by().values("product")
    number = Subquery(rows.annotate(found=Count("pk")).values("found"), output_field=IntegerField())
    found: QuerySet[Product] = products.annotate(
        review_number=Coalesce(number, 0), review_average=Subquery(rows.annotate(found=Avg("stars")).values("found"))
    )
    return found
