"""The table of contents of the pages."""

from fastapi import APIRouter

from app.web import (
    desk,
    desk_province,
    public,
    signing,
    work_areas,
    work_certificates,
    work_growers,
    work_lots,
    work_team,
)

web_router = APIRouter()
for pages in (
    public,
    signing,
    work_lots,
    work_areas,
    work_growers,
    work_certificates,
    work_team,
    desk,
    desk_province,
):
    web_router.include_router(pages.router)
