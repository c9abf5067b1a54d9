"""Rounds, the places in them, the goods on their way, and the tours that carry them."""

from logistics.model_parts.deliveries import Collection, Delivery, PackedLine, RoundStock
from logistics.model_parts.rounds import DeliveryRound, DeliveryWindow, PickupPoint, RoundException, RoundRule, RuleWindow
from logistics.model_parts.tours import Stop, StopEvent, Tour, Vehicle

__all__ = [
    "Collection",
    "Delivery",
    "DeliveryRound",
    "DeliveryWindow",
    "PackedLine",
    "PickupPoint",
    "RoundException",
    "RoundRule",
    "RoundStock",
    "RuleWindow",
    "Stop",
    "StopEvent",
    "Tour",
    "Vehicle",
]
