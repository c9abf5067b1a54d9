"""The routing core: plain values in, a judged plan out. Knows nothing of Django, the database, settings or the clock."""

from logistics.routing.checker import Fault, Violation, violations
from logistics.routing.matrix import HaversineProvider, Matrices, MatrixProvider, Table
from logistics.routing.osrm import NoAnswer, OsrmHttpProvider
from logistics.routing.planning import Arranged, CalledOff, PlanRefused, Watch, arrange, plan, solve
from logistics.routing.problem import (
    Hub,
    InvalidProblem,
    Job,
    Place,
    Plan,
    PlannedStop,
    PlannedTour,
    Problem,
    Profile,
    Reason,
    Roads,
    Unserved,
    VehicleSpec,
    Wave,
)
from logistics.routing.ways import OsrmWays

__all__ = [
    "Arranged",
    "CalledOff",
    "Fault",
    "HaversineProvider",
    "Hub",
    "InvalidProblem",
    "Job",
    "Matrices",
    "MatrixProvider",
    "NoAnswer",
    "OsrmHttpProvider",
    "OsrmWays",
    "Place",
    "Plan",
    "PlanRefused",
    "PlannedStop",
    "PlannedTour",
    "Problem",
    "Profile",
    "Reason",
    "Roads",
    "Table",
    "Unserved",
    "VehicleSpec",
    "Violation",
    "Watch",
    "Wave",
    "arrange",
    "plan",
    "solve",
    "violations",
]
