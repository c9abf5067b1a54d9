"""The stock shop with as many articles, shelves and producers as ours, and a guest who walks through it."""

from decimal import Decimal
from functools import partial
from typing import Any

from benchmarks.measure import Cost, cost_of, pages_of

PRODUCERS, SHELVES = 200, 50
ADDRESS = {
    "first_name": "Anke", "last_name": "Apfelstedt", "line1": "Dorfstraße 1", "line4": "Holtsee", "postcode": "24363",
    "country": "DE", "title": "",
}  # fmt: skip


def measured(*, sizes: list[int]) -> dict[str, dict[str, Cost]]:
    """Costs by page for each number of articles, in a database that is dropped afterwards."""
    import django

    django.setup()
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return {str(size): _walked(size) for size in sizes}
    finally:
        connection.creation.destroy_test_db("bench_stock", verbosity=0)


def _walked(size: int) -> dict[str, Cost]:
    from django.db import connection
    from django.test import Client
    from oscar.core.loading import get_model

    _fill(size)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    products = list(get_model("catalogue", "Product").objects.order_by("pk")[:20])
    client = Client()
    found = pages_of(
        client,
        {"catalogue": "/catalogue/", "page 3": "/catalogue/?page=3", "product": products[0].get_absolute_url()},
    )
    found |= {name: cost_of(_order, runs=6, begin=partial(_filled, products[:lines])) for name, lines in _CHECKOUTS}
    full = _filled(products[:19])
    found["add, 19 there"] = cost_of(lambda: _add(full, products[19]), runs=5)
    found["basket of 20"] = cost_of(lambda: _seen(full.get("/basket/")), runs=5)
    return found


_CHECKOUTS = (("checkout of 3", 3), ("checkout of 20", 20))


def _fill(size: int) -> None:
    from oscar.core.loading import get_model

    models = {name: get_model("catalogue", name) for name in ("Product", "ProductClass", "Category", "ProductCategory")}
    Partner, StockRecord = get_model("partner", "Partner"), get_model("partner", "StockRecord")
    get_model("address", "Country").objects.get_or_create(
        iso_3166_1_a2="DE", defaults={"printable_name": "Germany", "is_shipping_country": True}
    )
    kind = models["ProductClass"].objects.get_or_create(slug="goods", defaults={"name": "Goods", "track_stock": True})[0]
    if not Partner.objects.exists():
        Partner.objects.bulk_create(Partner(name=f"Producer {number}", code=f"p{number}") for number in range(PRODUCERS))
        for number in range(SHELVES):
            models["Category"].add_root(name=f"Shelf {number}")
    partners, shelves = list(Partner.objects.order_by("pk")), list(models["Category"].objects.order_by("pk"))
    there = models["Product"].objects.count()
    made = models["Product"].objects.bulk_create(
        [
            models["Product"](title=f"Article {number}", slug=f"article-{number}", product_class=kind, structure="standalone")
            for number in range(there, size)
        ],
        batch_size=2000,
    )
    StockRecord.objects.bulk_create(
        [
            StockRecord(
                product=product, partner=partners[product.pk % PRODUCERS], partner_sku=f"A{product.pk}", price=Decimal("4.90"),
                price_currency="EUR", num_in_stock=1_000_000,
            )
            for product in made
        ],
        batch_size=2000,
    )  # fmt: skip
    models["ProductCategory"].objects.bulk_create(
        [models["ProductCategory"](product=product, category=shelves[product.pk % SHELVES]) for product in made], batch_size=2000
    )


def _filled(products: list[Any]) -> Any:
    from django.test import Client

    client = Client()
    for product in products:
        _add(client, product)
    return client


def _add(client: Any, product: Any) -> None:
    _moved(client.post(f"/basket/add/{product.pk}/", {"quantity": 1}))


def _order(client: Any) -> None:
    """From the basket to the thank-you page, as a guest."""
    _seen(client.get("/basket/"))
    _moved(client.post("/checkout/", {"username": "anke@post.example", "options": "anonymous"}))
    _seen(client.get("/checkout/shipping-address/"))
    _moved(client.post("/checkout/shipping-address/", ADDRESS))
    _moved(client.get("/checkout/shipping-method/"))
    _moved(client.get("/checkout/payment-method/"))
    _seen(client.get("/checkout/payment-details/"))
    _seen(client.get("/checkout/preview/"))
    _moved(client.post("/checkout/preview/", {"action": "place_order"}))
    _seen(client.get("/checkout/thank-you/"))


def _seen(answer: Any) -> None:
    assert answer.status_code == 200, (answer.request["PATH_INFO"], answer.status_code)


def _moved(answer: Any) -> None:
    assert answer.status_code == 302, (answer.request["PATH_INFO"], answer.status_code, answer.content[:2000])
