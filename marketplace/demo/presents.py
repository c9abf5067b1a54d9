"""Lets customers of the demo give something away now and then: somebody else opens the door, and a greeting lies in the crate."""

from datetime import datetime

from marketplace.checkout.gifts import Gift
from marketplace.demo.market import Customer

#: one order in so many is a gift; of those that are paid at the door none is
ONE_IN = 40
RECIPIENTS = ("Insa Sommerwind", "Hauke Dünenblick", "Familie Apfelbaum", "Wiebke Sternklar", "Onno Lerchenfeld")
GREETINGS = (
    "Herzlichen Glückwunsch zum Geburtstag! Lasst es euch schmecken.",
    "Gute Besserung! Das hier hilft bestimmt.",
    "Danke fürs Blumengießen.",
    "Willkommen im neuen Zuhause: Brot und Salz kommen aus der Nachbarschaft.",
)


def given(*, customer: Customer, at: datetime) -> Gift | None:
    """What an order of that moment is a gift of; without dice, so that nothing else in the play changes by it."""
    turn = at.toordinal() * 7 + at.minute + sum(map(ord, customer.slug))
    if turn % ONE_IN:
        return None
    return Gift(
        recipient=RECIPIENTS[turn // ONE_IN % len(RECIPIENTS)],
        phone="",
        greeting=GREETINGS[turn // ONE_IN % len(GREETINGS)],
        street=customer.street,
        postal_code=customer.postal_code,
        city=customer.city,
    )
