"""Decides who may fill a basket together with its owner: whoever knows its key, until the owner ends it or somebody orders.

The key is 128 random bits, so nobody guesses one. It stays with a basket that was ordered, so that the others can be told.
"""

import secrets
from dataclasses import dataclass

from django.utils.translation import gettext as _

from marketplace.basket import baskets
from marketplace.basket.models import Basket
from marketplace.regions.models import Region

KEY_BYTES = 16
LONGEST_NAME = 50


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a key leads to: the `basket` while it can be filled, otherwise nothing; `known` says whether there was one."""

    basket: Basket | None
    known: bool


def share(*, basket: Basket) -> Basket:
    """Give a basket a key, storing it if need be; one that has a key keeps it. Of two clicks at once both get the same."""
    kept = baskets.keep(basket=basket)
    unshared = Basket.objects.filter(pk=kept.pk, status=Basket.OPEN, share_key__isnull=True)
    unshared.update(share_key=secrets.token_hex(KEY_BYTES))
    kept.refresh_from_db(fields=["share_key"])
    return kept


def end(*, basket: Basket) -> None:
    """From now on its owner alone fills it; what the others have put in stays."""
    Basket.objects.filter(pk=basket.pk).update(share_key=None)


def find(*, key: str, region: Region) -> Found:
    """The basket of a key in this region; one query while it is open."""
    if not key:
        return Found(basket=None, known=False)
    basket = baskets.open_ones(region=region).filter(share_key=key).first()
    if basket is not None:
        return Found(basket=basket, known=True)
    return Found(basket=None, known=Basket.objects.filter(share_key=key, region=region).exists())


def first_name(*, typed: str) -> str:
    """The name that stands beside what somebody puts in."""
    return " ".join(typed.replace("\x00", "").split())[:LONGEST_NAME]


def over() -> str:
    """What is told to somebody whose shared basket was ordered or is shared no more."""
    return _("The shared basket has been ordered or is no longer shared. Now you fill your own basket again.")
