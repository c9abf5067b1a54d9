"""The basket's page, and what clicks do to it with and without scripts."""

from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from logistics.models import DeliveryRound, DeliveryWindow
from marketplace.basket.models import Basket, Line
from marketplace.partner.models import Partner, StockRecord
from marketplace.regions.models import Municipality
from tests.factories.market import MunicipalityFactory, PartnerFactory, RegionFactory, UserFactory
from tests.shop.conftest import article

HTMX = {"HTTP_HX_REQUEST": "true"}


def put(client: Client, product: Any, quantity: object = 1, **headers: str) -> Any:
    return client.post(f"/korb/{product.pk}/hinzufuegen/", {"quantity": quantity}, **headers)  # type: ignore[arg-type]  # headers


def test_add_answers_htmx_with_the_parts_of_the_frame(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    response = put(client, article(village, title="Rapshonig"), 2, **HTMX)
    text = response.content.decode()
    assert response.status_code == 200
    assert all(part in text for part in ('id="basket-link"', 'id="basket-bar"', 'id="announcer"', "Rapshonig"))


def test_add_without_scripts_leads_back_with_a_message(client: Client, village: Municipality) -> None:
    response = put(client, article(village), HTTP_REFERER="http://testserver/markt/?seite=2")
    assert (response.status_code, response.headers["Location"]) == (302, "http://testserver/markt/?seite=2")


def test_add_never_leads_to_another_host(client: Client, village: Municipality) -> None:
    response = put(client, article(village), HTTP_REFERER="https://fremd.example/")
    assert response.headers["Location"] == "/korb/"


@pytest.mark.parametrize("quantity", ["0", "-1", "1000", "1e3", "", "zwei", "²", "99999999999999999999"])
def test_add_refuses_nonsense_and_stores_nothing(quantity: str, client: Client, village: Municipality) -> None:
    response = put(client, article(village), quantity, **HTMX)
    assert (response.status_code, Line.objects.count(), Basket.objects.count()) == (422, 0, 0)


def test_case_3_add_refuses_what_is_not_on_show_here(client: Client, village: Municipality) -> None:
    foreign = article(MunicipalityFactory.create(region=RegionFactory.create()))
    hidden = article(village, is_public=False)
    suspended = article(village, partner=PartnerFactory.create(municipality=village, status="suspended"))
    assert [put(client, product, **HTMX).status_code for product in (foreign, hidden, suspended)] == [404, 404, 404]
    assert client.post("/korb/999999/hinzufuegen/", **HTMX).status_code == 404  # type: ignore[arg-type]  # headers
    assert put(client, foreign).status_code == 302
    assert (Line.objects.count(), Basket.objects.count()) == (0, 0)


def test_case_25_of_fifteen_the_ten_that_there_are_go_in_and_the_customer_is_told(client: Client, village: Municipality) -> None:
    product = article(village, offer__stock_kind="limited", offer__num_in_stock=10)
    told = put(client, product, 15, **HTMX)
    assert (told.status_code, Line.objects.get().quantity) == (200, 10)
    assert "sind nur noch 10 da" in unquote(told.headers["X-Told"])
    again = put(client, product, 1, **HTMX)
    assert (again.status_code, Line.objects.get().quantity) == (422, 10)


def test_add_by_get_is_not_allowed(client: Client, village: Municipality) -> None:
    assert client.get(f"/korb/{article(village).pk}/hinzufuegen/").status_code == 405


@pytest.mark.parametrize("lines", [0, 19])
def test_add_needs_fifteen_queries(
    lines: int, client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    for _ in range(lines):
        put(client, article(village))
    product = article(village)
    with django_assert_max_num_queries(15):
        assert put(client, product, **HTMX).status_code == 200


def basket_line(client: Client, product: Any, quantity: int = 2) -> Line:
    put(client, product, quantity)
    line: Line = Line.objects.get(product=product)
    return line


def test_change_sets_the_number_and_answers_htmx_with_the_basket(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    line = basket_line(client, article(village))
    response = client.post(f"/korb/zeilen/{line.pk}/", {"quantity": 5}, **HTMX)  # type: ignore[arg-type]  # headers
    line.refresh_from_db()
    text = response.content.decode()
    assert (line.quantity, "<html" in text, 'id="basket"' in text) == (5, False, True)
    assert "24,50" in text


@pytest.mark.parametrize(("step", "left"), [("1", 3), ("-1", 1)])
def test_change_takes_a_step_without_scripts(step: str, left: int, client: Client, village: Municipality) -> None:
    line = basket_line(client, article(village))
    client.post(f"/korb/zeilen/{line.pk}/", {"quantity": 2, "step": step})
    line.refresh_from_db()
    assert line.quantity == left


def test_change_to_nothing_takes_the_line_out(client: Client, village: Municipality) -> None:
    line = basket_line(client, article(village), 1)
    client.post(f"/korb/zeilen/{line.pk}/", {"quantity": 1, "step": "-1"})
    assert not Line.objects.exists()


def test_change_does_not_reach_another_visitors_line(client: Client, village: Municipality) -> None:
    line = basket_line(client, article(village))
    assert Client().post(f"/korb/zeilen/{line.pk}/", {"quantity": 9}).status_code == 404
    line.refresh_from_db()
    assert line.quantity == 2


def test_change_beyond_the_stock_says_how_many_there_are(client: Client, village: Municipality) -> None:
    line = basket_line(client, article(village, offer__stock_kind="limited", offer__num_in_stock=3))
    response = client.post(f"/korb/zeilen/{line.pk}/", {"quantity": 4}, **HTMX)  # type: ignore[arg-type]  # headers
    line.refresh_from_db()
    assert (line.quantity, "notice tone-clay" in response.content.decode()) == (2, True)


def test_summary_adds_goods_deposits_and_the_fee_of_the_chosen_window(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    put(client, article(village, deposit=Decimal("0.50")), 2)
    window = DeliveryWindow.objects.get(pickup_point=None)
    client.post("/lieferung/", {"window": window.pk})
    page = client.get("/korb/").context["page"]
    assert ([row.get("amount") for row in page.rows], page.total) == (
        [Decimal("9.80"), Decimal("1.00"), Decimal("3.90")],
        Decimal("14.70"),
    )
    assert page.missing == Decimal("5.20")


def test_summary_tells_a_price_that_changed(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    product = article(village)
    put(client, product)
    StockRecord.objects.filter(product=product).update(price=Decimal("5.20"))
    (group,) = client.get("/korb/").context["page"].groups
    assert group["lines"][0]["problem"].replace("\xa0", " ").endswith("4,90 € → 5,20 €")


def test_summary_says_what_cannot_come_with_the_chosen_round(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    put(client, article(village, lead_time_days=6))
    put(client, article(village))
    assert client.get("/korb/").context["page"].problems == 1


def test_summary_tells_when_the_chosen_window_is_gone(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    put(client, article(village))
    window = DeliveryWindow.objects.get(pickup_point=None)
    client.post("/lieferung/", {"window": window.pk})
    window.delete()
    assert client.get("/korb/").context["page"].window_problem


@pytest.mark.parametrize("lines", [1, 20])
def test_summary_needs_fifteen_queries(
    lines: int, client: Client, village: Municipality, saturday: DeliveryRound, django_assert_max_num_queries: Any
) -> None:
    for _ in range(lines):
        put(client, article(village, offer__stock_kind="per_round", offer__per_round=9))
    with django_assert_max_num_queries(15):
        assert client.get("/korb/").context["contents"].count == lines


def test_login_joins_the_guests_basket_with_the_customers_own(client: Client, village: Municipality) -> None:
    user, product = UserFactory.create(), article(village)
    other = Client()
    other.force_login(user)
    put(other, product, 1)
    put(client, product, 2)
    client.force_login(user)
    request_user_basket = Basket.objects.get(owner=user, status="Open")
    assert [line.quantity for line in request_user_basket.lines.all()] in ([1], [3])


def test_header_says_nothing_of_an_empty_basket_and_asks_nothing(
    client: Client, village: Municipality, django_assert_num_queries: Any
) -> None:
    client.get("/ort/")
    with django_assert_num_queries(0):
        assert client.get("/ort/").context["basket_brief"].count == 0


def test_add_says_no_claim_without_a_certificate(client: Client, village: Municipality, saturday: DeliveryRound) -> None:
    response = put(client, article(village, title="Bio-Möhren"), 1, **HTMX)
    assert ("Möhren" in response.content.decode(), "Bio-Möhren" in response.content.decode()) == (True, False)


def test_wish_stays_with_the_line_and_says_no_to_nonsense(client: Client, village: Municipality) -> None:
    line = basket_line(client, article(village))
    told = {"substitution": "similar", "note": "  bitte\nreif  "}
    assert client.post(f"/korb/zeilen/{line.pk}/wunsch/", told).status_code == 302
    line.refresh_from_db()
    assert (line.substitution, line.note) == ("similar", "bitte reif")
    client.post(f"/korb/zeilen/{line.pk}/wunsch/", {"substitution": "steal", "note": "x" * 500})
    line.refresh_from_db()
    assert (line.substitution, line.note) == ("similar", "bitte reif")
    assert "bitte reif" in client.get("/korb/").content.decode()


def test_minimum_of_a_producer_is_said_in_its_group(client: Client, village: Municipality) -> None:
    line = basket_line(client, article(village), quantity=1)
    Partner.objects.filter(pk=line.product.partner_id).update(minimum_order=15)
    assert "noch 10,10\u00a0€" in client.get("/korb/").content.decode()


def test_minimum_of_a_round_is_said_in_the_group_and_on_the_producers_page(
    client: Client, village: Municipality, saturday: DeliveryRound
) -> None:
    line = basket_line(client, article(village), quantity=1)
    partner = line.product.partner
    Partner.objects.filter(pk=partner.pk).update(minimum_round=50)
    assert f"{partner.name} packt ab 50,00\u00a0€: noch 45,10\u00a0€ in dieser Runde" in client.get("/korb/").content.decode()
    assert "noch 50,00\u00a0€ in dieser Runde" in client.get(partner.get_absolute_url()).content.decode()


def test_what_is_short_goes_by_the_name_that_it_may_have(client: Client, village: Municipality) -> None:
    product = article(village, title="Bio-Käse", offer__stock_kind="limited", offer__num_in_stock=1)
    page = client.post(f"/korb/{product.pk}/hinzufuegen/", {"quantity": "5"}, follow=True).content.decode()
    assert "Bio-Käse" not in page
    assert "Von Käse ist nur noch 1 da." in page


def test_an_age_limit_stands_beside_the_article(client: Client, village: Municipality) -> None:
    basket_line(client, article(village, title="Apfelwein", age_limit=16), quantity=1)
    assert "ab 16" in client.get("/korb/").content.decode()
