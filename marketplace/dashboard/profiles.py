"""Changes how a producer presents itself and when it is closed; the law's word on "Bio" holds here too."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.catalogue import claims
from marketplace.core import audit
from marketplace.partner.models import Partner
from marketplace.pictures import uploads
from marketplace.users.models import User

FIELDS = ("short", "story", "opening_text", "minimum_order", "minimum_round", "closed_from", "closed_until")


class BadProfile(Exception):
    """The profile cannot be shown as it was told; the message is for the producer."""


@transaction.atomic
def revise(*, partner: Partner, changes: Mapping[str, Any], photo: IO[bytes] | None, at: datetime, by: User | None) -> Partner:
    """Change fields of `FIELDS`, and the photo if there is a new one. Raises `BadProfile` or `BadPicture`."""
    row: Partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    known = {name: changes[name] for name in FIELDS if name in changes}
    old = {name: str(getattr(row, name) or "") for name in known}
    for name, value in known.items():
        setattr(row, name, value)
    _refuse(row, today=timezone.localdate(at))
    if photo is not None:
        row.picture = uploads.store(file=photo, title=row.name, description=row.name, by=by, at=at)
    row.save(update_fields=[*known, "picture"])
    new = {name: str(getattr(row, name) or "") for name in known}
    audit.record(action="producer.profile", target=row, at=at, by=by, old=old, new=new)
    return row


def _refuse(row: Partner, *, today: date) -> None:
    if row.closed_until and not row.closed_from:
        raise BadProfile(_("Please state from when you are closed."))
    if row.closed_from and row.closed_until and row.closed_until < row.closed_from:
        raise BadProfile(_("The last day of the closure lies before the first."))
    certified = claims.certified(partner=row, today=today)
    wrong = claims.problems(texts=(row.short, row.story), is_organic=certified, partner=row, today=today)
    if wrong:
        raise BadProfile(" ".join(wrong))
