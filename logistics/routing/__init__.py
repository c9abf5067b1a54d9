"""The routing core: plain values in, a judged plan out. Knows nothing of Django, the database, settings or the clock."""

from logistics.routing.checker import Fault, Violation, violations
from logistics.routing.matrix import HaversineProvider, Matrices, MatrixProvider, Table
from logistics.routing.osrm import OsrmHttpProvider
from logistics.routing.planning import PlanRefused, plan, solve
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
    Unserved,
    VehicleSpec,
    Wave,
)

__all__ = [
    "Fault",
    "HaversineProvider",
    "Hub",
    "InvalidProblem",
    "Job",
    "Matrices",
    "MatrixProvider",
    "OsrmHttpProvider",
    "Place",
    "Plan",
    "PlanRefused",
    "PlannedStop",
    "PlannedTour",
    "Problem",
    "Profile",
    "Reason",
    "Table",
    "Unserved",
    "VehicleSpec",
    "Violation",
    "Wave",
    "plan",
    "solve",
    "violations",
]
