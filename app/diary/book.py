"""What must be known to judge entries of one organisation: read once, however many entries there are."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.input_queries import KIND_OF_WORK, facts_of, longest_interval_on
from app.catalogue.input_rules import (
    InputVerdict,
    ProductFacts,
    UsedInput,
    verdict_of,
)
from app.catalogue.queries import regulated_actives
from app.diary.planting_queries import members_on
from app.diary.queries import PlantingLine, planting_line, plots_of_planting
from app.diary.rules import Terms
from app.diary.terms_queries import terms_on
from app.diary.writing import Using
from app.errors import NotFound, refuse
from app.kit.messages import say
from app.kit.text import fold
from app.models.catalogue import RegulatedActive
from app.models.diary import Work
from app.models.inputs import InputKind, InputProduct
from app.models.registry import Grower, GrowerMembership, Organisation, Plot


@dataclass
class Book:
    """The diary of one organisation while entries are written into it."""

    session: Session
    organisation: Organisation
    _lines: dict[UUID, PlantingLine] = field(default_factory=dict)
    _plots: dict[int, list[Plot]] = field(default_factory=dict)
    _terms: dict[date, Terms] = field(default_factory=dict)
    _facts: dict[int, ProductFacts] = field(default_factory=dict)
    _products: dict[UUID | str, int | None] = field(default_factory=dict)
    _longest: dict[date, int | None] = field(default_factory=dict)
    _growers: dict[UUID, Grower] = field(default_factory=dict)
    _members: dict[tuple[int, date], bool] = field(default_factory=dict)
    _regulated: list[RegulatedActive] | None = None

    def line(self, uid: UUID) -> PlantingLine:
        """The planting of the organisation; refused at `planting` when there is none."""
        if uid not in self._lines:
            try:
                within = Reach.own(self.organisation.pk)
                self._lines[uid] = planting_line(self.session, uid, within=within)
            except NotFound as unknown:
                raise refuse("planting", unknown.why) from None
        return self._lines[uid]

    def plots(self, line: PlantingLine) -> list[Plot]:
        """The plots a planting stands on."""
        key = line.planting.pk
        if key not in self._plots:
            self._plots[key] = plots_of_planting(self.session, line.planting)
        return self._plots[key]

    def terms(self, day: date) -> Terms:
        """The terms of a day."""
        if day not in self._terms:
            self._terms[day] = terms_on(self.session, day)
        return self._terms[day]

    def longest_interval(self, day: date) -> int | None:
        """The longest interval that may be registered for vegetables on a day."""
        if day not in self._longest:
            self._longest[day] = longest_interval_on(self.session, day)
        return self._longest[day]

    def grower(self, uid: UUID, day: date) -> Grower:
        """A member on a day; refused at `grower`."""
        if uid not in self._growers:
            self._growers[uid] = self._grower(uid)
        grower = self._growers[uid]
        if (grower.pk, day) not in self._members:
            members = members_on(self.session, {grower.pk}, self.organisation.pk, day)
            self._members[grower.pk, day] = bool(members)
        if not self._members[grower.pk, day]:
            raise refuse("grower", say("This grower was not a member on {day}.", day=day))
        return grower

    def facts(self, using: Using) -> ProductFacts | None:
        """The product that is meant: by its id, or by its whole name where only one bears it."""
        wanted: UUID | str = using.product or fold(using.name)
        if wanted not in self._products:
            self._products[wanted] = self._product(wanted)
        key = self._products[wanted]
        if key is None:
            if using.product is not None:
                raise refuse("inputs", say("There is no such product."))
            return None
        if key not in self._facts:
            self._facts |= facts_of(self.session, [key])
        return self._facts[key]

    def verdict(
        self, line: PlantingLine, work: Work, day: date, using: Using, facts: ProductFacts | None
    ) -> InputVerdict:
        """What the catalogue says of an input on the planting's crop on a day."""
        kind = KIND_OF_WORK.get(work, InputKind.PESTICIDE)
        if self._regulated is None:
            self._regulated = regulated_actives(self.session)
        return verdict_of(
            UsedInput(using.name, using.actives, using.interval_days, kind),
            facts,
            regulated=self._regulated,
            crop=line.crop,
            organisation_id=self.organisation.pk,
            on=day,
        )

    def _grower(self, uid: UUID) -> Grower:
        wanted = (
            select(Grower)
            .join(GrowerMembership, col(GrowerMembership.grower_id) == col(Grower.id))
            .where(
                col(Grower.uid) == uid,
                col(GrowerMembership.organisation_id) == self.organisation.pk,
            )
        )
        found: Grower | None = self.session.execute(wanted.limit(1)).scalars().first()
        if found is None:
            raise refuse("grower", say("There is no such grower."))
        return found

    def _product(self, wanted: UUID | str) -> int | None:
        if isinstance(wanted, UUID):
            by_uid = select(col(InputProduct.id)).where(col(InputProduct.uid) == wanted)
            return self.session.execute(by_uid).scalar_one_or_none()
        if not wanted:
            return None
        named = select(func.min(col(InputProduct.id)), func.count()).where(
            col(InputProduct.name_key) == wanted
        )
        first, count = self.session.execute(named).one()
        return int(first) if count == 1 else None
