"""Draws the schematic of the communes that the map shows, from the shipped centroids."""

from pathlib import Path

from app.reference.commune_schematic import centres, schematic

SHIPPED = Path(__file__).parent.parent / "app/web/static/communes.geojson"


def main() -> None:
    """Write the file anew; needed when admin_units.csv changes."""
    SHIPPED.write_text(schematic(centres()), encoding="utf-8")


if __name__ == "__main__":
    main()
