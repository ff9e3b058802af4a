"""Planting-area codes of both schemes, with what befell some of them, and requests that wait."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from app.demo.scale.chance import Chance, Numbers, uids, weighted
from app.demo.scale.ground import Basis, Days, Ground
from app.demo.scale.land import Areas
from app.demo.scale.writing import write
from app.models.catalogue import LegalRule
from app.models.registry import (
    ApplicationState,
    AreaCode,
    AreaCodeStep,
    CodeApplication,
    CodeScheme,
    CodeSerial,
    CodeStatus,
)
from app.registry.codes import Grounds, default_token, key_of, made, parts_of, scope_of

MARKET = "VNM"
CODED = 0.6
WAITING = 0.03
NEVER = 10**6
DUE = timedelta(days=20)
# What befalls a code.
FATES = (CodeStatus.ACTIVE, CodeStatus.WARNED, CodeStatus.SUSPENDED, CodeStatus.REVOKED)
FATE_SHARES = np.array([0.93, 0.03, 0.02, 0.02])
LOST = frozenset({CodeStatus.SUSPENDED, CodeStatus.REVOKED})


@dataclass
class Codes:
    """The codes: position 0 has the key 1. By area: from when to when it held one."""

    uids: list[UUID]
    texts: list[str]
    schemes: list[CodeScheme]
    areas: Numbers
    issued: Numbers
    held: dict[int, tuple[int, int, str]] = field(default_factory=dict)


def make_codes(session: Session, basis: Basis, areas: Areas) -> Codes:
    """Codes issued one after another, as the law of each day had it."""
    ground, days, chance = basis.ground, basis.days, basis.chance
    drawn, periods = chance.of("codes"), _periods(session)
    chosen = np.flatnonzero(drawn.random(len(areas)) < CODED)
    begins = np.maximum(areas.since[chosen], 0)
    issued = begins + (drawn.random(len(chosen)) * (days.last - begins)).astype(np.int64)
    given = [
        (area, *found)
        for area, day in zip(chosen.tolist(), issued.tolist(), strict=True)
        if (found := _lawful(days.day(day), periods)) and found[1] <= days.day(days.last)
    ]
    given.sort(key=lambda one: one[2])
    grown = np.array([area for area, _, _ in given], dtype=np.int64)
    when = np.array([days.number(day) for _, _, day in given], dtype=np.int64)
    schemes = [scheme for _, scheme, _ in given]
    texts, parts, serials = _texts(areas, ground, days, schemes, grown, when)
    codes = Codes(uids(drawn, days.milliseconds(when)), texts, schemes, grown, when)
    _write_applications(session, codes, areas, days, chance)
    _write_codes(session, codes, parts, days, drawn)
    keys = list(serials)
    write(
        session,
        CodeSerial,
        {
            "scheme": [key[0].value for key in keys],
            "scope": [key[1] for key in keys],
            "last": [serials[key] for key in keys],
        },
    )
    return codes


def decision_of(day: date, at: int) -> str:
    """The number of the decision by which the code at a position was issued."""
    return f"{at % 400 + 1}/QĐ-TTBVTV-{day.year}"


def _periods(session: Session) -> list[tuple[CodeScheme, date, date]]:
    """When each scheme that is issued here was in force, the oldest first."""
    mine = [CodeScheme.QD3156_2022, CodeScheme.ND38_2026]
    wanted = select(LegalRule).where(col(LegalRule.key).in_([f"code_scheme.{one}" for one in mine]))
    rows = sorted(session.execute(wanted).scalars(), key=lambda row: row.valid_from)
    return [
        (CodeScheme(row.key.partition(".")[2]), row.valid_from, row.valid_to or date.max)
        for row in rows
    ]


def _lawful(
    day: date, periods: list[tuple[CodeScheme, date, date]]
) -> tuple[CodeScheme, date] | None:
    """The scheme of a day; where there was none, the next one and some day of its first months."""
    for scheme, begin, end in periods:
        if day <= end:
            wait = timedelta(days=day.toordinal() % 150)
            return scheme, day if day >= begin else begin + wait
    return None


def _texts(
    areas: Areas,
    ground: Ground,
    days: Days,
    schemes: list[CodeScheme],
    grown: Numbers,
    when: Numbers,
) -> tuple[list[str], list[str], Counter[tuple[CodeScheme, str]]]:
    serials: Counter[tuple[CodeScheme, str]] = Counter()
    texts, parts = [], []
    for scheme, area, day in zip(schemes, grown.tolist(), days.days(when), strict=True):
        place = ground.places[int(areas.places[area])]
        old = scheme is CodeScheme.QD3156_2022
        grounds = Grounds(
            province=place.former.province_code if old else place.present.province_code,
            district=place.district,
            commune=place.former.code,
            crop_token=default_token(ground.crops[areas.crops[area][0]].slug),
            market=MARKET,
            decided_on=day,
        )
        scope = (scheme, scope_of(scheme, grounds))
        serials[scope] += 1
        code = made(scheme, grounds, serials[scope])
        texts.append(str(code))
        parts.append(json.dumps(parts_of(code), ensure_ascii=False))
    return texts, parts, serials


def _write_codes(
    session: Session, codes: Codes, parts: list[str], days: Days, drawn: np.random.Generator
) -> None:
    count = len(codes.texts)
    fates = [FATES[at] for at in weighted(drawn, len(FATES), count, FATE_SHARES).tolist()]
    spans = (days.last - codes.issued) * drawn.random(count)
    befell = (codes.issued + spans.astype(np.int64)).tolist()
    issued = days.days(codes.issued)
    write(
        session,
        AreaCode,
        {
            "id": range(1, count + 1),
            "uid": codes.uids,
            "area_id": (codes.areas + 1).tolist(),
            "application_id": range(1, count + 1),
            "market": [MARKET] * count,
            "scheme": codes.schemes,
            "code": codes.texts,
            "code_key": [key_of(text) for text in codes.texts],
            "parts": parts,
            "issued_on": issued,
            "decision_number": [decision_of(day, at) for at, day in enumerate(issued)],
            "status": fates,
            "created_at": days.instants(codes.issued),
        },
    )
    _write_steps(session, codes, fates, befell, days)


def _write_steps(
    session: Session, codes: Codes, fates: list[CodeStatus], befell: list[int], days: Days
) -> None:
    """Every code begins active; what befell it later is its second step."""
    steps = [(at, CodeStatus.ACTIVE, int(codes.issued[at])) for at in range(len(fates))]
    for at, fate in enumerate(fates):
        lost = befell[at] if fate in LOST else NEVER
        codes.held[int(codes.areas[at])] = (int(codes.issued[at]), lost, codes.texts[at])
        if fate is not CodeStatus.ACTIVE:
            steps.append((at, fate, befell[at]))
    write(
        session,
        AreaCodeStep,
        {
            "id": range(1, len(steps) + 1),
            "code_id": [step[0] + 1 for step in steps],
            "status": [step[1] for step in steps],
            "effective_on": [days.day(step[2]) for step in steps],
            "reason": [
                "" if step[1] is CodeStatus.ACTIVE else "Kiểm tra định kỳ." for step in steps
            ],
            "recorded_at": [days.instant(step[2]) for step in steps],
        },
    )


def _write_applications(
    session: Session, codes: Codes, areas: Areas, days: Days, chance: Chance
) -> None:
    """Those that led to the codes, and some that wait; half of these are late."""
    drawn, coded = chance.of("applications"), set(codes.areas.tolist())
    free = [at for at in range(len(areas)) if at not in coded and areas.closed[at] < 0]
    open_ones = free[: int(len(areas) * WAITING)]
    asked = np.concatenate(
        [codes.issued - 12, days.last - drawn.integers(1, 40, len(open_ones))]
    ).astype(np.int64)
    count, done = len(asked), len(codes.texts)
    states = [ApplicationState.ISSUED] * done
    states += [
        ApplicationState.SUBMITTED if at % 2 else ApplicationState.INSPECTING
        for at in range(len(open_ones))
    ]
    moments: list[object] = [None] * count
    moments[:done] = days.instants(codes.issued)
    write(
        session,
        CodeApplication,
        {
            "id": range(1, count + 1),
            "uid": uids(drawn, days.milliseconds(asked)),
            "area_id": [*(codes.areas + 1).tolist(), *(at + 1 for at in open_ones)],
            "market": [MARKET] * count,
            "state": states,
            "submitted_at": days.instants(asked),
            "due_on": [day + DUE for day in days.days(asked)],
            "decided_at": moments,
        },
    )
