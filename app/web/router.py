"""The table of contents of the pages."""

from fastapi import APIRouter

from app.web import (
    boundaries,
    code_paper,
    desk,
    desk_applications,
    desk_codes,
    desk_province,
    documents,
    label_layouts,
    label_paper,
    label_proof,
    maps,
    notices,
    public,
    register,
    signing,
    work_areas,
    work_certificates,
    work_dossier,
    work_growers,
    work_labels,
    work_lots,
    work_plots,
    work_seasons,
    work_team,
)

web_router = APIRouter()
for pages in (
    public,
    register,
    code_paper,
    signing,
    work_lots,
    work_labels,
    label_proof,
    label_paper,
    label_layouts,
    work_areas,
    work_growers,
    work_certificates,
    work_dossier,
    work_plots,
    boundaries,
    documents,
    work_seasons,
    work_team,
    notices,
    maps,
    desk,
    desk_applications,
    desk_codes,
    desk_province,
):
    web_router.include_router(pages.router)
