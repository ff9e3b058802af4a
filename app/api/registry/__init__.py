"""The register on the wire: organisations, growers, plots, planting areas and their codes."""

from fastapi import APIRouter

from app.api.registry import (
    applications,
    areas,
    codes,
    documents,
    dossiers,
    growers,
    organisations,
    plots,
    seasons,
    twins,
)

router = APIRouter(tags=["registry"])
for part in (
    organisations,
    twins,  # before one grower: its address would hold this too
    growers,
    plots,
    areas,
    dossiers,
    documents,
    applications,
    codes,
    seasons,
):
    router.include_router(part.router)
