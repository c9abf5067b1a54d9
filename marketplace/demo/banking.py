"""Gives the demo's offices something to do at the bank: a file of payouts, and a statement that leaves questions open."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from billing import bank_lines, open_items, payouts
from billing.models import Bookkeeping
from logistics import daytime
from marketplace.regions.models import Region
from marketplace.users.models import User

ADVISER, CLIENT = 29098, 55003
#: of the open invoices the statement pays one by its number, one by its amount alone
HEAD = ":20:MARKTRUNDE\n:25:{account}\n:28C:00047/001\n:60F:C{day}EUR0,00\n"
LINE = ":61:{day}{short}{mark}{amount}NTRFNONREF\n:86:166?00{kind}?20SVWZ+{purpose}?32{name}\n"
BACK = (
    ":61:{day}{short}D{whole}N011NONREF\n:86:109?00RUECKLASTSCHRIFT?20EREF+{number}?21OAMT+{own}?22COAM+{fee}"
    "?23SVWZ+AM04 Deckung\n"
)
FOOT = ":62F:C{day}EUR0,00\n-\n"


def pay_producers(*, region: Region, today: date, at: datetime, by: User) -> None:
    """What past months are worth goes to the bank in one file, if somebody waits for it."""
    ids = [item.settlement_id for item in payouts.due(region=region, today=today) if not item.hindrance]
    if ids:
        payouts.draw_up(region=region, settlement_ids=ids, execution_on=today, today=today, at=at, by=by)


def send_statement(*, region: Region, at: datetime, by: User) -> None:
    """Yesterday's bookings: one that names its invoice, one that names nobody's, one of the bank itself."""
    Bookkeeping.objects.get_or_create(region=region, defaults={"adviser": ADVISER, "client": CLIENT})
    items = [item for item in open_items.to_come_in(region=region) if item.kind == open_items.INVOICE]
    if not items:
        return
    day = at.astimezone(daytime.ZONE).date() - timedelta(days=1)
    sure, other = items[0], items[-1]
    rows = [
        _line(day, "C", f"{sure.left:.2f}", "GUTSCHRIFT", f"Rechnung {sure.number}", sure.whom),
        _line(day, "C", f"{other.left:.2f}", "GUTSCHRIFT", "Gemuese und Kaese, danke", other.whom),
        _line(day, "D", "6.90", "ENTGELT", "Kontofuehrung", "Musterbank"),
    ]
    bank_lines.take_in(region=region, content=_told(region, day, rows).encode(), at=at, by=by)


def statement(*, region: Region, day: date, rows: list[tuple[str, Decimal, str, str, str]]) -> str:
    """A statement of one day: mark (C in, D out), euro, what kind, purpose, name."""
    return _told(region, day, [_line(day, mark, f"{amount:.2f}", *words) for mark, amount, *words in rows])


def returned(*, region: Region, day: date, number: str, amount: Decimal, fee: Decimal) -> str:
    """A statement by which the bank sends a debit back and keeps a fee."""
    whole, own, kept = (f"{sum_:.2f}".replace(".", ",") for sum_ in (amount + fee, amount, fee))
    return _told(
        region, day, [BACK.format(day=f"{day:%y%m%d}", short=f"{day:%m%d}", whole=whole, own=own, fee=kept, number=number)]
    )


def _told(region: Region, day: date, rows: list[str]) -> str:
    account, plain = region.iban.replace(" ", ""), f"{day:%y%m%d}"
    return HEAD.format(account=account, day=plain) + "".join(rows) + FOOT.format(day=plain)


def _line(day: date, mark: str, amount: str, kind: str, purpose: str, name: str) -> str:
    return LINE.format(
        day=f"{day:%y%m%d}",
        short=f"{day:%m%d}",
        mark=mark,
        amount=amount.replace(".", ","),
        kind=kind,
        purpose=purpose[:27],
        name=name[:27],
    )
