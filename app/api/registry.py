"""The register on the wire."""

from fastapi import APIRouter

router = APIRouter(tags=["registry"])
