"""The map of the villages, on plain values."""

from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from marketplace.regions import drawing

SPOTS = st.builds(
    drawing.Spot,
    name=st.sampled_from(["Haby", "Hütten", "Neu Duvenstedt", "Ahlefeld-Bistensee"]),
    slug=st.just("ort"),
    latitude=st.floats(54.3, 54.5),
    longitude=st.floats(9.5, 9.9),
    count=st.integers(0, 50),
)


def spot(name: str, latitude: float, longitude: float, count: int = 1) -> drawing.Spot:
    return drawing.Spot(name=name, slug=name.lower(), latitude=latitude, longitude=longitude, count=count)


def test_draw_puts_north_up_and_east_right() -> None:
    sheet = drawing.draw(spots=[spot("Nord", 54.5, 9.6), spot("Ost", 54.3, 9.9)])
    places = {place.name: place for place in sheet.places}
    assert places["Nord"].y < places["Ost"].y
    assert places["Nord"].x < places["Ost"].x


def test_draw_makes_the_dot_with_more_articles_bigger() -> None:
    sheet = drawing.draw(spots=[spot("Viel", 54.5, 9.6, 40), spot("Wenig", 54.3, 9.9, 2)])
    places = {place.name: place for place in sheet.places}
    assert places["Viel"].radius == drawing.DOTS[1]
    assert drawing.DOTS[0] < places["Wenig"].radius < drawing.DOTS[1]


def test_draw_of_nothing_is_an_empty_sheet() -> None:
    assert drawing.draw(spots=[]).places == ()


@given(st.lists(SPOTS, min_size=1, max_size=20))
def test_draw_keeps_every_dot_on_the_sheet(spots: list[drawing.Spot]) -> None:
    sheet = drawing.draw(spots=spots)
    assert len(sheet.places) == len(spots)
    for place in sheet.places:
        assert 0 <= place.x <= sheet.width
        assert 0 <= place.y <= sheet.height
        assert place.radius <= place.x <= sheet.width - place.radius


def test_draw_keeps_dots_apart() -> None:
    sheet = drawing.draw(spots=[spot("Hier", 54.4, 9.6), spot("Da", 54.4001, 9.6001), spot("Fern", 54.3, 9.9)])
    near, other = (place for place in sheet.places if place.name != "Fern")
    assert hypot(near.x - other.x, near.y - other.y) >= near.radius + other.radius


def test_draw_keeps_names_on_the_sheet() -> None:
    long = [spot("Ahlefeld-Bistensee-Moor", 54.3, 9.5), spot("Norderstedt-Friedrichsgabe", 54.3, 9.9)]
    for place in drawing.draw(spots=long).places:
        wide = len(place.name) * drawing.LETTER
        start = {"start": place.label_x, "middle": place.label_x - wide / 2, "end": place.label_x - wide}[place.anchor]
        assert 0 <= start <= drawing.WIDTH - wide


def test_draw_puts_a_pickup_point_on_the_rim_of_its_village() -> None:
    sheet = drawing.draw(spots=[spot("Hier", 54.4, 9.6), spot("Fern", 54.3, 9.9)], marks=[spot("Laden", 54.4, 9.6)])
    ((x, y),) = sheet.marks
    here = next(place for place in sheet.places if place.name == "Hier")
    assert hypot(x + drawing.SQUARE - here.x, y + drawing.SQUARE - here.y) >= here.radius
