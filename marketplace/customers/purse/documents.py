"""Decides where the documents of an account go, and in which format: its people choose."""

from datetime import datetime

from django.db import transaction

from billing.models import Account
from marketplace.core import audit
from marketplace.users.models import User


@transaction.atomic
def keep(*, account: Account, email: str, copies_to: list[str], document_format: str, at: datetime, by: User | None) -> Account:
    """Remember it for the documents to come; those that were drawn stay as they are."""
    row = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    old = {"email": row.email, "copies_to": row.copies_to, "document_format": row.document_format}
    row.email, row.copies_to, row.document_format = email, copies_to, document_format
    row.save(update_fields=["email", "copies_to", "document_format"])
    new = {"email": email, "copies_to": copies_to, "document_format": document_format}
    audit.record(action="account.documents", target=row, at=at, by=by, old=old, new=new)
    return row
