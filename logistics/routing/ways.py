"""The line of a way on the roads, from an OSRM server's route service: for maps, never for times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.error import HTTPError

from logistics.routing.osrm import NoAnswer, ask
from logistics.routing.problem import Place, Profile


@dataclass(frozen=True, slots=True)
class OsrmWays:
    """Asks one OSRM server per profile; long ways in parts that stay below its `--max-viaroute-size`."""

    base_urls: Mapping[Profile, str]
    timeout_seconds: float = 10.0
    max_points: int = 90

    def way(self, points: Sequence[Place], profile: Profile) -> tuple[Place, ...]:
        """The way through these places in their order, as a line coarse enough for a map of all of it; empty without a road.

        Raises `NoAnswer` when the server is not there, or has no roads for the profile.
        """
        line: list[Place] = []
        for first in range(0, len(points) - 1, self.max_points - 1):
            part = self._part(points[first : first + self.max_points], profile)
            if not part:
                return ()
            line += part[1:] if line else part
        return tuple(line)

    def _part(self, points: Sequence[Place], profile: Profile) -> list[Place]:
        if profile not in self.base_urls:
            raise NoAnswer("no server is set for this profile")
        path = ";".join(f"{point.lon:.5f},{point.lat:.5f}" for point in points)
        url = f"{self.base_urls[profile].rstrip('/')}/route/v1/driving/{path}?overview=simplified&geometries=geojson&steps=false"
        try:
            return _line(ask(url=url, timeout_seconds=self.timeout_seconds))
        except NoAnswer as error:
            if isinstance(error.__cause__, HTTPError) and error.__cause__.code == HTTPStatus.BAD_REQUEST:
                return []  # "NoRoute" and "NoSegment": asking again would not help
            raise


def _line(answer: Mapping[str, object]) -> list[Place]:
    match answer:
        case {"routes": [{"geometry": {"coordinates": [*pairs]}}, *_]}:
            try:
                return [Place(float(lat), float(lon)) for lon, lat in pairs]
            except (TypeError, ValueError) as error:
                raise NoAnswer("the answer is not a way") from error
    raise NoAnswer("the answer is not a way")
