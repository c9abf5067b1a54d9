"""Who orders and where the goods go, as told in the checkout."""

from dataclasses import dataclass

from logistics import tariffs
from logistics.tariffs import Door
from marketplace.checkout.gifts import Gift
from marketplace.regions.models import Municipality


@dataclass(frozen=True)
class Contact:
    """A person and, for delivery to the door, an address in a village that is served.

    Positions are degrees; without them the village's centre stands for the address. For pickup points the address stays empty.
    """

    first_name: str
    last_name: str
    email: str
    phone: str = ""
    company: str = ""
    note: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    municipality: Municipality | None = None
    latitude: float | None = None
    longitude: float | None = None
    #: ordered on the telephone: then a phone number will do instead of an e-mail address
    by_telephone: bool = False
    #: street, postal code and place to which letters and the invoice go; empty: where the goods go
    letters_to: tuple[str, str, str] = ("", "", "")
    #: the goods are a present: then the address is that of whoever receives it
    gift: Gift | None = None

    @property
    def door(self) -> Door:
        """Where goods are brought to."""
        return tariffs.door(municipality=self.municipality, postal_code=self.postal_code)

    @property
    def is_reachable(self) -> bool:
        """Whether there is a way to tell the person about the order."""
        return bool(self.email or (self.by_telephone and self.phone))

    @property
    def name(self) -> str:
        """First and last name, after the company if there is one."""
        person = f"{self.first_name} {self.last_name}".strip()
        return f"{self.company}, {person}" if self.company else person

    @property
    def recipient(self) -> str:
        """Who receives the goods."""
        return self.gift.recipient if self.gift else self.name

    @property
    def recipient_phone(self) -> str:
        """Whom the driver calls; without a number of the recipient's the giver."""
        return (self.gift.phone if self.gift else "") or self.phone
