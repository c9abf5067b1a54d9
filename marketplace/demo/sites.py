"""Gives each region its pages."""

from collections.abc import Mapping
from typing import Any

from marketplace.demo.gallery import Key
from marketplace.demo.market import Market
from marketplace.partner.models import Partner
from marketplace.pictures.models import Picture
from marketplace.regions.models import Region


def build(
    *,
    market: Market,
    regions: Mapping[str, Region],
    partners: Mapping[str, Partner],
    products: Mapping[str, Any],
    pictures: Mapping[Key, Picture],
    users: Mapping[str, Any],
) -> None:
    """Home page, fixed pages and stories of every region."""
