"""Decides which doors a customer has goods brought to: each with a name and a village, one of them the usual one."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.regions.models import Municipality, Region
from marketplace.users.models import Address, User

#: nobody has more doors; it keeps lists short
MOST = 12


class NotKept(Exception):
    """The address cannot be kept like that; the message is fit for the person who will read it."""


def of(*, user: Any, region: Region) -> list[Address]:
    """The addresses of a person in a region, the usual one first, then by name; none for visitors, without a query."""
    if not user.is_authenticated:
        return []
    mine = Address.objects.filter(user=user, municipality__region=region)
    return list(mine.select_related("municipality").order_by("-is_default", "label", "pk"))


@transaction.atomic
def add(
    *, user: User, label: str, street: str, postal_code: str, municipality: Municipality, note: str = "", usual: bool = False
) -> Address:
    """Keep a further address; the first is the usual one. Raises `NotKept`."""
    mine = Address.objects.filter(user=_locked(user))
    if mine.count() >= MOST:
        raise NotKept(_("You have %(number)s addresses already. Please delete one first.") % {"number": MOST})
    is_first = not mine.filter(municipality__region=municipality.region_id).exists()
    address = Address(user=user, label=label, street=street, postal_code=postal_code, municipality=municipality, note=note)
    return _kept(address, usual=usual or (is_first and not mine.filter(is_default=True).exists()))


@transaction.atomic
def change(
    *, address: Address, label: str, street: str, postal_code: str, municipality: Municipality, note: str, usual: bool
) -> Address:
    """Change an address. Raises `NotKept`."""
    _locked(address.user)
    address.label, address.street, address.postal_code = label, street, postal_code
    address.municipality, address.note = municipality, note
    return _kept(address, usual=usual or address.is_default)


@transaction.atomic
def remove(*, address: Address) -> None:
    """Forget an address; the next one by name is the usual one then."""
    user = _locked(address.user)
    address.delete()
    left = Address.objects.filter(user=user)
    following = left.order_by("label", "pk").first()
    if following is not None and not left.filter(is_default=True).exists():
        left.filter(pk=following.pk).update(is_default=True)


@transaction.atomic
def make_usual(*, address: Address) -> None:
    """Goods go there unless something else is chosen."""
    Address.objects.filter(user=_locked(address.user), is_default=True).update(is_default=False)
    Address.objects.filter(pk=address.pk).update(is_default=True)


@transaction.atomic
def remember(
    *, user: User, street: str, postal_code: str, municipality: Municipality, only_first: bool = False
) -> Address | None:
    """Keep where an order went, under a name that is free; None when it is known, or not the first where only that counts."""
    mine = Address.objects.filter(user=_locked(user))
    same = mine.filter(street__iexact=street, postal_code=postal_code, municipality=municipality)
    number = mine.count()
    if same.exists() or (only_first and number) or number >= MOST:
        return None
    taken = set(mine.values_list("label", flat=True))
    names = (_("Home"), street[:40], *(f"{street[:36]} {index}" for index in range(2, MOST + 2)))
    label = next(name for name in names if name not in taken)
    return add(user=user, label=label, street=street, postal_code=postal_code, municipality=municipality)


def _locked(user: User) -> User:
    """Two requests of one person follow one another."""
    row: User = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    return row


def _kept(address: Address, *, usual: bool) -> Address:
    address.is_default = False
    if usual:
        Address.objects.filter(user=address.user_id, is_default=True).update(is_default=False)
        address.is_default = True
    try:
        with transaction.atomic():
            address.save()
    except IntegrityError as error:
        raise NotKept(_("You have an address with the name “%(label)s” already.") % {"label": address.label}) from error
    return address
