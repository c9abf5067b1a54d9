"""Decides how an article is bought that comes from a wholesaler in whole cases, and how many cases a number of pieces takes."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics.models import CasePack
from marketplace.catalogue.models import Product
from marketplace.core import audit
from marketplace.partner.models import StockRecord
from marketplace.users.models import User

LARGEST = 1000
MOST_PIECES = 100_000


class BadCase(Exception):
    """The article cannot be bought like that; the message is for the producer."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How an article is bought: so many pieces in a case, of whom, under which number of theirs."""

    size: int
    wholesaler: str
    article_number: str = ""


def wanted(*, balance: int, size: int) -> int:
    """The fewest cases of `size` pieces after which a balance of pieces, below zero when they are owed, is not below zero."""
    return max(0, -(balance // size))


def sentence(*, number: int, title: str, size: int) -> str:
    """`2 Kisten Apfelsaft (12er)`."""
    text = ngettext("%(cases)s case of %(title)s (of %(size)s)", "%(cases)s cases of %(title)s (of %(size)s)", number)
    return text % {"cases": number, "title": title, "size": size}


@transaction.atomic
def agree(*, stockrecord: StockRecord, terms: Terms | None, at: datetime, by: User | None) -> CasePack | None:
    """From now on the article is bought by these terms, or, with None, no longer in cases. What is ordered already stays.

    The same terms again change nothing. Raises `BadCase`.
    """
    present = CasePack.objects.select_for_update().filter(stockrecord=stockrecord).first()
    if terms is None and (present is None or not present.in_use):
        return present
    pack = present or CasePack(stockrecord=stockrecord)
    old = _told(present)
    if terms is None:
        pack.in_use = False
    else:
        _refuse(stockrecord.product, terms)
        pack.size, pack.wholesaler, pack.article_number = terms.size, terms.wholesaler.strip(), terms.article_number.strip()
        pack.in_use = True
    if _told(pack) != old:
        pack.save()
        audit.record(action="offer.cases", target=stockrecord, at=at, by=by, old=old, new=_told(pack))
    return pack


@transaction.atomic
def recount(*, stockrecord: StockRecord, seen: int, counted: int, at: datetime, by: User | None) -> int:
    """Somebody counted the loose pieces: `counted` lie there where `seen` were written down; says how many there are now.

    Told as a difference, so that what a round took meanwhile stays taken. Raises `BadCase`.
    """
    if not 0 <= counted <= MOST_PIECES or abs(seen) > MOST_PIECES:
        raise BadCase(_("Please state how many there are, from 0 to 100,000."))
    pack = CasePack.objects.select_for_update().get(stockrecord=stockrecord)
    old, pack.loose = pack.loose, pack.loose + counted - seen
    if pack.loose != old:
        pack.save(update_fields=["loose"])
        audit.record(action="offer.recounted", target=stockrecord, at=at, by=by, old={"loose": old}, new={"loose": pack.loose})
    return pack.loose


def _refuse(product: Product, terms: Terms) -> None:
    if product.catch_weight or product.kind != Product.Kind.GOODS:
        raise BadCase(_("Only goods that need no scale can be bought in cases."))
    if not 1 <= terms.size <= LARGEST:
        raise BadCase(_("Please state how many pieces are in a case, from 1 to 1,000."))
    if not terms.wholesaler.strip():
        raise BadCase(_("Please state of whom you buy the cases."))


def _told(pack: CasePack | None) -> dict[str, str | int]:
    if pack is None or not pack.in_use:
        return {}
    return {"size": pack.size, "wholesaler": pack.wholesaler, "article_number": pack.article_number}
