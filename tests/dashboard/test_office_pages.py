"""The office: who may come in, rounds, orders, money, approvals."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from billing import invoicing
from billing.models import Invoice, OrderTerms, SupplyContract
from logistics import deliveries
from logistics.models import Delivery, DeliveryRound, Stop, Tour
from marketplace.core.models import AuditEntry
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from marketplace.users.models import User
from tests.dashboard.people import Farm, logged_in, with_role
from tests.factories.market import AccountFactory, PartnerFactory, UserFactory, VehicleFactory
from tests.logistics.market import DAY, Market

pytestmark = pytest.mark.django_db
CEILING = 12
PAGES = ("home", "producers", "rounds", "orders", "documents", "accounts")


@pytest.fixture
def farm() -> Farm:
    return Farm()


@pytest.fixture
def market(farm: Farm) -> Market:
    return farm.market


@pytest.fixture
def office(market: Market) -> Client:
    return with_role(market, Role.OFFICE)


def ordered(farm: Farm, times: int = 1) -> list[Order]:
    product = farm.market.product(partner=farm.partner, title="Rapshonig")
    rows = [farm.market.order((product, 1)).order for _ in range(times)]
    for order in rows:
        OrderTerms.objects.create(order=order, method=OrderTerms.Method.HANDOVER)
    return rows


def billed(farm: Farm) -> Invoice:
    """The invoice of one order that was delivered."""
    ordered(farm)
    farm.market.close()
    farm.market.pack()
    delivery = Delivery.objects.get()
    deliveries.complete(delivery=delivery, at=DAY, by=None, handed_to="Grete", age_checked=False, outcomes={})
    invoice = invoicing.draw_for_order(delivery=delivery, today=DAY.date(), at=DAY)
    assert invoice is not None
    return invoice


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(f"office:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_the_office_alone(farm: Farm, office: Client, name: str) -> None:
    url = reverse(f"office:{name}")
    assert office.get(url).status_code == 200
    assert Client().get(url).headers["Location"] == f"/konto/login/?next={url}"
    for stranger in (farm.client, logged_in(UserFactory.create()), with_role(farm.market, Role.DRIVER)):
        assert stranger.get(url).status_code == 403


def test_nothing_of_another_region_is_found(farm: Farm, office: Client) -> None:
    elsewhere = Farm()
    assert elsewhere.market.region != farm.market.region
    invoice, account = billed(elsewhere), AccountFactory.create(region=elsewhere.market.region)
    order = Order.objects.get()
    for name, key in (
        ("round", elsewhere.market.round.pk), ("tours", elsewhere.market.round.pk), ("close", elsewhere.market.round.pk),
        ("plan", elsewhere.market.round.pk), ("producer", elsewhere.partner.pk), ("order", order.number),
        ("document", invoice.pk), ("account", account.pk),
    ):  # fmt: skip
        assert office.get(reverse(f"office:{name}", args=[key])).status_code == 404, name
    for name, key in (
        ("close", elsewhere.market.round.pk), ("plan", elsewhere.market.round.pk), ("approve", elsewhere.partner.pk),
        ("suspend", elsewhere.partner.pk), ("receive", invoice.pk), ("pay_out", invoice.pk), ("grant", account.pk),
        ("withdraw", account.pk),
    ):  # fmt: skip
        assert office.post(reverse(f"office:{name}", args=[key])).status_code == 404, name
    assert reverse("office:order", args=[order.number]) not in page(office, "orders", q=order.number)
    assert reverse("office:document", args=[invoice.pk]) not in page(office, "documents")


@pytest.mark.parametrize("orders", [1, 3, 30])
def test_lists_cost_the_same_for_any_number_of_orders(
    farm: Farm, office: Client, orders: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ordered(farm, orders)
    with django_assert_max_num_queries(CEILING):
        page(office, "orders", q="femke", runde=farm.market.round.pk)
    with django_assert_max_num_queries(CEILING):
        page(office, "rounds")
    farm.market.close()
    with django_assert_max_num_queries(CEILING):
        page(office, "round", farm.market.round.pk)


def test_home_names_what_waits(farm: Farm, office: Client, market: Market) -> None:
    PartnerFactory.create(municipality=market.village, status="applied", approved_at=None)
    ordered(farm)
    market.close()
    text = page(office, "home")
    for sentence in ("1 Betrieb möchte verkaufen", "1 Runde hat noch keine Touren", "1 Betrieb packt noch"):
        assert sentence in text
    assert reverse("office:round", args=[market.round.pk]) in text


def test_home_costs_a_fixed_number_of_queries(
    farm: Farm, office: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ordered(farm, 3)
    with django_assert_max_num_queries(CEILING):
        page(office, "home")


def test_close_asks_first_and_closes_once(farm: Farm, office: Client, market: Market) -> None:
    ordered(farm)
    url = reverse("office:close", args=[market.round.pk])
    assert "nicht rückgängig" in office.get(url).content.decode()
    market.round.refresh_from_db()
    assert market.round.status == DeliveryRound.Status.OPEN
    for _ in range(2):
        assert office.post(url).status_code == 302
    market.round.refresh_from_db()
    assert market.round.status == DeliveryRound.Status.CLOSED
    assert AuditEntry.objects.filter(action="round.closed").count() == 1


def test_plan_draws_tours_and_the_page_shows_them_on_a_map(farm: Farm, office: Client, market: Market) -> None:
    VehicleFactory.create(region=market.region)
    ordered(farm, 2)
    url = reverse("office:plan", args=[market.round.pk])
    office.post(url)
    assert not Tour.objects.exists()
    market.close()
    assert "Fahrzeuge im Einsatz" in office.get(url).content.decode()
    office.post(url)
    assert {tour.wave for tour in Tour.objects.all()} == {"collect", "deliver"}
    first = set(Stop.objects.values_list("pk", flat=True))
    office.post(url)
    assert set(Stop.objects.values_list("pk", flat=True)) == first
    text = page(office, "round", market.round.pk)
    assert 'class="map"' in text
    assert "every 15s" in text
    alone = reverse("office:tours", args=[market.round.pk])
    assert "<html" not in office.get(alone, headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" in page(office, "tours", market.round.pk)  # opened by itself it is a whole page


def test_orders_are_found_by_number_name_code_round_and_status(farm: Farm, office: Client, market: Market) -> None:
    first, second = ordered(farm, 2)
    Order.objects.filter(pk=second.pk).update(last_name="Muster", guest_email="muster@post.example")
    for query in ({"q": second.number}, {"q": "Must"}, {"q": second.delivery.code}, {"q": "muster@post femke"}):
        text = page(office, "orders", **query)
        assert (second.number in text, first.number in text) == (True, False), query
    assert first.number in page(office, "orders", runde=market.round.pk, stand="placed")
    assert first.number not in page(office, "orders", stand="cancelled")
    assert first.number not in page(office, "orders", lieferung="failed")
    assert page(office, "orders", runde="²", stand="x", page="999")


def test_order_page_shows_customer_lines_and_documents(farm: Farm, office: Client) -> None:
    invoice = billed(farm)
    text = page(office, "order", Order.objects.get().number)
    for what in ("Feldweg 1", "Rapshonig", "Hof Sonnenschein", invoice.number, "+49 4356 000009"):
        assert what in text


def test_receive_books_a_payment_and_refuses_nonsense(farm: Farm, office: Client) -> None:
    invoice = billed(farm)
    url = reverse("office:receive", args=[invoice.pk])
    told = {"amount": "2,00", "method": "transfer", "received_on": "2026-12-02", "reference": "RE"}
    for wrong in ({"amount": "-1"}, {"amount": "viel"}, {"method": "gold"}, {"received_on": ""}):
        assert office.post(url, told | wrong).status_code == 422
    assert office.post(url, told).status_code == 302
    assert office.post(url, told).status_code == 302
    assert [payment.amount for payment in invoice.payments.all()] == [Decimal("2.00")]
    assert invoice.number in page(office, "documents", offen="1", q=invoice.number)
    office.post(url, told | {"amount": str(invoice.gross - 2).replace(".", ","), "reference": "Rest"})
    assert invoice.number not in page(office, "documents", offen="1")


def approval(**other: str) -> dict[str, str]:
    return {
        "identity_checked": "on", "tax_checked": "on", "iban_checked": "on", "contract_checked": "on", "vat_id": "",
        "tax_number": "21/815/08151", "iban": "DE02 1203 0000 0000 2020 51", "bank_name": "Musterbank",
        "mode": "commission", "commission_percent": "18", "vat_status": "flat_rate", "valid_from": "2026-12-01",
        "self_billing_agreed_on": "2026-12-01",
    } | other  # fmt: skip


def applicant(market: Market) -> Partner:
    return PartnerFactory.create(
        municipality=market.village, status="applied", approved_at=None, email="neu@hof.example", tax_number="", iban=""
    )


def test_approve_makes_contract_and_access_in_one_go(market: Market, office: Client) -> None:
    partner = applicant(market)
    assert office.post(reverse("office:approve", args=[partner.pk]), approval()).status_code == 302
    partner.refresh_from_db()
    contract = SupplyContract.objects.get(partner=partner)
    assert (partner.status, partner.iban) == (Partner.Status.APPROVED, "DE02120300000000202051")
    assert (contract.commission_percent, contract.vat_status) == (Decimal("18.00"), "flat_rate")
    assert contract.self_billing_agreed_on == date(2026, 12, 1)
    assert list(partner.users.all()) == [User.objects.get(email="neu@hof.example")]


@pytest.mark.parametrize(
    "wrong",
    [{"identity_checked": ""}, {"contract_checked": ""}, {"iban": "DE02 1203 0000 0000 2020 52"}, {"tax_number": ""},
     {"commission_percent": "120"}, {"vat_status": "keine"}, {"valid_from": ""}],
)  # fmt: skip
def test_approve_without_the_whole_checklist_is_refused(market: Market, office: Client, wrong: dict[str, str]) -> None:
    partner = applicant(market)
    response = office.post(reverse("office:approve", args=[partner.pk]), approval(**wrong))
    assert response.status_code == 422
    partner.refresh_from_db()
    assert (partner.status, partner.iban) == (Partner.Status.APPLIED, "")
    assert not SupplyContract.objects.filter(partner=partner).exists()


def test_other_terms_hold_from_a_day_on(farm: Farm, office: Client) -> None:
    """The contract that runs ends the day before; terms of the past are refused."""
    url = reverse("office:renew_contract", args=[farm.partner.pk])
    start = timezone.localdate() + timedelta(days=10)
    told = {
        "mode": "agency", "commission_percent": "12", "vat_status": "small", "valid_from": start.isoformat(),
        "self_billing_agreed_on": "", "contract_checked": "on",
    }  # fmt: skip
    assert office.post(url, told | {"mode": "commission"}).status_code == 422
    assert office.post(url, told | {"valid_from": timezone.localdate().isoformat()}).status_code == 409
    assert office.post(url, told).status_code == 302
    new, old = SupplyContract.objects.filter(partner=farm.partner).order_by("-valid_from")
    assert (new.mode, new.valid_from, old.valid_until) == ("agency", start, start - timedelta(days=1))
    assert "Agentur" in office.get(reverse("office:producer", args=[farm.partner.pk])).content.decode()


def test_suspend_needs_a_reason_and_approve_brings_back_without_a_new_contract(farm: Farm, office: Client) -> None:
    url = reverse("office:suspend", args=[farm.partner.pk])
    assert office.post(url, {"reason": ""}).status_code == 422
    assert office.post(url, {"reason": "Zertifikat fehlt"}).status_code == 302
    farm.partner.refresh_from_db()
    assert farm.partner.status == Partner.Status.SUSPENDED
    office.post(reverse("office:approve", args=[farm.partner.pk]), approval())
    farm.partner.refresh_from_db()
    assert (farm.partner.status, farm.partner.contracts.count()) == (Partner.Status.APPROVED, 1)


def test_account_is_granted_changed_and_withdrawn(market: Market, office: Client) -> None:
    account = AccountFactory.create(region=market.region, approved_at=None, credit_limit=0)
    url = reverse("office:grant", args=[account.pk])
    told = {"credit_limit": "500,00", "payment_days": "14", "terms": "monthly"}
    assert office.post(url, told | {"credit_limit": "-1"}).status_code == 422
    office.post(url, told)
    account.refresh_from_db()
    assert (account.credit_limit, account.approved_at is not None) == (Decimal("500.00"), True)
    office.post(reverse("office:withdraw", args=[account.pk]))
    account.refresh_from_db()
    assert account.approved_at is None


def test_stops_behind_the_plan_are_marked(farm: Farm, office: Client, market: Market) -> None:
    VehicleFactory.create(region=market.region)
    ordered(farm)
    market.close()
    office.post(reverse("office:plan", args=[market.round.pk]))
    tour = Tour.objects.get(wave="deliver")
    stop = tour.stops.get()
    late = stop.planned_arrival + timedelta(minutes=31)
    tour.stops.update(arrived_at=late, completed_at=late)
    assert "31 Min. verspätet" in page(office, "round", market.round.pk)
