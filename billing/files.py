"""Makes the file of a document: XML that passed the official rules, inside a PDF/A-3; without it nothing is sent."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, QuerySet

from billing import einvoice, holds, pdf, rules
from billing.models import DocumentFile, Invoice
from billing.snapshots import thawed
from marketplace.core import fonts

log = logging.getLogger(__name__)
UBL: dict[str, rules.Flavour] = {"en16931": "en16931_ubl", "xrechnung": "xrechnung_ubl"}


class RulesBroken(Exception):
    """The official rules refuse the document."""

    def __init__(self, number: str, findings: Sequence[rules.Finding]) -> None:
        super().__init__(number, *findings)
        self.findings = tuple(findings)


def due() -> QuerySet[Invoice]:
    """The documents without a file, the oldest first; what stays here longer needs the office (`holds.held`)."""
    return Invoice.objects.filter(file__isnull=True, settled_by__isnull=True).exclude(holds.given_up()).order_by("pk")


def make_due(*, at: datetime, limit: int = 200) -> int:
    """Make the files that are missing and say how many were made. One that cannot be made is held, and tried again later.

    Several workers may do this at once: each takes the documents that no other has at hand.
    """
    resting = Exists(holds.resting(step=holds.Step.FILE, at=at))
    return sum(attempt(invoice=invoice, at=at) for invoice in due().exclude(resting).defer("content")[:limit])


def attempt(*, invoice: Invoice, at: datetime) -> bool:
    """Make the file of a document, or write down why it cannot be made. False also when another worker is at it."""
    try:
        made = _made_alone(invoice, at)
    except RulesBroken as refusal:
        log.warning("%s is held: %s", invoice.number, ", ".join(finding.rule for finding in refusal.findings))
        holds.note(invoice=invoice, step=holds.Step.FILE, at=at, findings=refusal.findings)
    except Exception as error:
        log.exception("No file for %s", invoice.number)
        holds.note(invoice=invoice, step=holds.Step.FILE, at=at, error=f"{type(error).__name__}: {error}")
    else:
        return made
    return False


def make(*, invoice: Invoice, at: datetime, folder: Path | None = None) -> DocumentFile:
    """Write, check, print and keep the file of a document, once. `folder` holds the fonts, the installation's own unless given.

    Raises `RulesBroken` when an official rule refuses the XML and `rules.RulesUnavailable` when they could not be asked; then
    nothing is kept.
    """
    existing = DocumentFile.objects.filter(invoice=invoice).first()
    if existing:
        return existing
    document = thawed(invoice.content)
    terms = einvoice.terms(document)
    xml = einvoice.xml(terms)
    ubl = einvoice.ubl(terms) if document.syntax == "xrechnung_ubl" else None
    flavour: rules.Flavour = "xrechnung" if einvoice.is_xrechnung(terms) else "en16931"
    findings = rules.check(xml, flavour)
    if ubl is not None:
        findings += rules.check(ubl, UBL[flavour])
    if errors := rules.errors(findings):
        raise RulesBroken(invoice.number, errors)
    printed = pdf.render(document, xml, folder=folder or fonts.prepare(Path(settings.TYPESETTING_FONTS)))
    made = DocumentFile(invoice=invoice, xml=xml, pdf=printed, ubl=ubl, checked_with=f"{flavour}: {len(findings)} warnings")
    return _keep(made, at)


def in_ubl(*, invoice: Invoice) -> bytes:
    """The data of a document that has its file, as UBL: what was sent, or else written from the same snapshot and checked.

    Raises as `make` does.
    """
    sent = DocumentFile.objects.filter(invoice=invoice).values_list("ubl", flat=True).get()
    if sent:
        return bytes(sent)
    terms = einvoice.terms(thawed(invoice.content))
    written = einvoice.ubl(terms)
    findings = rules.check(written, UBL["xrechnung" if einvoice.is_xrechnung(terms) else "en16931"])
    if errors := rules.errors(findings):
        raise RulesBroken(invoice.number, errors)
    return written


@transaction.atomic
def _made_alone(invoice: Invoice, at: datetime) -> bool:
    free = due().select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=invoice.pk).first()
    if free is None:
        return False
    make(invoice=free, at=at)
    holds.clear(invoice=free, step=holds.Step.FILE)
    return True


def _keep(made: DocumentFile, at: datetime) -> DocumentFile:
    """Two workers may have made it at once; the first one's file is kept."""
    made.made_at = at
    made.xml_sha256, made.pdf_sha256 = (hashlib.sha256(part).hexdigest() for part in (made.xml, made.pdf))
    made.ubl_sha256 = hashlib.sha256(made.ubl).hexdigest() if made.ubl else ""
    with transaction.atomic():
        DocumentFile.objects.bulk_create([made], ignore_conflicts=True)
    return DocumentFile.objects.get(invoice=made.invoice)
