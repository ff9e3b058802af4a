"""Two organisations with one of everything and somebody of every role, for whoever walks all routes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from secrets import token_bytes
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.accounts.policy import POLICY, Scope
from app.accounts.queries import api_keys
from app.accounts.reach import Reach
from app.catalogue.input_commands import show_label
from app.certificates.paper_queries import papers_of
from app.certificates.queries import Sight, certificate_line
from app.db import open_session
from app.exchange.import_commands import SentList, send_list
from app.exchange.importers import IMPORTERS, layouts_for
from app.jobs.commands import queue
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.labels.commands import Printing, print_labels
from app.ledger.actors import Actor
from app.lots.queries import line_of
from app.models.accounts import Role
from app.models.diary import Work
from app.models.exchange import ImportLayout
from app.models.labels import LabelForm
from app.models.lots import Archive
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from app.notices.commands import tell
from app.registry.area_queries import area_by_uid
from app.registry.plot_commands import PlotDetails, register_plot
from app.transparency.notes import COSIGNATURE_V1, Verifier
from app.transparency.witnesses import register_witness
from tests.contracts.bodies import Place, form_for, json_for
from tests.contracts.inspected import inspected_things
from tests.contracts.marked import marked_things
from tests.contracts.moved import moved_things
from tests.contracts.planned import planned_things
from tests.contracts.printed import printed_things
from tests.contracts.recalled import recalled_things
from tests.contracts.recipes import FREE, FREE_ROUTES, QUERIES, SUBJECTS, UPLOADS, USED_UP
from tests.contracts.reported import reported_things
from tests.contracts.scanned import scanned_things
from tests.contracts.traded import numbered_things, numbered_unit
from tests.databases import NOW, Template
from tests.diary.growing import Growing
from tests.given import Given

# What a caller who may do it can be answered: the rest of the request may still be refused.
ALLOWED = {200, 201, 204, 303, 400, 409, 410, 412, 422, 428, 429}
OWN, OTHER = "own", "other"
PARAMETER = re.compile(r"{(\w+)}")
Routes = list[tuple[str, str, str]]


def routes_of(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Name, method and path of everything the application serves."""
    for context in iter_route_contexts(app.routes):
        methods = getattr(context, "methods", None) or {"GET"}
        for method in sorted(set(methods) - {"HEAD"}):
            yield str(context.name), method, str(context.path)


@dataclass(frozen=True)
class Told:
    """Account and key of everybody who calls, and the ids of what is whose."""

    callers: dict[Role, tuple[str, str]]
    own: dict[Role, Place]
    other: Place


def _build(engine: Engine) -> Told:
    with open_session(engine) as session:
        made = _Builder(session)
        session.commit()
        return Told(made.callers, made.own, made.other)


WORLD = Template("two-organisations", _build)


class World:
    """Two organisations with one of everything, and how each role asks for what is theirs or not."""

    def __init__(self, session: Session, told: Told) -> None:
        self.session, self.given = session, Given(session, NOW, first=1_000)
        self.callers, self.own, self.other = told.callers, told.own, told.other

    def faults(
        self, client: TestClient, name: str, method: str, path: str, role: Role | None, side: str
    ) -> Iterator[str]:
        status = self.ask(client, name, method, path, role, side)
        expected = self._expected(name, path, role, side)
        if status not in expected:
            yield f"{name} {method} {path} as {role or 'public'} on {side}: {status} not in {expected}"

    def ask(
        self, client: TestClient, name: str, method: str, path: str, role: Role | None, side: str
    ) -> int:
        place = self.own[role or Role.STAFF] if side == OWN else self.other
        client.cookies.clear()
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
        if role is not None:
            person, secret = self.callers[role]
            headers["Authorization"] = f"Bearer {secret}"
            place = Place({**place.ids, "person": person})
        if name in USED_UP:
            place = self._with_another(place, numbers="prefix" in name or "location" in name)
        sent: dict[str, Any] = {}
        if name in UPLOADS:
            sent = UPLOADS[name]
        elif method != "GET":
            is_api = path.startswith("/api/")
            sent = {"json": json_for(name, place)} if is_api else {"data": form_for(name)}
        return client.request(
            method, address_of(name, path, place), headers=headers, **sent
        ).status_code

    def _with_another(self, place: Place, *, numbers: bool) -> Place:
        """One more paper or GS1 number, for a route that takes it away."""
        area = area_by_uid(self.session, UUID(place["area"]), within=Reach.all())
        if numbers:
            return Place({**place.ids, **numbered_things(self.given, area)})
        document = self.given.document(area)
        line = certificate_line(self.session, UUID(place["certificate"]), sight=Sight(Reach.all()))
        standing = papers_of(self.session, line.certificate)
        paper = standing[0] if standing else self.given.certificate_paper(line.certificate)
        self.session.commit()
        fresh = {"document": str(document.uid), "certificate_paper": str(paper.uid)}
        return Place({**place.ids, **fresh})

    def _expected(self, name: str, path: str, role: Role | None, side: str) -> set[int]:
        scope = POLICY[name].scope(role)
        names_an_object = bool(PARAMETER.search(path)) and not is_free(name, path)
        if scope is Scope.NO:
            return {403} if role else {401, 303}
        if scope is Scope.OWN and side == OTHER and names_an_object:
            return {404}
        # Public addresses may name nothing at all; a body may name another's object.
        foreign_body = side == OTHER and scope is Scope.OWN and not names_an_object
        return ALLOWED | ({404} if foreign_body or POLICY[name].public else set())


class _Builder:
    """Makes two organisations with one of everything, and somebody of every role."""

    def __init__(self, session: Session) -> None:
        self.session, self.given = session, Given(session, NOW)
        given = self.given
        body = given.organisation(OrganisationKind.CERTIFICATION_BODY)
        home, away = given.cooperative(), given.cooperative()
        offices = {
            Role.CERTIFIER: body,
            Role.INSPECTOR: given.organisation(OrganisationKind.AUTHORITY),
            Role.PROVINCE_ADMIN: given.organisation(OrganisationKind.AUTHORITY),
        }
        callers = {role: given.key(role, offices.get(role, home)) for role in Role}
        strangers = given.organisation(OrganisationKind.CERTIFICATION_BODY)
        foreign = given.key(Role.CERTIFIER, strangers)[0]
        self.archive = self._archive()
        self.own = {role: self._place(home, callers[Role.CERTIFIER][0]) for role in Role}
        for role in Role:
            given.key(role, offices.get(role, home))  # a spare one, to be revoked
            self.own[role].ids["key"] = self._key(callers[role][0].organisation_id)
            layout = next(iter(layouts_for(role)), ImportLayout.GROWERS)
            self.own[role].ids.update(self._told(offices.get(role, home), layout))
        self.other = self._place(away, foreign)
        # What the province entered for another cooperative.
        self.other.ids.update(self._told(away, ImportLayout.CODES))
        self.callers = {role: (str(one.account_uid), key) for role, (one, key) in callers.items()}

    def _place(self, organisation: Organisation, certifier: Any) -> Place:
        given = self.given
        area = given.area(organisation)
        code = given.code(area)
        grower = given.grower(organisation)
        lot = given.lot(area)
        lab_report, lab_paper = given.lab_report(lot)
        printed = print_labels(
            self.session,
            line=line_of(self.session, lot),
            printing=Printing(LabelForm.PNG_203),
            base_url="https://truyxuat.test",
            by=Actor.system(),
            now=given.now,
        )
        plot = register_plot(
            self.session,
            organisation=organisation,
            details=PlotDetails("Thửa", grower.uid, "02839", SquareMetres(800)),
            by=Actor.system(),
            now=given.now,
        )
        run, printer, stock, layout = printed_things(self.session, given, organisation, lot)
        numbers = numbered_things(given, area)
        waiting = given.application(area, "CHN")
        document = given.document(area)
        account = given.account(Role.STAFF, organisation)
        given.key(Role.STAFF, organisation)
        certificate = given.certificate(area, by=certifier)
        season = given.season(area, sown=SquareMetres(1_000), harvest_from=-9)
        return Place(
            {
                "organisation": str(organisation.uid),
                "area": str(area.uid),
                "area_code": str(code.uid),
                "grower": str(grower.uid),
                "plot": str(plot.uid),
                "document": str(document.uid),
                "code": lot.code,
                "lab_report": str(lab_report.uid),
                "lab_paper": str(lab_paper.uid),
                "shopper_report": str(given.report(lot, photo=given.picture()).uid),
                "printing": str(printed.uid),
                "run": str(run.uid),
                "serial": "0000ABCDEFGH",
                "printer": str(printer.uid),
                "stock": stock.slug,
                "layout": layout.slug,
                "application": str(waiting.uid),
                "certificate": str(certificate.uid),
                "certificate_paper": str(given.certificate_paper(certificate).uid),
                "season": str(season.uid),
                **planned_things(self.session, given, organisation, certificate),
                **numbers,
                **marked_things(self.session, given),
                **scanned_things(self.session, given, organisation, lot),
                **inspected_things(self.session, given, organisation),
                **recalled_things(self.session, given, organisation, given.lot(area)),
                **reported_things(self.session, given, organisation),
                "sscc": numbered_unit(given, run, numbers["prefix"]),
                "product": str(given.product(organisation).uid),
                **self._grown(area),
                **moved_things(given, organisation),
                "archive": self.archive,
                "account": str(account.uid),
                "witness": self._witness(),
                "key": self._key(organisation.pk),
            }
        )

    def _witness(self) -> str:
        """Somebody who vouches for the public log."""
        verifier = Verifier("nhan-chung.test", token_bytes(32), COSIGNATURE_V1)
        made = register_witness(
            self.session, key=str(verifier), who="Ai đó", by=Actor.system(), now=self.given.now
        )
        return str(made.uid)

    def _archive(self) -> str:
        """An archive, which is the province's alone."""
        made = Archive(
            name="lots-2021-01",
            kind="lots",
            until=date(2021, 1, 31),
            rows=0,
            sha256="",
            content=b"",
            made_at=self.given.now,
        )
        self.session.add(made)
        return str(made.uid)

    def _grown(self, area: PlantingArea) -> dict[str, str]:
        """A planting with what belongs to its diary, and an input with an exception."""
        growing = Growing(self.given)
        planting = growing.planting(area)
        entry = growing.entry(planting, Work.HARVEST, kilograms=20)
        conflict = growing.conflict(planting)
        kept = growing.photo(entry)
        product, exception = growing.excepted()
        labelled = growing.product(f"Thuốc có nhãn {entry.uid}")
        show_label(
            self.session,
            product=labelled,
            picture_id=kept.pk,
            sha256=kept.sha256,
            by=Actor.system(),
            now=self.given.now,
        )
        found = {"planting": planting, "entry": entry, "conflict": conflict, "picture": kept}
        found |= {"input": product, "exception": exception, "labelled_input": labelled}
        return {name: str(row.uid) for name, row in found.items()}

    def _told(self, organisation: Organisation, layout: ImportLayout) -> dict[str, str]:
        """What is an organisation's own in every role: a notice, a job, a list from Excel."""
        notice = tell(
            self.session,
            organisation=organisation,
            kind="certificate.ending",
            about="certificate",
            sentence=say("Please sign in first."),
            address="/home",
            now=self.given.now,
        )
        job = queue(
            self.session,
            kind="areas.import",
            argument={},
            by=Actor.system(),
            organisation_id=organisation.pk,
            now=self.given.now,
        )
        return {
            "notice": str(notice.uid),
            "job": str(job.uid),
            "import": self._sent(organisation, layout),
        }

    def _sent(self, organisation: Organisation, layout: ImportLayout) -> str:
        batch = send_list(
            self.session,
            organisation=organisation,
            sent=SentList(layout, "ds.csv", b"a;b"),
            role=next(iter(IMPORTERS[layout].roles)),
            by=Actor.system(),
            now=self.given.now,
        )
        return str(batch.uid)

    def _key(self, organisation_id: int) -> str:
        return str(api_keys(self.session, within=Reach.own(organisation_id)).items[0].uid)


def is_free(name: str, path: str) -> bool:
    if name in SUBJECTS:
        return False
    if name in FREE_ROUTES or name == "set_legal_rule":
        return True
    return set(PARAMETER.findall(path)) <= FREE.keys() - {"key"}


def address_of(name: str, path: str, place: Place) -> str:
    def value(found: re.Match[str]) -> str:
        parameter = found[1]
        if name in SUBJECTS:
            return place[SUBJECTS[name]]
        if name in FREE_ROUTES:
            return FREE_ROUTES[name][parameter]
        if is_free(name, path):
            return FREE[parameter]
        return place[parameter]

    return PARAMETER.sub(value, path) + QUERIES.get(name, "")
