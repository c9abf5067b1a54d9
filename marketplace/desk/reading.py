"""Lists what is read aloud before an order on the telephone is binding, and which of it was.

Article 246a section 4(3) EGBGB wants the essentials said; the rest follows on paper or by e-mail with the confirmation.
"""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

#: name of the point → what the office ticks; the order is that of the conversation
POINTS = {
    "goods": _("I have read out articles, numbers and the total price with delivery and deposits."),
    "delivery": _("I have said when and where the goods come, and until when the order can be changed."),
    "withdrawal": _("I have said what can be withdrawn from within 14 days and what cannot (fresh goods)."),
    "confirmation": _("I have said how the confirmation with all terms comes."),
    "binding": _("The customer wants to order this with an obligation to pay."),
}


def missing(*, read: Collection[str]) -> Sequence[str]:
    """The points that are not ticked."""
    return [name for name in POINTS if name not in read]
