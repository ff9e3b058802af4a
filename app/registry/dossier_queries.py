"""Finding the dossier of an area, and what it lacks."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.errors import FieldError
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.models.catalogue import Standard
from app.models.dossiers import Dossier, DossierMarket, SiteCheck
from app.models.registry import CodeApplication, Grower, PlantingArea, Plot


@dataclass(frozen=True)
class PlotLine:
    """A plot of an area with the grower it belongs to."""

    plot: Plot
    grower: Grower


def find_dossier(session: Session, area_id: int) -> Dossier | None:
    """The dossier of an area; None before anybody began one."""
    return session.execute(
        select(Dossier).where(col(Dossier.area_id) == area_id)
    ).scalar_one_or_none()


def markets_of(session: Session, dossier: Dossier) -> list[str]:
    """The markets a dossier asks for, by code; none while nobody kept it."""
    if dossier.id is None:
        return []
    wanted = select(col(DossierMarket.market)).where(col(DossierMarket.dossier_id) == dossier.pk)
    return list(session.execute(wanted.order_by(col(DossierMarket.market))).scalars())


def standard_of(session: Session, dossier: Dossier) -> Standard | None:
    """The standard a dossier says is followed."""
    return None if dossier.standard_id is None else session.get(Standard, dossier.standard_id)


def plots_in(session: Session, area: PlantingArea) -> list[PlotLine]:
    """The plots of an area with their growers, by the grower's name."""
    wanted = (
        select(Plot, Grower)
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .where(col(Plot.area_id) == area.pk)
        .order_by(col(Grower.name_key), col(Plot.name_key))
    )
    return [PlotLine(*row) for row in session.execute(wanted)]


def land_of_plots(session: Session, area: PlantingArea) -> SquareMetres:
    """What the plots of an area add up to."""
    summed = select(func.sum(col(Plot.area_m2))).where(col(Plot.area_id) == area.pk)
    return SquareMetres(int(session.execute(summed).scalar_one() or 0))


def checks_of(session: Session, application: CodeApplication) -> list[SiteCheck]:
    """The site checks made for an application, newest first."""
    wanted = select(SiteCheck).where(col(SiteCheck.application_id) == application.pk)
    return list(session.execute(wanted.order_by(col(SiteCheck.id).desc())).scalars())


def missing_from(session: Session, area: PlantingArea, dossier: Dossier) -> list[FieldError]:
    """Everything a dossier still lacks before it can be handed in, all at once.

    The items are those of TT 18/2019/TT-BNNPTNT art. 6(7) and the usual dossier of QĐ 3156.
    """
    lacks = {
        "polygon": (area.polygon is None, say("Draw the boundary of the area.")),
        "markets": (not markets_of(session, dossier), say("Choose at least one market.")),
        "expected_output": (
            dossier.expected_output_g is None,
            say("Say how much a year is expected."),
        ),
        "households": (dossier.households is None, say("Say how many households grow here.")),
        "representative": (
            not dossier.representative,
            say("Say who represents the area to the authority."),
        ),
    }
    return [FieldError(field, why) for field, (missing, why) in lacks.items() if missing]
