"""Decides what a reminder says and looks like, and sends it. Its wording is German whatever the reader's language."""

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from email.utils import formataddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from billing import epc, parties, surcharges
from billing.documents import Party
from billing.dunning import Proposal
from billing.models import DunningLetter, Surcharge
from billing.snapshots import thawed
from marketplace.core import fonts, money, typesetting, wording

log = logging.getLogger(__name__)
TEMPLATE = Path(__file__).parent / "typst" / "reminder.typ"
TITLES = {1: "Zahlungserinnerung", 2: "Mahnung", 3: "Letzte Mahnung"}
INTROS = {
    1: "sicher ist es Ihnen entgangen: Die folgende Rechnung ist noch offen. Bitte überweisen Sie den Betrag bis zum {day}.",
    2: "auf unsere Zahlungserinnerung haben wir noch kein Geld von Ihnen erhalten. Bitte überweisen Sie bis zum {day}.",
    3: "trotz unserer Mahnung ist Ihre Rechnung noch offen. Bitte überweisen Sie bis zum {day}. Danach müssen wir die "
    "Forderung auf Ihre Kosten gerichtlich geltend machen und liefern nicht mehr auf Rechnung.",
}
SEVERAL = (("Die folgende Rechnung ist", "Die folgenden Rechnungen sind"), ("ist Ihre Rechnung", "sind Ihre Rechnungen"))
CROSSED = "Haben Sie in diesen Tagen bezahlt, betrachten Sie dieses Schreiben bitte als erledigt."
COMPLAIN = "Stimmt etwas an der Lieferung oder an der Rechnung nicht? Dann melden Sie sich: Wir mahnen so lange nicht weiter."
LAW = "Verzugszinsen nach § 288 BGB; darauf und auf Mahnkosten entfällt keine Umsatzsteuer."


def content(*, letter: DunningLetter, proposal: Proposal, charges: Iterable[tuple[int, str, Decimal]]) -> dict[str, Any]:
    """All that the letter prints, in plain JSON; `charges` are new: invoice, kind and euro."""
    region = letter.region
    buyer = thawed(proposal.items[-1].invoice.content).buyer
    seller = parties.operator(region)
    numbers = [item.invoice.number for item in proposal.items]
    new = list(charges)
    return {
        "title": TITLES[letter.level],
        "number": letter.number,
        "issued_on": letter.day.isoformat(),
        "issuer": {"name": seller.name, "line": f"{seller.street} · {seller.postal_code} {seller.city}"},
        "recipient": [buyer.name, buyer.street, f"{buyer.postal_code} {buyer.city}"],
        "email": buyer.email,
        "info": _info(letter, buyer),
        "intro": _intro(letter, len(numbers)),
        "rows": [_row(item, new) for item in proposal.items],
        "total": str(letter.total),
        "payment": _payment(region, letter, numbers),
        "qr": _qr(region, letter, numbers),
        "notes": [CROSSED, COMPLAIN, *([LAW] if any(row.charged for row in proposal.items) or new else [])],
        "footer": [
            [seller.name, seller.street, f"{seller.postal_code} {seller.city}"],
            [word for word in (seller.contact, seller.phone, seller.email) if word],
            seller.legal_note.split("; "),
        ],
    }


def paper(*, letter: DunningLetter) -> bytes:
    """The letter as a PDF; made once and kept."""
    if not letter.pdf:
        folder = fonts.prepare(Path(settings.TYPESETTING_FONTS))
        made_at = datetime.combine(letter.day, time(12), tzinfo=UTC)
        made = typesetting.render(TEMPLATE, letter.content, folder=folder, made_at=made_at)
        DunningLetter.objects.filter(pk=letter.pk, pdf=b"").update(pdf=made)
        letter.pdf = made
    return bytes(letter.pdf)


def send_due(*, at: datetime, limit: int = 100) -> int:
    """Send the letters that were not sent and say how many. One that cannot be sent is logged and stays due."""
    sent = 0
    for letter in DunningLetter.objects.filter(sent_at__isnull=True).select_related("region").order_by("pk")[:limit]:
        try:
            sent += send(letter=letter, at=at)
        except Exception:
            log.exception("%s could not be sent", letter.number)
    return sent


@transaction.atomic
def send(*, letter: DunningLetter, at: datetime) -> bool:
    """Send a letter unless it was sent; whoever marks it first sends it, and a mail that fails takes the mark back."""
    if not DunningLetter.objects.filter(pk=letter.pk, sent_at__isnull=True).update(sent_at=at):
        return False
    region, told = letter.region, letter.content
    copies = letter.account.copies_to if letter.account is not None else []
    if not told["email"]:
        return True
    with translation.override("de"):
        context = {"letter": letter, "told": told, "region": region, "total": wording.euro(letter.total)}
        message = EmailMessage(
            subject=f"{told['title']} {letter.number} – {region.name}",
            body=render_to_string("billing/mail_reminder.txt", context),
            from_email=formataddr((region.name, region.email)),
            to=[told["email"], *copies],
            reply_to=[region.email],
        )
    message.attach(f"{letter.number}.pdf", paper(letter=letter), "application/pdf")
    message.send()
    return True


def _info(letter: DunningLetter, buyer: Party) -> list[list[str]]:
    rows = [
        ("Schreiben", letter.number),
        ("Datum", _day(letter.day)),
        ("Kundennummer", buyer.identifier),
        ("Zahlbar bis", _day(letter.pay_by)),
    ]
    return [[name, value] for name, value in rows if value]


def _intro(letter: DunningLetter, count: int) -> str:
    text = INTROS[letter.level].format(day=_day(letter.pay_by))
    for one, many in SEVERAL if count > 1 else ():
        text = text.replace(one, many)
    return text.replace("den Betrag", "die Beträge") if count > 1 and letter.level == 1 else text


def _row(item: Any, new: list[tuple[int, str, Decimal]]) -> dict[str, Any]:
    """One invoice: its own open part, what was charged before, and what is new with this letter."""
    invoice = item.invoice
    before = min(item.charged, item.left) if item.charged > 0 else money.ZERO
    fresh = [(surcharges.TEXTS[Surcharge.Kind(kind)], amount) for pk, kind, amount in new if pk == invoice.pk]
    charges = ([("bisherige Mahnkosten und Zinsen", before)] if before else []) + fresh
    return {
        "number": invoice.number,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "left": str(item.left - before),
        "charges": [[text, str(amount)] for text, amount in charges],
    }


def _payment(region: Any, letter: DunningLetter, numbers: list[str]) -> list[str]:
    plain = region.iban.replace(" ", "")
    grouped = "\u00a0".join(plain[start : start + 4] for start in range(0, len(plain), 4))
    with translation.override("de"):
        total = wording.euro(letter.total)
    return [
        f"Bitte überweisen Sie {total} bis zum {_day(letter.pay_by)} an {region.legal_name}.",
        f"IBAN\u00a0{grouped}",
        f"Verwendungszweck {', '.join(numbers)}",
    ]


def _qr(region: Any, letter: DunningLetter, numbers: list[str]) -> dict[str, Any] | None:
    code = epc.code(name=region.legal_name, iban=region.iban, amount=letter.total, text=", ".join(numbers))
    if code is None:
        return None
    return {"dots": [0 if dark else 255 for row in code.matrix for dark in row], "side": len(code.matrix)}


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
