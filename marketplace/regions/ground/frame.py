"""Which piece of the earth a drawing shows: from degrees to units of the drawing, north up."""

from dataclasses import astuple, dataclass
from typing import Self

from django.core import signing

SALT = "ground"
#: larger drawings and wider pieces of the earth are nobody's map
LARGEST, WIDEST = 2_000, 5.0


class Unreadable(Exception):
    """The address of a picture is not one of ours."""


@dataclass(frozen=True)
class Frame:
    """A drawing of so many units; its upper left corner and the units of one degree, which is shorter to the east."""

    width: int
    height: int
    west: float
    north: float
    to_the_degree_east: float
    to_the_degree_north: float

    def place(self, *, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a position is drawn."""
        return (longitude - self.west) * self.to_the_degree_east, (self.north - latitude) * self.to_the_degree_north

    @property
    def east(self) -> float:
        """Longitude of the right edge."""
        return self.west + self.width / self.to_the_degree_east

    @property
    def south(self) -> float:
        """Latitude of the lower edge."""
        return self.north - self.height / self.to_the_degree_north

    def told(self) -> str:
        """As a part of an address, signed: only our own maps have pictures drawn."""
        return signing.Signer(salt=SALT).sign_object([round(part, 5) for part in astuple(self)]).replace(":", "~")

    @classmethod
    def read(cls, told: str) -> Self:
        """Back from the address. Raises `Unreadable`."""
        try:
            width, height, *rest = signing.Signer(salt=SALT).unsign_object(told.replace("~", ":"))
            frame = cls(int(width), int(height), *map(float, rest))
        except (signing.BadSignature, TypeError, ValueError) as error:
            raise Unreadable from error
        if max(frame.width, frame.height) > LARGEST or max(frame.east - frame.west, frame.north - frame.south) > WIDEST:
            raise Unreadable
        return frame
