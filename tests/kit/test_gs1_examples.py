"""The kinds of URIs that GS1 Digital Link: URI Syntax gives as examples, read and written again."""

from urllib.parse import urlsplit

import pytest

from app.kit.gs1_elements import as_bracketed, as_scanned
from app.kit.gs1_links import read_link
from app.kit.gs1_reading import link_of, read_text

ROOT = "https://id.gs1.org"
# Path and query, and what they say as an element string.
EXAMPLES = {
    "/01/09520123456788": "(01)09520123456788",
    "/01/09520123456788/22/2A": "(01)09520123456788(22)2A",
    "/01/09520123456788/10/ABC123": "(01)09520123456788(10)ABC123",
    "/01/09520123456788/21/12345": "(01)09520123456788(21)12345",
    "/01/09520123456788/235/TPX1": "(01)09520123456788(235)TPX1",
    "/01/09520123456788/22/2A/10/ABC1/21/12345": "(01)09520123456788(22)2A(10)ABC1(21)12345",
    "/01/09520123456788/10/ABC1/21/12345?17=180426": "(01)09520123456788(10)ABC1(21)12345(17)180426",
    "/01/09520123456788?3103=000195": "(01)09520123456788(3103)000195",
    "/01/09520123456788?17=201225&3103=000195&3922=0299": "(01)09520123456788(17)201225(3103)000195(3922)0299",
    "/00/952012345678912345": "(00)952012345678912345",
    "/414/9520123456788": "(414)9520123456788",
    "/414/9520123456788/254/32a%2Fb": "(414)9520123456788(254)32a/b",
    "/417/9520123456788": "(417)9520123456788",
    "/8003/09520123456788": "(8003)09520123456788",
    "/8003/09520123456788A1": "(8003)09520123456788A1",
    "/8004/9520614141234567": "(8004)9520614141234567",
    "/8006/095201234567880102": "(8006)095201234567880102",
    "/8010/9520123ABC/8011/12": "(8010)9520123ABC(8011)12",
    "/8013/1987654Ad4X4bL5ttr2310c2K": "(8013)1987654Ad4X4bL5ttr2310c2K",
    "/8017/952012345678912345/8019/1": "(8017)952012345678912345(8019)1",
    "/8018/952012345678912345/8019/1": "(8018)952012345678912345(8019)1",
    "/253/9520123456788": "(253)9520123456788",
    "/253/9520123456788AB1": "(253)9520123456788AB1",
    "/255/9520123456788": "(255)9520123456788",
    "/255/95201234567880001": "(255)95201234567880001",
    "/401/9520123ABC": "(401)9520123ABC",
    "/402/95201234567891235": "(402)95201234567891235",
}


@pytest.mark.parametrize("path", EXAMPLES)
def test_an_example_is_read_written_and_read_again(path: str) -> None:
    parts = urlsplit(path)
    link = read_link(parts.path, parts.query)
    assert as_bracketed(link.elements) == EXAMPLES[path]
    assert link.address("") == path
    for text in (
        ROOT + path,
        EXAMPLES[path],
        as_scanned(link.elements),
        ROOT + "/some/stem" + path,
    ):
        read = read_text(text)
        assert dict(read.elements) == link.elements
        assert link_of(read.elements, strict=False).address(ROOT) == ROOT + path


@pytest.mark.parametrize("path", EXAMPLES)
def test_a_trailing_slash_and_strange_parameters_are_borne(path: str) -> None:
    parts = urlsplit(path)
    strange = parts.query + "&utm_source=x&linkType=gs1:pip&flag&=&;;a=b"
    assert read_link(parts.path + "/", strange).address("") == path


@pytest.mark.parametrize("path", EXAMPLES)
def test_one_wrong_digit_in_the_key_is_noticed(path: str) -> None:
    """Of keys that end in, or hold, a check digit every other digit in its place is refused."""
    key, value = urlsplit(path).path.strip("/").split("/")[:2]
    at = {"8003": 13, "253": 12, "255": 12, "8006": 13}.get(key, len(value) - 1)
    if key in {"401", "8004", "8010", "8013"}:
        return  # these have no check digit there
    right = value[at]
    for wrong in set("0123456789") - {right}:
        spoiled = value[:at] + wrong + value[at + 1 :]
        with pytest.raises(ValueError, match="csum"):
            read_link(urlsplit(path).path.replace(value, spoiled, 1))
