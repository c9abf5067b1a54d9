"""A database of its own for measuring, filled in bulk: villages, producers, shelves, articles, one open round."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

PRODUCERS, SHELVES = 200, 50
NAME = "bench_market"


@contextmanager
def database() -> Iterator[None]:
    """Servers, tables, and afterwards nothing: PostgreSQL and Valkey of the tests, a database that is dropped at the end."""
    import django
    from django.conf import settings

    from tests.plugins import services  # noqa: F401 - starts them and says where they are

    django.setup()
    settings.ALLOWED_HOSTS = ["*"]
    settings.CACHES["default"]["KEY_PREFIX"] = NAME
    settings.MIGRATION_MODULES = _NoMigrations()
    from django.db import connection

    from tests.conftest import _extensions_in_the_template

    _extensions_in_the_template()
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    from tests.factories import ground

    ground.lay()
    try:
        yield
    finally:
        connection.creation.destroy_test_db(NAME, verbosity=0)


class _NoMigrations(dict[str, None]):
    """Tables straight from the models."""

    def __contains__(self, _app: object) -> bool:
        return True

    def __getitem__(self, _app: str) -> None:
        return None


def region() -> Any:
    """A region with its villages, producers, shelves and an open round."""
    from django.utils import timezone

    from marketplace.catalogue.models import Category
    from tests.factories import market as make

    found: Any = make.RegionFactory.create(name="Messregion")
    villages = [make.MunicipalityFactory.create(region=found) for _ in range(16)]
    for number in range(PRODUCERS):
        make.PartnerFactory.create(municipality=villages[number % 16], code=f"p{number}")
    for number in range(SHELVES):
        Category.add_root(name=f"Regal {number}", slug=f"regal-{number}", is_public=True)
    now = timezone.now()
    day = timezone.localdate() + timedelta(days=4)
    rule = make.RoundRuleFactory.create(region=found)
    opened: Any = make.RoundFactory.create(
        rule=rule, delivery_day=day, opens_at=now - timedelta(days=5), cutoff_at=now + timedelta(days=2)
    )
    make.WindowFactory.create(round=opened, capacity=5000)
    return found


def articles(*, market: Any, count: int) -> None:
    """Fill up to so many articles, evenly over producers and shelves."""
    from django.apps import apps
    from django.utils import timezone

    from marketplace.catalogue import ranking, search
    from marketplace.catalogue.models import Category, Product
    from marketplace.partner.models import Partner, StockRecord

    on_shelf, kinds = (apps.get_model("catalogue", name) for name in ("ProductCategory", "ProductClass"))
    kind = kinds.objects.get_or_create(slug="goods", defaults={"name": "Goods", "track_stock": False})[0]
    partners, shelves = list(Partner.objects.filter(region=market)), list(Category.objects.order_by("pk"))
    there = Product.objects.count()
    new = [
        Product(
            title=f"{WORDS[number % len(WORDS)]} {number}", slug=f"artikel-{number}", partner=partners[number % len(partners)],
            product_class=kind, structure="standalone", is_public=True, net_content=500, net_unit="g", sales_unit="jar",
        )
        for number in range(there, count)
    ]  # fmt: skip
    for product in new:
        product.search_words = search.words_for(product)
    made = Product.objects.bulk_create(new, batch_size=2000)
    StockRecord.objects.bulk_create(
        [
            StockRecord(
                product=product, partner=product.partner, partner_sku=f"A{product.pk}", price=Decimal("4.90"), num_allocated=0
            )
            for product in made
        ],
        batch_size=2000,
    )
    on_shelf.objects.bulk_create(
        [on_shelf(product=product, category=shelves[product.pk % len(shelves)]) for product in made], batch_size=2000
    )
    if made:
        search.refresh(product=made[0])
    ranking.refresh(today=timezone.localdate())


def home(*, market: Any, products: list[Any]) -> None:
    """A home page with every block, unless there is one."""
    from cms.models import HomePage
    from tests.cms import market as pages

    if not HomePage.objects.exists():
        pages.site(region=market, products=products)


WORDS = ("Rapshonig", "Ziegenkäse", "Roggenbrot", "Möhren", "Apfelsaft", "Landeier", "Bratwurst", "Kräutertee")
