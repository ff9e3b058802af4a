"""The world in sentences: `given.area(crop="BAP_CAI")`. Valid by default; a test says what matters.

Built through the product's own commands, so that the world is one users could have made.
"""

import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from PIL import Image
from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.caller_queries import find_caller_of_key
from app.accounts.commands import Invitation, create_api_key, invite_account, use_link
from app.accounts.queries import current_membership
from app.catalogue.product_commands import ProductDetails, register_product
from app.certificates.commands import CertificateDetails, record_certificate
from app.certificates.paper_commands import add_paper
from app.inspection.lab_commands import ReportDetails, add_lab_paper, record_report
from app.inspection.lab_rules import Finding
from app.kit.clock import day_of
from app.kit.quantities import Grams, SquareMetres
from app.ledger.actors import Actor
from app.lots.commands import record_lot
from app.lots.harvests import Harvest
from app.lots.queries import line_of
from app.models.accounts import Account, Role
from app.models.certificates import Certificate, CertificatePaper
from app.models.dossiers import Document, DocumentKind
from app.models.inspection import LabPaper, LabReport
from app.models.lots import HarvestLot
from app.models.products import Product
from app.models.registry import (
    AreaCode,
    CodeApplication,
    CodeScheme,
    Grower,
    Organisation,
    OrganisationKind,
    PlantingArea,
)
from app.models.reports import ShopperReport
from app.models.seasons import SeasonDeclaration
from app.pictures.cleaning import cleaned_picture
from app.registry.application_commands import file_application
from app.registry.area_commands import AreaDetails, register_area
from app.registry.decision_queries import Decision
from app.registry.document_commands import add_document
from app.registry.grower_commands import Person, register_grower
from app.registry.issue_commands import issue_code
from app.registry.organisation_commands import OrganisationDetails, register_organisation
from app.registry.papers import cleaned
from app.registry.season_commands import SeasonDetails, declare_season
from app.reports.receiving import SentReport, receive_report

PASSWORD = "ruộng bậc thang mùa lúa chín"
BAC_HA = "02839"
HARVEST = {"harvest_from": 10, "harvest_to": 40}
AUTHORITY_ROLES = {Role.INSPECTOR, Role.PROVINCE_ADMIN}


class Given:
    """Makes what a test needs; remembers nothing but the session and the time."""

    def __init__(self, session: Session, now: datetime, first: int = 1) -> None:
        self.session = session
        self.now = now
        self._numbers = count(first)

    def number(self) -> int:
        """One that was not given before."""
        return next(self._numbers)

    def cooperative(self, name: str = "", **details: Any) -> Organisation:
        return self.organisation(OrganisationKind.COOPERATIVE, name, **details)

    def organisation(self, kind: OrganisationKind, name: str = "", **details: Any) -> Organisation:
        chosen = {"commune": BAC_HA, **details}
        return register_organisation(
            self.session,
            kind=kind,
            details=OrganisationDetails(
                name=name or f"Hợp tác xã Rau số {self.number()}", **chosen
            ),
            by=Actor.system(),
            now=self.now,
        )

    def grower(
        self, organisation: Organisation, name: str = "", since: date | None = None, **details: Any
    ) -> Grower:
        number = self.number()
        chosen = {"commune": BAC_HA, "phone": f"09120{number:05}", **details}
        return register_grower(
            self.session,
            organisation=organisation,
            person=Person(name=name or f"Lý Thị Mẩy {number}", **chosen),
            member_since=since or self.day(-400),
            by=Actor.system(),
            now=self.now,
        )

    def area(
        self,
        organisation: Organisation | None = None,
        *,
        crop: str = "BAP_CAI",
        area_m2: int = 20_000,
        established_on: date | None = None,
        **details: Any,
    ) -> PlantingArea:
        chosen: dict[str, Any] = {"commune": BAC_HA, "crops": (crop,), **details}
        return register_area(
            self.session,
            organisation=organisation or self.cooperative(),
            details=AreaDetails(
                name=chosen.pop("name", f"Vùng {self.number()}"),
                area=SquareMetres(area_m2),
                established_on=established_on or self.day(-700),
                **chosen,
            ),
            by=Actor.system(),
            now=self.now,
        )

    def boundary(self, east: int = 0, north: int = 0, metres: int = 140) -> str:
        """A square in Bắc Hà as GeoJSON text, moved by so many of its own sides."""
        side_x, side_y = metres / 102_900, metres / 110_700
        west, south = 104.29 + east * side_x, 22.53 + north * side_y
        corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
        ring = [[round(west + x * side_x, 7), round(south + y * side_y, 7)] for x, y in corners]
        return json.dumps({"type": "Polygon", "coordinates": [ring]})

    def document(self, area: PlantingArea) -> Document:
        """A small picture among the papers of an area."""
        drawn = io.BytesIO()
        shade = self.number() % 256
        Image.new("RGB", (40, 30), (shade, 120, 60)).save(drawn, "PNG")
        return add_document(
            self.session,
            area=area,
            kind=DocumentKind.MAP,
            paper=cleaned(drawn.getvalue(), filename="ban-do.png"),
            by=Actor.system(),
            now=self.now,
        )

    def certificate_paper(
        self, certificate: Certificate, by: Caller | None = None
    ) -> CertificatePaper:
        """A small picture among the papers of a certificate."""
        return add_paper(
            self.session,
            certificate=certificate,
            paper=cleaned(self.picture(), filename="chung-nhan.png"),
            caller=by or self.caller(Role.INSPECTOR),
            now=self.now,
        )

    def picture(self) -> bytes:
        """A small picture, another one every time."""
        drawn, number = io.BytesIO(), self.number()
        Image.new("RGB", (40, 30), (number % 256, number // 256, 61)).save(drawn, "PNG")
        return drawn.getvalue()

    def application(self, area: PlantingArea, market: str = "VNM") -> CodeApplication:
        return file_application(
            self.session, area=area, market=market, note="", by=Actor.system(), now=self.now
        )

    def code(
        self, area: PlantingArea, market: str = "VNM", decided_on: date | None = None
    ) -> AreaCode:
        return self.issue(self.application(area, market), decided_on)

    def issue(self, application: CodeApplication, decided_on: date | None = None) -> AreaCode:
        return issue_code(
            self.session,
            application=application,
            decision=Decision(CodeScheme.ND38_2026, decided_on or self.day(-60), "12/QĐ-TTBVTV"),
            by=Actor.system(),
            now=self.now,
        )

    def season(self, area: PlantingArea, *, starts: int = -60, **details: Any) -> SeasonDeclaration:
        """A declared season; `starts`, `harvest_from` and `harvest_to` in days from today."""
        days = {name: self.day(details.pop(name, at)) for name, at in HARVEST.items()}
        chosen: dict[str, Any] = {
            "crop": "BAP_CAI",
            "sown": SquareMetres(area.area_m2),
            "expected_output": Grams(40_000_000),
            **details,
        }
        return declare_season(
            self.session,
            area=area,
            details=SeasonDetails(starts_on=self.day(starts), **days, **chosen),
            by=Actor.system(),
            now=self.now,
        )

    def certificate(
        self,
        area: PlantingArea,
        *,
        standard: str = "VIETGAP_2017",
        crops: tuple[str, ...] = ("BAP_CAI",),
        by: Caller | None = None,
        **details: Any,
    ) -> Certificate:
        holder = self.session.get_one(Organisation, area.organisation_id)
        chosen: dict[str, Any] = {
            "number": f"VietGAP-TT-13-09-10-{self.number():04}",
            "issued_on": self.day(-300),
            "valid_from": self.day(-300),
            "valid_to": self.day(300),
            "body_name": "Trung tâm Chứng nhận Tây Bắc",
            "areas": (area.uid,),
            "evidence": "Đã xem bản gốc." if by and by.role is Role.INSPECTOR else "",
            **details,
        }
        return record_certificate(
            self.session,
            holder=holder,
            details=CertificateDetails(standard=standard, crops=crops, **chosen),
            caller=by or self.caller(Role.COOP_ADMIN, holder),
            now=self.now,
        )

    def product(self, organisation: Organisation, **details: Any) -> Product:
        chosen: dict[str, Any] = {"crop": "BAP_CAI", "pack_g": 800, **details}
        name = chosen.pop("name_vi", f"Bắp cải gói {self.number()}")
        return register_product(
            self.session,
            organisation=organisation,
            details=ProductDetails(name_vi=name, **chosen),
            by=Actor.system(),
            now=self.now,
        )

    def lot(
        self,
        area: PlantingArea | None = None,
        *,
        crop: str = "BAP_CAI",
        kilograms: int = 250,
        harvested_on: date | None = None,
        grower: UUID | None = None,
        **details: Any,
    ) -> HarvestLot:
        place = area or self.area(crop=crop)
        return record_lot(
            self.session,
            organisation=self.session.get_one(Organisation, place.organisation_id),
            harvest=Harvest(
                area=place.uid,
                crop=crop,
                harvested_on=harvested_on or self.day(-1),
                quantity=Grams(kilograms * 1000),
                grower=grower,
                **details,
            ),
            by=Actor.system(),
            now=self.now,
        )

    def lab_report(
        self,
        lot: HarvestLot,
        *findings: Finding,
        by: Role = Role.STAFF,
        **details: Any,
    ) -> tuple[LabReport, LabPaper]:
        """A laboratory's report on a lot with its paper; an own test that passed unless told."""
        home = self.session.get_one(Organisation, lot.organisation_id)
        caller = self.caller(by, home if by is Role.STAFF else None)
        fine = Finding("Cypermethrin", value=Decimal("0.02"), unit="mg/kg", limit=Decimal(1))
        chosen: dict[str, Any] = {
            "laboratory": "Trung tâm Kiểm nghiệm",
            "number": f"KN-{self.number()}",
            "sampled_on": self.day(-1),
            "reported_on": self.day(0),
            **details,
        }
        report = record_report(
            self.session,
            line=line_of(self.session, lot),
            details=ReportDetails(findings=findings or (fine,), **chosen),
            caller=caller,
            now=self.now,
        )
        paper = cleaned(self.picture(), filename="phieu.png")
        kept = add_lab_paper(self.session, report=report, paper=paper, caller=caller, now=self.now)
        return report, kept

    def report(self, lot: HarvestLot | None = None, **sent: Any) -> ShopperReport:
        """What a shopper reports, from an address of its own; `photo`: bytes of a picture."""
        number = self.number()
        photo = sent.pop("photo", None)
        chosen: dict[str, Any] = {
            "kind": "spoiled",
            "words": f"Mua hôm qua, hôm nay đã thối. ({number})",
            "code": lot.code if lot else "LC1",
            "photo": cleaned_picture(photo) if photo else None,
            **sent,
        }
        return receive_report(
            self.session,
            SentReport(**chosen),
            place=f"203.0.113.{number}",
            language="vi",
            now=self.now,
        )

    def account(
        self, role: Role, organisation: Organisation | None = None, login: str = ""
    ) -> Account:
        kind = _kind_for(role)
        _, token = invite_account(
            self.session,
            who=Invitation(login or f"nguoi.{self.number()}", "Người dùng", role),
            organisation=organisation or self.organisation(kind),
            giver=Role.PROVINCE_ADMIN,
            by=Actor.system(),
            now=self.now,
        )
        return use_link(self.session, token=token, password=PASSWORD, now=self.now)

    def caller(self, role: Role, organisation: Organisation | None = None) -> Caller:
        return self.key(role, organisation)[0]

    def key(self, role: Role, organisation: Organisation | None = None) -> tuple[Caller, str]:
        """A caller of a role with an API key for it."""
        home = organisation or self.organisation(_kind_for(role))
        account, _ = invite_account(
            self.session,
            who=Invitation(f"may.{self.number()}", "Máy", role),
            organisation=home,
            giver=Role.PROVINCE_ADMIN,
            by=Actor.system(),
            now=self.now,
        )
        caller = _caller_of(self.session, account, home, role)
        _, secret = create_api_key(
            self.session, name="thử", caller=caller, expires_at=None, now=self.now
        )
        self.session.flush()
        found = find_caller_of_key(self.session, secret, self.now)
        if found is None:
            raise AssertionError("a new key must work")
        return found, secret

    def headers(self, role: Role, organisation: Organisation | None = None) -> dict[str, str]:
        """Headers of a request by somebody of a role."""
        _, secret = self.key(role, organisation)
        return {"Authorization": f"Bearer {secret}"}

    def day(self, days: int) -> date:
        """A day relative to today."""
        return (self.now + timedelta(days=days, hours=7)).date()


def _kind_for(role: Role) -> OrganisationKind:
    if role in AUTHORITY_ROLES:
        return OrganisationKind.AUTHORITY
    if role is Role.CERTIFIER:
        return OrganisationKind.CERTIFICATION_BODY
    return OrganisationKind.COOPERATIVE


def _caller_of(
    session: Session, account: Account, organisation: Organisation, role: Role
) -> Caller:
    membership = current_membership(session, account.pk, day_of(account.created_at))
    if membership is None:
        raise AssertionError("an invited account has a membership")
    return Caller(
        account_id=account.pk,
        account_uid=account.uid,
        name=account.display_name,
        login=account.login,
        language=account.language,
        membership_id=membership.pk,
        role=role,
        organisation_id=organisation.pk,
        organisation_uid=organisation.uid,
        organisation_name=organisation.name,
        demonstration=organisation.demonstration,
    )
