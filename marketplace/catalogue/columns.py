"""Names what pages of baskets and orders leave in the database: long texts, the shop's own marks, what is the producer's alone.

Django weighs every column of every row anew at each request; a basket's rows are half as wide without these. Whatever is asked
for all the same is read row by row, which the tests refuse. Oscar's `upc` cannot be read later, so it is never left out.
"""

from typing import Final

ARTICLE: Final = (
    "structure", "parent", "product_class", "meta_title", "meta_description", "rating", "code",
    "date_created", "date_updated", "priority", "search_words", "shelf_key", "description", "ingredients",
    "origin", "diet", "labels",
)  # fmt: skip
PRODUCER: Final = (
    "code", "approved_at", "short", "story", "picture", "contact_first_name", "contact_last_name",
    "register_entry", "vat_id", "tax_number", "iban", "bank_name", "collect_from", "collect_until", "brings_to_hub",
)  # fmt: skip
#: where the producer is and how to be reached
WHEREABOUTS: Final = ("kind", "opening_text", "street", "postal_code", "city", "latitude", "longitude", "email", "phone")
VILLAGE: Final = ("region", "slug", "postal_codes", "latitude", "longitude")
OFFER: Final = ("price_currency", "low_stock_threshold", "date_created", "date_updated", "price_after")
PICTURE: Final = ("collection", "uploaded_by_user", "created_at", "file_size", "file_hash")


def under(way: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of rows that are reached that way: `product__description` …"""
    return tuple(f"{way}__{name}" for name in names)
