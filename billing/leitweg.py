"""Decides whether a Leitweg-ID, by which public buyers are addressed, is a real one (form and check digits)."""

from django.utils.translation import gettext as _
from stdnum.de import leitweg
from stdnum.exceptions import InvalidChecksum, ValidationError


class LeitwegRefused(ValueError):
    """It cannot be right; the message is fit for the person who typed it."""


def checked(text: str) -> str:
    """The id as it stands on documents, empty for none. Raises `LeitwegRefused`."""
    told = "".join(text.split())
    if not told:
        return ""
    try:
        return str(leitweg.validate(told))
    except InvalidChecksum as error:
        raise LeitwegRefused(
            _("The check digits of this Leitweg-ID do not fit. Please compare it with what the authority told you.")
        ) from error
    except ValidationError as error:
        raise LeitwegRefused(_("A Leitweg-ID looks like 04011000-1234512345-06.")) from error
