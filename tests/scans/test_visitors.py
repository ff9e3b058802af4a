"""People who look up a label are counted; machines that fetch a page are not."""

import pytest

from app.scans.visitors import is_person

PEOPLE = (
    (
        "Mozilla/5.0 (Linux; Android 13; SM-A536E) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/131.0.0.0 Mobile Safari/537.36"
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.1 Mobile/15E148 Safari/604.1"
    ),
    # Zalo's and Facebook's own browsers, in which somebody reads.
    (
        "Mozilla/5.0 (Linux; Android 12; V2110; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
        "Chrome/120.0.0.0 Mobile Safari/537.36 Zalo android/24112050 ZaloTheme/light ZaloLanguage/vi"
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 15_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Mobile/15E148 Zalo iOS/470 ZaloTheme/light ZaloLanguage/vn"
    ),
    (
        "Mozilla/5.0 (Linux; Android 11; RMX2185; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
        "Chrome/130.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/490.0.0.51.74;]"
    ),
    "Mozilla/5.0 (Linux; Android 10; CUBOT_X30) AppleWebKit/537.36 Chrome/99.0 Mobile Safari/537.36",
    "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) Presto/2.8.119 Version/11.10",
)
MACHINES = (
    "",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; Zalo/1.0; link preview)",
    "Mozilla/5.0 (Windows NT 10.0) ZaloPC-win32-24v654",
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.24.20.89 A",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0)",
    "Mozilla/5.0 (compatible; CocCocBot-web/1.0; +http://help.coccoc.com/searchengine)",
    "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534 Safari/534 BingPreview/1.0b",
    "meta-externalagent/1.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/131.0.0.0 Safari/537.36",
    "curl/8.5.0",
    "python-httpx/0.28.1",
    "Go-http-client/2.0",
)


@pytest.mark.parametrize("agent", PEOPLE)
def test_somebody_with_a_browser_is_a_person(agent: str) -> None:
    assert is_person(agent.encode())


@pytest.mark.parametrize("agent", MACHINES)
def test_a_machine_is_none(agent: str) -> None:
    assert not is_person(agent.encode())


def test_whatever_bytes_come_are_judged() -> None:
    assert not is_person(b"\xff\x00\xfe" * 4000)
    assert is_person(b"Mozilla/5.0 \xc3\xa9" + b"x" * 100_000)
