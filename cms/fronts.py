"""Keeps what a home page shows for a short while: what changes by the minute for one, the quieter rows for five."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.utils.translation import get_language

from cms import drafts, stalls
from cms.blocks.base import HeadedBlock, joined, wishes_of
from cms.drafts import Draft

LIVELY_SECONDS: Final = 60
STEADY_SECONDS: Final = 300


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What is kept together: under which key (empty: not at all), how it is read, and how long it lasts."""

    key: str
    read: Callable[[], Draft]
    seconds: Callable[[dict[str, Any]], int]


def shown(
    *, sections: Sequence[tuple[str, HeadedBlock, Any]], share_id: int | None, visit: stalls.Visit, version: str
) -> tuple[dict[str, dict[str, Any]], Any]:
    """By key of the section what it shows, and the picture for those who share the page.

    `version` changes with every publication; without it (a preview) all is fresh.
    """
    wishes, pictures = wishes_of(sections=sections)
    sight = visit.sight.key if visit.sight is not None else ""
    place = f"{version}:{get_language()}:{visit.region.pk}:{sight}".replace(" ", "_")
    who = f"{visit.village.pk if visit.village else ''}:{visit.round_id or ''}:{'net' if visit.net else ''}"
    lively, steady = _kept(
        _Part(
            key=f"cms:lively:{place}:{who}" if version else "",
            read=lambda: stalls.lively(wishes=wishes, visit=visit),
            seconds=lambda found: _until_cutoff(found, visit),
        ),
        _Part(
            key=f"cms:steady:{place}:{visit.today}" if version else "",
            read=lambda: stalls.steady(wishes=wishes, pictures=pictures, share_id=share_id, visit=visit),
            seconds=lambda found: STEADY_SECONDS,
        ),
    )
    return joined(sections=sections, lively=lively, steady=steady), steady["share"]


def _kept(*parts: _Part) -> list[dict[str, Any]]:
    """Each part as it is kept, or read now; those that are read get their pictures together."""
    found = [cache.get(part.key) if part.key else None for part in parts]
    missing = [part for part, known in zip(parts, found, strict=True) if known is None]
    fresh = drafts.finish(drafts=[part.read() for part in missing])
    for part, made in zip(missing, fresh, strict=True):
        if part.key:
            cache.set(part.key, made, part.seconds(made))
    made_now = iter(fresh)
    return [next(made_now) if known is None else known for known in found]


def _until_cutoff(found: dict[str, Any], visit: stalls.Visit) -> int:
    """A minute, but not beyond the moment when a round on the board closes."""
    signs = [sign for board in found.values() for sign in getattr(board, "signs", ())]
    rest = [int((sign.deadline - visit.at).total_seconds()) for sign in signs]
    return max(1, min([LIVELY_SECONDS, *rest]))
