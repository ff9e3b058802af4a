"""The table of contents of the layouts."""

from collections.abc import Mapping

from app.exchange.importing import Importer
from app.exchange.layouts.areas import AREAS
from app.exchange.layouts.codes import CODES
from app.exchange.layouts.diary import DIARY
from app.exchange.layouts.growers import GROWERS
from app.exchange.layouts.harvests import HARVESTS
from app.exchange.layouts.plots import PLOTS
from app.models.accounts import Role
from app.models.exchange import ImportLayout

IMPORTERS: Mapping[ImportLayout, Importer] = {
    ImportLayout.GROWERS: GROWERS,
    ImportLayout.PLOTS: PLOTS,
    ImportLayout.AREAS: AREAS,
    ImportLayout.CODES: CODES,
    ImportLayout.HARVESTS: HARVESTS,
    ImportLayout.DIARY: DIARY,
}


def layouts_for(role: Role) -> list[ImportLayout]:
    """What a role may import."""
    return [layout for layout, importer in IMPORTERS.items() if role in importer.roles]
