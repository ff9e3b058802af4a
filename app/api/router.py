"""The table of contents of /api/v1."""

from fastapi import APIRouter

from app.api import (
    accounts,
    catalogue,
    certificates,
    diary,
    imports,
    inputs,
    inspection,
    jobs,
    lab_reports,
    label_paper,
    labels,
    lots,
    lots_archives,
    lots_balance,
    lots_life,
    notices,
    pictures,
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
    {
        "name": "diary",
        "description": "Plantings and what was done to them; what telephones send in.",
    },
    {"name": "pictures", "description": "Photographs of fields, labels and harvests."},
    {"name": "lots", "description": "Harvest lots and what they may claim."},
    {"name": "labels", "description": "What is printed and stuck on a box."},
    {"name": "provenance", "description": "What the public may know about a lot."},
    {
        "name": "inspection",
        "description": "Finding a lot, reading its history, laboratory results.",
    },
    {"name": "notices", "description": "What an organisation was told."},
    {"name": "jobs", "description": "Work in the background and how far it is."},
    {"name": "imports", "description": "Lists from spreadsheets, row by row."},
    {"name": "plan", "description": "The province's targets."},
]

api_router = APIRouter(prefix="/api/v1")
for noun in (
    accounts,
    places,
    catalogue,
    inputs,
    registry,
    register,
    certificates,
    diary,
    pictures,
    lots,
    lots_life,
    lots_balance,
    lots_archives,
    labels,
    label_paper,
    print_runs,
    printers,
    provenance,
    inspection,
    lab_reports,
    notices,
    jobs,
    imports,
    plan,
):
    api_router.include_router(noun.router)
