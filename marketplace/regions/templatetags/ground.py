"""The ground under a drawn map, where the operator has a file for it."""

from django import template
from django.conf import settings

from marketplace.regions.ground import sheets
from marketplace.regions.ground.frame import Frame

register = template.Library()


@register.simple_tag
def ground_address(frame: Frame | None) -> str:
    """``{% ground_address map.frame as ground %}``: where the picture is, or nothing."""
    return sheets.address(frame=frame, path=settings.MAP_TILES)


@register.inclusion_tag("components/ground_source.html")
def ground_source() -> dict[str, str]:
    """``{% ground_source %}``: whose data lie under the maps of this page."""
    return {"source": sheets.source(path=settings.MAP_TILES)}
