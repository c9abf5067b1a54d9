"""Takes in businesses that sell nothing and receive fees which producers bear, and reads what is owed to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum

from billing import access, fee_statements, periods, supplies
from billing.fee_statements import Month
from billing.models import Invoice, Posting, ProducerFee, SupplyContract
from marketplace.core import audit, money
from marketplace.dashboard import onboarding
from marketplace.dashboard.onboarding import ContractTerms
from marketplace.partner import producers
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User

MOST = 24
#: what the office may put right of a receiver
DETAILS = (
    "name", "contact_first_name", "contact_last_name", "street", "postal_code", "city", "email", "phone", "vat_id", "tax_number",
    "iban", "bank_name",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """A receiver: its terms today, how many fees it receives, and what is owed to it, in euro.

    `waiting` is without VAT and on no statement yet, `unpaid` is what statements say that are not paid out.
    """

    payee: Partner
    terms: SupplyContract | None
    fees: int
    waiting: Decimal
    unpaid: Decimal


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything of one receiver. `due` is what waits until the end of last month, `running` what came since; without VAT."""

    row: Row
    contracts: Sequence[SupplyContract]
    fees: Sequence[ProducerFee]
    due: Month
    running: Decimal
    statements: Sequence[Invoice]


@transaction.atomic
def engage(
    *, region: Region, municipality: Municipality, terms: ContractTerms, at: datetime, by: User, **details: Any
) -> Partner:
    """Take in a business that receives fees; on the market it is never seen. Raises `producers.BadApplication`."""
    payee = producers.apply(
        region=region,
        municipality=municipality,
        latitude=municipality.latitude,
        longitude=municipality.longitude,
        status=Partner.Status.PAYEE,
        kind=Partner.Kind.SERVICE,
        at=at,
        by=None,
        **details,
    )
    onboarding.agree(partner=payee, terms=terms, at=at, by=by)
    audit.record(action="fee_receiver.engaged", target=payee, at=at, by=by, new={"name": payee.name})
    return payee


@transaction.atomic
def amend(*, payee: Partner, at: datetime, by: User, **details: Any) -> Partner:
    """Put right who it is and where its money goes; documents that were written stay as they are."""
    locked: Partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=payee.pk)
    changed = {name: value for name, value in details.items() if getattr(locked, name) != value}
    if not changed:
        return locked
    for name, value in changed.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(changed))
    audit.record(action="fee_receiver.amended", target=locked, at=at, by=by, new={"changed": sorted(changed)})
    return locked


def known(*, region: Region) -> Any:
    """Who receives a fee, or is engaged for that alone."""
    receives = Q(status=Partner.Status.PAYEE) | Q(received_fees__isnull=False)
    return Partner.objects.filter(receives, region=region).select_related("region", "municipality").distinct()


def rows(*, region: Region, today: date) -> list[Row]:
    """All receivers of a region, by name. Five queries for any number."""
    payees = list(known(region=region).order_by("name", "pk"))
    return _rows(region, payees, today)


def sheet(*, payee: Partner, today: date) -> Sheet:
    """One receiver. The queries do not depend on how many fees and statements there are."""
    (row,) = _rows(payee.region, [payee], today)
    last = periods.month_of(today)[0] - timedelta(days=1)
    due = fee_statements.of_month(payee=payee, first=periods.month_of(last)[0], last=last, today=today)
    documents = Invoice.objects.filter(partner=payee).filter(
        Q(passed_fees__isnull=False) | Q(replaces__passed_fees__isnull=False)
    )
    return Sheet(
        row=row,
        contracts=onboarding.contracts(partner=payee),
        fees=list(ProducerFee.objects.filter(payee=payee).select_related("partner").order_by("-valid_from", "name", "pk")),
        due=due,
        running=row.waiting - due.net,
        statements=list(access.listed(documents.distinct())[:MOST]),
    )


def _rows(region: Region, payees: Sequence[Partner], today: date) -> list[Row]:
    waiting = fee_statements.waiting_sums(region=region)
    booked = Posting.objects.filter(ledger=Posting.Ledger.PAYABLE, partner__in=payees)
    unpaid = dict(booked.values_list("partner").annotate(sum=-Sum("amount")).order_by())
    contracts: dict[int, list[SupplyContract]] = {}
    for contract in SupplyContract.objects.filter(partner__in=payees).order_by("valid_from"):
        contracts.setdefault(contract.partner_id, []).append(contract)
    fees = ProducerFee.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), payee__in=payees)
    counted: dict[int | None, int] = {}
    for payee_id in fees.values_list("payee", flat=True):
        counted[payee_id] = counted.get(payee_id, 0) + 1
    return [
        Row(
            payee=payee,
            terms=supplies.contract_on(contracts=contracts.get(payee.pk, ()), day=today),
            fees=counted.get(payee.pk, 0),
            waiting=waiting.get(payee.pk, money.ZERO),
            unpaid=unpaid.get(payee.pk, money.ZERO),
        )
        for payee in payees
    ]
