"""Reads who stands behind the debtors and creditors of the books, for the tax adviser's programme."""

from datetime import date

from billing import chart
from billing.chart import UnmappedAccount
from billing.datev import Firm
from billing.datev_master import Party
from billing.models import Account, Bookkeeping, Posting
from marketplace.partner.models import Partner
from marketplace.regions.models import Region


def firm(*, region: Region) -> Firm | None:
    """Whose books; None while the adviser's numbers are not entered."""
    books = Bookkeeping.objects.filter(region=region).first()
    return Firm(adviser=books.adviser, client=books.client, chart=books.chart) if books else None


def parties(*, region: Region, until: date) -> list[Party]:
    """Everybody with bookings until a day, by the number of the account. Two queries.

    Who orders without an account is the one debtor for all (`chart.VARIOUS_DEBTORS`); a name there would say too much.
    """
    booked = Posting.objects.filter(entry__region=region, entry__day__lte=until)
    accounts = Account.objects.filter(region=region, pk__in=booked.filter(account__isnull=False).values("account"))
    partners = Partner.objects.filter(region=region, pk__in=booked.filter(partner__isnull=False).values("partner"))
    found = [Party(account=chart.VARIOUS_DEBTORS, name="Verschiedene Kundinnen und Kunden")]
    found += [party for row in accounts if (party := _debtor(row)) is not None]
    found += [_creditor(row) for row in partners]
    return sorted(found, key=lambda party: party.account)


def _debtor(row: Account) -> Party | None:
    try:
        number = chart.debtor(account_number=row.number)
    except UnmappedAccount:  # the booking batch refuses it with a sentence
        return None
    return Party(
        account=number,
        name=row.name,
        street=row.street,
        postal_code=row.postal_code,
        city=row.city,
        email=row.email,
        vat_id=row.vat_id,
        number=row.number,
        days=row.payment_days,
    )


def _creditor(row: Partner) -> Party:
    return Party(
        account=chart.creditor(partner_id=row.pk),
        name=str(row.name),
        street=row.street,
        postal_code=row.postal_code,
        city=row.city,
        email=row.email,
        phone=row.phone,
        vat_id=row.vat_id,
        tax_number=row.tax_number,
        iban=row.iban.replace(" ", ""),
        number=str(row.pk),
    )
