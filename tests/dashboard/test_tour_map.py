"""The map of the tours: everything on it, north up, numbers in order."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.dashboard import tour_map
from marketplace.dashboard.tour_map import Route, Spot

HUB = Spot(54.40, 9.77)
SPOTS = st.builds(Spot, st.floats(54.2, 54.6), st.floats(9.4, 10.1))


@given(st.lists(SPOTS, max_size=12))
def test_draw_keeps_every_stop_on_the_map(spots: list[Spot]) -> None:
    drawing = tour_map.draw(hub=HUB, routes=[Route(tour=1, stops=[(spot, False) for spot in spots])], villages=[])
    halts = drawing.ways[0].halts
    assert [halt.number for halt in halts] == list(range(1, len(spots) + 1))
    assert all(0 < halt.x < drawing.width and 0 < halt.y < drawing.height for halt in halts)


def test_draw_puts_north_up_and_east_right() -> None:
    north_east = (Spot(54.45, 9.90), False)
    drawing = tour_map.draw(hub=HUB, routes=[Route(tour=1, stops=[north_east])], villages=[])
    halt = drawing.ways[0].halts[0]
    assert halt.x > drawing.hub.x
    assert halt.y < drawing.hub.y


def test_draw_names_only_villages_within_the_frame_and_clear_of_stops() -> None:
    villages = [("Fern", Spot(55.5, 9.77)), ("Am Sammelpunkt", HUB), ("Nah", Spot(54.42, 9.80))]
    route = Route(tour=1, stops=[(Spot(54.38, 9.70), False), (Spot(54.44, 9.84), True)])
    drawing = tour_map.draw(hub=HUB, routes=[route], villages=villages)
    assert {village.text: village.aside > 10 for village in drawing.villages} == {"Am Sammelpunkt": True, "Nah": False}


def test_draw_follows_the_roads_where_they_are_known_and_says_where_not() -> None:
    stops = [(Spot(54.38, 9.70), False)]
    way = [HUB, Spot(54.38, 9.77), Spot(54.38, 9.70), HUB]
    drawing = tour_map.draw(hub=HUB, routes=[Route(tour=1, stops=stops, way=way), Route(tour=2, stops=stops)], villages=[])
    by_road, straight = drawing.ways
    assert (len(by_road.points.split()), len(straight.points.split())) == (4, 3)
    assert drawing.straight == "some"
