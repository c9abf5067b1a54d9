"""A whole small market around one round: three producers, everybody who works and shops in it, and a second region beside it.

The days follow from the one that is told, so that stories run on a told clock and a browser finds the round open today.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from billing.models import Account, SupplyContract
from logistics import rounds
from logistics.models import DeliveryRound, DeliveryWindow, RoundRule, RuleWindow
from marketplace.catalogue import search
from marketplace.catalogue.models import Category, Product
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region, Role
from marketplace.users.models import User
from tests.factories.market import (
    AccountFactory,
    MembershipFactory,
    MunicipalityFactory,
    PartnerFactory,
    PickupPointFactory,
    ProductFactory,
    RegionFactory,
    RoundRuleFactory,
    SupplyContractFactory,
    UserFactory,
    VehicleFactory,
    local,
)

PASSWORD = "geheim-und-lang"  # the factories' own
#: from the told day to the delivery day; the cut-off lies two days before
DAYS_AHEAD = 4
VAT = SupplyContract.VatStatus


@dataclass
class Town:
    """What is there; people are found by what they do."""

    today: date
    region: Region = field(init=False)
    elsewhere: Region = field(init=False)
    villages: dict[str, Municipality] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    account: Account = field(init=False)
    round: DeliveryRound = field(init=False)

    @property
    def noon(self) -> datetime:
        """The told moment of the told day."""
        return local(self.today, time(12))

    @property
    def delivery_day(self) -> date:
        """The day of the round."""
        return self.round.delivery_day

    def window(self, *, pickup: bool = False) -> DeliveryWindow:
        """The round's window at the door, or at the pickup point."""
        return DeliveryWindow.objects.get(round=self.round, pickup_point__isnull=not pickup)


def build(*, today: date) -> Town:
    """A town whose next round is delivered four days after `today`."""
    town = Town(today)
    town.region = RegionFactory.create(name="Hüttener Runde", slug="huettener-runde", claim="Aus den Dörfern, auf Ihren Tisch.")
    _villages(town)
    _producers(town)
    _articles(town)
    _people(town)
    _rounds(town)
    _elsewhere(town)
    return town


def _villages(town: Town) -> None:
    for name, code, latitude, longitude in (
        ("Haby", "24361", 54.395, 9.821),
        ("Ascheffel", "24358", 54.430, 9.700),
        ("Groß Wittensee", "24361", 54.4056, 9.7681),
    ):
        slug = name.lower().replace("ß", "ss").replace(" ", "-")
        town.villages[name] = MunicipalityFactory.create(
            region=town.region, name=name, slug=slug, postal_codes=[code], latitude=latitude, longitude=longitude
        )
    PickupPointFactory.create(municipality=town.villages["Ascheffel"], name="Dorfladen Ascheffel", slug="dorfladen-ascheffel")


def _producers(town: Town) -> None:
    """One at regular taxation, one small business, one farmer at flat rate, with three different commissions."""
    for key, name, village, status, percent in (
        ("dairy", "Hofkäserei Möhl", "Haby", VAT.REGULAR, "18.00"),
        ("bees", "Imkerei Lührs", "Ascheffel", VAT.SMALL, "15.00"),
        ("orchard", "Obsthof Dreyer", "Groß Wittensee", VAT.FLAT_RATE, "12.50"),
    ):
        home = town.villages[village]
        partner = PartnerFactory.create(
            municipality=home,
            name=name,
            slug=key,
            code=key,
            short=f"{name} aus {village}.",
            story="Wir arbeiten seit drei Generationen auf dem eigenen Hof.",
            city=village,
            postal_code=home.postal_codes[0],
            latitude=home.latitude + 0.004,
            longitude=home.longitude - 0.003,
        )
        town.partners[key] = partner
        SupplyContractFactory.create(
            partner=partner, vat_status=status, commission_percent=Decimal(percent), valid_from=town.today - timedelta(days=400)
        )
        town.people[key] = UserFactory.create(email=f"{key}@hof.example", first_name=name.split()[-1])
        partner.users.add(town.people[key])


def _articles(town: Town) -> None:
    shelf = {name: Category.add_root(name=name, slug=slug, is_public=True) for name, slug in SHELVES}
    for key, partner, category, given in ARTICLES:
        slug = key.replace("_", "-")
        town.products[key] = ProductFactory.create(partner=town.partners[partner], category=shelf[category], slug=slug, **given)
    for product in town.products.values():
        search.refresh(product=product)


SHELVES = (("Milch & Käse", "milch-kaese"), ("Honig & Vorräte", "honig-vorraete"), ("Getränke", "getraenke"))
ARTICLES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        "goat_cheese",
        "dairy",
        "Milch & Käse",
        {
            "title": "Ziegenkäse vom Laib",
            "sales_unit": Product.SalesUnit.PIECE,
            "net_content": None,
            "net_unit": Product.NetUnit.NONE,
            "catch_weight": True,
            "expected_weight_g": 500,
            "storage": Product.Storage.COOL,
            "allergens": ["Milch"],
            "offer__price": Decimal("11.45"),
            "offer__price_per_kg": Decimal("22.90"),
        },
    ),
    (
        "yoghurt",
        "dairy",
        "Milch & Käse",
        {
            "title": "Joghurt im Pfandglas",
            "deposit": Decimal("0.15"),
            "storage": Product.Storage.COOL,
            "offer__price": Decimal("2.35"),
        },
    ),
    ("honey", "bees", "Honig & Vorräte", {"title": "Rapshonig", "offer__price": Decimal("6.49")}),
    (
        "candle",
        "bees",
        "Honig & Vorräte",
        {
            "title": "Kerze aus Bienenwachs",
            "sales_unit": Product.SalesUnit.PIECE,
            "net_content": None,
            "net_unit": Product.NetUnit.NONE,
            "vat_category": "standard",
            "offer__price": Decimal("7.95"),
        },
    ),
    (
        "apple_juice",
        "orchard",
        "Getränke",
        {
            "title": "Apfelsaft naturtrüb",
            "sales_unit": Product.SalesUnit.BOTTLE,
            "net_content": 1000,
            "net_unit": Product.NetUnit.MILLILITRES,
            "vat_category": "standard",
            "deposit": Decimal("0.15"),
            "offer__price": Decimal("2.89"),
            "offer__stock_kind": "limited",
            "offer__num_in_stock": 60,
        },
    ),
    (
        "apples",
        "orchard",
        "Honig & Vorräte",
        {
            "title": "Äpfel Holsteiner Cox",
            "sales_unit": Product.SalesUnit.KG,
            "net_content": 1000,
            "net_unit": Product.NetUnit.GRAMS,
            "offer__price": Decimal("3.33"),
        },
    ),
)


def _people(town: Town) -> None:
    for key in ("customer", "other_customer", "chef", "office", "editor", "driver"):
        town.people[key] = UserFactory.create(email=f"{key.replace('_', '-')}@markt.example")
    for role in (Role.OFFICE, Role.EDITOR, Role.DRIVER):
        MembershipFactory.create(region=town.region, user=town.people[role], role=role)
    for number in (1, 2):
        VehicleFactory.create(
            region=town.region, name=f"Transporter {number}", driver=town.people["driver"] if number == 1 else None
        )
    town.account = AccountFactory.create(region=town.region, name="Gasthof Beispiel", credit_limit=Decimal(2000))
    town.account.users.add(town.people["chef"])


def _rounds(town: Town) -> None:
    """A weekly rule with two windows, announced as the market does it by itself."""
    first = town.today + timedelta(days=DAYS_AHEAD)
    rule = RoundRuleFactory.create(region=town.region, first_day=first, hub_open_from=time(6), hub_sorted_by=time(11))
    point = town.region.pickup_points.get()
    RuleWindow.objects.create(rule=rule, starts=time(14), ends=time(18), capacity=30, fee=Decimal("3.90"))
    RuleWindow.objects.create(rule=rule, pickup_point=point, starts=time(14), ends=time(18), capacity=30)
    rounds.announce(rule=rule, today=town.today)
    town.round = DeliveryRound.objects.get(rule=rule, delivery_day=first)


def _elsewhere(town: Town) -> None:
    """Another region of the same installation, with its own office, producer, article and round."""
    village = MunicipalityFactory.create(
        name="Norderstedt", slug="norderstedt", postal_codes=["22844"], latitude=53.69, longitude=10.0
    )
    town.elsewhere = village.region
    office, there = (
        UserFactory.create(email="office-elsewhere@markt.example"),
        UserFactory.create(email="producer-elsewhere@hof.example"),
    )
    town.people |= {"office_elsewhere": office, "producer_elsewhere": there}
    MembershipFactory.create(region=town.elsewhere, user=office, role=Role.OFFICE)
    partner = PartnerFactory.create(
        municipality=village, name="Gärtnerei Anderswo", slug="anderswo", code="anderswo", city="Norderstedt"
    )
    partner.users.add(there)
    town.partners["elsewhere"] = partner
    town.products["elsewhere"] = ProductFactory.create(partner=partner, title="Feldsalat von anderswo", slug="feldsalat")
    search.refresh(product=town.products["elsewhere"])
    first = town.today + timedelta(days=DAYS_AHEAD)
    rule: RoundRule = RoundRuleFactory.create(region=town.elsewhere, first_day=first)
    RuleWindow.objects.create(rule=rule, starts=time(14), ends=time(18), capacity=30, fee=Decimal("2.50"))
    rounds.announce(rule=rule, today=town.today)
