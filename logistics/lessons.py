"""Says after a round what to change next time: windows full, too tight or unwanted, vehicles too empty, goods missing or warm."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import daytime
from logistics.models import DeliveryWindow
from logistics.readings import Judged
from marketplace.core import wording

#: shares of a hundred from which something is worth a word
FULL, EMPTY, LATE, TIGHT = 90, 35, 10, 25
#: so many of one producer, or in one window, are no accident
OFTEN = 2


@dataclass(frozen=True)
class Filling:
    """How full (of a hundred) a tour was."""

    tour: str
    full: int


def of(
    *,
    windows: Iterable[DeliveryWindow],
    fillings: Iterable[Filling],
    late: Mapping[int, int],
    timed: Mapping[int, int],
    failed: Mapping[int, int],
    lacking: Mapping[str, int],
    lost: Mapping[str, int],
    warm: Sequence[Judged],
) -> Iterator[str]:
    """The lessons in sentences, windows first; these are loaded with their places.

    `late`, `timed` and `failed` count deliveries by window, `lacking` lines and `lost` boxes by producer.
    """
    rows = list(windows)
    yield from _of_windows(rows, late, timed, failed)
    yield from _of_lateness(sum(late.values()), sum(timed.values()))
    yield from _of_vehicles(fillings)
    yield from _of_producers(lacking, lost)
    for where, number in sorted(Counter(judged.where for judged in warm).items()):
        text = ngettext(
            "%(where)s: goods were too warm once. Please look at cooling and thermometer.",
            "%(where)s: goods were too warm %(number)s times. Please look at cooling and thermometer.",
            number,
        )
        yield text % {"where": where, "number": number}


def _of_windows(
    rows: Iterable[DeliveryWindow], late: Mapping[int, int], timed: Mapping[int, int], failed: Mapping[int, int]
) -> Iterator[str]:
    for window in rows:
        begin, end = (moment.astimezone(daytime.ZONE) for moment in (window.starts_at, window.ends_at))
        told = {"place": window.place or _("At the door"), "span": wording.clock_span(begin, end)}
        too_late, of_all, nobody = (counted.get(window.pk, 0) for counted in (late, timed, failed))
        known = {**told, "late": too_late, "all": of_all, "number": nobody}
        if window.taken * 100 >= window.capacity * FULL and window.capacity:
            yield _("%(place)s, %(span)s was full: offer more places.") % known
        elif not window.taken and window.capacity and not window.partner_id:
            yield _("%(place)s, %(span)s was chosen by nobody: offer another time, or leave it out.") % known
        if too_late >= OFTEN and too_late * 100 >= of_all * TIGHT:
            yield _("%(place)s, %(span)s is too tight: %(late)s of %(all)s deliveries came after it. Make it longer.") % known
        if nobody >= OFTEN:
            yield _("%(place)s, %(span)s: %(number)s deliveries met nobody. Another time may suit people better.") % known


def _of_lateness(late: int, timed: int) -> Iterator[str]:
    if late and late * 100 >= timed * LATE:
        text = ngettext(
            "%(number)s delivery came too late: start earlier, allow wider windows or take a further vehicle.",
            "%(number)s deliveries came too late: start earlier, allow wider windows or take a further vehicle.",
            late,
        )
        yield text % {"number": late}


def _of_vehicles(fillings: Iterable[Filling]) -> Iterator[str]:
    rows = list(fillings)
    for row in rows:
        told = {"tour": row.tour, "full": row.full}
        if row.full > 100 - (100 - FULL) // 2:
            yield _("%(tour)s had hardly any room left.") % told
        elif row.full < EMPTY:
            yield _("%(tour)s was filled to %(full)s percent: a smaller vehicle would do.") % told


def _of_producers(lacking: Mapping[str, int], lost: Mapping[str, int]) -> Iterator[str]:
    for name, number in sorted(lacking.items()):
        if number >= OFTEN:
            yield _("%(name)s lacked %(number)s articles: please ask whether the stock is right.") % {
                "name": name,
                "number": number,
            }
    for name, number in sorted(lost.items()):
        text = ngettext(
            "%(number)s box of %(name)s got lost on the way: please look where it was seen last.",
            "%(number)s boxes of %(name)s got lost on the way: please look where they were seen last.",
            number,
        )
        yield text % {"number": number, "name": name}
