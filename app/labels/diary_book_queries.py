"""What a printed diary book says: a page for each grower's plots of a planting."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlmodel import Session

from app.accounts.reach import Reach
from app.diary.planting_queries import PlotChoice
from app.diary.queries import PlantingLine, planting_line, plantings
from app.diary.start_queries import plots_with_growers
from app.errors import refuse
from app.kit.i18n import language
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.labels.diary_book import BookPage, DiaryBook
from app.models.registry import Organisation

MOST_PAGES = 200


def diary_book(
    session: Session,
    *,
    organisation: Organisation,
    planting: UUID | None,
    base_url: str,
    today: date,
) -> DiaryBook:
    """A book of one planting, or of all that stand today; refused when there is nothing to print."""
    reach = Reach.own(organisation.pk)
    if planting is not None:
        lines = [planting_line(session, planting, within=reach)]
    else:
        lines = list(plantings(session, within=reach, standing_on=today, limit=MOST_PAGES).items)
    plots = plots_with_growers(session, {line.planting.pk for line in lines})
    pages = [
        page for line in lines for page in _pages(line, plots.get(line.planting.pk, ()), base_url)
    ]
    if not pages:
        raise refuse("planting", say("No planting stands today: there is nothing to print."))
    return DiaryBook(organisation.name, tuple(pages[:MOST_PAGES]), today)


def _pages(line: PlantingLine, choices: tuple[PlotChoice, ...], base_url: str) -> list[BookPage]:
    by_grower: defaultdict[int, list[PlotChoice]] = defaultdict(list)
    for choice in choices:
        by_grower[choice.grower.pk].append(choice)
    if not by_grower:
        return [_page(line, [], base_url)]
    return [_page(line, held, base_url) for held in by_grower.values()]


def _page(line: PlantingLine, held: list[PlotChoice], base_url: str) -> BookPage:
    planting = line.planting
    size = sum(choice.plot.area_m2 for choice in held) or planting.area_m2
    return BookPage(
        crop=line.crop.name_vi + (f" ({planting.variety})" if planting.variety else ""),
        area=line.area.name,
        plots=", ".join(choice.plot.name for choice in held),
        grower=held[0].grower.name if held else "",
        sown_on=planting.sown_on,
        area_size=language("vi").area(SquareMetres(size)),
        address=f"{base_url}/work/diary/new?planting={planting.uid}",
    )
