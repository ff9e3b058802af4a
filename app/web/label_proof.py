"""Reading labels back from paper: the first and the last of a run, scanned, photographed or typed."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, Reading, Writing
from app.kit.messages import say
from app.labels import run_marks
from app.labels.run_files import keys_in
from app.labels.run_marks import expected_at
from app.labels.run_queries import RunLine, parts_of, proofs_of, run_by_uid
from app.models.print_runs import ProofEnd
from app.registry.organisation_queries import organisation_by_id
from app.web.pages import Refusal, TypedForm, Uploaded, go_to, show, tried
from app.web.reading import text_in_photo

router = APIRouter(prefix="/work/labels", include_in_schema=False)


@router.get("/runs/{run}/proof")
def proof_page(
    request: Request, call: Reading, run: UUID, which: str = "first", read: str = ""
) -> Response:
    """Scan the first and the last label of a run."""
    line = run_by_uid(call.session, run, within=call.within)
    return _proof(request, call, line, {"which": which, "read": read[:300]})


@router.post("/runs/{run}/proof")
def prove_run_form(
    request: Request,
    call: Writing,
    run: UUID,
    typed: TypedForm,
    photo: Uploaded,
    config: Config,
) -> Response:
    """What a label says: typed, scanned by the phone, or read here from a photograph."""
    line = run_by_uid(call.session, run, within=call.within)
    which = ProofEnd.LAST if typed.raw("which") == "last" else ProofEnd.FIRST
    read = (text_in_photo(photo) if photo else None) or typed.text("read", longest=300)
    if not read:
        why = say("No QR code was found in the picture. Hold the phone closer and straight.")
        return _proof(request, call, line, typed.fields, refusal=Refusal(why, {"read": why}))

    def effect() -> bool:
        proof = run_marks.prove_label(
            call.session,
            run=line.run,
            organisation=organisation_by_id(call.session, line.run.organisation_id),
            which=which,
            read=read,
            keys=keys_in(config.data_dir),
            by=call.actor,
            now=call.now,
        )
        return proof.matched

    matched = tried(call, effect)
    if isinstance(matched, Refusal):
        line = run_by_uid(call.session, run, within=call.within)
        return _proof(request, call, line, typed.fields, refusal=matched)
    if line.run.verified_at is not None and matched:
        return go_to(f"/work/labels/runs/{run}?done=run_verified")
    return go_to(f"/work/labels/runs/{run}/proof?which={'last' if matched else which.value}")


def _proof(
    request: Request,
    call: Call,
    line: RunLine,
    typed: dict[str, str],
    refusal: Refusal | None = None,
) -> Response:
    parts = parts_of(call.session, line.run)
    return show(
        request,
        call,
        "work/label_proof.html",
        status=422 if refusal else 200,
        line=line,
        expected={end.value: expected_at(parts, end) for end in ProofEnd},
        proofs=proofs_of(call.session, line.run),
        typed=typed,
        refusal=refusal,
    )
