"""Phones report while packing: late, twice, in any order and from two phones; the end is the same."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logistics import pack_reports, packing
from logistics.models import Collection, PackedLine, PackingEvent
from logistics.pack_reports import Report
from marketplace.core.device_queue import Outcome
from tests.logistics.market import PACKING, Market

pytestmark = pytest.mark.django_db
Kind = PackingEvent.Kind
LATER = PACKING + timedelta(days=1)


def collection(lines: int = 2) -> tuple[Collection, list[PackedLine]]:
    market = Market()
    first = market.product()
    goods = [first, *(market.product(partner=first.partner) for _more in range(lines - 1))]
    market.order(*((product, 5) for product in goods))
    market.close()
    return Collection.objects.get(), list(PackedLine.objects.order_by("pk"))


def at(minutes: int) -> datetime:
    return PACKING + timedelta(minutes=minutes)


def record(number: int, line: PackedLine, quantity: int, minutes: int, **more: Any) -> Report:
    return Report(
        uuid=UUID(int=number),
        kind=Kind.RECORD,
        line_id=line.pk,
        reported_at=at(minutes),
        received_at=LATER,
        by=None,
        data={"quantity": quantity, "weight_g": None, "agreed": False, "batch": f"L{number}"} | more,
    )


def finish(number: int, crates: int, minutes: int) -> Report:
    data = {"crates": crates, "cold_crates": 0}
    return Report(
        uuid=UUID(int=number), kind=Kind.FINISH, line_id=None, reported_at=at(minutes), received_at=LATER, by=None, data=data
    )


def state() -> tuple[Any, ...]:
    row = Collection.objects.get()
    lines = PackedLine.objects.order_by("pk").values_list("packed", "batch", "problem", "packed_at")
    boxes = row.boxes.order_by("pk").values_list("status", flat=True)
    return row.status, row.crates, row.packed_at, *lines, *boxes


def test_take_counts_a_report_once() -> None:
    row, lines = collection()
    report = record(1, lines[0], 4, 10)
    heard = [pack_reports.take(collection=row, report=report).outcome for _twice in range(2)]
    assert (heard, PackingEvent.objects.count()) == ([Outcome.TAKEN, Outcome.KNOWN], 1)
    lines[0].refresh_from_db()
    assert (lines[0].packed, lines[0].packed_at, lines[0].batch) == (4, at(10), "L1")


def test_an_older_report_does_not_undo_a_later_one() -> None:
    row, lines = collection()
    pack_reports.take(collection=row, report=record(1, lines[0], 5, 20))
    assert pack_reports.take(collection=row, report=record(2, lines[0], 2, 10)).outcome == Outcome.TAKEN
    lines[0].refresh_from_db()
    assert lines[0].packed == 5


def test_a_clock_that_is_ahead_counts_as_now() -> None:
    row, lines = collection()
    ahead = record(1, lines[0], 5, 60 * 24 * 30)
    pack_reports.take(collection=row, report=ahead)
    lines[0].refresh_from_db()
    assert lines[0].packed_at == LATER


def test_what_cannot_be_followed_is_kept_with_the_reason_and_answered_alike() -> None:
    row, lines = collection()
    report = record(1, lines[0], 6, 10)
    first, again = (pack_reports.take(collection=row, report=report) for _twice in range(2))
    assert first == again
    assert (first.outcome, PackingEvent.objects.get().refusal) == (Outcome.REFUSED, first.sentence)


def test_a_line_of_another_farm_is_refused() -> None:
    row, _lines = collection()
    market = Market()
    market.order((market.product(), 1))
    market.close()
    foreign = PackedLine.objects.exclude(collection=row).get()
    assert pack_reports.take(collection=row, report=record(1, foreign, 1, 10)).outcome == Outcome.REFUSED
    foreign.refresh_from_db()
    assert foreign.packed is None


def test_nothing_changes_once_the_goods_are_handed_over() -> None:
    row, lines = collection()
    for number, line in enumerate(lines):
        pack_reports.take(collection=row, report=record(number + 1, line, 5, number))
    pack_reports.take(collection=row, report=finish(9, 1, 9))
    packing.hand_to_driver(collection=row, at=LATER, by=None)
    assert pack_reports.take(collection=row, report=record(8, lines[0], 1, 30)).outcome == Outcome.REFUSED
    lines[0].refresh_from_db()
    assert lines[0].packed == 5


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_two_phones_in_any_order_with_repetitions_end_the_same(data: st.DataObject) -> None:
    sides = transaction.savepoint()
    try:
        row, lines = collection(3)
        told: Sequence[Report] = [
            *(record(number + 1, line, 5, number) for number, line in enumerate(lines)),
            record(11, lines[0], 3, 7),  # the other phone, meanwhile
            record(12, lines[1], 0, 8),
            finish(20, 2, 12),
            record(13, lines[2], 4, 14),  # after the end, by whoever did not know of it
            finish(21, 3, 16),
        ]
        before = transaction.savepoint()
        for report in told:
            pack_reports.take(collection=row, report=report)
        wanted = state()
        transaction.savepoint_rollback(before)
        shuffled = data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told), max_size=4))]))
        for report in shuffled:
            pack_reports.take(collection=row, report=report)
        assert state() == wanted
        assert wanted[:3] == (Collection.Status.PACKED, 3, at(16))
    finally:
        transaction.savepoint_rollback(sides)
