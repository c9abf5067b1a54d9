"""Rounds, the places in them, the goods on their way, and the tours that carry them."""

from logistics.model_parts.boxes import Box, BoxEvent
from logistics.model_parts.deliveries import Collection, Delivery, DepositReturn, PackedLine, RoundStock
from logistics.model_parts.holds import AreaInterest, Reservation, ReservedStock, WaitingEntry
from logistics.model_parts.packing import PackingEvent, Shortage
from logistics.model_parts.plans import PlanningRun, PlanVersion
from logistics.model_parts.purchases import CasePack, Purchase
from logistics.model_parts.reports import BoxPhoto, CashCount, UnfollowedReport
from logistics.model_parts.rounds import (
    DeliveryRound,
    DeliveryWindow,
    PickupPoint,
    RoundException,
    RoundRule,
    RuleArea,
    RuleWindow,
)
from logistics.model_parts.savings import RoadCosts, RoundSavings
from logistics.model_parts.shelves import ColdLimits, HubCheck, PickupHost, Reading
from logistics.model_parts.spaces import RoundSpace
from logistics.model_parts.tours import Stop, StopEvent, Tour, Vehicle

__all__ = [
    "AreaInterest",
    "Box",
    "BoxEvent",
    "BoxPhoto",
    "CasePack",
    "CashCount",
    "ColdLimits",
    "Collection",
    "Delivery",
    "DeliveryRound",
    "DeliveryWindow",
    "DepositReturn",
    "HubCheck",
    "PackedLine",
    "PackingEvent",
    "PickupHost",
    "PickupPoint",
    "PlanVersion",
    "PlanningRun",
    "Purchase",
    "Reading",
    "Reservation",
    "ReservedStock",
    "RoadCosts",
    "RoundException",
    "RoundRule",
    "RoundSavings",
    "RoundSpace",
    "RoundStock",
    "RuleArea",
    "RuleWindow",
    "Shortage",
    "Stop",
    "StopEvent",
    "Tour",
    "UnfollowedReport",
    "Vehicle",
    "WaitingEntry",
]
