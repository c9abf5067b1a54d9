"""Names what nobody reads of the rows of a basket, so that it stays in the database (see `catalogue.columns`)."""

from typing import Final

from marketplace.catalogue import columns

OF_LINES: Final = (
    "line_reference", "price_currency", "price_excl_tax", "tax_code", "date_created", "date_updated",
    *columns.under("product", columns.ARTICLE),
    *columns.under("product__partner", (*columns.PRODUCER, *columns.WHEREABOUTS)),
    *columns.under("product__partner__municipality", columns.VILLAGE),
    *columns.under("product__picture", columns.PICTURE),
    *columns.under("stockrecord", columns.OFFER),
)  # fmt: skip
