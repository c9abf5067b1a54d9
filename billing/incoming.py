"""Takes in the e-invoices that producers send, once each, with the original as it came (section 14b UStG: eight years)."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from billing import incoming_reading, rules
from billing.incoming_reading import Read, Unreadable, key_of
from billing.models import IncomingInvoice
from marketplace.core import audit
from marketplace.partner.models import Partner

Status = IncomingInvoice.Status


class IncomingRefused(Exception):
    """The file is not taken; the message is fit for the person who sent it."""


def take_in(
    *, region: Any, data: bytes, file_name: str, at: datetime, by: Any, partner: Partner | None = None
) -> IncomingInvoice:
    """Read, judge and keep an e-invoice. With `partner` it is that producer's, else it is looked for by its tax numbers.

    Raises `IncomingRefused` for what cannot be read, came in before, or is another's.
    """
    digest = hashlib.sha256(data).hexdigest()
    _refuse_known(IncomingInvoice.objects.filter(region=region, sha256=digest))
    try:
        read = incoming_reading.read(data=data)
    except (Unreadable, ValueError) as error:
        raise IncomingRefused(str(error)) from error
    _refuse_known(IncomingInvoice.objects.filter(region=region, seller_key=read.seller_key, number=read.text("BT-1")[:100]))
    if partner is not None and not _may_be_of(partner, read):
        raise IncomingRefused(_("The invoice names another seller: %(name)s.") % {"name": read.seller("name")})
    made = _row(read, region, partner or _partner_of(region, read))
    made.file_name, made.original, made.sha256 = file_name[-200:], data, digest
    made.findings = _findings(read)
    made.received_at, made.received_by = at, by
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise IncomingRefused(_("This invoice has come in already.")) from error
    audit.record(action="billing.incoming", target=made, at=at, by=by, new={"number": made.number, "seller": made.seller_name})
    return made


def of_region(*, region: Any) -> QuerySet[IncomingInvoice]:
    """What came in, the newest first, without files."""
    rows = IncomingInvoice.objects.filter(region=region).select_related("partner").defer("original", "content", "findings")
    return rows.order_by("-received_at", "-pk")


@transaction.atomic
def decide(*, invoice: IncomingInvoice, status: IncomingInvoice.Status, note: str, at: datetime, by: Any) -> IncomingInvoice:
    """The office accepts or refuses it, or takes that back."""
    locked = IncomingInvoice.objects.select_for_update(of=("self",)).defer("original").get(pk=invoice.pk)
    before = locked.status
    locked.status, locked.note = status, note[:300]
    locked.decided_at, locked.decided_by = (None, None) if status == Status.OPEN else (at, by)
    locked.save(update_fields=["status", "note", "decided_at", "decided_by"])
    audit.record(action="billing.incoming.decide", target=locked, at=at, by=by, old={"status": before}, new={"status": status})
    return locked


def assign(*, invoice: IncomingInvoice, partner: Partner | None, at: datetime, by: Any) -> None:
    """The office says whose it is."""
    old, new = invoice.partner_id, partner.pk if partner else None
    IncomingInvoice.objects.filter(pk=invoice.pk).update(partner=partner)
    audit.record(action="billing.incoming.assign", target=invoice, at=at, by=by, old={"partner": old}, new={"partner": new})


def _row(read: Read, region: Any, partner: Partner | None) -> IncomingInvoice:
    return IncomingInvoice(
        region=region,
        partner=partner,
        syntax=read.syntax,
        kind=read.text("BT-3")[:3],
        number=read.text("BT-1")[:100],
        issued_on=read.issued_on,
        due_on=read.day("BT-9"),
        seller_name=read.seller("name")[:200],
        seller_key=read.seller_key,
        net=read.amount("BT-109"),
        tax=read.amount("BT-110"),
        gross=read.amount("BT-112"),
        due=read.amount("BT-115"),
        content=read.content,
    )


def _findings(read: Read) -> list[list[str]]:
    """What the official rules say; when they cannot be asked, that."""
    try:
        return [list(finding) for finding in rules.check(read.xml, read.flavour)]
    except rules.RulesUnavailable:
        return [["UNASKED", "warning", ""]]


def _refuse_known(known: QuerySet[IncomingInvoice]) -> None:
    first = known.only("number", "received_at").first()
    if first is not None:
        told = {"number": first.number, "day": formats.date_format(first.received_at, "j.n.Y")}
        raise IncomingRefused(_("Invoice %(number)s has come in already, on %(day)s.") % told)


def _may_be_of(partner: Partner, read: Read) -> bool:
    """Nothing that the invoice names contradicts what is on file."""
    pairs = ((partner.vat_id, read.seller("vat_identifier")), (partner.tax_number, read.seller("tax_identifier")))
    known = [(key_of(mine), key_of(told)) for mine, told in pairs if mine and told]
    if known:
        return any(mine == told for mine, told in known)
    name: str = partner.name
    return name.strip().lower() == read.seller("name").lower()


def _partner_of(region: Any, read: Read) -> Partner | None:
    """The only producer with these numbers or, failing that, this name."""
    vat_id, tax_number = key_of(read.seller("vat_identifier")), key_of(read.seller("tax_identifier"))
    named = Partner.objects.filter(region=region).filter(Q(name__iexact=read.seller("name")) | ~Q(vat_id="") | ~Q(tax_number=""))
    rows = list(named.only("pk", "name", "vat_id", "tax_number"))
    numbered = [
        row for row in rows if (vat_id and key_of(row.vat_id) == vat_id) or (tax_number and key_of(row.tax_number) == tax_number)
    ]
    found = numbered or [row for row in rows if row.name.lower() == read.seller("name").lower()]
    return found[0] if len(found) == 1 else None
