"""Reminders: three levels by the calendar, interest by law to the cent, no charge the law forbids, rest while it is disputed."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from billing import (
    arrears,
    base_rates,
    books,
    claims,
    corrections,
    credits,
    dunning,
    dunning_letters,
    dunning_paper,
    interest,
    invoicing,
    journal,
    manual_entries,
    open_items,
    payments,
    surcharges,
)
from billing.base_rates import BaseRates
from billing.dunning_letters import LetterRefused
from billing.interest import Change
from billing.manual_entries import EntryRefused
from billing.models import Account, BaseRate, Credit, DunningLetter, DunningStop, Invoice, ManualEntry, Payment, Surcharge
from marketplace.core import money
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, NOVEMBER, OCTOBER, deliver, item
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory

RATES = BaseRates({date(2024, 1, 1): Decimal("3.62"), date(2024, 7, 1): Decimal("3.37"), date(2025, 1, 1): Decimal("2.27")})
#: 14 days after 1 November 2026
DUE = date(2026, 11, 15)


@pytest.fixture
def base_rate(db: None) -> None:
    """What the office entered for the second half of 2026 and the first of 2027."""
    for day in (date(2026, 7, 1), date(2027, 1, 1)):
        BaseRate.objects.create(valid_from=day, percent=Decimal("1.27"), source="Test")


@pytest.fixture
def invoice(farm: Partner, account: Account, base_rate: None) -> Invoice:
    """1.000,00 € of October for a restaurant, due on 15 November."""
    deliver(item(farm, price="250.00", quantity=4), region=farm.region, account=account)
    drawn = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert drawn is not None
    assert drawn.due_on == DUE
    return drawn


def remind(invoice: Invoice, today: date, disputed: Mapping[int, str] | None = None) -> list[DunningLetter]:
    """All letters that are due on a day."""
    told: dict[str, Any] = {"region": invoice.region, "today": today, "disputed": disputed or {}}
    keys = [one.key for one in dunning.due(**told) if not one.stopped and not one.over]
    return dunning_letters.draw(keys=keys, at=AT, by=None, **told) if keys else []


def charged(letter: DunningLetter) -> dict[str, Decimal]:
    return dict(letter.surcharges.values_list("kind", "amount"))


@pytest.mark.parametrize(
    ("business", "amount"),
    [(False, "4.00"), (True, "5.86")],  # 1000 x 8.62 % and 12.62 % x 17 / 366
    ids=["consumer", "business"],
)
def test_interest_for_17_days_of_a_leap_year_to_the_cent(business: bool, amount: str) -> None:
    changes = [Change(date(2024, 1, 5), Decimal(1000))]
    told = interest.accrued(changes=changes, first=date(2024, 2, 1), last=date(2024, 2, 17), business=business, rates=RATES)
    assert told == Decimal(amount)


def test_interest_follows_payments_rates_and_years() -> None:
    changes = [Change(date(2024, 6, 1), Decimal(1000)), Change(date(2024, 12, 11), Decimal(-400))]
    told = interest.accrued(changes=changes, first=date(2024, 6, 21), last=date(2025, 1, 10), business=False, rates=RATES)
    parts = (
        Decimal(1000) * Decimal("8.62") / 100 * 10 / 366,
        Decimal(1000) * Decimal("8.37") / 100 * 163 / 366,
        Decimal(600) * Decimal("8.37") / 100 * 21 / 366,
        Decimal(600) * Decimal("7.27") / 100 * 10 / 365,
    )
    assert told == money.to_cents(sum(parts, Decimal(0)))


@given(days=st.lists(st.integers(0, 500), min_size=0, max_size=5, unique=True))
def test_interest_of_a_span_never_grows_by_what_was_paid(days: list[int]) -> None:
    first, last = date(2024, 1, 1), date(2025, 6, 30)
    whole = [Change(first, Decimal(900))]
    paid = [Change(first + timedelta(days=day), Decimal(-100)) for day in days]
    told = {"first": first, "last": last, "business": True, "rates": RATES}
    with_payments = interest.accrued(changes=[*whole, *paid], **told)  # type: ignore[arg-type]  # as told
    assert 0 <= with_payments <= interest.accrued(changes=whole, **told)  # type: ignore[arg-type]  # as told


def test_a_hole_in_the_table_bears_no_interest_until_it_is_filled() -> None:
    assert RATES.known_until(first=date(2024, 2, 1), last=date(2025, 12, 31)) == date(2025, 6, 30)
    assert RATES.known_until(first=date(2025, 8, 1), last=date(2025, 12, 31)) is None
    assert base_rates.KNOWN[date(2024, 1, 1)] == Decimal("3.62")


@pytest.mark.django_db
def test_three_levels_for_a_business(invoice: Invoice) -> None:
    assert remind(invoice, DUE + timedelta(days=6)) == []
    (first,) = remind(invoice, DUE + timedelta(days=7))
    assert (first.level, first.total, charged(first)) == (1, Decimal("1000.00"), {})
    assert remind(invoice, DUE + timedelta(days=13)) == []
    (second,) = remind(invoice, DUE + timedelta(days=14))
    # 7 days at 10.27 %: from the day after the reminder to the day of the letter
    assert charged(second) == {"interest": Decimal("1.97"), "lump_sum": Decimal("40.00")}
    assert (second.level, second.total) == (2, Decimal("1041.97"))
    (third,) = remind(invoice, DUE + timedelta(days=24))
    assert charged(third) == {"interest": Decimal("2.81")}
    assert (third.level, third.total, journal.balance(account=invoice.account)) == (3, Decimal("1044.78"), Decimal("1044.78"))
    assert remind(invoice, DUE + timedelta(days=60)) == []
    (over,) = dunning.due(region=invoice.region, today=DUE + timedelta(days=60), disputed={})
    assert over.over
    assert not [text for text in books.problems(region=invoice.region, today=NOVEMBER) if "journal" in text]


@pytest.mark.django_db
def test_a_consumer_pays_a_fee_and_five_points_and_never_the_lump_sum(farm: Partner, account: Account, base_rate: None) -> None:
    delivery = deliver(item(farm, price="100.00"), region=farm.region)
    invoice = invoicing.draw_for_order(delivery=delivery, today=NOVEMBER, at=AT)
    assert invoice is not None
    letters = [letter for day in (15, 22, 32) for letter in remind(invoice, NOVEMBER + timedelta(days=day - 1))]
    assert [charged(letter) for letter in letters] == [
        {},
        {"interest": Decimal("0.12"), "fee": Decimal("2.50")},
        {"interest": Decimal("0.17"), "fee": Decimal("2.50")},
    ]
    assert open_items.to_come_in(region=farm.region)[0].left == Decimal("105.29")


@pytest.mark.django_db
def test_a_reminder_is_never_charged_for_and_the_same_day_finds_nothing_twice(invoice: Invoice) -> None:
    day = DUE + timedelta(days=7)
    assert len(remind(invoice, day)) == 1
    assert remind(invoice, day) == []
    with pytest.raises(LetterRefused):
        dunning_letters.draw(
            region=invoice.region, keys=[f"account:{invoice.account_id}"], today=day, at=AT, by=None, disputed={}
        )
    assert not Surcharge.objects.exists()


@pytest.mark.django_db
def test_what_was_paid_meanwhile_is_not_reminded_of(invoice: Invoice) -> None:
    payments.receive(invoice=invoice, amount=Decimal(1000), method=Payment.Method.TRANSFER, received_on=DUE, at=AT)
    assert dunning.due(region=invoice.region, today=DUE + timedelta(days=9), disputed={}) == []


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["complaint", "stop", "account"])
def test_what_is_disputed_rests_and_goes_on_where_it_was(invoice: Invoice, why: str) -> None:
    day = DUE + timedelta(days=7)
    order = invoice.lines.exclude(order_line=None)[0].order_line
    assert order is not None
    told: dict[str, Any] = {"region": invoice.region, "reason": "geklärt wird", "made_at": AT}
    if why == "stop":
        DunningStop.objects.create(invoice=invoice, **told)
    elif why == "account":
        DunningStop.objects.create(account=invoice.account, **told)
    disputed = {order.order_id: "Eine Reklamation ist offen."} if why == "complaint" else {}
    (resting,) = dunning.due(region=invoice.region, today=day, disputed=disputed)
    assert resting.stopped
    assert remind(invoice, day, disputed) == []
    DunningStop.objects.update(lifted_at=AT)
    assert [letter.level for letter in remind(invoice, day)] == [1]


@pytest.mark.django_db
def test_a_correction_lowers_what_bears_interest(invoice: Invoice, farm: Partner) -> None:
    line = invoice.lines.exclude(order_line=None)[0].order_line
    assert line is not None
    credits.on_line(
        order_line=line,
        pieces=4,
        goods=Decimal(1000),
        deposit=Decimal(0),
        bearer=farm,
        cause=Credit.Cause.COMPLAINT,
        key="x",
        at=AT,
    )
    corrections.draw_due(today=DUE, at=AT)
    assert dunning.due(region=invoice.region, today=DUE + timedelta(days=7), disputed={}) == []


@pytest.mark.django_db
def test_money_for_an_order_lowers_each_sellers_claim_by_its_share_from_its_day_on(farm: Partner, base_rate: None) -> None:
    own = [PartnerFactory.create(municipality=farm.municipality, name=f"Eigener Name {number}") for number in (1, 2)]
    for partner in own:
        SupplyContractFactory.create(partner=partner, mode="agency")
    lines = (item(farm, "100.00"), item(own[0], "200.00"), item(own[1], "300.00"))
    order = deliver(*lines, region=farm.region).order
    invoicing.draw_due(today=NOVEMBER, at=AT)
    payments.receive(order=order, amount=Decimal("250.00"), method="transfer", received_on=date(2026, 11, 20), at=AT)
    payments.receive(order=order, amount=Decimal("100.00"), method="transfer", received_on=date(2026, 12, 1), at=AT)
    rows = list(Invoice.objects.filter(order=order).order_by("pk"))
    read = arrears.load(invoices=rows[1:])
    owed = [[(change.day.day, change.amount) for change in read.changes[row.pk]] for row in rows]
    assert owed == [
        [(20, Decimal("-100.00"))],
        [(20, Decimal("-150.00")), (1, Decimal("-50.00"))],
        [(1, Decimal("-50.00"))],
    ]
    span: dict[str, Any] = {"first": DUE, "last": date(2027, 3, 15), "business": False, "rates": base_rates.load()}
    each = [interest.accrued(changes=[Change(NOVEMBER, row.gross), *read.changes[row.pk]], **span) for row in rows]
    told = [Change(NOVEMBER, Decimal(600)), Change(date(2026, 11, 20), Decimal(-250)), Change(date(2026, 12, 1), Decimal(-100))]
    assert abs(sum(each, money.ZERO) - interest.accrued(changes=told, **span)) <= Decimal("0.01")


@pytest.mark.django_db
def test_costs_can_be_let_off_and_the_books_say_so(invoice: Invoice) -> None:
    remind(invoice, DUE + timedelta(days=7))
    remind(invoice, DUE + timedelta(days=14))
    surcharges.let_off(invoice=invoice, today=DUE, at=AT, by=None)
    assert journal.balance(account=invoice.account) == Decimal("1000.00")
    with pytest.raises(surcharges.LetOffRefused):
        surcharges.let_off(invoice=invoice, today=DUE, at=AT, by=None)


@pytest.mark.django_db
def test_letting_off_is_proposed_with_a_reason_and_approved_by_somebody_else(invoice: Invoice) -> None:
    one, other = UserFactory.create_batch(2)
    told: dict[str, Any] = {"invoice": invoice, "reason": "war krank", "day": DUE, "at": AT, "by": one}
    with pytest.raises(EntryRefused):
        manual_entries.propose_let_off(**told)
    remind(invoice, DUE + timedelta(days=7))
    remind(invoice, DUE + timedelta(days=14))
    stale = manual_entries.propose_let_off(**told)
    for _again in ({**told}, {**told, "reason": " "}):
        with pytest.raises(EntryRefused):
            manual_entries.propose_let_off(**_again)
    remind(invoice, DUE + timedelta(days=24))
    with pytest.raises(EntryRefused):
        manual_entries.approve(entry=stale, at=AT, by=other)
    manual_entries.refuse(entry=stale, answer="", at=AT, by=one)
    proposed = manual_entries.propose_let_off(**told)
    with pytest.raises(EntryRefused):
        manual_entries.approve(entry=proposed, at=AT, by=one)
    assert journal.balance(account=invoice.account) == Decimal("1044.78")
    done = manual_entries.approve(entry=proposed, at=AT, by=other)
    assert (journal.balance(account=invoice.account), done.amount) == (Decimal("1000.00"), Decimal("44.78"))
    assert not [text for text in books.problems(region=invoice.region, today=NOVEMBER) if "journal" in text]


@pytest.mark.django_db
def test_a_letting_off_is_taken_back_with_a_reason_by_two_people_and_can_be_repeated(invoice: Invoice) -> None:
    remind(invoice, DUE + timedelta(days=40))
    remind(invoice, DUE + timedelta(days=80))
    asks, approves = UserFactory.create(), UserFactory.create()
    day = DUE + timedelta(days=90)
    cost = claims.charged_on(invoice=invoice)
    assert cost > 0
    proposed = manual_entries.propose_let_off(invoice=invoice, reason="Kulanz", day=day, at=AT, by=asks)
    wrong = manual_entries.approve(entry=proposed, at=AT, by=approves)
    assert claims.charged_on(invoice=invoice) == 0
    back = manual_entries.propose_reversal(entry=wrong, reason="falsche Rechnung", day=day, at=AT, by=asks)
    with pytest.raises(EntryRefused):
        manual_entries.approve(entry=back, at=AT, by=asks)
    booked = manual_entries.approve(entry=back, at=AT, by=approves)
    wrong.refresh_from_db()
    assert wrong.status == ManualEntry.Status.REVERSED
    assert claims.charged_on(invoice=invoice) == cost
    assert booked.entry is not None
    assert booked.entry.invoice == invoice
    with pytest.raises(EntryRefused):
        manual_entries.propose_reversal(entry=wrong, reason="noch einmal", day=day, at=AT, by=asks)
    again = manual_entries.propose_let_off(invoice=invoice, reason="doch Kulanz", day=day, at=AT, by=asks)
    manual_entries.approve(entry=again, at=AT, by=approves)
    assert claims.charged_on(invoice=invoice) == 0
    amiss = [found for found in books.problems(region=invoice.region, today=NOVEMBER) if "the journal says" in found]
    assert amiss == []


@pytest.mark.django_db
def test_the_letter_goes_out_once_with_its_paper(invoice: Invoice) -> None:
    (letter,) = remind(invoice, DUE + timedelta(days=7))
    assert (dunning_paper.send_due(at=AT), dunning_paper.send_due(at=AT)) == (1, 0)
    (sent,) = mail.outbox
    assert (sent.subject.split(" ")[0], sent.to) == ("Zahlungserinnerung", [invoice.account.email if invoice.account else ""])
    assert sent.attachments[0][1][:5] == b"%PDF-"
    assert "1.000,00" in sent.body
    assert bytes(DunningLetter.objects.get().pdf) == dunning_paper.paper(letter=letter)
