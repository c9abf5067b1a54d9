"""What the addresses of the office's books are asked for."""

from marketplace.order.models import Order
from marketplace.regions.models import Region


def arguments(*, region: Region, delivered: Order) -> dict[str, list[object]]:
    """The arguments by the name of the address."""
    guest = Order.objects.filter(region=region, user__isnull=True).earliest("pk")
    return {"office:person": [delivered.user_id], "office:guest": [guest.number]}
