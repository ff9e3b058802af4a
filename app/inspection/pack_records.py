"""The records of a dossier as plain values: what a signed pack holds beside its page."""

from app.inspection.dossier_queries import Dossier
from app.inspection.packs import Record


def records_of(dossier: Dossier) -> list[Record]:
    """One record a line, each with the kind of thing it is."""
    made: list[Record] = [
        {
            "kind": "risk",
            "score": dossier.risk.score,
            "reasons": [
                {"kind": one.kind, "count": one.count, "points": one.points}
                for one in dossier.risk.reasons
            ],
        }
    ]
    made += [
        {"kind": "code", "code": code.code, "status": code.status, "market": code.market,
         "area": area.name}
        for code, area in dossier.codes
    ]  # fmt: skip
    made += [
        {"kind": "certificate", "number": one.certificate.number,
         "status": one.certificate.status, "valid_to": one.certificate.valid_to}
        for one in dossier.certificates
    ]  # fmt: skip
    made += [
        {"kind": "balance", "area": one.area.name, "crop": one.crop.slug,
         "used_g": one.used.value, "limit_g": one.limit.value}
        for one in dossier.gauges
    ]  # fmt: skip
    made += [
        {"kind": "lot", "code": one.lot.code, "crop": one.crop.slug, "state": one.lot.state,
         "harvested_on": one.lot.harvested_on, "quantity_g": one.lot.quantity_g}
        for one in dossier.lots
    ]  # fmt: skip
    return made + _of_work(dossier)


def _of_work(dossier: Dossier) -> list[Record]:
    made: list[Record] = [
        {"kind": "entry", "uid": one.entry.uid, "work": one.entry.work,
         "done_on": one.entry.done_on, "back_dated": one.entry.back_dated}
        for one in dossier.entries
    ]  # fmt: skip
    made += [
        {"kind": "finding", "uid": one.finding.uid, "severity": one.finding.severity,
         "state": one.finding.state, "due_on": one.finding.due_on, "words": one.finding.words}
        for one in dossier.findings
    ]  # fmt: skip
    made += [
        {"kind": "visit", "uid": one.visit.uid, "started_at": one.visit.started_at,
         "finished_at": one.visit.finished_at}
        for one in dossier.visits
    ]  # fmt: skip
    return [*made, *({"kind": "oddity", "what": one.kind, "why": str(one.why), "day": one.day}
                     for one in dossier.oddities)]  # fmt: skip
