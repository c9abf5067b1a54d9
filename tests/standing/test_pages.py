"""The customer makes, changes, pauses and ends standing orders alone, and orders an earlier order once more."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from logistics.models import DeliveryRound
from marketplace.basket.models import Line as BasketLine
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from marketplace.standing import endings, placing
from marketplace.standing.models import Ending, StandingLine, StandingOrder
from tests.factories import orders
from tests.factories.market import NOW, UserFactory
from tests.standing.standing_orders import START, Household, household, products, want

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def home() -> Household:
    return household()


@pytest.fixture
def shopper(home: Household, client: Client) -> Client:
    client.force_login(home.user)
    return client


def ordered(home: Household, count: int = 2) -> Order:
    """An order of the household with articles of one producer."""
    things = products(home, count)
    basket = orders.filled_basket(region=home.region, owner=home.user, wanted=dict.fromkeys(things, 2))
    return orders.Till(
        region=home.region,
        village=home.village,
        window=home.window,
        basket=basket,
        products=tuple(things),
        contact=orders.contact_in(home.village),
        user=home.user,
    ).place()


def filled(home: Household, rows: Any, **other: Any) -> dict[str, Any]:
    """The form as a customer fills it."""
    told: dict[str, Any] = {
        "starts_on": START.isoformat(),
        "window": home.at_home.pk,
        "may_move": "on",
        "first_name": "Grete",
        "last_name": "Beispiel",
        "street": "Dorfstraße 7",
        "place": f"24361|{home.village.pk}",
        "payment": "handover",
    }
    for pk, quantity in rows.items():
        told |= {f"article-quantity_{pk}": quantity, f"article-rhythm_{pk}": "weekly", f"article-wish_{pk}": "leave_out"}
    return {**told, **other}


def agreed(shopper: Client, page: str, told: dict[str, Any]) -> Any:
    """Both steps: the form, then the page that says what it comes to."""
    check = shopper.post(page, told)
    assert check.status_code == 200
    return shopper.post(page, {**told, "agreed": str(check.context["estimate"].total)})


def test_sum_of_a_delivery_stands_above_the_button_and_nothing_is_agreed_before(home: Household, shopper: Client) -> None:
    order = ordered(home)
    first, second = (line.product_id for line in order.lines.order_by("pk"))
    page = reverse("standing:new") + f"?bestellung={order.number}"
    told = filled(home, {first: 3, second: 1}, **{f"article-rhythm_{second}": "monthly"})
    check = shopper.post(page, told)
    text = check.content.decode()
    estimate = check.context["estimate"]
    assert (estimate.goods, estimate.fee) == (Decimal("19.60"), home.at_home.fee)
    assert [part.goods for part in estimate.parts] == [Decimal("14.70"), Decimal("4.90")]
    assert text.index("Die erste Lieferung, mit allem") < text.index("zahlungspflichtig bestellen")
    assert not StandingOrder.objects.exists()
    again = shopper.post(page, {**told, "agreed": "1.00"})
    assert "Die Preise haben sich" in again.content.decode()
    assert shopper.post(page, {**told, "agreed": str(estimate.total), "back": "1"}).status_code == 422
    assert not StandingOrder.objects.exists()


def test_new_from_an_order_makes_one_with_own_rhythms_and_confirms_it(
    home: Household, shopper: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    order = ordered(home)
    first, second = (line.product_id for line in order.lines.order_by("pk"))
    page = reverse("standing:new") + f"?bestellung={order.number}"
    assert shopper.get(page).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = agreed(shopper, page, filled(home, {first: 3, second: 1}, **{f"article-rhythm_{second}": "monthly"}))
    made = StandingOrder.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    lines = made.lines.order_by("pk").values_list("product", "quantity", "rhythm")
    assert list(lines) == [(first, 3, "weekly"), (second, 1, "monthly")]
    letter = next(letter for letter in mail.outbox if made.number in letter.subject)
    assert "jeden Monat" in letter.body
    assert "/vertrag-kuendigen/" in letter.body


def test_new_without_an_address_is_refused(home: Household, shopper: Client) -> None:
    order = ordered(home)
    page = reverse("standing:new") + f"?bestellung={order.number}"
    answer = shopper.post(page, filled(home, {order.lines.first().product_id: 1}, street=""))
    assert answer.status_code == 422
    assert not StandingOrder.objects.exists()


def test_new_from_the_basket_and_into_one_that_runs(home: Household, shopper: Client) -> None:
    thing, other = products(home, 2)
    standing = home.make([want(thing)])
    orders.filled_basket(region=home.region, owner=home.user, wanted={other: 2})
    page = reverse("standing:new")
    assert standing.number in shopper.get(page).content.decode()
    shopper.post(page, {**filled(home, {other.pk: 2}), "into": standing.number})
    assert sorted(standing.lines.values_list("product", "quantity")) == sorted([(thing.pk, 1), (other.pk, 2)])


def test_new_with_an_empty_basket_leads_to_the_list(shopper: Client) -> None:
    assert shopper.get(reverse("standing:new"))["Location"] == reverse("standing:overview")


def test_guest_is_asked_to_log_in(client: Client, home: Household) -> None:
    assert client.get(reverse("standing:new"))["Location"].startswith("/konto/login/")


def test_others_see_nothing(home: Household, client: Client) -> None:
    standing = home.make([want(products(home)[0])])
    client.force_login(UserFactory.create())
    for name in ("detail", "change", "end_one"):
        assert client.get(reverse(f"standing:{name}", args=[standing.number])).status_code == 404
    for name in ("skip", "pause", "resume", "accept_price", "end_one"):
        assert client.post(reverse(f"standing:{name}", args=[standing.number])).status_code == 404
    assert client.get(reverse("standing:again", args=[ordered(home).number])).status_code == 404


def test_change_holds_from_the_next_delivery_and_tells_of_the_placed_one(home: Household, shopper: Client) -> None:
    thing = products(home)[0]
    standing = home.make([want(thing, 2)])
    placing.place_due(at=NOW)
    page = reverse("standing:change", args=[standing.number])
    assert shopper.get(page).status_code == 200
    told = filled(home, {thing.pk: 5})
    check = shopper.post(page, told)
    assert (check.context["estimate"].entries[0].article.quantity, StandingLine.objects.get().quantity) == (5, 2)
    answer = shopper.post(page, {**told, "agreed": str(check.context["estimate"].total)}, follow=True)
    assert StandingLine.objects.get().quantity == 5
    assert Order.objects.get().number in "".join(str(message) for message in answer.context["messages"])


def test_skip_pause_and_resume(home: Household, shopper: Client) -> None:
    standing = home.make([want(products(home)[0])])
    day = {"day": home.round.rule_day.isoformat()}
    skip = reverse("standing:skip", args=[standing.number])
    shopper.post(skip, day)
    assert placing.place_due(at=NOW) == 0
    assert "von Ihnen ausgelassen" in shopper.get(standing.get_absolute_url()).content.decode()
    shopper.post(skip, {**day, "come": "1"})
    shopper.post(reverse("standing:pause", args=[standing.number]), {"first": "2026-11-25", "last": ""})
    assert placing.place_due(at=NOW) == 0
    assert "bis auf Weiteres" in shopper.get(standing.get_absolute_url()).content.decode()
    shopper.post(reverse("standing:resume", args=[standing.number]))
    assert placing.place_due(at=NOW) == 1


@pytest.mark.parametrize("day", ["", "gestern", "2026-13-40", "2026-11-27"])
def test_skip_with_nonsense_changes_nothing(home: Household, shopper: Client, day: str) -> None:
    standing = home.make([want(products(home)[0])])
    assert shopper.post(reverse("standing:skip", args=[standing.number]), {"day": day}).status_code == 302
    assert not standing.skips.exists()


def test_pause_that_ends_before_it_begins_is_refused(home: Household, shopper: Client) -> None:
    standing = home.make([want(products(home)[0])])
    address = reverse("standing:pause", args=[standing.number])
    assert shopper.post(address, {"first": "2026-12-10", "last": "2026-12-01"}).status_code == 422


def test_ending_from_the_account_in_two_steps(
    home: Household, shopper: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    standing = home.make([want(products(home)[0])])
    address = reverse("standing:end_one", args=[standing.number])
    assert "Jetzt kündigen" in shopper.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        shopper.post(address)
        shopper.post(address)
    standing.refresh_from_db()
    assert standing.ended_at == NOW
    assert Ending.objects.count() == 1
    assert [letter.subject for letter in mail.outbox].count("Eingangsbestätigung Ihrer Kündigung") == 1
    assert placing.place_due(at=NOW) == 0


DECLARED = {
    "name": "Grete Beispiel",
    "contract": "alle meine Dauerbestellungen",
    "email": "grete@post.example",
    "kind": "ordinary",
    "reason": "",
    "ends_on": "",
}


def test_ending_without_a_login_in_two_steps(
    home: Household, client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    standing = home.make([want(products(home)[0])])
    address = reverse("standing:end")
    assert "Verträge hier kündigen" in client.get("/korb/").content.decode()
    shown = client.post(address, DECLARED).content.decode()
    assert "Jetzt kündigen" in shown
    assert not Ending.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {**DECLARED, "confirmed": "1"})
    standing.refresh_from_db()
    assert standing.ended_at == NOW
    letter = mail.outbox[-1]
    assert letter.to == ["grete@post.example"]
    assert "24. November 2026" in letter.body
    assert standing.number in letter.body


def test_ending_answers_the_same_whether_there_is_a_contract_or_not(home: Household, client: Client) -> None:
    home.make([want(products(home)[0])])
    pages = [
        client.post(reverse("standing:end"), {**DECLARED, "email": email, "confirmed": "1"}).content.decode().count(email)
        for email in ("grete@post.example", "nobody@post.example")
    ]
    assert pages[0] == pages[1]
    assert Ending.objects.count() == 2


def test_ending_by_number_leaves_the_others(home: Household, client: Client) -> None:
    one, other = (home.make([want(products(home)[0])]) for _ in range(2))
    client.post(reverse("standing:end"), {**DECLARED, "contract": f"Nr. {one.number.lower()}", "confirmed": "1"})
    assert list(StandingOrder.objects.running()) == [other]


def test_ending_on_a_later_day_ends_then(home: Household, client: Client) -> None:
    home.make([want(products(home)[0])])
    client.post(reverse("standing:end"), {**DECLARED, "ends_on": "2026-12-01", "confirmed": "1"})
    assert endings.carry_out_due(at=NOW) == 0
    assert endings.carry_out_due(at=NOW + timedelta(days=8)) == 1
    assert endings.carry_out_due(at=NOW + timedelta(days=9)) == 0
    assert not StandingOrder.objects.running().exists()


def test_dearer_article_is_asked_about_on_its_page(home: Household, shopper: Client) -> None:
    standing = home.make([want(products(home)[0])])
    StockRecord.objects.update(price=Decimal("6.00"))
    assert "Neuem Preis zustimmen" in shopper.get(standing.get_absolute_url()).content.decode()
    line = standing.lines.get()
    shopper.post(reverse("standing:accept_price", args=[standing.number]), {"line": line.pk})
    assert "Neuem Preis zustimmen" not in shopper.get(standing.get_absolute_url()).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_little_whatever_there_is(
    home: Household, shopper: Client, count: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    standing, *_others = [home.make([want(product) for product in products(home, count)]) for _ in range(count)]
    placing.place_due(at=NOW)
    order = Order.objects.first()
    assert order is not None
    shopper.get("/korb/")
    with django_assert_max_num_queries(10):
        shopper.get(reverse("standing:overview"))
    with django_assert_max_num_queries(14):
        shopper.get(standing.get_absolute_url())
    with django_assert_max_num_queries(14):
        shopper.get(reverse("standing:again", args=[order.number]))


def test_again_says_what_is_there_why_not_and_puts_the_rest_into_the_basket(home: Household, shopper: Client) -> None:
    order = ordered(home, 3)
    dear, gone, late = (line.product for line in order.lines.select_related("product").order_by("pk"))
    assert dear is not None
    assert gone is not None
    assert late is not None
    StockRecord.objects.filter(product=dear).update(price=Decimal("5.50"))
    gone.is_public = False
    gone.save()
    late.lead_time_days = 9
    late.save()
    address = reverse("standing:again", args=[order.number])
    page = shopper.get(address).content.decode()
    assert "1 von 3 gibt es für Samstag, 28. November" in page
    assert "damals 4,90" in page.replace("\xa0", " ")
    assert late.get_absolute_url() in page
    answer = shopper.post(address, {"article": [dear.pk, gone.pk], f"quantity_{dear.pk}": "4", f"quantity_{gone.pk}": "2"})
    assert answer["Location"] == reverse("basket:summary")
    assert list(BasketLine.objects.filter(basket__status="Open").values_list("product", "quantity")) == [(dear.pk, 4)]


def test_again_into_the_open_order(home: Household, shopper: Client) -> None:
    order = ordered(home, 1)
    pk = order.lines.get().product_id
    address = reverse("standing:again", args=[order.number])
    shopper.post(address, {"article": [pk], f"quantity_{pk}": "1", "into": "1"})
    assert shopper.session["adding"] == order.number


def test_again_without_a_round_says_so(home: Household, shopper: Client) -> None:
    order = ordered(home, 1)
    DeliveryRound.objects.update(status="cancelled", cancelled_at=NOW)
    page = shopper.get(reverse("standing:again", args=[order.number])).content.decode()
    assert "Zurzeit ist kein Liefertag" in page


def test_ending_many_times_is_answered_kindly_and_writes_no_further_mail(client: Client, home: Household) -> None:
    answers = [client.post(reverse("standing:end"), {**DECLARED, "confirmed": "1"}) for _ in range(12)]
    assert answers[-1].status_code == 429
    assert "per E-Mail" in answers[-1].content.decode()
    assert Ending.objects.count() == 10
