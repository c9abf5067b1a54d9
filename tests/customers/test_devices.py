"""How devices are called."""

import pytest

from marketplace.customers import devices

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


@pytest.mark.parametrize(
    ("line", "called"),
    [
        (FIREFOX, "Firefox, Windows"),
        (EDGE, "Edge, Windows"),
        (PHONE, "Chrome, Android"),
        (IPHONE, "Safari, iPhone"),
        ("curl/8.9", "Unbekanntes Gerät"),
        ("", "Unbekanntes Gerät"),
    ],
)
def test_name_tells_browser_and_system(line: str, called: str) -> None:
    assert devices.name(user_agent=line) == called
