"""Finds all pictures of a page, with the sizes in which it shows them, in one query."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import Q

from marketplace.pictures import sizes
from marketplace.pictures.models import Picture, Rendition
from marketplace.pictures.sizes import ShownPicture, Size

Gallery = Mapping[int, Picture]
#: what cards show, and what is shown of a picture that is known by its key alone
CARDS: Final = sizes.CARD.specs
NAMED: Final = tuple(spec for size in (sizes.TILE, sizes.DETAIL, sizes.HERO, sizes.SHARE) for spec in size.specs)


def look_up(*, cards: Iterable[Picture | None] = (), named: Iterable[int | None] = ()) -> Gallery:
    """By key the `named` pictures, read together with their renditions; the pictures of `cards` are at hand and get theirs, too.

    One query, none for nothing. A named picture of which nothing has been made yet is read by a second one.
    """
    loaded = [picture for picture in cards if picture is not None]
    keys = {key for key in named if key is not None}
    if not loaded and not keys:
        return {}
    asked = Q(image_id__in={picture.pk for picture in loaded}, filter_spec__in=CARDS) | Q(
        image_id__in=keys, filter_spec__in=NAMED
    )
    made: dict[int, list[Rendition]] = {key: [] for key in [*keys, *(picture.pk for picture in loaded)]}
    for row in Rendition.objects.filter(asked).select_related("image"):
        made[row.image_id].append(row)
    found = {key: made[key][0].image for key in keys if made[key]}
    if len(found) < len(keys):
        found |= Picture.objects.in_bulk(keys - found.keys())
    for picture in [*found.values(), *loaded]:
        picture.prefetched_renditions = made[picture.pk]
    return found


def shown(*, gallery: Gallery, key: int | None, size: Size) -> ShownPicture | None:
    """A named picture in one size; None for none, or when it is gone."""
    return sizes.shown(picture=gallery.get(key) if key is not None else None, size=size)


def beside_text(*, gallery: Gallery, keys: Iterable[int]) -> dict[int, dict[str, ShownPicture | None]]:
    """What blocks name, by key and size name: broad for the hero, 4:3 beside text."""
    return {
        key: {
            "hero": sizes.shown(picture=gallery[key], size=sizes.HERO),
            "detail": sizes.shown(picture=gallery[key], size=sizes.DETAIL),
        }
        for key in keys
        if key in gallery
    }
