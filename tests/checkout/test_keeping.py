"""Place and goods are kept on the way to an order, visibly, and go along with the basket."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from logistics import reservations, waiting, windows
from logistics.models import Delivery, DeliveryWindow, Reservation, WaitingEntry
from marketplace.basket import baskets
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from tests.checkout.test_journey import choose_delivery, confirm, tell_details, up_to_review
from tests.factories import orders
from tests.factories.market import NOW, PartnerFactory, ProductFactory, UserFactory, WindowFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _tuesday() -> Iterator[None]:
    """It is the Tuesday before the cut-off."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def till() -> orders.Till:
    """Two of an article of which there are three."""
    return orders.till(quantities=(2,), stock_kind="limited", num_in_stock=3)


def visitor(basket: Any) -> Client:
    """Somebody who holds the basket."""
    client = Client()
    session = client.session
    session["basket"] = basket.pk
    session.save()
    return client


def allocated() -> int:
    return StockRecord.objects.get().num_allocated or 0


def rival_of(till: orders.Till, quantity: int = 1) -> orders.Till:
    basket = orders.filled_basket(region=till.region, wanted={till.products[0]: quantity})
    return till.having(basket=basket)


def test_every_page_says_until_when(till: orders.Till) -> None:
    guest = visitor(till.basket)
    choose_delivery(guest, till)
    sentence = "Ihr Platz und Ihre Waren sind bis 12:15 Uhr für Sie reserviert"
    assert sentence in guest.get(reverse("checkout:details")).content.decode().replace("\n", " ")
    tell_details(guest)
    assert sentence in guest.get(reverse("checkout:review")).content.decode().replace("\n", " ")


def test_last_page_prolongs_when_time_runs_short(till: orders.Till) -> None:
    guest = visitor(till.basket)
    up_to_review(guest, till)
    with time_machine.travel(NOW + 4 * MINUTE, tick=False):
        assert guest.get(reverse("checkout:review")).context["kept_until"] == NOW + 15 * MINUTE
    with time_machine.travel(NOW + 6 * MINUTE, tick=False):
        assert guest.get(reverse("checkout:review")).context["kept_until"] == NOW + 21 * MINUTE


def test_case_30_kept_last_piece_is_the_holders(till: orders.Till) -> None:
    StockRecord.objects.update(num_in_stock=2)
    rival = rival_of(till)
    holder, other = visitor(till.basket), visitor(rival.basket)
    page = up_to_review(holder, till)
    told = choose_delivery(other, rival)
    assert told.headers["Location"] == reverse("basket:summary")
    assert "ausverkauft" in other.get(told.headers["Location"]).content.decode()
    assert confirm(holder, page).status_code == 302
    assert (Order.objects.count(), allocated(), DeliveryWindow.objects.get().taken) == (1, 2, 1)


def test_last_place_is_the_holders(till: orders.Till) -> None:
    DeliveryWindow.objects.update(capacity=1)
    rival = rival_of(till)
    holder, other = visitor(till.basket), visitor(rival.basket)
    page = up_to_review(holder, till)
    assert choose_delivery(other, rival).status_code == 422
    assert confirm(holder, page).status_code == 302
    assert DeliveryWindow.objects.get().taken == 1


def test_what_somebody_left_is_there_for_the_next(till: orders.Till) -> None:
    DeliveryWindow.objects.update(capacity=1)
    choose_delivery(visitor(till.basket), till)
    rival = rival_of(till)
    other = visitor(rival.basket)
    with time_machine.travel(NOW + 16 * MINUTE, tick=False):
        reservations.expire_due(at=NOW + 16 * MINUTE)
        page = up_to_review(other, rival)
        assert confirm(other, page).status_code == 302


def test_basket_takes_its_goods_along(till: orders.Till) -> None:
    guest = visitor(till.basket)
    choose_delivery(guest, till)
    guest.post(reverse("basket:add", args=[till.products[0].pk]), {"quantity": 1})
    assert allocated() == 3
    line = till.basket.lines.get()
    guest.post(reverse("basket:change", args=[line.pk]), {"quantity": 1})
    assert allocated() == 1
    guest.post(reverse("basket:change", args=[line.pk]), {"quantity": 0})
    assert (allocated(), Reservation.objects.exists(), DeliveryWindow.objects.get().taken) == (0, False, 0)


def test_own_pieces_count_as_there(till: orders.Till) -> None:
    StockRecord.objects.update(num_in_stock=2)
    guest = visitor(till.basket)
    choose_delivery(guest, till)
    assert guest.get(reverse("basket:summary")).context["page"].problems == 0
    line = till.basket.lines.get()
    guest.post(reverse("basket:change", args=[line.pk]), {"quantity": 1})
    guest.post(reverse("basket:change", args=[line.pk]), {"quantity": 2})
    assert baskets.contents(basket=till.basket).pieces == 2


def test_choosing_another_time_in_the_shop_gives_the_place_back(till: orders.Till) -> None:
    guest = visitor(till.basket)
    other = WindowFactory.create(round=till.window.round)
    choose_delivery(guest, till)
    guest.post(reverse("catalogue:delivery"), {"window": other.pk})
    assert not Reservation.objects.exists()
    assert allocated() == 0


def test_guest_who_logs_in_keeps_what_was_kept(till: orders.Till) -> None:
    StockRecord.objects.update(num_in_stock=2)
    guest = visitor(till.basket)
    choose_delivery(guest, till)
    ada = UserFactory.create(password="geheim-und-lang")
    guest.post(reverse("account_login"), {"login": ada.email, "password": "geheim-und-lang"})
    assert Reservation.objects.get().basket.owner == ada
    page = up_to_review(guest, till)
    assert confirm(guest, page).status_code == 302
    assert allocated() == 2


def test_order_at_the_farm_goes_to_the_farm(till: orders.Till) -> None:
    farm = till.products[0].partner
    farm.opening_text = "Hofstand 8–19 Uhr"
    farm.save()
    window = WindowFactory.create(round=till.window.round, partner=farm, fee=0)
    guest = visitor(till.basket)
    guest.post(reverse("checkout:delivery"), {"municipality": "", "window": window.pk})
    tell_details(guest)
    page = guest.get(reverse("checkout:review"))
    thanks = confirm(guest, page).headers["Location"]
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.street, delivery.order.shipping_incl_tax) == ("farm", farm.street, 0)
    assert farm.name in guest.get(thanks).content.decode()


def test_goods_of_others_rule_the_farm_out(till: orders.Till) -> None:
    farm = PartnerFactory.create(municipality=till.village)
    window = WindowFactory.create(round=till.window.round, partner=farm, fee=0)
    baskets.add(basket=till.basket, product=ProductFactory.create(partner=farm), quantity=1)
    answer = visitor(till.basket).post(reverse("checkout:delivery"), {"municipality": "", "window": window.pk})
    assert answer.status_code == 422
    assert "Auf dem Hof" in str(answer.context["form"].errors["window"])


def test_order_moves_to_the_place_that_the_waiting_list_offers(till: orders.Till) -> None:
    ada = UserFactory.create()
    basket = orders.filled_basket(region=till.region, owner=ada, wanted={till.products[0]: 2})
    order = till.having(basket=basket, user=ada).place()
    later = {"starts_at": till.window.ends_at, "ends_at": till.window.ends_at + 120 * MINUTE}
    wished = WindowFactory.create(round=till.window.round, capacity=1, taken=1, **later)
    waiting.enter(window=wished, email=ada.email, user=ada, at=NOW)
    windows.release_place(window=wished)
    waiting.advance(at=NOW)
    client = Client()
    client.force_login(ada)
    link = reverse("catalogue:offer", args=[waiting.sign(entry=WaitingEntry.objects.get())])
    where = client.get(link).headers["Location"]
    assert where == reverse("change:delivery", args=[order.number])
    assert client.post(where, {"municipality": till.village.pk, "window": wished.pk}).status_code == 302
    page = client.get(reverse("change:review", args=[order.number]))
    shown = {"fingerprint": page.context["proposal"].fingerprint, "revision": order.revision}
    assert client.post(reverse("change:review", args=[order.number]), shown).status_code == 302
    taken = dict(DeliveryWindow.objects.filter(pk__in=[wished.pk, till.window.pk]).values_list("pk", "taken"))
    assert (WaitingEntry.objects.get().status, taken) == ("taken", {wished.pk: 1, till.window.pk: 0})
    assert Delivery.objects.get().window == wished
