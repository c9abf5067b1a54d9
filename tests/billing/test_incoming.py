"""E-invoices of producers: read whatever their syntax, once, harmless whatever they hold, and never changed."""

import io
import zlib
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
from django.db import DatabaseError, transaction

from billing import einvoice, incoming, pdf
from billing.documents import Document
from billing.incoming import IncomingRefused
from billing.models import IncomingInvoice
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT
from tests.factories import documents as made
from tests.factories import faces

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(farm: Partner) -> Document:
    """What the farm writes to the operator."""
    farm.vat_id, farm.tax_number = "", "20/150/54321"
    farm.save()
    return replace(made.per_order(), seller=made.FARM, buyer=made.OPERATOR, number="2026-77")


def cii(document: Document) -> bytes:
    return einvoice.xml(einvoice.terms(document))


def sent(farm: Partner, data: bytes, *, by_farm: bool = True) -> IncomingInvoice:
    return incoming.take_in(
        region=farm.region, data=data, file_name="rechnung.xml", at=AT, by=None, partner=farm if by_farm else None
    )


@pytest.mark.parametrize("syntax", ["cii", "ubl", "hybrid"])
def test_every_syntax_is_read_judged_and_matched(farm: Partner, bill: Document, syntax: str) -> None:
    written = {
        "cii": cii(bill),
        "ubl": einvoice.ubl(einvoice.terms(bill)),
        "hybrid": pdf.render(bill, cii(bill), folder=faces.folder()),
    }[syntax]
    found = sent(farm, written, by_farm=False)
    assert (found.syntax, found.partner, found.number, found.kind) == (syntax, farm, "2026-77", "380")
    assert (found.gross, found.tax, found.due) == (Decimal("24.14"), Decimal("2.30"), Decimal("0.00"))
    assert (len(found.content["BG-25"]), found.findings) == (len(bill.lines), [])
    found.refresh_from_db()
    assert bytes(found.original) == written


def test_broken_rules_are_kept_with_the_invoice(farm: Partner, bill: Document) -> None:
    wrong = cii(bill).replace(b">24.14<", b">24.15<")
    assert "BR-CO-15" in {finding[0] for finding in sent(farm, wrong).findings}


def test_the_same_invoice_comes_in_once(farm: Partner, bill: Document) -> None:
    sent(farm, cii(bill))
    with pytest.raises(IncomingRefused, match="2026-77"):
        sent(farm, cii(bill))
    with pytest.raises(IncomingRefused, match="2026-77"):
        sent(farm, einvoice.ubl(einvoice.terms(bill)))
    assert IncomingInvoice.objects.count() == 1


def test_a_producer_sends_only_its_own(farm: Partner, press: Partner, bill: Document) -> None:
    press.tax_number, press.vat_id = "20/999/11111", ""
    press.save()
    with pytest.raises(IncomingRefused, match="Wiesengrund"):
        sent(press, cii(bill))


def bursting() -> bytes:
    """A PDF of 30 kB whose attachment unpacks to 30 MB."""
    out = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(file, b" ")  # type: ignore[call-arg]  # its stubs name no defaults
        stream = file.attachments["factur-x.xml"].get_file().obj
        stream.write(zlib.compress(b" " * 30_000_000, 9), filter=pikepdf.Name.FlateDecode)
        file.save(out)
    return out.getvalue()


def plain_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(out)
    return out.getvalue()


LAUGHS = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
FILE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
HARMFUL = {
    "nothing": b"",
    "too large": b"<a>" + b" " * 5_300_000 + b"</a>",
    "no XML": b"Hello",
    "other XML": b"<html/>",
    "laughs": LAUGHS,
    "laughs in UTF-16": LAUGHS.decode().encode("utf-16"),
    "file": FILE,
    "broken PDF": b"%PDF-1.7 and then nothing",
    "deep": b"<a>" * 100_000,
}


@pytest.mark.parametrize("name", HARMFUL)
def test_what_is_no_invoice_is_refused_with_a_sentence(farm: Partner, name: str) -> None:
    with pytest.raises(IncomingRefused) as refusal:
        sent(farm, HARMFUL[name])
    assert str(refusal.value).endswith(".")
    assert not IncomingInvoice.objects.exists()


@pytest.mark.parametrize("file", [bursting, plain_pdf])
def test_pdf_without_data_or_with_too_many_is_refused(farm: Partner, file: object) -> None:
    with pytest.raises(IncomingRefused):
        sent(farm, file())  # type: ignore[operator]  # one of the two functions above


@pytest.mark.parametrize(
    ("what", "by"), [(b">24.14<", b">NaN<"), (b"<ram:Name>Hof Wiesengrund GbR</ram:Name>", b""), (b"EUR", b"USD")]
)
def test_invoice_that_lacks_the_least_is_refused(farm: Partner, bill: Document, what: bytes, by: bytes) -> None:
    with pytest.raises(IncomingRefused):
        sent(farm, cii(bill).replace(what, by))


def test_original_and_reading_never_change(farm: Partner, bill: Document) -> None:
    found = sent(farm, cii(bill))
    decided = incoming.decide(invoice=found, status=IncomingInvoice.Status.ACCEPTED, note="passt", at=AT, by=None)
    assert (decided.status, decided.decided_at) == ("accepted", AT)
    for change in ({"gross": Decimal(1)}, {"original": b"x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            IncomingInvoice.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        IncomingInvoice.objects.filter(pk=found.pk).delete()
