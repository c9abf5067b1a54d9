"""Decides how often a visitor may try codes that do not exist, so that nobody finds one by trying."""

from collections.abc import Iterable

from django.core.cache import cache
from django.utils.translation import gettext as _

#: after so many seconds without a further try all is forgotten
FORGOTTEN_AFTER = 600
#: wrong codes from one basket, and from one address on the net, behind which many people may sit
LIMITS = {"basket": 8, "address": 60}


class TooMany(Exception):
    """No more codes are looked at for a while; the message is for the visitor."""

    def __init__(self) -> None:
        super().__init__(_("Those were many tries. Please wait ten minutes; your basket stays as it is."))


def traces(*, basket_id: int | None, address: str) -> list[str]:
    """What a visitor is known by."""
    return [f"basket:{basket_id or 'none-' + address}", f"address:{address}"]


def check(*, who: Iterable[str]) -> None:
    """Raises `TooMany`, also for a right code: else the limit would tell which ones are right."""
    tried = cache.get_many([_key(trace) for trace in who])
    if any(number >= LIMITS[key.split(":")[1]] for key, number in tried.items()):
        raise TooMany


def count(*, who: Iterable[str]) -> None:
    """Remember a wrong code."""
    for trace in who:
        key = _key(trace)
        if not cache.add(key, 1, timeout=FORGOTTEN_AFTER):
            cache.incr(key)


def _key(trace: str) -> str:
    return f"voucher-tries:{trace}"
