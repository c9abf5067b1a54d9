"""Takes declarations of withdrawal (section 356a BGB): anybody may make one, it is kept as made, and its receipt is sent at once.

It is not checked against an order here, so that nobody learns from it which orders exist; the office settles it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.core.models import AuditEntry
from marketplace.regions.models import Region

DECLARED, RECEIPTED = "order.withdrawal_declared", "order.withdrawal_receipted"
#: sent after commit with `entry_id`
declared = Signal()


@dataclass(frozen=True)
class Declaration:
    """Who withdraws from what; `goods` is empty when it is the whole contract."""

    name: str
    number: str
    email: str
    goods: str = ""


@transaction.atomic
def declare(*, region: Region, declaration: Declaration, at: datetime) -> AuditEntry:
    """Keep the declaration with its moment; whoever comes later finds what has no receipt yet."""
    entry = AuditEntry.objects.create(
        action=DECLARED, target_type=Region._meta.label_lower, target_id=region.pk, at=at, new=vars(declaration)
    )
    transaction.on_commit(lambda: declared.send(sender=AuditEntry, entry_id=entry.pk), robust=True)
    return entry


def without_receipt() -> list[int]:
    """Declarations whose receipt is due, the oldest first."""
    done = AuditEntry.objects.filter(action=RECEIPTED).values("target_id")
    return list(AuditEntry.objects.filter(action=DECLARED).exclude(pk__in=done).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def send_receipt(*, entry_id: int, at: datetime) -> bool:
    """Send content, date and time of the declaration to who made it and to the office; False when that has happened."""
    entry = AuditEntry.objects.select_for_update(no_key=True).get(pk=entry_id)
    if entry_id not in without_receipt():
        return False
    region = Region.objects.get(pk=entry.target_id)
    declaration = Declaration(**entry.new)
    audit.record(action=RECEIPTED, target=entry, at=at)
    body = render_to_string("emails/withdrawal_receipt.txt", {"declaration": declaration, "at": entry.at, "region": region})
    subject = _("Receipt of your withdrawal")
    EmailMessage(subject=subject, body=body, to=[declaration.email], bcc=[region.email], reply_to=[region.email]).send()
    return True
