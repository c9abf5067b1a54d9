"""Maps the accounts of the books to the standard charts SKR03 and SKR04 of DATEV.

Revenue and purchases of a usual rate go to accounts that reckon the VAT themselves (gross); of other rates net and VAT go to
accounts of their own. A tax adviser may want others: then they are changed here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models import Posting

Ledger = Posting.Ledger
SEVEN, NINETEEN, NOTHING = Decimal("7.00"), Decimal("19.00"), Decimal("0.00")
#: who orders without an account is one debtor; accounts and producers have numbers of their own
VARIOUS_DEBTORS, FIRST_DEBTOR, FIRST_CREDITOR, LAST_CREDITOR = 10_000, 10_001, 70_000, 99_999


class UnmappedAccount(Exception):
    """A posting has no account in the chart; the export stops. The message is for the office."""


@dataclass(frozen=True)
class Chart:
    """The accounts of one standard chart. `reckoning` hold gross sums by ledger and rate, `plain` net ones by ledger.

    `costs` are the accounts of the sorts of expenses.
    """

    code: str
    reckoning: Mapping[tuple[str, Decimal], int]
    plain: Mapping[str, int]
    costs: Mapping[str, int]


class Expense(models.TextChoices):
    """What the operator buys for itself, by the account on which a tax adviser looks for it."""

    PACKAGING = "packaging", _("packaging")
    TRANSPORT = "transport", _("transport by others")
    VEHICLE = "vehicle", _("vehicles, fuel")
    RENT = "rent", _("rent")
    ENERGY = "energy", _("electricity, heating, water")
    OFFICE = "office", _("office supplies")
    IT = "it", _("computers and programmes")
    PHONE = "phone", _("telephone and internet")
    ADVERTISING = "advertising", _("advertising")
    INSURANCE = "insurance", _("insurance")
    ADVICE = "advice", _("legal and tax advice")
    OTHER = "other", _("other expenses")


#: accounts in SKR03 and SKR04
_COSTS: dict[str, tuple[int, int]] = {
    Expense.PACKAGING: (4710, 6710),
    Expense.TRANSPORT: (4730, 6740),
    Expense.VEHICLE: (4530, 6530),
    Expense.RENT: (4210, 6310),
    Expense.ENERGY: (4240, 6325),
    Expense.OFFICE: (4930, 6815),
    Expense.IT: (4806, 6495),
    Expense.PHONE: (4920, 6805),
    Expense.ADVERTISING: (4600, 6600),
    Expense.INSURANCE: (4360, 6400),
    Expense.ADVICE: (4950, 6825),
    Expense.OTHER: (4900, 6300),
}
SOLD = (Ledger.SALES, Ledger.FEES)
CHARTS = {
    "03": Chart(
        "03",
        {
            **{(ledger, SEVEN): 8300 for ledger in SOLD},
            **{(ledger, NINETEEN): 8400 for ledger in SOLD},
            (Ledger.PURCHASES, SEVEN): 3300,
            (Ledger.PURCHASES, NINETEEN): 3400,
            (Ledger.WRITE_OFF, SEVEN): 2401,
            (Ledger.WRITE_OFF, NINETEEN): 2406,
        },
        {
            Ledger.BANK: 1200,
            Ledger.CASH: 1000,
            Ledger.SALES: 8200,
            Ledger.FEES: 8200,
            Ledger.PURCHASES: 3200,
            Ledger.COMMISSION: 8510,
            Ledger.ENTRUSTED: 1590,
            Ledger.VOUCHERS: 4600,
            Ledger.VAT_OUT: 1770,
            Ledger.VAT_IN: 1570,
            Ledger.WRITE_OFF: 2400,
            Ledger.ROUNDING: 4900,
            Ledger.CASH_DIFF: 2309,
            Ledger.IN_TRANSIT: 1362,
            Ledger.DUNNING: 2700,
            Ledger.BANK_FEES: 4970,
            Ledger.PROVIDER: 1360,
            Ledger.PROV_FEES: 4970,
            Ledger.DISPUTED: 1361,
            Ledger.FEE_COSTS: 3100,
            Ledger.FEES_DUE: 1700,
            Ledger.EXPENSE: 4900,
            Ledger.SUPPLIERS: 1610,
        },
        {cost: accounts[0] for cost, accounts in _COSTS.items()},
    ),
    "04": Chart(
        "04",
        {
            **{(ledger, SEVEN): 4300 for ledger in SOLD},
            **{(ledger, NINETEEN): 4400 for ledger in SOLD},
            (Ledger.PURCHASES, SEVEN): 5300,
            (Ledger.PURCHASES, NINETEEN): 5400,
            (Ledger.WRITE_OFF, SEVEN): 6931,
            (Ledger.WRITE_OFF, NINETEEN): 6936,
        },
        {
            Ledger.BANK: 1800,
            Ledger.CASH: 1600,
            Ledger.SALES: 4200,
            Ledger.FEES: 4200,
            Ledger.PURCHASES: 5200,
            Ledger.COMMISSION: 4560,
            Ledger.ENTRUSTED: 1370,
            Ledger.VOUCHERS: 6600,
            Ledger.VAT_OUT: 3800,
            Ledger.VAT_IN: 1400,
            Ledger.WRITE_OFF: 6930,
            Ledger.ROUNDING: 6300,
            Ledger.CASH_DIFF: 6969,
            Ledger.IN_TRANSIT: 1462,
            Ledger.DUNNING: 4830,
            Ledger.BANK_FEES: 6855,
            Ledger.PROVIDER: 1460,
            Ledger.PROV_FEES: 6855,
            Ledger.DISPUTED: 1461,
            Ledger.FEE_COSTS: 5900,
            Ledger.FEES_DUE: 3500,
            Ledger.EXPENSE: 6300,
            Ledger.SUPPLIERS: 3310,
        },
        {cost: accounts[1] for cost, accounts in _COSTS.items()},
    ),
}


def sold_or_bought(*, ledger: str, bought: bool) -> str:
    """Deposits belong to what they are paid with: sold with the goods, or bought with them."""
    return (Ledger.PURCHASES if bought else Ledger.SALES) if ledger == Ledger.DEPOSITS else ledger


def debtor(*, account_number: str) -> int:
    """The debtor of an account's customer number, e.g. 10001 for "K-10001". Raises `UnmappedAccount`."""
    digits = "".join(letter for letter in account_number if letter.isdigit())
    if not digits or not FIRST_DEBTOR <= int(digits) < FIRST_CREDITOR:
        raise UnmappedAccount(account_number)
    return int(digits)


def creditor(*, partner_id: int) -> int:
    """The creditor of a producer. Raises `UnmappedAccount` when there are more than the chart holds."""
    number = FIRST_CREDITOR + partner_id
    if number > LAST_CREDITOR:
        raise UnmappedAccount(str(partner_id))
    return number
