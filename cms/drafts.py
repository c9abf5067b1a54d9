"""What is read of the market for a page and waits for its pictures, so that all of them are looked up together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cms import gallery
from cms.gallery import Gallery
from marketplace.pictures.models import Picture


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`finish` makes the frozen values of each block once the pictures are there; `cards` and `named` say which."""

    finish: Callable[[Gallery], dict[str, Any]]
    cards: Sequence[Picture | None] = ()
    named: Sequence[int | None] = ()


def finish(*, drafts: Iterable[Draft]) -> list[dict[str, Any]]:
    """The values of each draft; one query for the pictures of all."""
    waiting = list(drafts)
    found = gallery.look_up(
        cards=[picture for draft in waiting for picture in draft.cards], named=[key for draft in waiting for key in draft.named]
    )
    return [draft.finish(found) for draft in waiting]
