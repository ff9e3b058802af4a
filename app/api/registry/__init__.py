"""The register on the wire: organisations, growers, plots, planting areas and their codes."""

from fastapi import APIRouter

from app.api.registry import applications, areas, codes, growers, organisations, plots

router = APIRouter(tags=["registry"])
for part in (organisations, growers, plots, areas, applications, codes):
    router.include_router(part.router)
