"""Names what nobody reads of rounds and windows that customers are shown; it stays in the database (see `catalogue.columns`)."""

from typing import Final

from marketplace.catalogue import columns

#: of a round: what becomes of it
COURSE: Final = ("plan", "rule_day", "closed_at", "planned_at", "started_at", "done_at", "cancelled_at")
#: of its plan: when rounds come, and what producers and the hub do
RHYTHM: Final = (
    "name", "frequency", "first_day", "week_of_month", "last_day", "on_holiday", "cutoff_hours", "confirm_hours", "announce_days",
    "is_direct", "collect_from", "collect_until", "hub_open_from", "hub_sorted_by", "is_active",
)  # fmt: skip
#: of a pickup point: what fits in
ROOM: Final = ("slug", "needs", "kept_hours", "capacity_orders", "capacity_crates", "capacity_cold")
#: of a farm where one fetches the goods: what it sells
FARM: Final = (
    *columns.PRODUCER, "kind", "email", "phone", "organic_code", "organic_valid_until", "minimum_order", "minimum_round",
)  # fmt: skip
OF_ROUNDS: Final = (*COURSE, *columns.under("rule", RHYTHM))
OF_WINDOWS: Final = (
    *columns.under("round", OF_ROUNDS),
    *columns.under("pickup_point", ROOM),
    *columns.under("partner", FARM),
)
