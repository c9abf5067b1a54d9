"""An order taken down on the telephone: who, when, without e-mail, and nobody writes to an empty address."""

from datetime import date, timedelta

import pytest
from django.core import mail

from billing import invoicing, parties
from billing.models import DocumentFile
from logistics import rescheduling, rescheduling_mails
from logistics.models import Delivery
from marketplace.aftersales import mails as aftersales_mails
from marketplace.aftersales import withdrawals
from marketplace.aftersales.forms import WithdrawalLinesForm
from marketplace.aftersales.withdrawals import Declaration
from marketplace.basket.models import Basket
from marketplace.checkout import amendment, cancellation, changes
from marketplace.checkout.contact import Contact
from marketplace.checkout.problems import Refused
from marketplace.core.models import AuditEntry
from marketplace.desk import calls, post, reading, taking
from marketplace.desk.models import Call, Caller
from marketplace.order import letters, mails, news, tasks
from marketplace.order.models import Order
from marketplace.shop import offered
from tests.desk import phone
from tests.factories import town as towns
from tests.factories.orders import TERMS, filled_basket
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return towns.build(today=date(2026, 11, 24))


def test_take_down_writes_who_and_when(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2, "apples": 1})
    office = town.people["office"]
    assert (order.channel, order.taken_by, order.date_placed) == (Order.Channel.PHONE, office, town.noon)
    assert (order.user, order.email, order.contact_name) == (None, "", "Hertha Beispiel")
    entry = AuditEntry.objects.get(action=letters.TAKEN)
    assert (entry.by, entry.at, entry.new["read"]) == (office, town.noon, sorted(reading.POINTS))
    delivery = Delivery.objects.get(order=order)
    assert (delivery.street, delivery.city, delivery.phone) == ("Am Teich 3", "Haby", "04356 000123")


def test_take_down_needs_every_point_read(town: Town) -> None:
    with pytest.raises(Refused, match="Punkt vor"):
        phone.order(town, phone.card(town), {"honey": 2}, read=["goods"])
    assert not Order.objects.exists()


def test_take_down_twice_is_once(town: Town) -> None:
    caller = phone.card(town)
    first = phone.order(town, caller, {"honey": 2})
    basket = Basket.objects.get(pk=first.basket_id)
    again = taking.take_down(
        caller=caller,
        basket=basket,
        window_id=town.window().pk,
        payment="handover",
        fingerprint="",
        read=list(reading.POINTS),
        terms_accepted=TERMS,
        at=town.noon,
        by=town.people["office"],
    )
    assert again == first
    assert AuditEntry.objects.filter(action=letters.TAKEN).count() == 1
    assert Call.objects.count() == 1


def test_online_orders_still_need_an_address(town: Town) -> None:
    with pytest.raises(Refused, match="E-Mail"):
        way.order(town, {"honey": 1}, email="")


def test_telephone_needs_a_number() -> None:
    assert Contact("Hertha", "Beispiel", "", phone="04356 1", by_telephone=True).is_reachable
    assert not Contact("Hertha", "Beispiel", "", by_telephone=True).is_reachable
    assert not Contact("Hertha", "Beispiel", "", phone="04356 1").is_reachable


def test_no_mail_is_written_to_nobody(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2})
    assert mails.unconfirmed() == []
    assert not mails.send_confirmation(order_id=order.pk, at=town.noon)
    tasks.send_due_confirmations()
    order.refresh_from_db()
    assert (mail.outbox, order.confirmation_sent_at) == ([], None)
    assert list(letters.due(region=town.region, at=town.noon)) == [order]


def test_with_an_address_the_confirmation_goes_by_mail(town: Town) -> None:
    order = phone.order(town, phone.card(town, email="hertha@post.example"), {"honey": 2})
    assert order.guest_email == "hertha@post.example"
    assert mails.send_confirmation(order_id=order.pk, at=town.noon)
    assert mail.outbox[0].to == ["hertha@post.example"]
    assert not letters.due(region=town.region, at=town.noon)


def test_with_a_login_the_order_is_in_the_account(town: Town) -> None:
    who = town.people["customer"]
    order = phone.order(town, phone.card(town, user=who), {"honey": 2})
    assert (order.user, order.email, order.guest_email) == (who, who.email, "")
    own = filled_basket(region=town.region, owner=who, wanted={town.products["apples"]: 1})
    assert own.lines.count() == 1  # the person's own basket is another


def test_letter_is_due_until_it_is_out(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2})
    office, later = town.people["office"], town.noon + timedelta(hours=1)
    assert letters.mark(region=town.region, printed={order.pk: 1}, way="posted", at=later, by=office) == 1
    assert letters.mark(region=town.region, printed={order.pk: 1}, way="posted", at=later, by=office) == 0
    order.refresh_from_db()
    assert order.confirmation_sent_at == later
    entry = AuditEntry.objects.get(action=letters.WRITTEN)
    assert (entry.by, entry.new) == (office, {"way": "posted", "revision": 1})


def test_letter_of_another_region_is_not_marked(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2})
    assert letters.mark(region=town.elsewhere, printed={order.pk: 1}, way="posted", at=town.noon, by=None) == 0


def test_changed_order_gets_a_new_letter_and_the_old_one_counts_no_more(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2})
    _change(town, order, {town.products["honey"].pk: 3})
    assert letters.mark(region=town.region, printed={order.pk: 1}, way="posted", at=town.noon, by=None) == 0
    assert letters.mark(region=town.region, printed={order.pk: 2}, way="enclosed", at=town.noon, by=None) == 1


def test_change_by_telephone_names_the_office(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2})
    changed = _change(town, order, {town.products["honey"].pk: 3})
    assert changed.lines.get().quantity == 3
    assert AuditEntry.objects.get(action="order.amend").by == town.people["office"]


def test_cancelled_order_is_told_by_letter(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2})
    letters.mark(region=town.region, printed={order.pk: 1}, way="posted", at=town.noon, by=None)
    cancellation.cancel(order=order, at=town.noon, by=town.people["office"])
    assert mails.untold_cancellations(at=town.noon) == []
    assert not mails.send_cancellation(order_id=order.pk, at=town.noon)
    assert list(letters.due(region=town.region, at=town.noon)) == [order]
    assert letters.mark(region=town.region, printed={order.pk: order.revision}, way="posted", at=town.noon, by=None) == 1
    assert (list(letters.due(region=town.region, at=town.noon)), mail.outbox) == ([], [])


def test_whole_way_without_an_address(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2, "yoghurt": 1})
    ended = way.through(town.round, by=town.people["driver"])
    (invoice,) = invoicing.draw_due(today=ended.date(), at=ended)
    assert (invoice.order, mail.outbox) == (order, [])
    assert not post.invoices(region=town.region, at=ended)  # it has no file yet
    DocumentFile.objects.create(invoice=invoice, xml=b"", pdf=b"", xml_sha256="", pdf_sha256="", checked_with="", made_at=ended)
    assert list(post.invoices(region=town.region, at=ended)) == [invoice]
    assert not post.invoices(region=town.elsewhere, at=ended)
    for posted in (1, 0):
        assert post.mark_invoices(region=town.region, keys=[invoice.pk], at=ended, by=town.people["office"]) == posted
    assert not post.invoices(region=town.region, at=ended)


def test_invoice_names_the_own_address_of_who_fetches(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 3}, window=town.window(pickup=True))
    party = parties.orderer(order, Delivery.objects.get(order=order))
    assert (party.name, party.street, party.postal_code, party.city, party.email) == (
        "Hertha Beispiel",
        "Am Teich 3",
        "24361",
        "Haby",
        "",
    )


def test_again_says_what_cannot_be_had(town: Town) -> None:
    caller = phone.card(town)
    first = phone.order(town, caller, {"honey": 2, "apple_juice": 50, "apples": 1})
    apples = town.products["apples"]
    apples.is_public = False
    apples.save()
    rounds = offered.offered(region=town.region, at=town.noon)
    told = taking.again(caller=Caller.objects.get(pk=caller.pk), order=first, rounds=rounds, at=town.noon)
    basket = taking.basket_of(caller=Caller.objects.get(pk=caller.pk))
    assert {line.product: line.quantity for line in basket.lines.all()} == {
        town.products["honey"]: 2,
        town.products["apple_juice"]: 10,
    }
    assert [sentence.partition(":")[0] for sentence in told] == ["Apfelsaft naturtrüb", "Äpfel Holsteiner Cox"]


def test_topics_are_counted(town: Town) -> None:
    office = town.people["office"]
    for topic in ("delivery", "delivery", "invoice"):
        calls.note(region=town.region, topic=topic, text=" wann  kommt es? ", at=town.noon, by=office)
    found = calls.topics(region=town.region, since=town.noon - timedelta(days=1))
    assert [(topic.count, topic.share) for topic in found] == [(2, 100), (1, 50)]
    assert calls.of_region(region=town.region, topic="delivery").count() == 2
    assert Call.objects.order_by("pk")[0].text == "wann kommt es?"
    assert calls.topics(region=town.elsewhere, since=town.noon - timedelta(days=1)) == []


def _change(town: Town, order: Order, wanted: dict[int, int]) -> Order:
    fresh = Order.objects.select_related("user", "delivery__round", "delivery__window", "terms").get(pk=order.pk)
    present = changes.as_it_stands(order=fresh)
    change = changes.Change(
        revision=present.revision,
        wanted=wanted,
        window_id=present.window_id,
        contact=present.contact,
        payment=present.payment,
    )
    return amendment.amend(
        order=fresh,
        change=change,
        fingerprint=changes.propose(order=fresh, change=change, at=town.noon).fingerprint,
        at=town.noon,
        by=town.people["office"],
        terms_accepted=TERMS,
    )


def test_withdrawal_without_an_address_goes_to_the_office(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2})
    told = Declaration(name="Hertha Beispiel", number=order.number, email="")
    row = withdrawals.declare(region=town.region, declaration=told, at=town.noon, order=order)
    assert aftersales_mails.send_receipt(pk=row.pk, at=town.noon)
    assert (mail.outbox[0].to, mail.outbox[0].bcc) == ([town.region.email], [])
    form = WithdrawalLinesForm(choices=[], on_paper=True)
    assert not form.fields["email"].required


def test_a_moved_round_is_told_on_paper_once(town: Town) -> None:
    order = phone.order(town, phone.card(town), {"honey": 2})
    later = town.noon + timedelta(minutes=5)
    to = town.round.delivery_day + timedelta(days=1)
    rescheduling.move(delivery_round=town.round, to=to, reason="Sturm", at=later, by=None)
    for _again in range(2):
        rescheduling_mails.tell(order_id=order.pk, at=later)
    (letter,) = news.waiting(region=town.region)
    assert letter.subject == f"Neuer Liefertag: Ihre Bestellung {order.number}"
    assert "Sturm" in letter.text
    assert town.region.phone in letter.text
    assert "http" not in letter.text
    assert not news.waiting(region=town.elsewhere)
    office = town.people["office"]
    assert news.mark(region=town.region, keys=[letter.pk], way="enclosed", at=later, by=office) == 1
    assert news.mark(region=town.region, keys=[letter.pk], way="enclosed", at=later, by=office) == 0
    assert mail.outbox == []
