"""What it means that a table holds something of a person: how its rows are found, what is handed out, what erasing does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Fate(Enum):
    """What erasing a person does to the rows."""

    DELETED = "deleted"
    #: what names the person is overwritten, the rest stays
    MASKED = "masked"
    #: nothing is changed, and `because` says why
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A table with rows of a person.

    `mine` are the lookups that lead from a row to the person, `by_email` those to an address: rows of somebody without an
    account belong to the person who has proven it. `also` are lookups whose values make a row readable. `hidden` are fields
    that are secrets or files. `masked` are the values that overwrite, `only` narrows which rows they overwrite. `ends`: what
    points at the table is not the person's any more.
    """

    model: str
    title: Text
    mine: tuple[str, ...] = ("user",)
    by_email: tuple[str, ...] = ()
    fate: Fate = Fate.DELETED
    also: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    masked: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)
    because: Text = ""
    ends: bool = False


#: section 147(3) AO, section 257(4) HGB, section 14b(1) UStG
EIGHT_YEARS = _("Invoices and what they rest on are kept for eight years (section 147 AO, section 14b UStG).")
TEN_YEARS = _("The books are kept for ten years (section 147 AO).")
STATISTICS = _("Says how much of what was sold and delivered, and no longer to whom.")
#: what stands where a name was
NOBODY = _("Deleted account")
