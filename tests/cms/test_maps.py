"""The map of the villages, on plain values."""

from hypothesis import given
from hypothesis import strategies as st

from cms import maps

SPOTS = st.builds(
    maps.Spot,
    name=st.sampled_from(["Haby", "Hütten", "Neu Duvenstedt", "Ahlefeld-Bistensee"]),
    slug=st.just("ort"),
    latitude=st.floats(54.3, 54.5),
    longitude=st.floats(9.5, 9.9),
    count=st.integers(0, 50),
)


def spot(name: str, latitude: float, longitude: float, count: int = 1) -> maps.Spot:
    return maps.Spot(name=name, slug=name.lower(), latitude=latitude, longitude=longitude, count=count)


def test_draw_puts_north_up_and_east_right() -> None:
    sheet = maps.draw(spots=[spot("Nord", 54.5, 9.6), spot("Ost", 54.3, 9.9)])
    places = {place.name: place for place in sheet.places}
    assert places["Nord"].y < places["Ost"].y
    assert places["Nord"].x < places["Ost"].x


def test_draw_makes_the_dot_with_more_articles_bigger() -> None:
    sheet = maps.draw(spots=[spot("Viel", 54.5, 9.6, 40), spot("Wenig", 54.3, 9.9, 2)])
    places = {place.name: place for place in sheet.places}
    assert places["Viel"].radius == maps.DOTS[1]
    assert maps.DOTS[0] < places["Wenig"].radius < maps.DOTS[1]


def test_draw_of_nothing_is_an_empty_sheet() -> None:
    assert maps.draw(spots=[]).places == ()


@given(st.lists(SPOTS, min_size=1, max_size=20))
def test_draw_keeps_every_dot_on_the_sheet(spots: list[maps.Spot]) -> None:
    sheet = maps.draw(spots=spots)
    assert len(sheet.places) == len(spots)
    for place in sheet.places:
        assert 0 <= place.x <= sheet.width
        assert 0 <= place.y <= sheet.height
