"""The table of contents of /api/v1."""

from fastapi import APIRouter

from app.api import (
    accounts,
    catalogue,
    certificates,
    inspection,
    jobs,
    label_paper,
    labels,
    lots,
    notices,
    places,
    plan,
    print_runs,
    printers,
    provenance,
    register,
    registry,
)

TAGS = [
    {"name": "accounts", "description": "Who is calling, people of an organisation, API keys."},
    {"name": "places", "description": "Communes, before and since 1 July 2025."},
    {"name": "catalogue", "description": "Crops, standards, regulated actives, dated legal rules."},
    {"name": "registry", "description": "Organisations, growers, plots, planting areas, codes."},
    {"name": "certificates", "description": "Who certified what, where, from when until when."},
    {"name": "lots", "description": "Harvest lots and what they may claim."},
    {"name": "labels", "description": "What is printed and stuck on a box."},
    {"name": "provenance", "description": "What the public may know about a lot."},
    {"name": "inspection", "description": "Finding a lot and reading its history."},
    {"name": "notices", "description": "What an organisation was told."},
    {"name": "jobs", "description": "Work in the background and how far it is."},
    {"name": "plan", "description": "The province's targets."},
]

api_router = APIRouter(prefix="/api/v1")
for noun in (
    accounts,
    places,
    catalogue,
    registry,
    register,
    certificates,
    lots,
    labels,
    label_paper,
    print_runs,
    printers,
    provenance,
    inspection,
    notices,
    jobs,
    plan,
):
    api_router.include_router(noun.router)
