"""Certificates on the wire: record, read, correct, confirm, and all that befalls them."""

from fastapi import APIRouter

from app.api.certificates import bodies, holders, life, papers, public, records

router = APIRouter()
for part in (holders, bodies, records, life, papers, public):
    router.include_router(part.router)
