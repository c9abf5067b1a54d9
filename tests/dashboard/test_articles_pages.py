"""A producer's articles: one screen to add, everything to change, prices and numbers in the list."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from marketplace.catalogue.models import Category, Product
from marketplace.partner.models import StockRecord
from tests.dashboard.people import Farm, producer_of
from tests.factories.market import PartnerFactory, ProductFactory

pytestmark = pytest.mark.django_db
CEILING = 12


@pytest.fixture
def farm() -> Farm:
    return Farm()


@pytest.fixture
def shelf() -> Category:
    root: Category = Category.add_root(name="Honig", slug="honig")
    return root


def photo() -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (400, 300), "gold").save(file, "JPEG")
    return SimpleUploadedFile("glas.jpg", file.getvalue(), content_type="image/jpeg")


def told(shelf: Category, **other: Any) -> dict[str, Any]:
    return {
        "title": "Rapshonig",
        "price": "4,90",
        "sales_unit": "jar",
        "stock_kind": "made_to_order",
        "category": shelf.pk,
        "vat_category": "reduced",
        "storage": "ambient",
        "content": "500 g",
    } | other


def test_add_takes_photo_name_price_and_goes_on_to_the_next(farm: Farm, shelf: Category) -> None:
    response = farm.client.post(reverse("dashboard:article_new"), told(shelf, photo=photo(), next="1"))
    assert response.headers["Location"] == reverse("dashboard:article_new")
    product = Product.objects.get()
    offer = product.stockrecords.get()
    assert (product.partner, product.title, product.net_content, product.net_unit) == (farm.partner, "Rapshonig", 500, "g")
    assert (offer.price, offer.stock_kind) == (Decimal("4.90"), StockRecord.StockKind.MADE_TO_ORDER)
    assert product.picture is not None
    assert product.picture.description == "Rapshonig"
    page = farm.client.get(response.headers["Location"]).content.decode()
    assert "3,76" in page


def test_add_weighed_goods_asks_for_the_price_of_a_kilogram(farm: Farm, shelf: Category) -> None:
    farm.client.post(
        reverse("dashboard:article_new"), told(shelf, title="Suppenhuhn", price="15,90", sales_unit="weighed", content="1,2 kg")
    )
    product = Product.objects.get()
    offer = product.stockrecords.get()
    assert (product.catch_weight, product.expected_weight_g, product.sales_unit) == (True, 1200, "piece")
    assert (offer.price_per_kg, offer.price) == (Decimal("15.90"), Decimal("19.08"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"price": "0"},
        {"price": "umsonst"},
        {"price": "-3"},
        {"stock_kind": "limited"},
        {"sales_unit": "weighed", "content": ""},
        {"content": "viel"},
        {"title": "Bio-Honig"},
        {"category": "999999"},
        {"photo": SimpleUploadedFile("x.jpg", b"no picture", content_type="image/jpeg")},
    ],
)
def test_add_of_nonsense_is_refused_with_a_sentence(farm: Farm, shelf: Category, wrong: dict[str, Any]) -> None:
    response = farm.client.post(reverse("dashboard:article_new"), told(shelf, **wrong))
    assert response.status_code == 422
    assert 'id="form-errors"' in response.content.decode()
    assert not Product.objects.exists()


def test_edit_changes_text_price_and_stock_in_one_go(farm: Farm, shelf: Category) -> None:
    product = ProductFactory.create(partner=farm.partner, category=shelf)
    url = reverse("dashboard:article", args=[product.pk])
    page = farm.client.get(url).content.decode()
    assert 'value="4,90"' in page
    changed = told(shelf, title="Lindenhonig", price="5,20", stock_kind="limited", stock="7", description="Mild.")
    assert farm.client.post(url, changed).status_code == 302
    product.refresh_from_db()
    offer = product.stockrecords.get()
    assert (product.title, product.description) == ("Lindenhonig", "Mild.")
    assert (offer.price, offer.num_in_stock) == (Decimal("5.20"), 7)


def test_edit_refused_by_the_offer_keeps_the_text_too(farm: Farm, shelf: Category) -> None:
    product = ProductFactory.create(
        partner=farm.partner, category=shelf, offer__stock_kind="limited", offer__num_in_stock=5, offer__num_allocated=4
    )
    changed = told(shelf, title="Lindenhonig", stock_kind="limited", stock="3")
    assert farm.client.post(reverse("dashboard:article", args=[product.pk]), changed).status_code == 422
    product.refresh_from_db()
    assert product.title != "Lindenhonig"


def test_list_changes_price_and_number_and_switches(farm: Farm) -> None:
    product = ProductFactory.create(partner=farm.partner, offer__stock_kind="per_round", offer__per_round=10)
    farm.client.post(reverse("dashboard:offer", args=[product.pk]), {"price": "5,10", "quantity": "12"})
    offer = product.stockrecords.get()
    assert (offer.price, offer.per_round) == (Decimal("5.10"), 12)
    answer = farm.client.post(reverse("dashboard:switch", args=[product.pk]), {"to": "aus"}, headers={"HX-Request": "true"})
    product.refresh_from_db()
    assert not product.is_public
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("typed", ["5,10", "5.10", "5,1", "5,10 €"])
def test_price_may_be_typed_with_comma_or_point(farm: Farm, typed: str, language: str) -> None:
    product = ProductFactory.create(partner=farm.partner)
    url = reverse("dashboard:offer", args=[product.pk])
    farm.client.post(url, {"price": typed}, headers={"Accept-Language": language})
    assert product.stockrecords.get().price == Decimal("5.10")


def test_list_says_what_is_wrong_with_a_price(farm: Farm) -> None:
    product = ProductFactory.create(partner=farm.partner)
    url = reverse("dashboard:offer", args=[product.pk])
    answer = farm.client.post(url, {"price": "gratis"}, headers={"HX-Request": "true"})
    assert 'role="alert"' in answer.content.decode()
    assert product.stockrecords.get().price == Decimal("4.90")


@pytest.mark.parametrize("articles", [1, 3, 12])
def test_list_costs_the_same_for_any_number_of_articles(
    farm: Farm, articles: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ProductFactory.create_batch(articles, partner=farm.partner)
    with django_assert_max_num_queries(CEILING):
        farm.client.get(reverse("dashboard:articles"))


def test_list_searches_and_shows_only_own_articles(farm: Farm) -> None:
    ProductFactory.create(partner=PartnerFactory.create(municipality=farm.market.village), title="Fremdkäse")
    ProductFactory.create(partner=farm.partner, title="Eigenkäse")
    assert "Fremdkäse" not in farm.client.get(reverse("dashboard:articles")).content.decode()


def test_earning_is_told_while_a_price_is_typed(farm: Farm) -> None:
    answer = farm.client.get(reverse("dashboard:earning"), {"price": "4,90", "vat_category": "reduced", "sales_unit": "jar"})
    assert "3,76" in answer.content.decode()
    assert farm.client.get(reverse("dashboard:earning"), {"price": "x"}).status_code == 200


def test_another_producers_article_is_not_found(farm: Farm, shelf: Category) -> None:
    product = ProductFactory.create(partner=farm.partner, category=shelf)
    other = producer_of(PartnerFactory.create(municipality=farm.market.village))
    assert other.get(reverse("dashboard:article", args=[product.pk])).status_code == 404
    for name in ("article", "switch", "offer"):
        url = reverse(f"dashboard:{name}", args=[product.pk])
        assert other.post(url, told(shelf, title="Meins", quantity="1", to="aus")).status_code == 404
    product.refresh_from_db()
    assert product.is_public
    assert product.title != "Meins"
