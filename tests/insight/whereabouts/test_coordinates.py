from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from ugc.errors import InputError
from ugc.insight import read_places
from ugc.insight.whereabouts.coordinates import EXAMPLE, known_cities, spelling


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "places.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_the_example_reads(file):
    first, second = read_places(file(EXAMPLE))
    assert (first.place, first.city, first.latitude, first.longitude) == (
        "Пункт на Лесной",
        "Казань",
        55.79,
        49.12,
    )
    assert (second.line, second.place, second.city) == (3, None, "Gdańsk")


def test_semicolons_decimal_commas_and_a_byte_order_mark(file):
    found = read_places(file("\ufeffPlace;Latitude;Longitude\n\nКафе, у моста;-33,86;+151,2\n"))
    assert [(one.line, one.place, one.latitude, one.longitude) for one in found] == [
        (3, "Кафе, у моста", -33.86, 151.2)
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no columns"),
        ("city,lat,lon\nКазань,1,2", "city, lat, lon"),
        ("latitude,longitude\n1,2", "place or city"),
        ("city,latitude,longitude,city\nx,1,2,y", "columns latitude"),
        ("city,latitude,longitude\nКазань,91,2", "Line 2 of the places has the latitude '91'"),
        ("city,latitude,longitude\nКазань,1,181", "longitude '181'"),
        ("city,latitude,longitude\nКазань,N55,2", "'N55'"),
        ("city,latitude,longitude\nКазань,,2", "latitude ''"),
        ("city,latitude,longitude\nКазань,1", "Line 2 of the places has 2 columns"),
        ("city,latitude,longitude\n,1,2", "names nothing"),
        ("city,latitude,longitude\nКазань,1,2\nг. казань,3,4", "Lines 2 and 3"),
        ("city,latitude,longitude\n", "no line with a place"),
        ("city,latitude,longitude\n\x1b[2J,x,2", "latitude 'x'"),
    ],
)
def test_a_bad_line_is_named(file, text, message):
    with pytest.raises(InputError) as caught:
        read_places(file(text))
    assert message in str(caught.value)
    assert caught.value.mend
    assert "\x1b" not in str(caught.value)


def test_a_file_that_cannot_be_read(file, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_places(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="UTF-8"):
        read_places(file("city,latitude,longitude\nКазань,1,2", "cp1251"))
    with pytest.raises(InputError, match="5 MB"):
        read_places(file("x" * 5_000_001))


def test_known_cities_lie_on_the_earth_and_each_name_at_one_point():
    text = resources.files("ugc.insight.whereabouts").joinpath("cities.toml").read_text(encoding="utf-8")
    cities = tomllib.loads(text)["city"]
    assert len(cities) >= 150
    names = [spelling(name) for one in cities for name in dict.fromkeys(map(spelling, one["names"]))]
    assert len(names) == len(set(names)) == len(known_cities())
    for one in cities:
        latitude, longitude = one["at"]
        assert -60 < latitude < 72
        assert -180 < longitude < 180
        assert [round(latitude, 2), round(longitude, 2)] == one["at"]


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("санкт петербург", "Санкт-Петербург"),
        ("г.Казань", "Казань"),
        ("город Орел", "Орёл"),
        ("  Łódź ", "Лодзь"),
        ("ROSTOV\u2013ON\u2013DON", "Ростов-на-Дону"),
    ],
)
def test_spellings_meet(written, known):
    assert known_cities()[spelling(written)] == known_cities()[spelling(known)]


def test_a_name_that_begins_like_the_word_for_city_is_left_alone():
    assert spelling("Гатчина") == "гатчина"
    assert spelling("Городец") == "городец"
