"""A believable round of the Amt Hüttener Berge: its sixteen villages, invented farms and doors around their centres."""

import random
from math import cos, radians

from logistics.routing import Hub, Job, Place, Problem, Profile, VehicleSpec, Wave

# Name, latitude, longitude, people (about). Positions: GeoNames, CC BY 4.0; four of them rough.
VILLAGES = (
    ("Ahlefeld-Bistensee", 54.4020, 9.6760, 480),
    ("Ascheffel", 54.43042, 9.69982, 970),
    ("Borgstedt", 54.3370, 9.7070, 1500),
    ("Brekendorf", 54.42120, 9.63350, 1070),
    ("Bünsdorf", 54.36879, 9.74395, 590),
    ("Damendorf", 54.42266, 9.73551, 460),
    ("Groß Wittensee", 54.40557, 9.76809, 1010),
    ("Haby", 54.39518, 9.82137, 610),
    ("Holtsee", 54.4040, 9.8560, 1200),
    ("Holzbunge", 54.38044, 9.70579, 365),
    ("Hütten", 54.43691, 9.71963, 205),
    ("Klein Wittensee", 54.39115, 9.73323, 220),
    ("Neu Duvenstedt", 54.35802, 9.70549, 150),
    ("Osterby", 54.45354, 9.75136, 910),
    ("Owschlag", 54.39336, 9.59243, 3600),
    ("Sehestedt", 54.3660, 9.8190, 860),
)

HOUR = 3600
DOOR_WINDOWS = ((11 * HOUR, 13 * HOUR), (12 * HOUR, 15 * HOUR), (11 * HOUR, 15 * HOUR))
HUB = Place(54.40557, 9.76809)


def region_round(
    *, producers: int, drops: int, iterations: int, seed: int = 1, vans: int = 5, setup_seconds: int = 90, door_seconds: int = 90
) -> Problem:
    """A Saturday: farms call from seven, the hub is ready at half past ten, doors open from eleven to three."""
    dice = random.Random(seed)
    jobs = [_farm(number, dice) for number in range(producers)] + [_door(number, dice, door_seconds) for number in range(drops)]
    return Problem(
        hub=Hub(HUB, collected_by=10 * HOUR, ready_at=10 * HOUR + 1800, handling_seconds=900),
        jobs=tuple(jobs),
        vehicles=_fleet(vans),
        seed=seed,
        iterations=iterations,
        setup_seconds=setup_seconds,
    )


def _fleet(vans: int) -> tuple[VehicleSpec, ...]:
    day = (7 * HOUR, 15 * HOUR)
    vehicles = [_vehicle(f"van-{number}", "van", HUB, 300, 60, day, 3000, None) for number in range(vans)]
    cars = [_vehicle(f"car-{number}", "car", _centre(number), 40, 10, (10 * HOUR, 13 * HOUR), 1000, None) for number in (3, 14)]
    bike = _vehicle("bike", "bike", HUB, 20, 4, day, 500, 45_000)
    return (*vehicles, *cars, bike)


def _vehicle(
    key: str, profile: Profile, home: Place, crates: int, cold: int, shift: tuple[int, int], fixed: int, farthest: int | None
) -> VehicleSpec:
    skills = frozenset({"frozen"}) if profile == "van" else frozenset[str]()
    return VehicleSpec(key, home, home, crates, cold, shift, profile, fixed, farthest, skills)


def _farm(number: int, dice: random.Random) -> Job:
    return Job(
        key=f"farm-{number}",
        place=_near(dice.choice(VILLAGES), 1500, dice),
        load_crates=dice.randint(2, 30),
        load_cold=dice.randint(0, 6),
        service_seconds=300,
        window=(7 * HOUR, 10 * HOUR),
        kind=Wave.COLLECT,
    )


def _door(number: int, dice: random.Random, seconds: int) -> Job:
    village = dice.choices(VILLAGES, weights=[people for *_, people in VILLAGES])[0]
    return Job(
        key=f"door-{number}",
        place=_near(village, 500, dice),
        load_crates=dice.randint(1, 3),
        load_cold=dice.randint(0, 1),
        service_seconds=seconds,
        window=dice.choice(DOOR_WINDOWS),
        kind=Wave.DELIVER,
        needs=frozenset({"frozen"}) if dice.random() < 0.2 else frozenset(),
    )


def _near(village: tuple[str, float, float, int], spread_m: float, dice: random.Random) -> Place:
    _, lat, lon, _ = village
    north, east = dice.gauss(0, spread_m), dice.gauss(0, spread_m)
    return Place(lat + north / 111_200, lon + east / (111_200 * cos(radians(lat))))


def _centre(number: int) -> Place:
    _, lat, lon, _ = VILLAGES[number]
    return Place(lat, lon)
