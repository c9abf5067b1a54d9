"""Keeps what a home page shows for a short while: what changes by the minute for one, the quieter rows for five."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.core.cache import cache
from django.utils.translation import get_language

from cms import stalls
from cms.blocks.base import HeadedBlock, joined, wishes_of

LIVELY_SECONDS: Final = 60
STEADY_SECONDS: Final = 300


def shown(
    *, sections: Sequence[tuple[str, HeadedBlock, Any]], extra_pictures: Sequence[int], visit: stalls.Visit, version: str
) -> dict[str, dict[str, Any]]:
    """By key of the section what it shows. `version` changes with every publication; without it (a preview) all is fresh."""
    wishes, pictures = wishes_of(sections=sections)
    place = f"{version}:{get_language()}:{visit.region.pk}"
    lively = _kept(
        key=f"cms:lively:{place}:{visit.village.pk if visit.village else ''}:{visit.round_id or ''}" if version else "",
        read=lambda: stalls.lively(wishes=wishes, visit=visit),
        seconds=lambda found: _until_cutoff(found, visit),
    )
    steady = _kept(
        key=f"cms:steady:{place}:{visit.today}" if version else "",
        read=lambda: stalls.steady(wishes=wishes, pictures=[*pictures, *extra_pictures], visit=visit),
        seconds=lambda found: STEADY_SECONDS,
    )
    return joined(sections=sections, lively=lively, steady=steady)


def _kept(*, key: str, read: Callable[[], dict[str, Any]], seconds: Callable[[dict[str, Any]], int]) -> dict[str, Any]:
    if not key:
        return read()
    key = key.replace(" ", "_")
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = read()
        cache.set(key, known, seconds(known))
    return known


def _until_cutoff(found: dict[str, Any], visit: stalls.Visit) -> int:
    """A minute, but not beyond the moment when a round on the board closes."""
    signs = [sign for board in found.values() for sign in getattr(board, "signs", ())]
    rest = [int((sign.deadline - visit.at).total_seconds()) for sign in signs]
    return max(1, min([LIVELY_SECONDS, *rest]))
