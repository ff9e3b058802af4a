"""The voice-pick code of a case of produce: four digits a picker says instead of scanning. Pure.

As the Produce Traceability Initiative publishes it: the ANSI CRC-16 of GTIN, lot and pack date
(YYMMDD where the label has one) written one after the other, modulo 10,000; the last two digits are
printed large.
"""

_POLYNOMIAL = 0xA001  # x¹⁶ + x¹⁵ + x² + 1, reflected
_CODES = 10_000


def voice_pick(gtin: str, lot: str, packed: str = "") -> str:
    """The four digits of a case: `gtin` with 14 digits, `packed` as YYMMDD or empty."""
    return f"{_crc16((gtin + lot + packed).encode('ascii')) % _CODES:04}"


def _crc16(content: bytes) -> int:
    rest = 0
    for byte in content:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (_POLYNOMIAL if rest & 1 else 0)
    return rest
