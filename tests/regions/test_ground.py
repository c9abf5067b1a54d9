"""What lies under the maps: drawn from the operator's own file, fetched from nobody, and missing it breaks no map."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.test import Client
from django.utils.translation import override
from pmtiles.tile import TileType

from logistics.routing import Place
from marketplace.dashboard import door_map, tour_map
from marketplace.dashboard.tour_map import Route, Spot
from marketplace.regions import drawing
from marketplace.regions.ground import archive, picture, sheets
from marketplace.regions.ground.archive import UnusableFile
from marketplace.regions.ground.frame import Frame, Unreadable
from tests.factories.market import MunicipalityFactory
from tests.regions import tiles

#: 800 units for the whole file, so zoom 10
FRAME = Frame(800, 460, 9.4, 54.5, 800 / 0.6, 800 / 0.35)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def file(tmp_path: Path) -> str:
    cache.clear()
    return tiles.write(tmp_path / "region.pmtiles")


def _drawn(file: str, known: frozenset[str] = frozenset()) -> ElementTree.Element:
    return ElementTree.fromstring(picture.draw(frame=FRAME, archive=archive.opened(path=file), known=known))


def test_draw_shows_water_woods_roads_and_names_without_style_or_script(file: str) -> None:
    root = _drawn(file)
    assert len(root.findall(f"{SVG}path")) == 4  # wood, lake, street and road; no footpath
    assert [text.text for text in root.iter(f"{SVG}text")] == ["Haby", "Klein & Fern"]
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "path", "g", "text"}


def test_draw_leaves_out_names_that_the_map_has_and_puts_places_where_they_are(file: str) -> None:
    (name,) = _drawn(file, frozenset({"Haby"})).iter(f"{SVG}text")
    x, y = FRAME.place(longitude=9.55, latitude=54.36)
    assert (abs(float(name.get("x", 0)) - x) < 2, abs(float(name.get("y", 0)) - y) < 2) == (True, True)


def test_draw_beside_the_file_is_empty(file: str) -> None:
    beside = Frame(400, 400, 12.0, 50.0, 900.0, 1400.0)
    assert "<path" not in picture.draw(frame=beside, archive=archive.opened(path=file))


def test_frames_of_all_maps_place_as_the_maps_do() -> None:
    hub, spot = Spot(54.40, 9.77), Spot(54.45, 9.60)
    tours = tour_map.draw(hub=hub, routes=[Route(tour=1, stops=[(spot, False)])], villages=[])
    halt = tours.ways[0].halts[0]
    assert tours.frame.place(longitude=9.60, latitude=54.45) == pytest.approx((halt.x, halt.y), abs=0.1)
    villages = [drawing.Spot(name=name, slug=name, latitude=lat, longitude=lon, count=1) for name, lat, lon in (
        ("West", 54.40, 9.55), ("Ost", 54.47, 9.90), ("Süd", 54.33, 9.70),
    )]  # fmt: skip
    sheet = drawing.draw(spots=villages)
    assert sheet.frame is not None
    south = next(place for place in sheet.places if place.name == "Süd")
    assert sheet.frame.place(longitude=9.70, latitude=54.33) == pytest.approx((south.x, south.y), abs=1)
    door = door_map.sheet(middle=Place(54.40, 9.77), span=1.5, marks=[])
    assert door.frame.place(longitude=9.77, latitude=54.40) == pytest.approx((140, 140))


def test_frame_comes_back_from_its_address_and_strangers_draw_nothing() -> None:
    assert Frame.read(FRAME.told()) == Frame(800, 460, 9.4, 54.5, 1333.33333, 2285.71429)
    for told in ("x", FRAME.told()[:-1], Frame(90_000, 90_000, 9.4, 54.5, 1.0, 1.0).told()):
        with pytest.raises(Unreadable):
            Frame.read(told)


def test_check_names_what_is_wrong_with_the_file(file: str, tmp_path: Path, settings: Any) -> None:
    broken = tmp_path / "broken.pmtiles"
    broken.write_bytes(b"PMTiles but not really")
    found = []
    with override("en"):
        for path in ("", file, "/nowhere.pmtiles", str(broken), tiles.write(tmp_path / "pictures.pmtiles", kind=TileType.PNG)):
            settings.MAP_TILES = path
            found.append([error.msg.split(": ")[1] for error in run_checks() if error.id == "regions.E001"])
    assert found[:2] == [[], []]
    assert "no file" in found[2][0]
    assert "not a PMTiles file" in found[3][0]
    assert "vector tiles" in found[4][0]


def test_a_replaced_file_has_pictures_of_its_own(file: str) -> None:
    before = sheets.address(frame=FRAME, path=file)
    tiles.write(Path(file), zoom=11, attribution="")
    assert sheets.address(frame=FRAME, path=file) != before
    assert sheets.source(path=file) == "© OpenStreetMap"
    with pytest.raises(UnusableFile):
        archive.opened(path=file + "x")


@pytest.mark.django_db
def test_maps_carry_the_ground_and_its_source_or_neither(client: Client, file: str, settings: Any) -> None:
    village = MunicipalityFactory.create()
    MunicipalityFactory.create(region=village.region, latitude=54.43, longitude=9.60)
    plain = client.get("/karte/").content.decode()
    assert "<image" not in plain
    cache.clear()
    settings.MAP_TILES = file
    page = client.get("/karte/").content.decode()
    assert "© OpenStreetMap" in page
    address = page.split('<image\n      href="')[1].split('"')[0]
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert "immutable" in answer["Cache-Control"]
    assert client.get(address.replace(".svg", "x.svg")).status_code == 404
