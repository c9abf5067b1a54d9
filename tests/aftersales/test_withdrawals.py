"""Withdrawing from a contract: without login, confirmed in two steps, receipted once, and settled by the office."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from billing import books, files, invoicing, journal, payments, settlements
from billing.models import Invoice
from billing.snapshots import thawed
from logistics.models import Delivery
from marketplace.aftersales import banking, deadlines, mails, settling, tasks, withdrawals
from marketplace.aftersales.models import BankDetails, Withdrawal
from marketplace.aftersales.settling import SettlingRefused
from marketplace.aftersales.withdrawals import Declaration
from marketplace.core.transitions import ForbiddenTransition
from marketplace.order import links
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item
from tests.factories.market import NOW, AccountFactory, MembershipFactory, RegionFactory, UserFactory, local

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Grete Beispiel", "number": "AC3K-7QXM", "email": "grete@post.example", "goods": "der Korb aus Weide"}
IBAN = "DE02 1203 0000 0000 2020 51"


def declared(delivery: Delivery, **lines: int) -> Withdrawal:
    """A declaration by the link of the order, three days after the delivery; pieces by title."""
    keys = {delivery.order.lines.get(title=title.replace("_", " ")).pk: pieces for title, pieces in lines.items()}
    told = Declaration(name="Jette Petersen", number=delivery.order.number, email="jette@post.example", lines=keys)
    return withdrawals.declare(region=delivery.order.region, declaration=told, at=AT, order=delivery.order)


def settle(row: Withdrawal, answer: str = "") -> Invoice | None:
    """The office takes back what was declared."""
    pieces = {line.order_line_id: line.quantity for line in row.lines.all()}
    return settling.settle(withdrawal=row, pieces=pieces, answer=answer, today=NOVEMBER, at=AT, by=None)


def test_declaration_is_receipted_once() -> None:
    region = RegionFactory.create()
    withdrawals.declare(region=region, declaration=Declaration(**GIVEN), at=NOW)  # type: ignore[arg-type]  # a dict of texts
    tasks.send_due_mails()
    tasks.send_due_mails()
    (message,) = mail.outbox
    assert (message.to, message.bcc) == (["grete@post.example"], [region.email])
    assert isinstance(message, EmailMultiAlternatives)
    for text in (str(message.body), str(message.alternatives[0][0])):
        assert all(value in text for value in GIVEN.values())
        assert "24. November 2026" in text
        assert "12:00 Uhr" in text


def test_two_steps_without_login(django_capture_on_commit_callbacks: Any) -> None:
    RegionFactory.create()
    client, url = Client(), reverse("aftersales:withdraw")
    checked = client.post(url, GIVEN)
    assert "Widerruf bestätigen" in checked.content.decode()
    assert not Withdrawal.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(url, {**GIVEN, "confirmed": "1"})
    assert done.context["withdrawal"].number == "AC3K-7QXM"
    assert len(mail.outbox) == 1


def test_the_old_address_leads_to_the_new_one() -> None:
    RegionFactory.create()
    assert Client().get("/kasse/widerruf/").headers["Location"] == "/vertrag-widerrufen/"


def test_known_and_unknown_orders_are_answered_alike(delivery: Delivery) -> None:
    told = {**GIVEN, "email": delivery.order.guest_email, "confirmed": "1"}
    client = Client()
    known = client.post(reverse("aftersales:withdraw"), {**told, "number": delivery.order.number})
    unknown = client.post(reverse("aftersales:withdraw"), {**told, "number": "ZZZZ-ZZZZ"})
    assert known.status_code == unknown.status_code == 200
    assert "Rapshonig" not in known.content.decode()
    assert list(Withdrawal.objects.values_list("order", flat=True)) == [None, None]


def test_incomplete_declaration_is_asked_again() -> None:
    RegionFactory.create()
    assert Client().post(reverse("aftersales:withdraw"), {"name": "Grete"}).status_code == 422


def test_receipts_are_not_sent_without_end(settings: Any) -> None:
    region = RegionFactory.create()
    settings.ACCOUNT_RATE_LIMITS = {"declare_withdrawal": "2/h/ip"}
    client = Client()
    answers = [client.post(reverse("aftersales:withdraw"), {**GIVEN, "confirmed": "1"}) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert region.email in answers[2].content.decode()
    assert Withdrawal.objects.count() == 2


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2026, 11, 11), date(2026, 11, 25)),  # Wednesday
        (date(2026, 11, 14), date(2026, 11, 30)),  # would end on a Saturday: Monday
        (date(2026, 11, 15), date(2026, 11, 30)),  # on a Sunday
    ],
)
def test_the_period_does_not_end_at_a_weekend(received: date, last: date) -> None:
    assert deadlines.withdrawal_ends(received_on=received) == last


def test_choices_say_what_can_be_withdrawn_from(delivery: Delivery) -> None:
    def choices(day: date) -> dict[str, tuple[int, str]]:
        return {row.line.title: (row.most, row.why_not) for row in withdrawals.choices(order=delivery.order, today=day)}

    assert choices(DAY) == {
        "Rapshonig": (3, ""),
        "Apfelsaft": (6, ""),
        "Ziegenkäse": (0, "Kein Widerrufsrecht: schnell verderblich"),
    }
    declared(delivery, Rapshonig=2, Apfelsaft=6)
    assert choices(DAY)["Rapshonig"] == (1, "")
    assert choices(DAY)["Apfelsaft"] == (0, "Diesen Artikel haben Sie schon widerrufen.")
    assert choices(DAY + timedelta(days=30))["Rapshonig"] == (0, "Die Frist endete am Montag, 2. November.")


@time_machine.travel(local(DAY + timedelta(days=3), time(12)), tick=False)
def test_who_holds_the_link_ticks_lines(delivery: Delivery) -> None:
    honey = delivery.order.lines.get(title="Rapshonig")
    url = reverse("aftersales:withdraw_order", args=[links.sign(order=delivery.order)])
    client = Client()
    page = client.get(url).content.decode()
    assert "Kein Widerrufsrecht: schnell verderblich" in page
    assert "Montag, 2. November" in page
    told = {"name": "Jette Petersen", "email": "jette@post.example"}
    assert client.post(url, told).status_code == 422
    chosen = {**told, f"take_{honey.pk}": "on", f"pieces_{honey.pk}": "2"}
    assert client.post(url, chosen).context["chosen"] == [{"title": "Rapshonig", "pieces": 2}]
    assert client.post(url, {**chosen, f"pieces_{honey.pk}": "9"}).status_code == 422
    assert client.post(url, {**chosen, "confirmed": "1"}).status_code == 200
    row = Withdrawal.objects.get()
    assert row.order == delivery.order
    assert list(row.lines.values_list("order_line", "quantity")) == [(honey.pk, 2)]


def test_a_forged_link_leads_nowhere(delivery: Delivery) -> None:
    assert Client().get(reverse("aftersales:withdraw_order", args=["erfunden"])).status_code == 404


def test_businesses_have_no_such_right(farm: Partner) -> None:
    delivery = deliver(item(farm), region=farm.region, account=AccountFactory.create(region=farm.region))
    assert not withdrawals.is_consumer(order=delivery.order)
    page = Client().get(reverse("aftersales:withdraw_order", args=[links.sign(order=delivery.order)])).content.decode()
    assert "Privatkunden" in page


def test_part_of_an_order_goes_back_without_the_delivery(delivery: Delivery) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    correction = settle(declared(delivery, Rapshonig=2, Apfelsaft=6))
    assert correction is not None
    assert (correction.kind, correction.gross) == ("381", Decimal("9.80") + Decimal("11.76") + Decimal("0.90"))
    assert not [line for line in thawed(correction.content).lines if line.kind == "fee"]


def test_the_whole_order_goes_back_with_the_delivery_and_each_line_has_its_share(lasting: Delivery) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    (line,) = lasting.order.lines.all()
    one = settling.propose(order=lasting.order, pieces={line.pk: 1})
    both = settling.propose(order=lasting.order, pieces={line.pk: 2})
    assert (one.total, one.is_whole) == (Decimal("10.70"), False)
    assert (both.total, both.is_whole, both.lines[0].delivery) == (Decimal("25.30"), True, Decimal("3.90"))
    first, second = declared(lasting, Kerze=1), declared(lasting, Kerze=1)
    settle(first)
    correction = settle(second)
    assert correction is not None
    assert correction.gross == Decimal("14.60")  # nothing is kept any more
    assert journal.balance(order=lasting.order) == 0


def test_before_the_invoice_the_goods_are_simply_not_charged(lasting: Delivery, farm: Partner) -> None:
    assert settle(declared(lasting, Kerze=1)) is None
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert invoice.gross == Decimal("14.60")
    settlements.settle_due(today=NOVEMBER, at=AT)
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_what_came_back_is_no_supply_of_the_producer(lasting: Delivery, farm: Partner) -> None:
    settle(declared(lasting, Kerze=1))
    deliver(item(farm, "10.70", 2), region=farm.region, day=date(2026, 11, 7))
    settlements.settle_due(today=date(2026, 12, 1), at=AT)
    nets = Invoice.objects.filter(kind="389").order_by("period_from").values_list("net", flat=True)
    assert list(nets) == [Decimal("16.40"), Decimal("8.20")]


def test_settled_once_however_often(lasting: Delivery) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    row = declared(lasting, Kerze=1)
    settle(row)
    with pytest.raises(ForbiddenTransition):
        settle(row)
    with pytest.raises(ForbiddenTransition):
        settling.refuse(withdrawal=row, answer="Doch nicht", at=AT, by=None)
    assert Invoice.objects.filter(kind="381").count() == 1


def test_no_more_comes_back_than_came(lasting: Delivery) -> None:
    (line,) = lasting.order.lines.all()
    for pieces in ({line.pk: 3}, {}):
        with pytest.raises(SettlingRefused):
            settling.settle(withdrawal=declared(lasting), pieces=pieces, answer="", today=NOVEMBER, at=AT, by=None)


def test_the_office_finds_the_order_however_its_number_was_typed(lasting: Delivery) -> None:
    typed = lasting.order.number.lower().replace("-", " ")
    row = withdrawals.declare(
        region=lasting.order.region, declaration=Declaration(name="J", number=typed, email="j@post.example"), at=AT
    )
    with pytest.raises(SettlingRefused):
        settle(row)
    assert settling.candidate(withdrawal=row) == lasting.order
    assert settling.match(withdrawal=row, order=lasting.order, at=AT, by=None).order == lasting.order


def test_a_cancelled_order_leaves_nothing_to_correct(farm: Partner) -> None:
    delivery = deliver(item(farm, delivered=0), region=farm.region)
    Order.objects.update(status=Order.Status.CANCELLED, cancelled_at=AT)
    row = withdrawals.declare(
        region=farm.region, declaration=Declaration(name="J", number="x", email="j@post.example"), at=AT, order=delivery.order
    )
    row.order.refresh_from_db()  # type: ignore[union-attr]  # it has one
    assert settle(row) is None
    assert Withdrawal.objects.get().status == Withdrawal.Status.SETTLED


def test_who_paid_is_told_and_names_an_account_by_a_link(lasting: Delivery) -> None:
    payments.receive(order=lasting.order, amount=Decimal("25.30"), method="transfer", received_on=DAY, at=AT)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settle(declared(lasting, Kerze=2), answer="Danke fürs Zurückbringen.")
    tasks.send_due_mails()
    _receipt, told = mail.outbox
    assert "25,30\xa0€" in told.body
    assert "Danke fürs Zurückbringen." in told.body
    found = re.search(r"/erstattung/[^\s/]+/", str(told.body))
    assert found is not None
    client, url = Client(), found.group()
    assert "25,30" in client.get(url).content.decode()
    assert client.post(url, {"holder": "Jette Petersen", "iban": "DE00 1234"}).status_code == 422
    assert client.post(url, {"holder": "Jette Petersen", "iban": IBAN}).status_code == 302
    assert BankDetails.objects.get().iban == "DE02120300000000202051"
    assert "2051" in client.get(url).content.decode()
    refund = banking.pay_back(order=lasting.order, method="transfer", paid_on=NOVEMBER, reference="", at=AT, by=None)
    assert refund is not None
    assert (refund.amount, refund.iban) == (Decimal("25.30"), "DE02120300000000202051")
    assert not BankDetails.objects.exists()
    assert "25,30" not in client.get(url).content.decode()
    settlements.settle_due(today=NOVEMBER, at=AT)
    assert books.problems(region=lasting.order.region, today=NOVEMBER) == []


def test_a_link_of_one_kind_opens_no_page_of_another(lasting: Delivery) -> None:
    order_link, bank_link = links.sign(order=lasting.order), banking.sign(order=lasting.order)
    assert Client().get(reverse("aftersales:bank_details", args=[order_link])).status_code == 410
    assert Client().get(reverse("aftersales:withdraw_order", args=[bank_link])).status_code == 404


def test_a_refusal_tells_why(lasting: Delivery) -> None:
    row = declared(lasting, Kerze=1)
    with pytest.raises(SettlingRefused):
        settling.refuse(withdrawal=row, answer=" ", at=AT, by=None)
    settling.refuse(withdrawal=row, answer="Die Frist war schon um.", at=AT, by=None)
    mails.send_settlement(pk=row.pk, at=AT)
    assert "Die Frist war schon um." in mail.outbox[0].body


def test_a_mail_that_fails_is_due_again(lasting: Delivery, settings: Any) -> None:
    declared(lasting, Kerze=1)
    settings.EMAIL_BACKEND = "tests.billing.deliveries.NoMail"
    tasks.send_due_mails()
    assert len(mails.due()) == 1


def test_the_correction_of_a_withdrawal_passes_the_official_rules(delivery: Delivery) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    correction = settle(declared(delivery, Rapshonig=3, Apfelsaft=6))
    assert correction is not None
    assert files.make(invoice=correction, at=AT).checked_with == "en16931: 0 warnings"


@pytest.fixture
def office(lasting: Delivery) -> Client:
    """Somebody of the region's office."""
    person = UserFactory.create()
    MembershipFactory.create(region=lasting.order.region, user=person, role=Role.OFFICE)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_office_settles_in_two_steps(lasting: Delivery, office: Client) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    told = Declaration(name="Jette Petersen", number=lasting.order.number, email="jette@post.example")
    row = withdrawals.declare(region=lasting.order.region, declaration=told, at=AT)
    url = reverse("aftersales:withdrawal", args=[row.pk])
    assert lasting.order.number in office.get(url).content.decode()
    office.post(reverse("aftersales:match", args=[row.pk]), {"number": lasting.order.number})
    (line,) = lasting.order.lines.all()
    reckoned = office.post(url, {f"pieces_{line.pk}": "2"}).content.decode()
    assert "25,30" in reckoned
    assert Withdrawal.objects.get().status == Withdrawal.Status.DECLARED
    assert office.post(url, {f"pieces_{line.pk}": "2", "confirmed": "1"}).status_code == 302
    assert Invoice.objects.get(kind="381").gross == Decimal("25.30")
    assert "Erledigt" in office.get(reverse("aftersales:withdrawals")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_lists_of_the_office_need_few_queries(
    lasting: Delivery, office: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    for _time in range(number):
        declared(lasting, Kerze=1)
    for name in ("withdrawals", "office_complaints", "paybacks"):
        with django_assert_max_num_queries(12):
            assert office.get(reverse(f"aftersales:{name}")).status_code == 200


def test_the_office_books_money_that_went_back(lasting: Delivery, office: Client) -> None:
    payments.receive(order=lasting.order, amount=Decimal("25.30"), method="transfer", received_on=DAY, at=AT)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settle(declared(lasting, Kerze=2))
    assert "25,30" in office.get(reverse("aftersales:paybacks")).content.decode()
    url = reverse("aftersales:pay_back", args=[lasting.order.number])
    assert office.post(url, {"method": "transfer"}).status_code == 422
    for _twice in range(2):
        assert office.post(url, {"method": "transfer", "paid_on": "2026-11-02"}).status_code == 302
    assert journal.balance(order=lasting.order) == 0
