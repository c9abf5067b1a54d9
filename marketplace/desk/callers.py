"""Decides who is calling: finds people by number or name, and keeps a card of each who orders by telephone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.utils.translation import gettext as _

from logistics.models import Delivery
from marketplace.assortments import sights
from marketplace.assortments.models import CustomerGroup
from marketplace.assortments.precedence import Sight
from marketplace.core import audit
from marketplace.desk import numbers
from marketplace.desk.models import Caller
from marketplace.order.models import Order
from marketplace.regions.models import Region
from marketplace.users import addresses, profiles
from marketplace.users.models import User

#: longer searches are cut off here, and of longer lists nobody reads the end
LONGEST, MOST = 80, 12
FORGOTTEN = "desk.caller_forgotten"


class NotKept(Exception):
    """The card cannot be kept like that; the message is fit for the person who will read it."""


@dataclass(frozen=True)
class Found:
    """Somebody who may be calling. `kind` says what `key` belongs to: a "card", a "login" (user) or an "order" of a guest."""

    kind: str
    key: int
    name: str
    place: str
    phone: str
    hint: str


def find(*, region: Region, text: str) -> list[Found]:
    """Who has that number or a number with these digits, or these words in the name; cards first, nobody twice.

    People with a login count if they have ordered in the region or live there. Three queries.
    """
    text = text[:LONGEST].strip()
    if not text:
        return []
    digits = numbers.digits(text=text)
    cards = list(_cards(region, digits, text)[:MOST])
    known = {card.user_id for card in cards if card.user_id}
    logins = [user for user in _logins(region, digits, text)[:MOST] if user.pk not in known]
    told = {(card.first_name, card.last_name, card.number) for card in cards}
    guests = [order for order in _guests(region, digits, text)[: 5 * MOST] if _person(order) not in told]
    return [*map(_of_card, cards), *map(_of_login, logins), *_of_guests(guests)][:MOST]


def groups(*, region: Region) -> list[tuple[int, str]]:
    """The groups of customers of a region that a card can be put into: key and name."""
    return list(CustomerGroup.objects.filter(region=region).order_by("name", "pk").values_list("pk", "name"))


def sight(*, caller: Caller) -> Sight:
    """What the caller may order: as a person with a login, and by the groups of the card; three queries."""
    by_card = set(caller.groups.values_list("pk", flat=True))
    by_login = sights.groups_of(region_id=caller.region_id, user_id=caller.user_id) if caller.user_id else frozenset()
    return sights.of_groups(region=caller.region, groups=by_card | by_login)


@transaction.atomic
def add(*, region: Region, details: Mapping[str, Any], at: datetime, user: User | None = None) -> Caller:
    """A new card; a person with a login has only one. Raises `NotKept`."""
    caller = Caller(region=region, user=user, known_since=at)
    return _kept(caller, details)


@transaction.atomic
def change(*, caller: Caller, details: Mapping[str, Any]) -> Caller:
    """Change a card. Raises `NotKept`."""
    return _kept(Caller.objects.select_for_update(of=("self",)).get(pk=caller.pk), details)


@transaction.atomic
def forget(*, caller: Caller, at: datetime, by: User | None) -> None:
    """Throw a card away because the person wants it, with what was noted of calls; orders keep what they need."""
    audit.record(action=FORGOTTEN, target=caller, at=at, by=by)
    caller.calls.update(text="", caller=None)
    if caller.basket is not None:
        caller.basket.lines.all().delete()
    caller.delete()


def details_of(*, order: Order) -> dict[str, Any]:
    """What a guest's order tells for a card; of a pickup point there is no address of the customer's. Needs the delivery."""
    delivery = order.delivery
    home = delivery.kind == Delivery.Kind.HOME
    return {
        "first_name": order.first_name,
        "last_name": order.last_name,
        "company": order.company,
        "phone": order.phone or delivery.phone,
        "email": order.guest_email,
        "street": delivery.street if home else "",
        "postal_code": delivery.postal_code if home else "",
        "city": delivery.city if home else "",
        "municipality": delivery.municipality if home else None,
    }


def details_of_login(*, user: User, region: Region) -> dict[str, Any]:
    """What is known of a person with a login: the profile, and the usual door."""
    profile = profiles.of(user=user)
    door = next(iter(addresses.of(user=user, region=region)), None)
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "company": profile.company,
        "phone": profile.phone,
        "email": user.email,
        "street": door.street if door else "",
        "postal_code": door.postal_code if door else "",
        "city": door.municipality.name if door else "",
        "municipality": door.municipality if door else None,
    }


def logins_of(*, region: Region) -> QuerySet[User]:
    """People with a login who have to do with a region: they have ordered there, or live there."""
    ordered = Order.objects.filter(region=region, user__isnull=False).values("user")
    there = Q(pk__in=ordered) | Q(profile__municipality__region=region)
    rows: QuerySet[User] = User.objects.filter(there, is_active=True, erased_at__isnull=True)
    return rows


def _kept(caller: Caller, details: Mapping[str, Any]) -> Caller:
    number = numbers.normal(text=details["phone"])
    if not number:
        raise NotKept(_("This is no phone number that we can call: %(number)s") % {"number": details["phone"]})
    for name in ("first_name", "last_name", "company", "email", "street", "postal_code", "city", "municipality"):
        setattr(caller, name, details.get(name) or (None if name == "municipality" else ""))
    caller.note = details.get("note", caller.note)
    caller.number = number
    if not (caller.email or (caller.street and caller.postal_code and caller.city)):
        raise NotKept(_("We need an e-mail address or a postal address: the confirmation has to reach the customer."))
    try:
        with transaction.atomic():
            caller.save()
    except IntegrityError as error:
        raise NotKept(_("There is a card of this customer already.")) from error
    if "groups" in details:
        caller.groups.set(CustomerGroup.objects.filter(region=caller.region_id, pk__in=details["groups"]))
    return caller


def _cards(region: Region, digits: str, text: str) -> QuerySet[Caller]:
    rows = Caller.objects.filter(region=region)
    found = rows.filter(number__contains=digits) if digits else _named(rows, text, ("first_name", "last_name", "company", "city"))
    return found.order_by("last_name", "first_name", "pk")


def _logins(region: Region, digits: str, text: str) -> QuerySet[User]:
    rows = logins_of(region=region).select_related("profile__municipality")
    if digits:
        rows = rows.annotate(dialled=_digits_of("profile__phone")).filter(dialled__contains=digits)
    else:
        rows = _named(rows, text, ("first_name", "last_name", "email", "profile__company", "profile__municipality__name"))
    found: QuerySet[User] = rows.order_by("last_name", "first_name", "pk")
    return found


def _guests(region: Region, digits: str, text: str) -> QuerySet[Order]:
    rows = Order.objects.filter(region=region, user__isnull=True, taken__isnull=True).select_related("delivery")
    if digits:
        rows = rows.annotate(dialled=_digits_of("phone")).filter(dialled__contains=digits)
    else:
        rows = _named(rows, text, ("first_name", "last_name", "company", "guest_email", "delivery__city"))
    found: QuerySet[Order] = rows.order_by("-date_placed", "-pk")
    return found


def _named(rows: Any, text: str, fields: tuple[str, ...]) -> Any:
    """Every word has to occur in one of the fields."""
    for word in text.split():
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(found)
    return rows


def _digits_of(field: str) -> Func:
    """What somebody has typed as a phone number, without anything but digits."""
    return Func(F(field), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField())


def _of_card(card: Caller) -> Found:
    hint = card.note or (_("has a login") if card.user_id else "")
    return Found("card", card.pk, card.name, card.city, numbers.shown(number=card.number), hint)


def _of_login(user: User) -> Found:
    profile = getattr(user, "profile", None)
    village = profile.municipality.name if profile and profile.municipality else ""
    phone = numbers.shown(number=profile.phone) if profile else ""
    return Found("login", user.pk, user.get_full_name() or user.email, village, phone, user.email)


def _of_guests(orders: list[Order]) -> Iterator[Found]:
    """One entry for each person, from the latest order."""
    seen = set()
    for order in orders:
        person = _person(order)
        if person in seen:
            continue
        seen.add(person)
        by_phone = order.channel == Order.Channel.PHONE
        hint = _("ordered by telephone before, %(number)s") if by_phone else _("ordered online as a guest, %(number)s")
        name = f"{order.company}, {order.contact_name}" if order.company else order.contact_name
        phone, told = numbers.shown(number=order.phone), {"number": order.number}
        yield Found("order", order.pk, name, order.delivery.city, phone, hint % told)


def _person(order: Order) -> tuple[str, str, str]:
    return order.first_name, order.last_name, numbers.normal(text=order.phone)
