"""How a customer changes an order on the pages, adds to it from the shop, and what he is told when it cannot be."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from logistics import rounds
from logistics.models import Delivery, DeliveryWindow
from marketplace.basket import baskets
from marketplace.basket.models import Line as Wish
from marketplace.catalogue.models import Product
from marketplace.checkout import change_page, changes
from marketplace.order import links
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from marketplace.vouchers import codes
from marketplace.vouchers.standing import Person
from tests.cms.market import site
from tests.factories import orders
from tests.factories.market import NOW, AccountFactory, PickupPointFactory, ProductFactory, UserFactory, WindowFactory
from tests.factories.vouchers import voucher

pytestmark = pytest.mark.django_db
TOO_LATE = "bis Donnerstag, 26. November, 18:00 Uhr"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """It is the Tuesday before the cut-off."""
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


@pytest.fixture
def till() -> orders.Till:
    """A customer with two articles of two producers."""
    return orders.till(quantities=(2, 1), owner=UserFactory.create())


@pytest.fixture
def order(till: orders.Till) -> Order:
    """Her order."""
    return till.place()


@pytest.fixture
def customer(till: orders.Till) -> Client:
    """She is logged in."""
    client = Client()
    client.force_login(till.user)
    return client


def page_of(client: Client, order: Order, name: str = "goods", status: int = 200) -> Any:
    """A page of the change."""
    page = client.get(reverse(f"change:{name}", args=[order.number]))
    assert page.status_code == status
    return page


def want(client: Client, page: Any, product: Product, quantity: int, **other: Any) -> Any:
    """Type another number beside the article and save it."""
    lines = [line for group in page.context["groups"] for line in group["lines"]]
    address = next(line["change_url"] for line in lines if line["id"] == product.pk)
    return client.post(address, {"quantity": str(quantity), **other}, follow=True)


def confirm(client: Client, order: Order, page: Any | None = None, **other: Any) -> Any:
    """Press the button of the last page."""
    page = page or page_of(client, order, "review")
    seen = {"revision": page.context["order"].revision, "fingerprint": page.context["proposal"].fingerprint}
    return client.post(reverse("change:review", args=[order.number]), {**seen, **other}, follow=True)


def quantities(order: Order) -> dict[int, int]:
    return changes.pieces(lines=list(order.lines.order_by("pk")))


def in_basket() -> Any:
    """What lies in baskets that are not ordered."""
    return Wish.objects.filter(basket__status="Open")


def text(page: Any) -> str:
    """What is read, without markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_customer_changes_quantities(customer: Client, till: orders.Till, order: Order) -> None:
    page = page_of(customer, order)
    assert "noch nichts geändert" in text(page)
    page = want(customer, page, till.products[0], 4)
    assert "bisher 2 ×" in text(page)
    page = want(customer, page, till.products[1], 1, remove="1")
    assert quantities(order) == {till.products[0].pk: 2, till.products[1].pk: 1}
    review = page_of(customer, order, "review")
    assert "4 × statt 2 ×" in text(review)
    assert "Änderung zahlungspflichtig bestellen" in text(review)
    done = confirm(customer, order, review)
    assert done.redirect_chain == [(reverse("customer:order", args=[order.number]), 302)]
    assert "ist geändert" in text(done)
    assert quantities(order) == {till.products[0].pk: 4}


def test_steps_work_without_scripts(customer: Client, till: orders.Till, order: Order) -> None:
    page = want(customer, page_of(customer, order), till.products[0], 2, step="1")
    page = want(customer, page, till.products[1], 1, step="-1")
    assert "kommt heraus" in text(page)
    confirm(customer, order)
    assert quantities(order) == {till.products[0].pk: 3}


def test_a_fragment_answers_scripts(customer: Client, till: orders.Till, order: Order) -> None:
    lines = [line for group in page_of(customer, order).context["groups"] for line in group["lines"]]
    answer = customer.post(lines[0]["change_url"], {"quantity": "5"}, headers={"HX-Request": "true"})
    assert b'id="change"' in answer.content
    assert b"<html" not in answer.content


@pytest.mark.parametrize("typed", ["-3", "viele", "1000", "99999", ""])
def test_nonsense_changes_nothing(customer: Client, till: orders.Till, order: Order, typed: str) -> None:
    page = page_of(customer, order)
    line = page.context["groups"][0]["lines"][0]
    told = customer.post(line["change_url"], {"quantity": typed}, follow=True)
    assert "von 0 bis 999" in text(told)
    assert "noch nichts geändert" in text(told)


def test_what_is_wrong_stands_beside_the_article(customer: Client, till: orders.Till, order: Order) -> None:
    StockRecord.objects.filter(product=till.products[0]).update(stock_kind="limited", num_in_stock=3, num_allocated=2)
    page = want(customer, page_of(customer, order), till.products[0], 4)
    assert "sind nur noch 3 da" in text(page)
    refused = confirm(customer, order)
    assert refused.status_code == 409
    assert quantities(order)[till.products[0].pk] == 2


def test_guest_by_link() -> None:
    guest = orders.till(quantities=(2,))
    order, client = guest.place(), Client()
    page = client.get(reverse("change:by_link", args=[links.sign(order=order)]), follow=True)
    assert page.redirect_chain == [(reverse("change:goods", args=[order.number]), 302)]
    want(client, page, guest.products[0], 3)
    done = confirm(client, order)
    assert done.redirect_chain == [(reverse("customer:order_by_link", args=[links.sign(order=order)]), 302)]
    assert quantities(order) == {guest.products[0].pk: 3}


def test_nobody_else_gets_there(order: Order) -> None:
    stranger, other = Client(), Client()
    other.force_login(UserFactory.create())
    for client in (stranger, other):
        for name in ("goods", "delivery", "details", "review"):
            page_of(client, order, name, status=404)
        assert client.post(reverse("change:join", args=[order.number])).status_code == 404
    assert stranger.get(reverse("change:by_link", args=["made:up"])).status_code == 404


def test_second_tab_sees_the_present_state_and_keeps_its_wishes(customer: Client, till: orders.Till, order: Order) -> None:
    elsewhere = Client()
    elsewhere.force_login(till.user)
    first, second = till.products
    want(elsewhere, page_of(elsewhere, order), first, 5)
    stale = page_of(elsewhere, order, "review")
    want(customer, page_of(customer, order), second, 3)
    confirm(customer, order)
    refused = confirm(elsewhere, order, stale)
    assert refused.status_code == 409
    assert "inzwischen geändert" in text(refused)
    assert quantities(order) == {first.pk: 2, second.pk: 3}
    page = page_of(elsewhere, order)
    assert "bisher 2 ×" in text(page)
    assert [line["quantity"] for group in page.context["groups"] for line in group["lines"]] == [5, 3]
    confirm(elsewhere, order)
    assert quantities(order) == {first.pk: 5, second.pk: 3}


def test_double_click_is_one_change(customer: Client, till: orders.Till, order: Order) -> None:
    want(customer, page_of(customer, order), till.products[0], 3)
    review = page_of(customer, order, "review")
    assert "ist geändert" in text(confirm(customer, order, review))
    assert "ist geändert" in text(confirm(customer, order, review))
    assert Order.objects.get().revision == 2


def test_cutoff_in_between(customer: Client, till: orders.Till, order: Order, clock: Any) -> None:
    page = page_of(customer, order)
    clock.move_to(till.window.round.cutoff_at)
    told = want(customer, page, till.products[0], 3)
    assert told.redirect_chain[-1][0] == reverse("customer:order", args=[order.number])
    assert TOO_LATE in text(told)
    for name in ("goods", "delivery", "details", "review"):
        assert TOO_LATE in text(customer.get(reverse(f"change:{name}", args=[order.number]), follow=True))
    assert quantities(order)[till.products[0].pk] == 2


def test_who_was_about_to_confirm_may_finish(customer: Client, till: orders.Till, order: Order, clock: Any) -> None:
    cutoff = till.window.round.cutoff_at
    clock.move_to(cutoff - timedelta(minutes=2))
    want(customer, page_of(customer, order), till.products[0], 3)
    review = page_of(customer, order, "review")
    clock.move_to(cutoff + timedelta(minutes=8))
    assert "ist geändert" in text(confirm(customer, order, review))
    clock.move_to(cutoff + rounds.GRACE)
    assert TOO_LATE in text(confirm(customer, order, review))
    assert Order.objects.get().revision == 2


def test_another_pickup_point(customer: Client, till: orders.Till, order: Order) -> None:
    point = PickupPointFactory.create(municipality=till.village)
    window = WindowFactory.create(round=till.window.round, pickup_point=point, fee=Decimal("0.00"))
    page = page_of(customer, order, "delivery")
    assert point.name in text(page)
    customer.post(reverse("change:delivery", args=[order.number]), {"window": window.pk})
    review = page_of(customer, order, "review")
    assert f"{point.name} statt zu Ihnen nach Hause" in text(review)
    confirm(customer, order, review)
    assert Delivery.objects.get().window == window


def test_window_that_fills_up_in_between(customer: Client, till: orders.Till, order: Order) -> None:
    later = {"starts_at": till.window.ends_at, "ends_at": till.window.ends_at + timedelta(hours=2)}
    window = WindowFactory.create(round=till.window.round, capacity=1, **later)
    customer.post(reverse("change:delivery", args=[order.number]), {"window": window.pk, "municipality": till.village.pk})
    review = page_of(customer, order, "review")
    DeliveryWindow.objects.filter(pk=window.pk).update(taken=1)
    refused = confirm(customer, order, review)
    assert refused.status_code == 409
    assert "ausgebucht" in text(refused)
    assert Delivery.objects.get().window == till.window
    assert "Ihre Eingaben sind noch da" in text(refused)


def test_the_own_full_window_can_be_kept(customer: Client, till: orders.Till, order: Order) -> None:
    DeliveryWindow.objects.update(capacity=1)
    page = page_of(customer, order, "delivery")
    slots = [slot for day in page.context["days"] for slot in day.slots]
    assert [(slot.full, slot.checked) for slot in slots] == [(False, True)]


def test_from_a_pickup_point_to_the_door(customer: Client, till: orders.Till) -> None:
    point = PickupPointFactory.create(municipality=till.village)
    pickup = WindowFactory.create(round=till.window.round, pickup_point=point)
    order = till.having(window=pickup).place()
    answer = customer.post(
        reverse("change:delivery", args=[order.number]), {"window": till.window.pk, "municipality": till.village.pk}
    )
    assert answer.headers["Location"] == reverse("change:details", args=[order.number])
    details = {"first_name": "Grete", "last_name": "Beispiel", "payment": "handover", "note": "Bitte klingeln"}
    address = reverse("change:details", args=[order.number])
    assert customer.post(address, details).status_code == 422
    customer.post(address, {**details, "street": "Dorfstraße 9", "postal_code": "24361"})
    confirm(customer, order)
    delivery = Delivery.objects.get()
    assert (delivery.street, delivery.note, delivery.kind) == ("Dorfstraße 9", "Bitte klingeln", "home")


def test_articles_are_added_from_the_shop(customer: Client, till: orders.Till, order: Order) -> None:
    bread = ProductFactory.create(partner=till.products[0].partner)
    market = customer.post(reverse("change:collect", args=[order.number]), follow=True)
    assert f"Sie ergänzen Ihre Bestellung {order.number}" in text(market)
    customer.post(reverse("basket:add", args=[bread.pk]), {"quantity": "2"})
    summary = customer.get(reverse("basket:summary"))
    assert f"Zur Bestellung {order.number} hinzufügen" in text(summary)
    page = customer.post(reverse("change:join", args=[order.number]), follow=True)
    assert "neu in dieser Bestellung" in text(page)
    again = customer.post(reverse("change:join", args=[order.number]), follow=True)
    assert [line["quantity"] for group in again.context["groups"] for line in group["lines"] if line["id"] == bread.pk] == [2]
    assert in_basket().get().quantity == 2
    confirm(customer, order)
    assert quantities(order)[bread.pk] == 2
    assert not in_basket().exists()
    assert "Sie ergänzen" not in text(customer.get(reverse("catalogue:index")))


def test_giving_up_leaves_order_and_basket(customer: Client, till: orders.Till, order: Order) -> None:
    customer.post(reverse("change:collect", args=[order.number]))
    customer.post(reverse("basket:add", args=[till.products[0].pk]), {"quantity": "1"})
    customer.post(reverse("change:join", args=[order.number]))
    told = customer.post(reverse("change:drop", args=[order.number]), follow=True)
    assert "bleibt, wie sie war" in text(told)
    assert "noch nichts geändert" in text(page_of(customer, order))
    assert in_basket().get().quantity == 1


def test_checkout_offers_to_add_to_the_open_order(customer: Client, till: orders.Till, order: Order) -> None:
    basket = orders.filled_basket(region=till.region, owner=till.user, wanted={till.products[0]: 1})
    offered = customer.get(reverse("checkout:start"), follow=True)
    assert offered.redirect_chain == [(reverse("checkout:together"), 302)]
    assert order.number in text(offered)
    joined = customer.post(reverse("change:join", args=[order.number]), follow=True)
    assert "bisher 2 ×" in text(joined)
    assert baskets.contents(basket=basket).count == 1


def test_checkout_into_the_round_of_an_open_order(customer: Client, till: orders.Till, order: Order) -> None:
    orders.filled_basket(region=till.region, owner=till.user, wanted={till.products[0]: 1})
    customer.post(reverse("checkout:delivery"), {"window": till.window.pk, "municipality": till.village.pk})
    page = customer.get(reverse("checkout:details"), follow=True)
    assert page.redirect_chain == [(reverse("checkout:together"), 302)]
    onward = customer.post(reverse("checkout:together"), follow=True)
    assert onward.redirect_chain == [(reverse("checkout:details"), 302)]
    assert onward.status_code == 200


def test_home_account_and_thanks_lead_to_the_change(customer: Client, till: orders.Till, order: Order) -> None:
    site(region=till.region, products=list(till.products))
    address = reverse("change:goods", args=[order.number])
    for name in (
        "/",
        reverse("customer:overview"),
        reverse("customer:order", args=[order.number]),
        reverse("checkout:thanks", args=[order.number]),
    ):
        page = customer.get(name)
        assert address in page.content.decode(), name
    home = text(customer.get("/"))
    assert "Ihre Bestellung für Samstag, 28. November: ändern (noch bis Do 18:00 Uhr)" in home


def test_home_says_nothing_of_orders_that_are_closed(customer: Client, till: orders.Till, order: Order, clock: Any) -> None:
    site(region=till.region, products=list(till.products))
    clock.move_to(till.window.round.cutoff_at)
    assert "Ihre Bestellung für" not in text(customer.get("/"))


@pytest.mark.parametrize("number", [1, 4])
def test_queries_of_the_change_do_not_grow(number: int, django_assert_max_num_queries: Any) -> None:
    till = orders.till(quantities=(1,) * number, owner=UserFactory.create())
    order, client = till.place(), Client()
    client.force_login(till.user)
    page_of(client, order)
    with django_assert_max_num_queries(18):
        page_of(client, order)


@pytest.mark.parametrize(
    ("method", "paid", "told"),
    [
        ("transfer", "0.00", "Bitte überweisen Sie 20,00 € im Voraus."),
        ("transfer", "15.00", "Sie haben 15,00 € bezahlt. Noch zu überweisen: 5,00 €."),
        ("transfer", "20.00", "Sie ist bezahlt."),
        ("transfer", "25.00", "Sie haben 25,00 € bezahlt. Sie bekommen 5,00 € nach der Lieferung zurück."),
        ("account", "0.00", "Sie kommt auf Ihre nächste Rechnung."),
        ("handover", "0.00", "Sie bezahlen, wenn Sie die Ware bekommen."),
    ],
)
def test_what_a_change_means_for_paying(method: str, paid: str, told: str) -> None:
    said = change_page.settlement(total=Decimal("20.00"), method=method, paid=Decimal(paid))
    assert said.replace("\u00a0", " ") == told


def test_wish_and_note_of_a_line_are_part_of_the_change(customer: Client, till: orders.Till, order: Order) -> None:
    page = page_of(customer, order)
    line = next(line for group in page.context["groups"] for line in group["lines"] if line["id"] == till.products[0].pk)
    assert (line["has_wish"], line["wish_note"]) == (False, "")
    customer.post(line["wish_url"], {"substitution": "similar", "note": " gern  reif "})
    assert order.lines.get(product=till.products[0]).note == ""
    page = page_of(customer, order)
    assert page.context["difference"].details == ("was bei Fehlendem zu tun ist, oder ein Hinweis",)
    confirm(customer, order)
    line = order.lines.get(product=till.products[0])
    assert (line.substitution, line.note, line.quantity) == ("similar", "gern reif", 2)
    assert not page_of(customer, order).context["difference"]


@pytest.mark.parametrize("told", [{"substitution": "steal", "note": ""}, {}])
def test_a_wish_that_there_is_not_changes_nothing(
    customer: Client, till: orders.Till, order: Order, told: dict[str, str]
) -> None:
    url = reverse("change:wish", args=[order.number, till.products[0].pk])
    assert "Bitte wählen Sie" in customer.post(url, told, follow=True).content.decode()
    assert not page_of(customer, order).context["difference"]
    assert customer.post(reverse("change:wish", args=[order.number, 0]), told).status_code == 404


def test_a_voucher_entered_meanwhile_comes_along_on_the_pages(customer: Client, till: orders.Till, order: Order) -> None:
    voucher(till.region, percent="10")
    basket = orders.filled_basket(region=till.region, owner=till.user, wanted={till.products[0]: 1})
    codes.enter(basket=basket, typed="SOMMER10", person=Person(user_id=till.user.pk), at=NOW)
    customer.post(reverse("change:join", args=[order.number]))
    page = page_of(customer, order)
    assert [one.terms.code for one in page.context["vouchers"].applied] == ["SOMMER10"]
    total = page.context["total"]
    confirm(customer, order)
    order.refresh_from_db()
    assert (order.total_incl_tax, order.discounts.count()) == (total, 1)


def test_a_business_sees_the_sum_without_vat_while_it_changes(customer: Client, till: orders.Till, order: Order) -> None:
    AccountFactory.create(region=till.region).users.add(till.user)
    rows = {row["label"]: row["amount"] for row in page_of(customer, order).context["rows"] if "amount" in row}
    assert rows["ohne MwSt."] + sum(rows[label] for label in rows if label.startswith("darin")) == order.total_incl_tax
