"""The farm diary on the wire: plantings, entries, what telephones send in, conflicts."""

from fastapi import APIRouter

from app.api.diary import conflicts, entries, plantings, sync

router = APIRouter(tags=["diary"])
for part in (plantings, sync, conflicts, entries):
    router.include_router(part.router)
