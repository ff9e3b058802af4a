"""The coordinate systems of Vietnamese field surveys, each with its EPSG code, and WGS 84. Pure."""

from enum import StrEnum
from functools import cache

from pyproj import Transformer


class CoordinateSystem(StrEnum):
    """WGS 84 in degrees, or VN-2000 in metres: by central meridian for zones of 3°, or of 6°.

    Circular 973/2001/TT-TCĐC gives every province its meridian; Lào Cai's is 104°45'.
    """

    WGS84 = "wgs84"
    VN2000_102_00 = "vn2000-102-00"
    VN2000_103_00 = "vn2000-103-00"
    VN2000_104_00 = "vn2000-104-00"
    VN2000_104_30 = "vn2000-104-30"
    VN2000_104_45 = "vn2000-104-45"
    VN2000_105_00 = "vn2000-105-00"
    VN2000_105_30 = "vn2000-105-30"
    VN2000_105_45 = "vn2000-105-45"
    VN2000_106_00 = "vn2000-106-00"
    VN2000_106_15 = "vn2000-106-15"
    VN2000_106_30 = "vn2000-106-30"
    VN2000_107_00 = "vn2000-107-00"
    VN2000_107_15 = "vn2000-107-15"
    VN2000_107_30 = "vn2000-107-30"
    VN2000_107_45 = "vn2000-107-45"
    VN2000_108_00 = "vn2000-108-00"
    VN2000_108_15 = "vn2000-108-15"
    VN2000_108_30 = "vn2000-108-30"
    VN2000_UTM_48 = "vn2000-utm-48"
    VN2000_UTM_49 = "vn2000-utm-49"

    @property
    def epsg(self) -> int:
        """The code in the register of the IOGP."""
        return _EPSG[self]

    @property
    def in_degrees(self) -> bool:
        """Whether positions are angles, not metres."""
        return self is CoordinateSystem.WGS84


_EPSG = {
    CoordinateSystem.WGS84: 4326,
    CoordinateSystem.VN2000_102_00: 5896,
    CoordinateSystem.VN2000_103_00: 9205,
    CoordinateSystem.VN2000_104_00: 9206,
    CoordinateSystem.VN2000_104_30: 9207,
    CoordinateSystem.VN2000_104_45: 9208,
    CoordinateSystem.VN2000_105_00: 5897,
    CoordinateSystem.VN2000_105_30: 9209,
    CoordinateSystem.VN2000_105_45: 9210,
    CoordinateSystem.VN2000_106_00: 9211,
    CoordinateSystem.VN2000_106_15: 9212,
    CoordinateSystem.VN2000_106_30: 9213,
    CoordinateSystem.VN2000_107_00: 9214,
    CoordinateSystem.VN2000_107_15: 9215,
    CoordinateSystem.VN2000_107_30: 9216,
    CoordinateSystem.VN2000_107_45: 5899,
    CoordinateSystem.VN2000_108_00: 5898,
    CoordinateSystem.VN2000_108_15: 9217,
    CoordinateSystem.VN2000_108_30: 9218,
    CoordinateSystem.VN2000_UTM_48: 3405,
    CoordinateSystem.VN2000_UTM_49: 3406,
}


def to_degrees(system: CoordinateSystem, easting: float, northing: float) -> tuple[float, float]:
    """Longitude and latitude on WGS 84 of a position in metres.

    By the seven parameters of Decision 05/2007/QĐ-BTNMT (EPSG:6960), to about a metre.
    """
    longitude, latitude = _way(system).transform(easting, northing)
    return longitude, latitude


@cache
def _way(system: CoordinateSystem) -> Transformer:
    return Transformer.from_crs(system.epsg, 4326, always_xy=True, allow_ballpark=False)
