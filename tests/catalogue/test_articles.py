"""What makes an article that can be sold."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from marketplace.catalogue import articles
from marketplace.catalogue.models import Category, Product
from marketplace.core.models import AuditEntry
from marketplace.partner.models import StockRecord
from tests.factories.market import NOW, PartnerFactory, ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> Category:
    made: Category = Category.add_root(name="Honig & Vorräte", slug="honig-vorraete")
    return made


def created(shelf: Category, **given: Any) -> Product:
    terms = {"partner": PartnerFactory.create(), "title": "Rapshonig", "price": Decimal("6.50"), **given}
    return articles.create(category=shelf, at=NOW, by=None, **terms)


def test_create_makes_an_article_that_can_be_found_and_bought(shelf: Category) -> None:
    product = created(shelf, title="Öhrchens Käsehonig", net_content=500, net_unit="g", sales_unit="jar")
    offer = StockRecord.objects.get(product=product)
    product.refresh_from_db()
    assert (product.slug, product.product_class.slug, offer.price) == ("oehrchens-kaesehonig", "goods", Decimal("6.50"))
    assert "kaesehonig" in product.search_words
    assert "vorraete" in product.search_words
    assert AuditEntry.objects.filter(action="article.created", target_id=product.pk).exists()


def test_create_prices_weighed_goods_by_their_expected_weight(shelf: Category) -> None:
    product = created(shelf, price=None, price_per_kg=Decimal("15.90"), catch_weight=True, expected_weight_g=1200)
    offer = StockRecord.objects.get(product=product)
    assert (offer.price, offer.price_per_kg) == (Decimal("19.08"), Decimal("15.90"))


def test_create_counts_stock(shelf: Category) -> None:
    limited = StockRecord.objects.get(product=created(shelf, stock_kind="limited", stock=8))
    each = StockRecord.objects.get(product=created(shelf, stock_kind="per_round", stock=5))
    assert (limited.num_in_stock, limited.num_allocated, each.per_round) == (8, 0, 5)


def test_create_knows_since_when_it_is_new(shelf: Category) -> None:
    product = created(shelf)
    product.refresh_from_db()
    assert product.date_created == NOW


def test_database_keeps_articles_to_the_rates_at_which_the_market_sells(shelf: Category) -> None:
    product = created(shelf)
    with pytest.raises(IntegrityError, match="sold_at_reduced_or_standard_rate"), transaction.atomic():
        Product.objects.filter(pk=product.pk).update(vat_category="exempt")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": " "},
        {"title": "x" * 121},
        {"title": "Bio-Honig"},
        {"is_organic": True},
        {"price": None},
        {"price": Decimal("0")},
        {"price": Decimal("-2")},
        {"catch_weight": True, "price_per_kg": Decimal("9")},
        {"net_unit": "g"},
        {"deposit": Decimal("-1")},
        {"season_months": [13]},
        {"allergens": ["CHEESE"]},
        {"sales_unit": "barrel"},
        {"vat_category": "exempt"},
        {"vat_category": "flat_rate"},
        {"stock_kind": "limited"},
    ],
)
def test_create_refuses_what_is_incomplete_or_untrue_and_stores_nothing(fields: dict[str, Any], shelf: Category) -> None:
    with pytest.raises(articles.BadArticle) as refused:
        created(shelf, **fields)
    assert refused.value.problems
    assert not Product.objects.exists()


def test_create_knows_no_other_fields(shelf: Category) -> None:
    with pytest.raises(TypeError):
        created(shelf, search_words="x")


def test_edit_changes_fields_the_shelf_and_the_search(shelf: Category) -> None:
    product, by = created(shelf), UserFactory.create()
    other = Category.add_root(name="Getränke", slug="getraenke")
    articles.edit(product=product, changes={"title": "Met"}, category=other, at=NOW, by=by)
    product.refresh_from_db()
    assert (product.title, list(product.categories.all())) == ("Met", [other])
    assert "getraenke" in product.search_words
    assert "rapshonig" not in product.search_words
    entry = AuditEntry.objects.get(action="article.edited")
    assert (entry.old, entry.new, entry.by) == ({"title": "Rapshonig"}, {"title": "Met"}, by)


def test_edit_of_the_expected_weight_changes_the_expected_price(shelf: Category) -> None:
    product = created(shelf, price=None, price_per_kg=Decimal("10"), catch_weight=True, expected_weight_g=1000)
    articles.edit(product=product, changes={"expected_weight_g": 1500}, at=NOW, by=None)
    assert StockRecord.objects.get(product=product).price == Decimal("15.00")


def test_edit_refuses_a_claim_without_a_certificate(shelf: Category) -> None:
    product = created(shelf)
    with pytest.raises(articles.BadArticle):
        articles.edit(product=product, changes={"description": "Echt bio!"}, at=NOW, by=None)
    product.refresh_from_db()
    assert product.description == ""


def test_hide_and_show_are_written_down_once() -> None:
    product = ProductFactory.create()
    for _ in range(2):
        articles.hide(product=product, at=NOW, by=None)
    articles.show(product=product, at=NOW, by=None)
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["article.hidden", "article.shown"]


def test_a_renamed_producer_is_found_by_the_new_name() -> None:
    product = ProductFactory.create()
    product.partner.name = "Hof Sonnenschein"
    product.partner.save()
    product.refresh_from_db()
    assert "sonnenschein" in product.search_words
