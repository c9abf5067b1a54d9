"""Decides who may fill a basket together with its owner: whoever knows its key, until the owner ends it, somebody orders, or it
runs out.

The key is 128 random bits, so nobody guesses one. It stays with a basket that was ordered, so that the others can be told. Who
shares a basket after the link has run out gets another one: the old one never leads anywhere again.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.regions.models import Region

KEY_BYTES = 16
LONGEST_NAME = 50
#: a household fills its basket for the next round, or the one after it
LASTS = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a key leads to: the `basket` while it can be filled, otherwise nothing; `known` says whether there was one."""

    basket: Basket | None
    known: bool


def share(*, basket: Basket, at: datetime) -> Basket:
    """Give a basket a key, storing it if need be; one that leads somewhere stays. Of two clicks at once both get the same."""
    kept = baskets.keep(basket=basket)
    over = Q(share_key__isnull=True) | Q(share_until__isnull=True) | Q(share_until__lte=at)
    unshared = Basket.objects.filter(over, pk=kept.pk, status=Basket.OPEN)
    unshared.update(share_key=secrets.token_hex(KEY_BYTES), share_until=at + LASTS)
    kept.refresh_from_db(fields=["share_key", "share_until"])
    return kept


def is_open(*, basket: Basket, at: datetime) -> bool:
    """Whether the basket's key leads to it at that moment."""
    return bool(basket.share_key) and basket.share_until is not None and at < basket.share_until


def end(*, basket: Basket) -> None:
    """From now on its owner alone fills it; what the others have put in stays."""
    Basket.objects.filter(pk=basket.pk).update(share_key=None, share_until=None)


def find(*, key: str, region: Region, at: datetime) -> Found:
    """The basket to which a key leads in this region at that moment; one query while it does."""
    if not key:
        return Found(basket=None, known=False)
    basket = baskets.open_ones(region=region).filter(share_key=key, share_until__gt=at).first()
    if basket is not None:
        return Found(basket=basket, known=True)
    return Found(basket=None, known=Basket.objects.filter(share_key=key, region=region).exists())


def first_name(*, typed: str) -> str:
    """The name that stands beside what somebody puts in."""
    return " ".join(typed.replace("\x00", "").split())[:LONGEST_NAME]


def over() -> str:
    """What is told to somebody whose shared basket was ordered or is shared no more."""
    return _("The shared basket has been ordered or is no longer shared. Now you fill your own basket again.")


def not_whole() -> str:
    """What is told to a guest who wants to order a basket of which he sees a part only."""
    return _("Not everything in this basket is for you. Whose basket it is has to order it.")
