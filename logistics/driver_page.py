"""Decides what the driver's page shows of each stop: all of them at once, so that the page alone is enough for the whole tour."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from logistics import boxes, drops, empties, empties_page
from logistics.driving import Kind
from logistics.manifest import Halt
from logistics.models import Box, Delivery, DepositReturn, Stop, StopEvent, Tour, UnfollowedReport
from marketplace.core import wording


def in_order(*, found: Sequence[Halt]) -> list[Halt]:
    """The stops as they are driven to: those that the driver put off come after the others."""
    return sorted(found, key=lambda halt: (halt.put_off, halt.stop.put_off_at or halt.stop.planned_arrival, halt.stop.sequence))


def views(*, found: Sequence[Halt], tour: Tour, posted: QueryDict) -> list[dict[str, Any]]:
    """Each stop with all that its part of the page needs. Four queries for any number of stops."""
    containers = boxes.by_stop(tour=tour)
    doors = [delivery for halt in found if halt.stop.kind == Stop.Kind.DELIVER for delivery in halt.stop.deliveries.all()]
    rows = empties_page.rows_of(deliveries=doors, region=tour.round.region)
    noted: dict[int, list[DepositReturn]] = {}
    for item in DepositReturn.objects.filter(delivery__in=rows).order_by("noted_at", "pk"):
        noted.setdefault(item.delivery_id, []).append(item)
    return [
        {
            "halt": halt,
            "card": card(halt=halt, tour=tour),
            "left": _left(halt),
            "boxes": _boxes(halt, posted, containers.get(halt.stop.pk, [])),
            "containers": [
                {"box": box, "uuid": uuid4(), "lies_in": _key(_place(box))} for box in containers.get(halt.stop.pk, [])
            ],
            "empties": [_empties(halt, delivery, rows, noted) for delivery in _shown(halt)],
            "uuids": {"arrive": uuid4(), "over": uuid4(), "failed": uuid4(), "later": uuid4(), "back": uuid4(), "boxes": uuid4()},
        }
        for halt in found
    ]


def card(*, halt: Halt, tour: Tour) -> dict[str, Any]:
    """A halt in the words of the component `stop_card`."""
    stop = halt.stop
    point = f"{stop.latitude:.6f},{stop.longitude:.6f}"
    hints = [halt.codes]
    if halt.window_from and halt.window_until:
        span = wording.clock_span(timezone.localtime(halt.window_from), timezone.localtime(halt.window_until))
        hints.append(_("time window %(span)s") % {"span": span})
    done = wording.clock(timezone.localtime(stop.completed_at)) if stop.completed_at else ""
    return {
        "number": stop.sequence,
        "kind": stop.get_kind_display(),
        "when": wording.clock(timezone.localtime(stop.planned_arrival)),
        "name": stop.name,
        "address": stop.address.replace(", ", "\n", 1),
        "place_hint": " · ".join(filter(None, hints)),
        "window": hints[-1] if halt.window_from else "",
        "crates": halt.crates,
        "cold_crates": halt.cold_crates,
        "age_check": bool(halt.age_check),
        "state": "done" if halt.over else "open",
        "done_text": _("done at %(time)s") % {"time": done},
        "map_url": f"geo:{point}?q={point}({quote(stop.name)})",
        "phone": halt.phone.replace(" ", ""),
        "url": f"{reverse('logistics:tour', args=[tour.pk])}?halt={stop.sequence}",
    }


def tours() -> QuerySet[Tour]:
    """Tours with `last_pause` (what was reported last of breaks, by the phone's clock) and `has_unfollowed` reports."""
    pauses = StopEvent.objects.filter(stop__tour=OuterRef("pk"), kind__in=(Kind.BREAK, Kind.GO_ON)).order_by("-reported_at")
    waiting = UnfollowedReport.objects.filter(tour=OuterRef("pk"), settled_at__isnull=True)
    return Tour.objects.annotate(last_pause=Subquery(pauses.values("kind")[:1]), has_unfollowed=Exists(waiting))


def is_paused(*, tour: Tour) -> bool:
    """Whether the driver of a tour (of `tours`) has a break."""
    return bool(getattr(tour, "last_pause", "") == Kind.BREAK)


def unfollowed(*, tour: Tour) -> list[UnfollowedReport]:
    """What the driver of a tour (of `tours`) reported and could not be followed, as long as nobody has seen to it."""
    if not getattr(tour, "has_unfollowed", False):
        return []
    rows = UnfollowedReport.objects.filter(tour=tour, settled_at__isnull=True).select_related("stop")
    return list(rows.order_by("reported_at", "pk"))


def _left(halt: Halt) -> dict[str, str] | None:
    """The button for goods that are left as their customer wished."""
    wished = [box for box in halt.boxes if box.wish and box.open] if halt.stop.kind == Stop.Kind.DELIVER else []
    return {"value": wished[0].drop, "text": drops.done(drop=wished[0].drop)} if wished else None


def _shown(halt: Halt) -> list[Delivery]:
    """Whose empties can be noted; at a pickup point the office, or whoever keeps it, writes them down."""
    if halt.stop.kind != Stop.Kind.DELIVER:
        return []
    shown = {box.delivery_id for box in halt.boxes}
    return [delivery for delivery in halt.stop.deliveries.all() if delivery.pk in shown]


def _empties(
    halt: Halt, delivery: Delivery, rows: Mapping[int, list[empties_page.Row]], noted: Mapping[int, list[DepositReturn]]
) -> dict[str, Any]:
    given = noted.get(delivery.pk, [])
    return {
        "code": delivery.code,
        "several": len(halt.boxes) > 1,
        "delivery": delivery.pk,
        "rows": rows[delivery.pk],
        "noted": given,
        "worth": empties.worth(given),
        "action": reverse("logistics:empties", args=[halt.stop.tour_id, halt.stop.pk, delivery.pk]),
    }


def _boxes(halt: Halt, posted: QueryDict, containers: Sequence[Box]) -> list[dict[str, Any]]:
    """What is for each customer of a stop, each article with what the driver has entered, so that a refusal loses nothing.

    Of boxes that were missed when the vehicle was loaded, the articles stand as missing.
    """
    gone = _gone(containers)
    return [
        {
            "box": box,
            "missing": [
                container for container in containers if container.delivery_id == box.delivery_id and _is_missing(container)
            ],
            "entries": [
                {
                    "article": article,
                    "lies_in": _key((box.delivery_id, *article.lies_in)),
                    "quantity": posted.get(
                        f"quantity_{article.line_id}", 0 if (box.delivery_id, *article.lies_in) in gone else article.packed
                    ),
                    "problem": posted.get(
                        f"problem_{article.line_id}", "missing" if (box.delivery_id, *article.lies_in) in gone else ""
                    ),
                }
                for article in box.articles
                if article.packed
            ],
        }
        for box in halt.boxes
    ]


def _gone(containers: Sequence[Box]) -> set[tuple[int, int, bool]]:
    """Customer, farm and whether chilled, of which every box is missing."""
    there = {_place(box) for box in containers if not _is_missing(box)}
    return {_place(box) for box in containers if _is_missing(box)} - there


def _place(box: Box) -> tuple[int, int, bool]:
    return box.delivery_id, box.collection_id, box.is_cold


def _key(place: tuple[int, int, bool]) -> str:
    return "-".join(str(int(part)) for part in place)


def _is_missing(box: Box) -> bool:
    return box.status == Box.Status.MISSING
