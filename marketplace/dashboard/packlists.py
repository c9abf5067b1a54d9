"""Says what a producer packs in a round, line by line, and packs everything at once that needs no scale.

Customers are a code and a first name here, never more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from logistics import packing
from logistics.models import Collection, PackedLine
from logistics.packing import PackingRefused
from marketplace.core import money
from marketplace.core.wishes import Substitution
from marketplace.order import amounts
from marketplace.users.models import User

BY_BOX, BY_ARTICLE = "kiste", "artikel"
GROUPINGS = (BY_BOX, BY_ARTICLE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line to pack. Weights are grams of all pieces; `gross` euro as packed, else as ordered."""

    pk: int
    title: str
    unit: str
    code: str
    first_name: str
    ordered: int
    #: how many are to be packed, if the farm cut the line before
    promised: int | None
    packed: int | None
    weight_g: int | None
    expected_g: int
    heaviest_g: int
    weighed: bool
    cold: bool
    agreed: bool
    batch: str
    vat_category: str
    product_id: int | None
    gross: Decimal
    #: what the customer wants when it is missing, and what he asks of the farm
    wish: str
    note: str
    #: the article in whose place it comes
    instead_of: str = ""
    #: something of it is missing, and nothing was offered for it yet
    can_replace: bool = False

    @property
    def done(self) -> bool:
        """Whether somebody recorded it."""
        return self.packed is not None

    @property
    def short(self) -> int:
        """How many are missing."""
        return self.ordered - self.packed if self.packed is not None else 0

    @property
    def expected(self) -> int:
        """How many are to be packed."""
        return self.ordered if self.promised is None else self.promised

    @property
    def is_cut(self) -> bool:
        """Whether the farm said before that it has fewer."""
        return self.promised is not None

    @property
    def quantity(self) -> int:
        """What stands in the field: what was recorded, else what was ordered."""
        return self.expected if self.packed is None else self.packed


@dataclass(frozen=True, kw_only=True)
class Group:
    """The lines of one box, or of one article. `heading` is its code or name, `aside` the first name or the sum."""

    heading: str
    aside: str
    quantity: int
    expected_g: int
    cold: bool
    entries: tuple[Entry, ...]

    @property
    def done(self) -> bool:
        """Whether nothing is left to record."""
        return all(entry.done for entry in self.entries)


@dataclass(frozen=True, kw_only=True)
class PackPage:
    """Everything to pack, in groups; `articles` are the sums to fetch first."""

    groups: tuple[Group, ...]
    articles: tuple[Group, ...]
    entries: tuple[Entry, ...]

    @property
    def done(self) -> int:
        """How many lines are recorded."""
        return sum(entry.done for entry in self.entries)

    @property
    def boxes(self) -> int:
        """How many boxes there are."""
        return len({entry.code for entry in self.entries})

    @property
    def simple_left(self) -> int:
        """How many lines without a scale are not recorded yet."""
        return sum(not entry.done and not entry.weighed for entry in self.entries)

    @property
    def sums(self) -> dict[tuple[str, int | None], Decimal]:
        """What customers pay for the goods as packed, by VAT category and article."""
        found: dict[tuple[str, int | None], Decimal] = {}
        for entry in self.entries:
            key = (entry.vat_category, entry.product_id)
            found[key] = found.get(key, money.ZERO) + entry.gross
        return found


def read(*, collection: Collection, grouping: str = BY_BOX) -> PackPage:
    """The page of a collection. One query for any number of lines."""
    entries = tuple(_entry(line) for line in packing.lines_of(collection=collection))
    articles = tuple(_groups(entries, BY_ARTICLE))
    groups = articles if grouping == BY_ARTICLE else tuple(_groups(entries, BY_BOX))
    return PackPage(groups=groups, articles=articles, entries=entries)


@transaction.atomic
def pack_as_ordered(*, collection: Collection, at: datetime, by: User | None) -> int:
    """Record every line that needs no scale and is not recorded yet as packed in full; says how many. Raises `PackingRefused`.

    Two queries for any number of lines, and under the same lock as `packing.record`.
    """
    locked = Collection.objects.select_for_update(of=("self",)).get(pk=collection.pk)
    if locked.status != Collection.Status.OPEN:
        raise PackingRefused(_("Packing is finished. Please reopen it to change something."))
    left = PackedLine.objects.filter(collection=locked, packed__isnull=True, order_line__catch_weight=False)
    return left.update(packed=Coalesce("promised", "ordered"), packed_at=at, packed_by=by)


def _groups(entries: Sequence[Entry], grouping: str) -> list[Group]:
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        key = (entry.title, entry.unit) if grouping == BY_ARTICLE else (entry.code, entry.first_name)
        found.setdefault(key, []).append(entry)
    return [
        Group(
            heading=heading,
            aside=aside,
            quantity=sum(entry.expected for entry in inside),
            expected_g=sum(entry.expected_g for entry in inside),
            cold=any(entry.cold for entry in inside),
            entries=tuple(inside),
        )
        for (heading, aside), inside in sorted(found.items())
    ]


def _entry(row: PackedLine) -> Entry:
    line = row.order_line
    quantity = row.coming
    return Entry(
        pk=row.pk,
        title=line.title,
        unit=line.unit_text,
        code=row.delivery.code,
        first_name=row.delivery.first_name,
        ordered=row.ordered,
        promised=row.promised,
        packed=row.packed,
        weight_g=row.packed_weight_g,
        expected_g=(line.expected_weight_g or 0) * row.expected if line.catch_weight else 0,
        heaviest_g=packing.heaviest(line=line, quantity=row.expected) if line.catch_weight else 0,
        weighed=line.catch_weight,
        cold=line.storage != "ambient",
        agreed=row.over_tolerance_agreed,
        batch=row.batch,
        vat_category=line.vat_category,
        product_id=line.product_id,
        gross=amounts.goods_gross(line=line, quantity=quantity, weight_g=row.packed_weight_g),
        wish=str(line.get_substitution_display()) if line.substitution != Substitution.LEAVE_OUT else "",
        note=line.note,
        instead_of=line.instead_of.title if line.instead_of else "",
        can_replace=row.problem == PackedLine.Problem.MISSING and line.instead_of_id is None,
    )
