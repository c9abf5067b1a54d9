"""The office collects, reminds and decides about accounts; the customer signs, revokes and asks."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from billing import applications, dunning_paper, instalments, invoicing, mandates
from billing.models import Account, AccountApplication, DebitRun, DebitTerms, DunningLetter, Invoice, Mandate
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from marketplace.users.models import User
from tests.billing.deliveries import AT, NOVEMBER, OCTOBER, deliver, item
from tests.billing.test_bank import OWN
from tests.dashboard.people import logged_in
from tests.dashboard.test_bank_pages import send
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db
PAYER = "DE89370400440532013000"
SIGNED = {"holder": "Gasthof Beispiel", "iban": PAYER, "signed_name": "Jette Petersen", "agreed": "on"}


@pytest.fixture
def farm() -> Partner:
    """A producer of a region that collects."""
    made: Partner = PartnerFactory.create()
    SupplyContractFactory.create(partner=made)
    made.region.iban = OWN
    made.region.save()
    DebitTerms.objects.create(region=made.region, creditor_id="DE98ZZZ09999999999")
    return made


@pytest.fixture
def person() -> User:
    """Who orders for the restaurant."""
    made: User = UserFactory.create(email="krug@haus.example")
    return made


@pytest.fixture
def account(farm: Partner, person: User) -> Account:
    """The restaurant's."""
    made: Account = AccountFactory.create(region=farm.region)
    made.users.add(person)
    return made


@pytest.fixture
def office(farm: Partner) -> Client:
    """Somebody of the office."""
    user = UserFactory.create()
    farm.region.memberships.create(user=user, role=Role.OFFICE)
    return logged_in(user)


def bill(farm: Partner, account: Account) -> Invoice:
    """28,00 € of October, drawn on 1 November."""
    deliver(item(farm, price="7.00", quantity=4), region=farm.region, account=account)
    drawn = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert drawn is not None
    return drawn


def at(day: date) -> Any:
    return time_machine.travel(datetime(day.year, day.month, day.day, 10, tzinfo=UTC), tick=False)


def test_a_customer_signs_the_office_collects_and_the_bank_pays(
    farm: Partner, account: Account, person: User, office: Client
) -> None:
    with at(OCTOBER[0]):
        mine = logged_in(person)
        assert "Gläubiger-Identifikationsnummer" in mine.get(reverse("customer:mandate")).content.decode()
        wrong = mine.post(reverse("customer:mandate"), {**SIGNED, "iban": "DE00"})
        assert (wrong.status_code, Mandate.objects.count()) == (422, 0)
        assert mine.post(reverse("customer:mandate"), SIGNED).status_code == 302
        signed = Mandate.objects.get()
        assert (signed.account, signed.signed_by, signed.on_paper) == (account, person, False)
    invoice = bill(farm, account)
    with at(NOVEMBER + timedelta(days=10)):
        assert invoice.number in office.get(reverse("office:debits")).content.decode()
        told = {"chosen": [str(invoice.pk)], "collect_on": "2026-11-16"}
        answer = office.post(reverse("office:debit_draw_up"), told, follow=True).content.decode()
        run = DebitRun.objects.get()
        assert "Nichts einzuziehen" in answer
        assert office.get(reverse("office:debit_file", args=[run.pk])).content.decode() == run.message
        send(office, ("28.00", "", run.number, "R1"))
        assert "gutgeschrieben" in office.get(reverse("office:debits")).content.decode()
        assert office.post(reverse("office:debit_drop", args=[run.pk]), follow=True).status_code == 200
        assert logged_in(person).get(reverse("customer:purse")).content.decode().count("Alles ist bezahlt") == 1
        logged_in(person).post(reverse("customer:mandate_revoke"))
    assert Mandate.objects.get().revoked_at is not None


def test_who_does_not_pay_is_reminded_and_sees_it(farm: Partner, account: Account, person: User, office: Client) -> None:
    invoice = bill(farm, account)
    with at(NOVEMBER + timedelta(days=25)):
        assert account.name in office.get(reverse("office:dunning")).content.decode()
        empty = office.post(reverse("office:dunning_send"), {})
        assert empty.status_code == 422
        office.post(reverse("office:dunning_send"), {"chosen": [f"account:{account.pk}"]})
        letter = DunningLetter.objects.get()
        assert "Niemand ist zu mahnen" in office.get(reverse("office:dunning")).content.decode()
        assert office.get(reverse("office:dunning_letter", args=[letter.pk])).content[:5] == b"%PDF-"
        page = logged_in(person).get(reverse("customer:purse")).content.decode()
        assert "Fällig war sie am 15. November 2026" in page
        assert b"<svg" in logged_in(person).get(reverse("customer:purse_code", args=[invoice.pk])).content
        assert dunning_paper.send_due(at=AT) == 1


def test_something_rests_until_the_office_goes_on(farm: Partner, account: Account, office: Client) -> None:
    invoice = bill(farm, account)
    with at(NOVEMBER + timedelta(days=25)):
        office.post(reverse("office:dunning_stop"), {"what": f"invoice:{invoice.pk}", "reason": "Anruf: zahlt am Montag"})
        page = office.get(reverse("office:dunning")).content.decode()
        assert "Niemand ist zu mahnen" in page
        assert "zahlt am Montag" in page
        office.post(reverse("office:dunning_lift", args=[invoice.dunning_stops.get().pk]))
        assert "Niemand ist zu mahnen" not in office.get(reverse("office:dunning")).content.decode()


def test_instalments_are_agreed_and_ended(farm: Partner, account: Account, office: Client) -> None:
    invoice = bill(farm, account)
    with at(NOVEMBER + timedelta(days=25)):
        told = {"invoices": [str(invoice.pk)], "rates": "2", "first_due": "2026-12-01", "note": "am Telefon"}
        assert office.post(reverse("office:instalments"), told).status_code == 302
        assert "0,00\u00a0€ von 28,00\u00a0€" in office.get(reverse("office:dunning")).content.decode()
        plan = invoice.instalment_plans.get()
        office.post(reverse("office:instalments_end", args=[plan.pk]))
        plan.refresh_from_db()
        assert plan.ended_at is not None


def test_a_wish_for_an_account_is_granted_and_told(farm: Partner, office: Client) -> None:
    person = UserFactory.create(email="kita@haus.example")
    told = {
        "is_business": "1",
        "name": "Kita Muster",
        "street": "Weg 1",
        "postal_code": "24361",
        "city": "Haby",
        "email": "buch@haus.example",
        "limit": "500",
        "terms": "weekly",
    }
    mine = logged_in(person)
    assert mine.post(reverse("customer:application"), {**told, "postal_code": "2"}).status_code == 422
    assert mine.post(reverse("customer:application"), told).status_code == 302
    wish = AccountApplication.objects.get()
    assert "Kita Muster" in office.get(reverse("office:accounts")).content.decode()
    answer = office.post(
        reverse("office:application", args=[wish.pk]), {"credit_limit": "300,00", "payment_days": "7", "terms": "weekly"}
    )
    account = Account.objects.get()
    assert answer.headers["Location"] == reverse("office:account", args=[account.pk])
    assert (account.number, account.credit_limit, account.terms) == ("K-10001", Decimal(300), "weekly")
    assert (applications.tell_due(at=AT), applications.tell_due(at=AT)) == (1, 0)
    assert "300,00" in mail.outbox[-1].body
    kept = {"email": "buch@haus.example", "copies_to": "rat@steuer.example", "document_format": "xrechnung_cii"}
    assert mine.post(reverse("customer:purse_documents"), kept).status_code == 302
    account.refresh_from_db()
    assert (account.copies_to, account.document_format) == (["rat@steuer.example"], "xrechnung_cii")


def test_a_wish_is_declined_with_the_reason(farm: Partner, office: Client, account: Account, person: User) -> None:
    wish = AccountApplication.objects.create(
        region=farm.region,
        user=person,
        account=account,
        name=account.name,
        street="Weg 1",
        postal_code="24361",
        city="Haby",
        email="krug@haus.example",
        wanted_limit=Decimal(9000),
        wanted_terms="monthly",
        applied_at=AT,
    )
    office.post(reverse("office:application_decline", args=[wish.pk]), {"reason": "Zu viel auf einmal"})
    assert applications.tell_due(at=AT) == 1
    assert "Zu viel auf einmal" in mail.outbox[-1].body


def test_a_year_adds_up(farm: Partner, account: Account, person: User) -> None:
    bill(farm, account)
    page = logged_in(person).get(reverse("customer:year", args=[2026])).content.decode()
    assert page.count("28,00") >= 2
    assert "1,83" in page


@pytest.mark.parametrize("name", ["office:debits", "office:dunning"])
def test_pages_need_the_same_few_queries_for_one_and_many(
    name: str, farm: Partner, account: Account, office: Client, django_assert_max_num_queries: Any
) -> None:
    def collected(one: Account) -> Invoice:
        told: dict[str, Any] = {
            "holder": one.name,
            "iban": PAYER,
            "signed_name": "J",
            "signed_on": OCTOBER[0],
        }
        if name == "office:debits":
            mandates.sign(region=farm.region, account=one, at=AT, by=None, **told)
        return bill(farm, one)

    def agreed(one: Account) -> None:
        told: dict[str, Any] = {"rates": 2, "first_due": NOVEMBER + timedelta(days=40), "today": NOVEMBER, "at": AT, "by": None}
        instalments.agree(region=farm.region, invoice_ids=[bill(farm, one).pk], **told)

    with at(NOVEMBER + timedelta(days=25)):
        collected(account)
        agreed(AccountFactory.create(region=farm.region))
        office.get(reverse(name))
        with django_assert_max_num_queries(12) as few:
            page = office.get(reverse(name)).content.decode()
        assert account.name in page
        for number in range(3):
            one = AccountFactory.create(region=farm.region, name=f"Küche {number}")
            agreed(one)
            collected(one)
        with django_assert_max_num_queries(12) as many:
            assert "Küche 2" in office.get(reverse(name)).content.decode()
        assert len(few) == len(many)
