"""Decides what is said of the right of withdrawal from an article, everywhere in the same words, and which ground is usual.

Page, checkout, confirmation, order and account show `sentence`; the words of the grounds are those of `core.wishes`.
"""

from django.utils.translation import gettext as _

from marketplace.catalogue.models import Category, Product
from marketplace.core.wishes import WithdrawalGround

#: how long a consumer may withdraw (section 355 (2) BGB)
DAYS = 14
#: goods that are sold loose are fresh
LOOSE = (Product.SalesUnit.BUNCH, Product.SalesUnit.KG, Product.SalesUnit.HUNDRED_GRAMS)


def sentence(*, ground: str) -> str:
    """What a customer reads of an article or order line with this ground; an empty ground means that he can withdraw."""
    if not ground:
        return _("Right of withdrawal: %(days)s days") % {"days": DAYS}
    return _("No right of withdrawal: %(ground)s") % {"ground": WithdrawalGround(ground).label}


def usual(*, category: Category | None, kind: str, sales_unit: str, catch_weight: bool, storage: str) -> str:
    """The ground that holds unless the producer says otherwise: by kind, then by shelf, then by how it is sold and kept."""
    if kind == Product.Kind.SERVICE:
        return WithdrawalGround.DATED_SERVICE
    if category is not None and category.withdrawal_ground:
        return category.withdrawal_ground
    if catch_weight or sales_unit in LOOSE or storage != Product.Storage.AMBIENT:
        return WithdrawalGround.PERISHABLE
    return ""
