"""What a drawing process does: paint a picture, or make the sizes of stored ones. Loads no table before it needs one."""

import io
from collections.abc import Sequence

from PIL import Image

from marketplace.demo import pictures

QUALITY = 92
PAGE, TILE, CARD = "page", "tile", "card"


def paint(*, motif: str, variant: int, width: int) -> bytes:
    """One picture as JPEG, so many pixels wide."""
    png = pictures.render(svg=pictures.draw(motif=motif, variant=variant), width=width)
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def cut(*, ids: Sequence[int], sort: str) -> int:
    """Make the sizes of some stored pictures, those that a `sort` of page shows first; others are made on looking."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from marketplace.pictures import sizes
    from marketplace.pictures.models import Picture

    wanted = {PAGE: (sizes.HERO, sizes.DETAIL, sizes.SHARE), TILE: (sizes.TILE,), CARD: (sizes.CARD,)}[sort]
    return sizes.prepare(pictures=Picture.objects.filter(pk__in=ids), sizes=wanted)
