"""Decides what producers see of their own articles where customers see nothing: the page itself, and who else sees it."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from marketplace.assortments import reach
from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.regions.models import Region


def of_user(*, user: Any, region: Region) -> QuerySet[Product]:
    """All articles with an offer of the producers for whom a person acts, hidden ones too; none for visitors."""
    if not user.is_authenticated:
        nobodys: QuerySet[Product] = Product.objects.none()
        return nobodys
    run = Partner.objects.run_by(user).filter(region=region)
    mine: QuerySet[Product] = Product.objects.filter(partner__in=run, stockrecords__isnull=False)
    return mine


def notice(*, product: Product, region: Region) -> str:
    """Why others do not see the page, or who else sees it; two queries at most."""
    if product.partner.status != Partner.Status.APPROVED:
        return _("You alone see this page: your business does not sell here at present.")
    if not product.is_public:
        return _("You alone see this page: the article is taken off the market.")
    who = reach.of_articles(region=region, belonging={product.pk: product.assortments})[product.pk]
    return _("You see this page because the article is yours. Customers see it like this: %(who)s.") % {"who": who}
