"""Says which commission holds for an article today and why, and which rules stand back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from billing import earnings, shares
from billing.models import CommissionRule
from marketplace.catalogue.models import Product
from marketplace.core import wording
from marketplace.regions.models import Region

MOST = 20


@dataclass(frozen=True, kw_only=True)
class Row:
    """An article: `percent` is None while its producer has no contract; `others` hold too, but are less special."""

    title: str
    producer: str
    percent: Decimal | None
    why: str
    others: tuple[str, ...]


def explain(*, region: Region, text: str, today: date) -> list[Row]:
    """The articles whose title or producer has these words, by title. A few queries for any number of them."""
    named = Q(title__icontains=text) | Q(partner__name__icontains=text)
    rows = Product.objects.filter(named, partner__region=region).select_related("partner").order_by("title", "pk")[:MOST]
    terms = shares.terms_of_all(partners={row.partner_id for row in rows}, day=today, products=[row.pk for row in rows])
    return [_row(row, terms.get(row.partner_id)) for row in rows]


def whom(rule: CommissionRule) -> str:
    """For whom and what a rule is, e.g. “Hof Beispiel, Käse”."""
    words = (rule.partner.name if rule.partner is not None else "", rule.shelf.name if rule.shelf is not None else "")
    return ", ".join(word for word in words if word)


def _row(product: Product, terms: earnings.Terms | None) -> Row:
    name = product.partner.name
    if terms is None:
        return Row(title=product.title, producer=name, percent=None, why=_("no contract today"), others=())
    found = terms.commission_of(product_id=product.pk)
    contract = _("contract since %(day)s") % {"day": _day(terms.contract.valid_from)}
    return Row(
        title=product.title,
        producer=name,
        percent=found.percent,
        why=_said(found.rule) if found.rule is not None else contract,
        others=(
            *_all_said(found.others),
            *([_with(terms.contract.commission_percent, contract)] if found.rule is not None else []),
        ),
    )


def _all_said(rules: Sequence[CommissionRule]) -> list[str]:
    return [_with(rule.percent, _said(rule)) for rule in rules]


def _said(rule: CommissionRule) -> str:
    """Why it is that percentage."""
    said = _("rule for %(whom)s since %(day)s") % {"whom": whom(rule), "day": _day(rule.valid_from)}
    return f"{said} ({rule.reason})"


def _with(percent: Decimal, text: str) -> str:
    return f"{wording.quantity(percent, unit='%')}: {text}"


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
