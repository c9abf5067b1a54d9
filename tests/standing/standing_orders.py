"""A household with a standing order in the market of the tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.core import mail
from django.utils import timezone

from logistics.models import DeliveryRound, DeliveryWindow, RuleWindow
from marketplace.catalogue.models import Product
from marketplace.order.models import Line, Order
from marketplace.regions.models import Municipality, Region
from marketplace.standing import agreements, mails, placing
from marketplace.standing.agreements import Article, Way
from marketplace.standing.models import StandingOrder, StandingPlacement
from marketplace.users.models import User
from tests.factories import orders
from tests.factories.market import NOW, PartnerFactory, ProductFactory, UserFactory
from tests.factories.town import Town

#: the day on which the first delivery is wanted
START = date(2026, 11, 28)


@dataclass(frozen=True)
class Household:
    """Who lives where, and the open round of Saturday, 28 November 2026 with its window at home."""

    user: User
    region: Region
    village: Municipality
    window: DeliveryWindow
    at_home: RuleWindow

    @property
    def round(self) -> DeliveryRound:
        """The open round."""
        return self.window.round

    def way(self, **other: Any) -> Way:
        """To the own door, paid at handover."""
        told: dict[str, Any] = {
            "window": self.at_home,
            "may_move": True,
            "first_name": "Grete",
            "last_name": "Beispiel",
            "payment": "handover",
            "street": "Dorfstraße 7",
            "postal_code": "24361",
            "municipality": self.village,
        }
        return Way(**{**told, **other})

    def make(self, articles: Sequence[Article], **other: Any) -> StandingOrder:
        """A standing order of these articles."""
        told: dict[str, Any] = {
            "starts_on": other.pop("starts_on", START),
            "age_confirmed": other.pop("age_confirmed", 0),
            "at": other.pop("at", NOW - timedelta(days=3)),
        }
        return agreements.make(
            user=self.user,
            region=self.region,
            articles=articles,
            way=self.way(**other),
            terms_accepted=orders.TERMS,
            **told,
        )


def household(*, capacity: int = 10) -> Household:
    """A customer in a village that is served."""
    village, window = orders.market_day(capacity=capacity)
    at_home = RuleWindow.objects.create(rule=window.round.rule, starts=time(10), ends=time(12), capacity=capacity, fee=window.fee)
    user = UserFactory.create(first_name="Grete", email="grete@post.example")
    return Household(user=user, region=village.region, village=village, window=window, at_home=at_home)


def products(home: Household, count: int = 1, **given: Any) -> list[Product]:
    """Articles of one producer."""
    partner = given.pop("partner", None) or PartnerFactory.create(municipality=home.village)
    return list(ProductFactory.create_batch(count, partner=partner, **given))


def want(product: Product, quantity: int = 1, **other: Any) -> Article:
    """So many of an article."""
    return Article(product_id=product.pk, quantity=quantity, **other)


def for_customer(town: Town, *, product: Product, who: User) -> StandingOrder:
    """A customer of the town has one article brought to the door every week."""
    rule = town.round.rule
    home = RuleWindow.objects.filter(rule=rule, pickup_point__isnull=True, partner__isnull=True).order_by("pk").first()
    village = town.villages["Haby"]
    window = home or RuleWindow.objects.create(rule=rule, starts=time(10), ends=time(12), capacity=10)
    household = Household(user=who, region=town.region, village=village, window=town.round.windows.all()[0], at_home=window)
    today = timezone.localdate()
    code = village.postal_codes[0]
    return household.make([want(product)], starts_on=today, at=timezone.now(), postal_code=code)


def place(standing: StandingOrder, home: Household, **when: Any) -> StandingPlacement | None:
    """Try it for the open round."""
    return placing.place(standing_id=standing.pk, round_id=home.round.pk, at=when.get("at", NOW))


def codes(placement: StandingPlacement | None) -> list[str]:
    """What was noted."""
    assert placement is not None
    return [note["code"] for note in placement.report]


def pieces(order: Order | None) -> list[int]:
    """Pieces of each line."""
    return list(Line.objects.filter(order=order).order_by("pk").values_list("quantity", flat=True))


def tell() -> Any:
    """Write what is due and give the last mail."""
    for pk in mails.untold():
        mails.tell(placement_id=pk, at=NOW)
    return mail.outbox[-1]
