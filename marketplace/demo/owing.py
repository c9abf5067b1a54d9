"""What the demo's customers owe: mandates, files of debits and what the bank made of them, reminders, a wish for an account."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from billing import applications, bank_lines, debit_runs, dunning, dunning_letters, mandates
from billing.applications import Wish
from billing.models import Account, DebitItem, DebitRun, DebitTerms
from logistics import daytime
from marketplace.aftersales import disputed
from marketplace.demo import banking
from marketplace.demo.market import Market
from marketplace.demo.shopping import Shopper
from marketplace.regions.models import Region
from marketplace.users.models import User

#: invented, with right check digits
CREDITORS = {"huettener-berge": "DE98ZZZ09999999999", "norderstedt": "DE98ZZZ09999999999"}
#: the bank keeps that much of a debit that came back
BANK_FEE = Decimal("3.00")
#: the day of the week on which the office reminds
REMINDING_DAY = 2


def sign_mandates(*, market: Market, regions: Mapping[str, Region], accounts: Mapping[str, Account], at: datetime) -> None:
    """The kitchens that pay by debit have signed on paper."""
    for slug, region in regions.items():
        DebitTerms.objects.create(region=region, creditor_id=CREDITORS[slug], notice_days=5)
    for customer in market.customers:
        account, terms = accounts.get(customer.slug), customer.terms
        if account is not None and terms is not None and terms.payment == "sepa_debit":
            mandates.sign(
                region=regions[customer.region],
                account=account,
                holder=account.name[:70],
                iban=terms.iban,
                signed_name=f"{customer.first_name} {customer.last_name}",
                signed_on=at.astimezone(daytime.ZONE).date(),
                at=at,
                by=None,
                on_paper=True,
            )


def begin_day(
    *,
    day: date,
    at: datetime,
    regions: Mapping[str, Region],
    office: Callable[[str], User],
    later: Callable[[datetime, Callable[[datetime], None]], None],
) -> None:
    """In the morning files are made; the bank answers on their day. Once a week the office reminds."""
    for slug, region in regions.items():
        run = collect(region=region, today=day, at=at + timedelta(hours=10), by=office(slug))
        if run is not None:
            later(daytime.on(run.collect_on, time(18)), partial(_credited, run, office(slug), later))
        if day.isoweekday() == REMINDING_DAY:
            later(at + timedelta(hours=11), partial(_reminded, region, day, office(slug)))


def collect(*, region: Region, today: date, at: datetime, by: User) -> DebitRun | None:
    """One file of what falls due within the week, on the day that was told."""
    if today.isoweekday() > 5 or not debit_runs.waiting(region=region, until=debit_runs.horizon(today=today)).exists():
        return None
    soon = debit_runs.horizon(today=today)
    due = [item for item in debit_runs.due(region=region, today=today) if not item.hindrance and item.due_on <= soon]
    if not due:
        return None
    day = max([item.due_on for item in due] + [debit_runs.earliest(today=today)])
    ids = [item.invoice_id for item in due]
    return debit_runs.draw_up(region=region, invoice_ids=ids, collect_on=day, today=today, at=at, by=by)


def credit(*, run: DebitRun, at: datetime, by: User) -> None:
    """The bank credits the file; a few days later one debit of the first file comes back."""
    told = banking.statement(
        region=run.region, day=run.collect_on, rows=[("C", run.total, "SAMMLER", f"Sammler {run.number}", "Eigene Bank")]
    )
    bank_lines.take_in(region=run.region, content=told.encode(), at=at, by=by)


def come_back(*, item: DebitItem, at: datetime, by: User) -> None:
    """There was not enough money in the account."""
    day = at.astimezone(daytime.ZONE).date()
    told = banking.returned(region=item.run.region, day=day, number=item.invoice.number, amount=item.amount, fee=BANK_FEE)
    bank_lines.take_in(region=item.run.region, content=told.encode(), at=at, by=by)


def remind(*, region: Region, today: date, at: datetime, by: User) -> int:
    """The office sends the letters that are due; says how many."""
    told = disputed.orders(region=region)
    due = dunning.due(region=region, today=today, disputed=told)
    keys = [one.key for one in due if not one.stopped and not one.over]
    if not keys:
        return 0
    return len(dunning_letters.draw(region=region, keys=keys, today=today, at=at, by=by, disputed=told))


def _credited(run: DebitRun, by: User, later: Callable[[datetime, Callable[[datetime], None]], None], at: datetime) -> None:
    """Of a region's first file a debit comes back some days later."""
    credit(run=run, at=at, by=by)
    item = run.items.select_related("run__region", "invoice").order_by("amount", "pk").first()
    if item is not None and run.number.endswith("000001"):
        later(at + timedelta(days=3), lambda then: come_back(item=item, at=then, by=by))


def _reminded(region: Region, day: date, by: User, at: datetime) -> None:
    remind(region=region, today=day, at=at, by=by)


def want_an_account(*, shoppers: Iterable[Shopper], at: datetime) -> None:
    """A kitchen that has not been a customer on account asks for it."""
    first = next((shopper for shopper in shoppers if shopper.user is not None and not shopper.on_account), None)
    if first is None or first.user is None:
        return
    region, user = first.region, first.user
    wish = Wish(
        is_business=True,
        name="Kita-Küche Musterkinder",
        street="Beispielweg 3",
        postal_code="24361",
        city="Groß Wittensee",
        email=user.email,
        vat_id="",
        limit=Decimal("800.00"),
        terms=Account.Terms.WEEKLY,
        note="Wir kochen jeden Tag für vierzig Kinder und würden gern wöchentlich bezahlen.",
    )
    applications.apply(user=user, region=region, wish=wish, account=None, at=at - timedelta(hours=20))
