"""Says what was ordered and did not come, and why, as customers' documents print it, in German as the documents are."""

from django.db.models import F

from billing import agencies
from logistics.models import PackedLine

Problem = PackedLine.Problem
WHY = {
    Problem.MISSING: "fehlte",
    Problem.DAMAGED: "war beschädigt",
    Problem.REFUSED: "nicht angenommen",
    Problem.MINIMUM: "zu wenige Bestellungen bei diesem Betrieb",
    Problem.CUT: "der Betrieb hatte zu wenig davon",
    Problem.REPLACED: "durch Ähnliches ersetzt",
}
#: more would be a list of its own
MOST = 40


def of_orders(*, numbers: set[str], several: bool, seller_id: int | None = None) -> tuple[str, ...]:
    """One sentence a line of which less came than was ordered, in the order of the document; `several` names the order too.

    Of what one seller sells: the operator, or the producer that sells in its own name.
    """
    rows = PackedLine.objects.filter(delivery__order__number__in=numbers, delivered__lt=F("ordered"))
    rows = agencies.rows_of(rows, seller_id=seller_id).select_related("order_line", "delivery__order")
    rows = rows.order_by("delivery__completed_at", "delivery__order__number", "order_line__partner_name", "order_line__pk")
    found = [_sentence(row, several=several) for row in rows[: MOST + 1]]
    return (*found[:MOST], *(("… und weitere, siehe Ihre Lieferscheine.",) if len(found) > MOST else ()))


def _sentence(row: PackedLine, *, several: bool) -> str:
    line, gone = row.order_line, row.ordered - (row.delivered or 0)
    how_many = f"{gone} von {row.ordered} × " if row.delivered else f"{gone} × "
    why = WHY.get(Problem(row.problem), "")
    where = f" (Lieferschein {row.delivery.order.number})" if several else f" ({line.partner_name})" if line.partner_name else ""
    return f"{how_many}{line.title}{where}" + (f": {why}" if why else "")
