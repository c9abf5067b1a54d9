"""Decides what an article's page says besides its price: the facts that the law wants and the rounds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dates import MONTHS
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from logistics import orderable
from marketplace.catalogue import allergens, claims, labels, seasons, withdrawal
from marketplace.catalogue.models import Product
from marketplace.core import wording
from marketplace.shop import offered


@dataclass(frozen=True)
class RoundLine:
    """A round in which the article can be ordered, or why it cannot."""

    day: date
    deadline: str
    hindrance: str


def facts(*, product: Product, today: date) -> list[dict[str, str]]:
    """Names and values for `components/facts.html`; what is not known is left out."""
    rows = [
        (_("Origin"), product.origin),
        (_("Storage"), str(product.get_storage_display()) if product.storage != Product.Storage.AMBIENT else ""),
        (_("Season"), seasons.text(months=product.season_months) if product.season_months else ""),
        (_("Notice"), _notice(product)),
        (_("Smallest quantity"), str(product.minimum_quantity) if product.minimum_quantity > 1 else ""),
        (_("Diet"), str(product.get_diet_display()) if product.diet else ""),
        (_("Labels"), ", ".join(labels.shown(product=product, today=today))),
        (_("Allergens"), allergens.text(keys=product.allergens, language=_language())),
        (_("Age"), _age(product)),
        (_("Organic control body"), product.partner.organic_code if claims.shows_organic(product=product, today=today) else ""),
        (_("Withdrawal"), withdrawal.sentence(ground=product.withdrawal_ground)),
        (_("Article number"), str(product.pk)),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def ingredients(*, product: Product, today: date) -> SafeString:
    """The list of ingredients with its allergens set off; claims go when the certificate has gone."""
    shown = claims.allowed(text=product.ingredients, certified=claims.certified(partner=product.partner, today=today))
    return allergens.emphasised(ingredients=shown)


def months(*, product: Product) -> list[dict[str, Any]]:
    """The twelve months with "is it to be had then", for the calendar; empty for goods of all year."""
    if not seasons.spans(months=product.season_months):
        return []
    return [
        {"letter": str(MONTHS[month])[:1], "name": str(MONTHS[month]), "yes": month in product.season_months} for month in MONTHS
    ]


def rounds(*, product: Product, shown: offered.Offered, at: datetime) -> list[RoundLine]:
    """For which of the open rounds the article can be ordered; no query."""
    return [
        RoundLine(
            day=row.delivery_day,
            deadline=offered.deadline_text(delivery_round=row),
            hindrance=orderable.hindrance(product=product, partner=product.partner, delivery_round=row, at=at),
        )
        for row in shown.open
    ]


def _notice(product: Product) -> str:
    days = product.lead_time_days
    if not days:
        return ""
    return ngettext("Order %(days)s day before the delivery.", "Order %(days)s days before the delivery.", days) % {
        "days": wording.quantity(days)
    }


def _age(product: Product) -> str:
    if product.age_limit is None:
        return ""
    return _("Only for people of %(age)s and older; the driver asks for a proof of age.") % {"age": product.age_limit}


def _language() -> str:
    return (get_language() or "de")[:2]
