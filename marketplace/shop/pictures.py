"""The size of cards by the names that the demo knows; everybody else asks `marketplace.pictures.sizes`."""

from marketplace.pictures import sizes

CARD = sizes.CARD


def specs_for(size: sizes.Size) -> tuple[str, str]:
    """Its two filters, WebP and JPEG."""
    return size.specs
