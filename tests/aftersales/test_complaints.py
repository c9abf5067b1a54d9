"""Complaints: with a photo that few see, decided once by the producer or the office, and credited to the cent."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from billing import books, files, invoicing, journal, settlements
from billing.models import Credit, Invoice
from logistics.models import Delivery
from marketplace.aftersales import complaints, tasks
from marketplace.aftersales.complaints import ComplaintRefused
from marketplace.aftersales.models import Complaint, ComplaintPhoto
from marketplace.core.transitions import ForbiddenTransition
from marketplace.order import links
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.pictures.cleaning import BadPicture
from marketplace.regions.models import Role
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item
from tests.factories.market import MembershipFactory, PartnerFactory, UserFactory, local
from tests.pictures import photos

pytestmark = pytest.mark.django_db
SOON = local(DAY, time(18))


def reported(delivery: Delivery, title: str = "Rapshonig", **given: Any) -> Complaint:
    """Something was wrong with an article, said on the evening of the delivery."""
    line = delivery.order.lines.get(title=title)
    told: dict[str, Any] = {"quantity": 1, "reason": "damaged", "text": "Glas zerbrochen", "photo": None, **given}
    return complaints.report(order_line=line, today=told.pop("today", DAY), at=SOON, **told)


def credited(complaint: Complaint, amount: str = "", **given: Any) -> Complaint:
    """Decided at the producer's cost unless told otherwise."""
    told: dict[str, Any] = {"at_producers_cost": True, "answer": "", "today": NOVEMBER, "at": AT, "by": None, **given}
    return complaints.credit(complaint=complaint, amount=Decimal(amount) if amount else None, **told)


def refused(complaint: Complaint) -> Complaint:
    """Decided the other way."""
    return complaints.refuse(complaint=complaint, answer="Auf dem Foto ist nichts zu sehen.", at=AT, by=None)


@pytest.mark.parametrize(("days", "open_"), [(0, True), (14, True), (15, False)])
def test_open_for_fourteen_days(delivery: Delivery, days: int, *, open_: bool) -> None:
    found = complaints.open_pieces(order=delivery.order, today=DAY + timedelta(days=days))
    assert bool(found) is open_


def test_what_never_came_cannot_be_complained_about(farm: Partner) -> None:
    delivery = deliver(item(farm, "4.90", 2, delivered=0, title="Rapshonig"), item(farm, "4.90", 2), region=farm.region)
    with pytest.raises(ComplaintRefused):
        reported(delivery)


def test_one_at_a_time_and_no_more_than_came(delivery: Delivery) -> None:
    with pytest.raises(ComplaintRefused):
        reported(delivery, quantity=4)
    first = reported(delivery, quantity=2)
    with pytest.raises(ComplaintRefused):
        reported(delivery)
    refused(first)
    with pytest.raises(ComplaintRefused):
        reported(delivery, quantity=2)
    reported(delivery)


def test_all_of_it_is_goods_and_deposit_unless_only_the_content_was_poor(delivery: Delivery) -> None:
    broken = reported(delivery, "Apfelsaft", quantity=2)
    assert complaints.value(complaint=broken).total == Decimal("4.22")
    refused(broken)
    sour = reported(delivery, "Apfelsaft", quantity=2, reason="quality")
    assert complaints.value(complaint=sour).total == Decimal("3.92")


def test_a_credit_corrects_the_invoice_and_lowers_the_producers_credit_note(delivery: Delivery, farm: Partner) -> None:
    invoicing.draw_due(today=NOVEMBER, at=AT)
    row = credited(reported(delivery), answer="Entschuldigung!")
    assert (row.status, row.credit) == (Complaint.Status.CREDITED, Decimal("4.90"))
    correction = Invoice.objects.get(kind="381")
    assert correction.gross == Decimal("4.90")
    assert files.make(invoice=correction, at=AT).checked_with == "en16931: 0 warnings"
    deliver(item(farm, "4.90", 2), region=farm.region, day=date(2026, 11, 7))
    settlements.settle_due(today=date(2026, 12, 1), at=AT)
    first, second = Invoice.objects.filter(kind="389").order_by("period_from")
    assert second.net == Decimal("3.76")  # one jar of two, less commission
    assert first.net > second.net
    invoicing.draw_due(today=date(2026, 12, 1), at=AT)
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_before_the_invoice_it_is_simply_not_charged(delivery: Delivery) -> None:
    credited(reported(delivery))
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert not Invoice.objects.filter(kind="381").exists()
    assert invoice.gross == Decimal("14.70") - Decimal("4.90") + Decimal("12.66") + Decimal("7.40") + Decimal("3.90")


def test_an_amount_first_takes_off_the_goods_then_the_deposit(delivery: Delivery) -> None:
    credited(reported(delivery, "Apfelsaft", quantity=2), "4.00")
    assert list(Credit.objects.order_by("pk").values_list("charge", "gross")) == [
        ("goods", Decimal("3.92")),
        ("deposit", Decimal("0.08")),
    ]


@pytest.mark.parametrize("amount", ["0.00", "4.91", "-1.00"])
def test_more_than_it_cost_or_nothing_is_no_credit(delivery: Delivery, amount: str) -> None:
    with pytest.raises(ComplaintRefused):
        credited(reported(delivery), amount)
    assert not Credit.objects.exists()


def test_the_market_bears_what_is_not_the_producers_fault(delivery: Delivery, farm: Partner) -> None:
    credited(reported(delivery), at_producers_cost=False)
    assert Credit.objects.get().bearer is None


def test_a_decision_stands(delivery: Delivery) -> None:
    row = reported(delivery)
    credited(row)
    for decide in (credited, refused):
        with pytest.raises(ForbiddenTransition):
            decide(row)
    assert Credit.objects.count() == 1


def test_the_customer_is_told_and_the_producer_before_him(delivery: Delivery, farm: Partner) -> None:
    row = reported(delivery)
    tasks.send_due_mails()
    tasks.send_due_mails()
    (to_farm,) = mail.outbox
    assert to_farm.to == [farm.email]
    assert delivery.code in to_farm.body
    assert "Glas zerbrochen" in to_farm.body
    assert not any(word in to_farm.body for word in ("Petersen", "Dorfstraße", delivery.order.guest_email))
    invoicing.draw_due(today=NOVEMBER, at=AT)
    credited(row, "2.00", answer="Wir packen besser.")
    tasks.send_due_mails()
    to_customer = mail.outbox[1]
    assert to_customer.to == [delivery.order.guest_email]
    assert "2,00\xa0€" in to_customer.body
    assert "Wir packen besser." in to_customer.body
    assert "was Sie noch zu zahlen haben" in to_customer.body


def test_a_refusal_says_why(delivery: Delivery) -> None:
    row = reported(delivery)
    with pytest.raises(ComplaintRefused):
        complaints.refuse(complaint=row, answer=" ", at=AT, by=None)
    refused(row)
    tasks.send_due_mails()
    (told,) = mail.outbox
    assert "Auf dem Foto ist nichts zu sehen." in told.body
    assert journal.balance(order=delivery.order) == 0


def test_a_photo_loses_its_place_and_what_is_none_is_refused(delivery: Delivery) -> None:
    row = reported(delivery, photo=photos.photo())
    kept = ComplaintPhoto.objects.get(complaint=row)
    assert kept.media_type == "image/jpeg"
    assert photos.notes_in(bytes(kept.content)) == {}
    refused(row)
    with pytest.raises(BadPicture):
        reported(delivery, "Apfelsaft", photo=photos.photo(name="x.jpg", image=photos.drawn(20, 20)))
    assert Complaint.objects.count() == 1


@time_machine.travel(local(DAY + timedelta(days=1), time(9)), tick=False)
def test_from_the_page_of_the_order_to_the_answer_on_it(delivery: Delivery) -> None:
    client, token = Client(), links.sign(order=Order.objects.get(pk=delivery.order_id))
    line = delivery.order.lines.get(title="Rapshonig")
    order_page = reverse("customer:order_by_link", args=[token])
    url = reverse("aftersales:complain", args=[token, line.pk])
    assert url in client.get(order_page).content.decode()
    told = {"reason": "damaged", "quantity": "2", "text": "Deckel lose"}
    assert client.post(url, {**told, "reason": ""}).status_code == 422
    assert client.post(url, {**told, "quantity": "9"}).status_code == 409
    assert client.post(url, {**told, "photo": photos.photo(name="x.txt", image=photos.drawn(10, 10))}).status_code == 409
    sent = client.post(url, {**told, "photo": photos.photo()})
    assert sent.headers["Location"] == order_page
    page = client.get(order_page).content.decode()
    assert "wird geprüft" in page
    assert url not in page
    refused(Complaint.objects.get())
    assert "Auf dem Foto ist nichts zu sehen." in client.get(order_page).content.decode()


def test_a_line_of_another_order_is_not_found(delivery: Delivery, lasting: Delivery) -> None:
    url = reverse("aftersales:complain", args=[links.sign(order=lasting.order), delivery.order.lines.first().pk])
    assert Client().get(url).status_code == 404


def logged_in(person: Any) -> Client:
    """A client of theirs."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def producer(farm: Partner) -> Client:
    """Somebody of the farm."""
    person = UserFactory.create()
    farm.users.add(person)
    return logged_in(person)


def test_the_producer_decides_about_the_own_goods_only(delivery: Delivery, farm: Partner, producer: Client) -> None:
    other: Partner = PartnerFactory.create(municipality=farm.municipality)
    stranger = UserFactory.create()
    other.users.add(stranger)
    row = reported(delivery, photo=photos.photo())
    page = reverse("aftersales:producer_complaint", args=[row.pk])
    shown = producer.get(page).content.decode()
    assert delivery.code in shown
    assert "Petersen" not in shown
    photo = producer.get(reverse("aftersales:producer_photo", args=[row.pk]))
    assert (photo.status_code, photo["Content-Type"], photo["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    for name in ("producer_complaint", "producer_photo"):
        assert logged_in(stranger).get(reverse(f"aftersales:{name}", args=[row.pk])).status_code == 404
    url = reverse("aftersales:producer_credit", args=[row.pk])
    assert producer.post(url, {"how": "amount", "amount": ""}).status_code == 422
    assert producer.post(url, {"how": "amount", "amount": "99,00"}).status_code == 409
    assert producer.post(url, {"how": "amount", "amount": "1,50", "bearer": "operator"}).status_code == 302
    assert Credit.objects.get().bearer == farm
    assert "1,50" in producer.get(reverse("aftersales:producer_complaints")).content.decode()
    assert producer.post(url, {"how": "all"}).status_code == 409


def test_the_office_chooses_who_bears_it(delivery: Delivery) -> None:
    person = UserFactory.create()
    MembershipFactory.create(region=delivery.order.region, user=person, role=Role.OFFICE)
    office, row = logged_in(person), reported(delivery)
    assert office.post(reverse("aftersales:office_refuse", args=[row.pk]), {"answer": ""}).status_code == 422
    url = reverse("aftersales:office_credit", args=[row.pk])
    assert office.post(url, {"how": "all", "bearer": "operator"}).status_code == 302
    assert Credit.objects.get().bearer is None
    assert "gutgeschrieben" in office.get(reverse("aftersales:office_complaints")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_producers_list_needs_few_queries(
    farm: Partner, producer: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    for _time in range(number):
        reported(deliver(item(farm, title="Rapshonig"), region=farm.region))
    with django_assert_max_num_queries(8):
        assert producer.get(reverse("aftersales:producer_complaints")).status_code == 200
