"""Decides where travel times and ways come from: road servers that are named, whose answers are kept a while, or the estimate."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache

from logistics.routing import HaversineProvider, MatrixProvider, OsrmHttpProvider, OsrmWays, Place, Profile, Table

#: roads change rarely
KEPT_SECONDS = 7 * 24 * 3600
#: larger tables would fill the cache
LARGEST = 600
PROFILES: Mapping[str, Profile] = {"van": "van", "car": "car", "bike": "bike"}


@dataclass(frozen=True, slots=True)
class RememberingProvider:
    """Asks another provider once a week for the same places. Estimates are not kept: the road server may be back in a minute."""

    asked: MatrixProvider
    name: str

    def table(self, points: Sequence[Place], profile: Profile) -> Table:
        """The table as it was asked for lately, or anew."""
        if len(points) > LARGEST:
            return self.asked.table(points, profile)
        key = self._key(points, profile)
        known = cache.get(key)
        if known is not None:
            return _unpacked(known, len(points))
        found = self.asked.table(points, profile)
        if not found.estimated:
            cache.set(key, _packed(found), timeout=KEPT_SECONDS)
        return found

    def _key(self, points: Sequence[Place], profile: Profile) -> str:
        places = ";".join(f"{point.lat:.5f},{point.lon:.5f}" for point in points)
        return "roads-" + hashlib.sha256(f"{self.name}|{profile}|{places}".encode()).hexdigest()


def provider(*, servers: Mapping[str, str], timeout_seconds: float = 10.0) -> MatrixProvider:
    """By the addresses of OSRM servers by profile ("van", "car", "bike"); the estimate where there is none, or none answers."""
    known = _known(servers)
    if not known:
        return HaversineProvider()
    by_road = OsrmHttpProvider(known, timeout_seconds=timeout_seconds)
    return RememberingProvider(by_road, "|".join(f"{profile}={url}" for profile, url in sorted(known.items())))


def ways(*, servers: Mapping[str, str], timeout_seconds: float = 10.0) -> OsrmWays:
    """Who knows the lines of ways on the roads; there is no estimate of these."""
    return OsrmWays(_known(servers), timeout_seconds=timeout_seconds)


def _known(servers: Mapping[str, str]) -> dict[Profile, str]:
    return {profile: servers[name] for name, profile in PROFILES.items() if servers.get(name)}


def _packed(table: Table) -> bytes:
    return np.stack([table.seconds, table.metres]).astype("<i4").tobytes()


def _unpacked(kept: bytes, size: int) -> Table:
    seconds, metres = np.frombuffer(kept, dtype="<i4").astype(np.int64).reshape(2, size, size)
    return Table(seconds, metres, estimated=False)
