"""The whole way in a browser: a guest buys from three producers on a phone; at the end the money adds up to the cent."""

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from billing import journal, periods, rules, settlements
from billing import tasks as billing_tasks
from billing.models import Invoice
from logistics import rounds
from logistics.models import Delivery, DeliveryRound, Tour
from marketplace.core import wording
from marketplace.order.models import Order
from tests.architecture.world import World
from tests.browser import way
from tests.browser.conftest import Enter
from tests.factories.market import local
from tests.factories.town import PASSWORD
from tests.journeys.way import EARLY, cut_off

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


def fill_basket(page: Page) -> None:
    """From the home page to the market, an article's page and three producers' goods."""
    page.goto("/")
    with page.expect_navigation():
        page.get_by_role("navigation").get_by_role("link", name="Markt", exact=True).first.click()
    with page.expect_navigation():
        page.get_by_role("link", name="Ziegenkäse vom Laib", exact=True).click()
    page.locator("main").get_by_role("button", name=re.compile("In den Korb")).first.click()
    expect(page.locator(".basket-link")).to_contain_text("11,45")
    page.goto("/markt/")
    for title, worth in (("Rapshonig", "17,94"), ("Apfelsaft naturtrüb", "20,98"), ("Kerze aus Bienenwachs", "28,93")):
        way.add(page, title)
        expect(page.locator(".basket-link")).to_contain_text(worth)


def check_out(page: Page, day: str) -> tuple[Decimal, str]:
    """From the basket to the thank-you page; the sum that was shown all along, and the number of the order."""
    page.goto("/korb/")
    expect(page.locator(".basket-group")).to_have_count(3)
    way.press(page, "Zur Kasse")
    way.press(page, "Ohne Konto bestellen")
    way.choose_delivery(page, "Haby", round_day=day)
    way.tell_details(page)
    shown = way.total(page)
    way.press(page, "zahlungspflichtig bestellen")
    found = re.search(r"/danke/([0-9A-Z-]{9})/", page.url)
    assert found, page.locator("main").inner_text()
    return shown, found[1]


@pytest.fixture
def quiet_round(market: World) -> DeliveryRound:
    """A round for which nobody has ordered yet, so that all its cash and goods are this story's."""
    open_ones = DeliveryRound.objects.filter(region=market.town.region, status=DeliveryRound.Status.OPEN)
    return open_ones.exclude(pk__in=Delivery.objects.values("round")).order_by("delivery_day")[0]


def test_from_the_home_page_to_the_producers_account(enter: Enter, market: World, quiet_round: DeliveryRound) -> None:
    guest = enter()
    fill_basket(guest)
    shown, number = check_out(guest, wording.weekday_date(quiet_round.delivery_day))
    order = Order.objects.get(number=number)
    assert shown == order.total_incl_tax == Decimal("32.83")  # 28.78 + 0.15 deposit + 3.90
    rounds.close(delivery_round=quiet_round, at=cut_off(quiet_round))
    weigh(enter, market, quiet_round)
    plan(enter, quiet_round)
    assert way_home(enter, quiet_round) == [Decimal("33.29")]  # the cheese weighs 520 g: 11.91 instead of 11.45
    gross = bill(guest, order)
    assert gross == Decimal("33.29")
    settle(market, order, gross)


def weigh(enter: Enter, market: World, delivery_round: DeliveryRound) -> None:
    """Each producer packs; the first logs in by the form, as people do."""
    page = enter()
    way.log_in(page, market.town.people["dairy"].email, PASSWORD)
    way.pack(page, f"/betrieb/runde/{delivery_round.pk}/", weight="520")
    for key in ("bees", "orchard"):
        way.pack(enter(key), f"/betrieb/runde/{delivery_round.pk}/")


def plan(enter: Enter, delivery_round: DeliveryRound) -> None:
    """The office has the tours drawn."""
    page = enter("office")
    page.goto(f"/buero/runden/{delivery_round.pk}/planen/")
    way.press(page, "Touren planen")
    delivery_round.refresh_from_db()
    assert delivery_round.status == DeliveryRound.Status.PLANNED


def way_home(enter: Enter, delivery_round: DeliveryRound) -> list[Decimal]:
    """The driver walks all tours, those that collect first; what was cashed."""
    page = enter("driver")
    page.goto("/fahrt/")
    tours = Tour.objects.filter(round=delivery_round).order_by("starts_at", "pk")
    assert page.get_by_role("link", name=re.compile("Tour öffnen")).count() >= len(tours) >= 2
    taken = [amount for tour in tours for amount in way.drive(page, f"/fahrt/{tour.pk}/")]
    delivery_round.refresh_from_db()
    assert delivery_round.status == DeliveryRound.Status.DONE
    return taken


def bill(guest: Page, order: Order) -> Decimal:
    """The invoice is drawn by itself; the guest finds it on the order's page, and the XML inside it passes the official rules."""
    billing_tasks.draw_due_documents()
    billing_tasks.finish_documents()
    invoice = Invoice.objects.get(order=order)
    guest.goto(f"/kasse/danke/{order.number}/")
    link = guest.locator("a[href*='/konto/bestellung/']").first.get_attribute("href")
    guest.goto(str(link))
    address = guest.locator("a[href$='/pdf/']").first.get_attribute("href")
    with pikepdf.open(BytesIO(guest.request.get(str(address)).body())) as printed:
        xml = printed.attachments["factur-x.xml"].get_file().read_bytes()
    assert rules.errors(rules.check(xml, "en16931")) == []
    root = etree.fromstring(xml)
    said = {name: Decimal(root.findtext(f".//{RAM}{name}") or "nan") for name in ("GrandTotalAmount", "DuePayableAmount")}
    assert said == {"GrandTotalAmount": invoice.gross, "DuePayableAmount": Decimal(0)}  # paid at the door
    return invoice.gross


def settle(market: World, order: Order, gross: Decimal) -> None:
    """What the customer paid is what the three producers, the tax office and the operator get."""
    assert journal.balance(order=order) == 0
    delivery = Delivery.objects.get(order=order)
    lines = {line.title: line for line in order.lines.all()}
    packed = {line.order_line_id: line for line in delivery.packed_lines.all()}
    assert packed[lines["Ziegenkäse vom Laib"].pk].delivered_weight_g == 520
    charged = {line.order_line.title: line.gross for line in order.invoices.get().lines.filter(charge="goods") if line.order_line}
    assert charged == {
        "Ziegenkäse vom Laib": Decimal("11.91"),
        "Rapshonig": Decimal("6.49"),
        "Apfelsaft naturtrüb": Decimal("2.89"),
        "Kerze aus Bienenwachs": Decimal("7.95"),
    }
    assert sum(charged.values()) + Decimal("0.15") + Decimal("3.90") == gross
    assert delivery.completed_at is not None
    after = periods.month_of(delivery.completed_at.date())[1] + timedelta(days=1)
    settlements.settle_due(today=after, at=local(after, EARLY))
    notes = Invoice.objects.filter(kind="389", lines__order_line__order=order).distinct()
    assert {note.partner for note in notes} == {market.town.partners[key] for key in ("dairy", "bees", "orchard")}
    settled = {
        line.order_line.title: line.net
        for note in notes
        for line in note.lines.filter(charge="goods", order_line__order=order)
        if line.order_line
    }
    # without the operator's 7 % and 19 %
    assert settled == {
        "Ziegenkäse vom Laib": Decimal("11.13"),
        "Rapshonig": Decimal("6.07"),
        "Apfelsaft naturtrüb": Decimal("2.43"),
        "Kerze aus Bienenwachs": Decimal("6.68"),
    }
    for note in notes:
        assert journal.balance(partner=note.partner) == sum(
            other.gross for other in Invoice.objects.filter(kind="389", partner=note.partner)
        )
