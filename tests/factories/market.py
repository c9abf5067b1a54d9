"""A small market: a region with a village, a producer with an article, an open round with a window."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory
from oscar.core.loading import get_model
from wagtail.models import Page, Site

from billing.models import Account, SupplyContract
from logistics.models import DeliveryRound, DeliveryWindow, PickupPoint, RoundRule, Vehicle
from marketplace.catalogue.models import Category, Product
from marketplace.partner.models import Partner, StockRecord
from marketplace.regions.models import Membership, Municipality, Region, Role
from marketplace.users.models import User

BERLIN = ZoneInfo("Europe/Berlin")
#: the told moment of most tests: a Tuesday noon, two days before the cut-off of the round on Saturday, 28 November 2026
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def local(day: date, at: time) -> datetime:
    """A moment in the region's own time."""
    return datetime.combine(day, at, tzinfo=BERLIN)


class UserFactory(DjangoModelFactory[User]):
    """A person whose address is proven, unless `proven=False` is told."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@hof.example")
    first_name = "Ada"
    last_name = "Beispiel"
    password = factory.django.Password("geheim-und-lang")

    @factory.post_generation
    def proven(self: Any, create: bool, extracted: bool | None, **given: object) -> None:
        """By a code, as at signing up."""
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class RegionFactory(DjangoModelFactory[Region]):
    """A region; the first one takes the site that answers to every host."""

    class Meta:
        model = Region

    name = factory.Sequence(lambda n: f"Region {n}")
    slug = factory.Sequence(lambda n: f"region-{n}")
    legal_name = "Regionalmarkt Beispiel eG"
    street = "Musterstraße 1"
    postal_code = "24361"
    city = "Groß Wittensee"
    email = "post@markt.example"
    phone = "+49 4356 000000"
    vat_id = "DE136695976"
    tax_number = "21/815/08150"
    iban = "DE89370400440532013000"
    bank_name = "Musterbank"
    register_entry = "GnR 000 (Beispiel)"
    hub_name = "Markthalle"
    hub_address = "Musterstraße 1, 24361 Groß Wittensee"
    hub_latitude = 54.4056
    hub_longitude = 9.7681

    @factory.lazy_attribute
    def site(self) -> Site:
        """The default site, or a new one for a further region."""
        free = Site.objects.filter(region__isnull=True).order_by("pk").first()
        if free:
            return free
        root = Page.objects.get(depth=1)
        n = Site.objects.count()
        home = root.add_child(instance=Page(title=f"Start {n}", slug=f"start-{n}"))
        return Site.objects.create(hostname=f"region{n}.localhost", port=80, root_page=home)


class MunicipalityFactory(DjangoModelFactory[Municipality]):
    """A village."""

    class Meta:
        model = Municipality

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence(lambda n: f"Dorf {n}")
    slug = factory.Sequence(lambda n: f"dorf-{n}")
    postal_codes = ["24361"]
    latitude = 54.42
    longitude = 9.73


class PartnerFactory(DjangoModelFactory[Partner]):
    """An approved producer."""

    class Meta:
        model = Partner

    region = factory.LazyAttribute(lambda o: o.municipality.region)
    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Hof Beispiel {n}")
    slug = factory.Sequence(lambda n: f"hof-beispiel-{n}")
    status = Partner.Status.APPROVED
    approved_at = NOW - timedelta(days=90)
    contact_first_name = "Hanne"
    contact_last_name = "Beispiel"
    street = "Feldweg 3"
    postal_code = "24361"
    city = "Haby"
    latitude = 54.395
    longitude = 9.821
    email = "hof@hof.example"
    phone = "+49 4356 000001"
    tax_number = "21/815/08151"
    iban = "DE02120300000000202051"
    collect_from = time(7)
    collect_until = time(9)


class SupplyContractFactory(DjangoModelFactory[SupplyContract]):
    """Commission of 18 % with self-billing agreed."""

    class Meta:
        model = SupplyContract

    partner = factory.SubFactory(PartnerFactory)
    commission_percent = Decimal("18.00")
    vat_status = SupplyContract.VatStatus.REGULAR
    self_billing_agreed_on = date(2026, 1, 2)
    valid_from = date(2026, 1, 1)


class ProductFactory(DjangoModelFactory[Product]):
    """An article with its offer: 4,90 € a jar, as much as is ordered, unless told otherwise."""

    class Meta:
        model = Product
        skip_postgeneration_save = True

    partner = factory.SubFactory(PartnerFactory)
    title = factory.Sequence(lambda n: f"Rapshonig {n}")
    slug = factory.Sequence(lambda n: f"rapshonig-{n}")
    sales_unit = Product.SalesUnit.JAR
    net_content = 500
    net_unit = Product.NetUnit.GRAMS
    structure = Product.STANDALONE
    is_public = True

    @factory.lazy_attribute
    def product_class(self) -> Any:
        """The one class of goods."""
        return get_model("catalogue", "ProductClass").objects.get_or_create(
            slug="goods", defaults={"name": "Goods", "track_stock": False}
        )[0]

    @factory.post_generation
    def offer(self: Any, create: bool, extracted: object, **given: object) -> None:
        """`offer__price=…`, `offer__stock_kind=…`, `offer__num_in_stock=…`."""
        if create:
            terms: dict[str, object] = {"price": Decimal("4.90"), "num_allocated": 0, **given}
            StockRecord.objects.create(product=self, partner=self.partner, partner_sku=f"A{self.pk}", **terms)

    @factory.post_generation
    def category(self: Any, create: bool, extracted: Category | None, **given: object) -> None:
        """`category=` a shelf."""
        if create and extracted is not None:
            Product.categories.through.objects.create(product=self, category=extracted)


class RoundRuleFactory(DjangoModelFactory[RoundRule]):
    """Every Saturday, cut-off Thursday 18:00."""

    class Meta:
        model = RoundRule

    region = factory.SubFactory(RegionFactory)
    name = "Samstagsrunde"
    first_day = date(2026, 8, 1)
    cutoff_hours = 30
    hub_open_from = time(6)
    hub_sorted_by = time(9)


class RoundFactory(DjangoModelFactory[DeliveryRound]):
    """The open round of Saturday, 28 November 2026."""

    class Meta:
        model = DeliveryRound

    region = factory.LazyAttribute(lambda o: o.rule.region)
    rule = factory.SubFactory(RoundRuleFactory)
    delivery_day = date(2026, 11, 28)
    rule_day = factory.LazyAttribute(lambda o: o.delivery_day)
    opens_at = factory.LazyAttribute(lambda o: local(o.delivery_day - timedelta(days=9), time(8)))
    cutoff_at = factory.LazyAttribute(lambda o: local(o.delivery_day - timedelta(days=2), time(18)))


class PickupPointFactory(DjangoModelFactory[PickupPoint]):
    """A shop that keeps crates."""

    class Meta:
        model = PickupPoint

    region = factory.LazyAttribute(lambda o: o.municipality.region)
    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.Sequence(lambda n: f"Dorfladen {n}")
    slug = factory.Sequence(lambda n: f"dorfladen-{n}")
    street = "Dorfstraße 2"
    postal_code = "24358"
    city = "Ascheffel"
    latitude = 54.43
    longitude = 9.70
    cold_storage = True


class WindowFactory(DjangoModelFactory[DeliveryWindow]):
    """10 to 12 o'clock at home, ten places, 3,90 €."""

    class Meta:
        model = DeliveryWindow

    round = factory.SubFactory(RoundFactory)
    starts_at = factory.LazyAttribute(lambda o: local(o.round.delivery_day, time(10)))
    ends_at = factory.LazyAttribute(lambda o: local(o.round.delivery_day, time(12)))
    capacity = 10
    fee = Decimal("3.90")


class VehicleFactory(DjangoModelFactory[Vehicle]):
    """A van."""

    class Meta:
        model = Vehicle

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence(lambda n: f"Transporter {n}")
    capacity_crates = 60
    capacity_cold = 20
    carries_frozen = True
    shift_starts = time(6)
    shift_ends = time(16)


class AccountFactory(DjangoModelFactory[Account]):
    """An approved restaurant on monthly account."""

    class Meta:
        model = Account

    region = factory.SubFactory(RegionFactory)
    number = factory.Sequence(lambda n: f"K-{10000 + n}")
    name = "Gasthof Beispiel"
    approved_at = NOW - timedelta(days=60)
    street = "Seestraße 4"
    postal_code = "24361"
    city = "Groß Wittensee"
    email = "rechnung@gasthof.example"
    credit_limit = Decimal("2000")


class MembershipFactory(DjangoModelFactory[Membership]):
    """A person of the office."""

    class Meta:
        model = Membership

    region = factory.SubFactory(RegionFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OFFICE
