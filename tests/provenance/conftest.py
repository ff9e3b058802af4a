"""A lot that is sold as a product, and what stands on its labels."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.labels.keys import FOLDER, KeyRing
from app.labels.serials import serial_of
from app.models.lots import HarvestLot
from app.models.products import Product
from tests.given import Given
from tests.provenance.goods import product_of


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    area = given.area()
    given.code(area)
    given.certificate(area, standard="FOOD_SAFETY_2018")
    return given.lot(area)


@pytest.fixture
def product(session: Session, lot: HarvestLot) -> Product:
    made = product_of(session, lot)
    session.commit()
    return made


@pytest.fixture
def address(lot: HarvestLot, product: Product) -> str:
    """The path of the lot as its product."""
    return f"/01/{product.gtin}/10/{lot.code}"


@pytest.fixture
def serial(app: FastAPI, lot: HarvestLot) -> str:
    """A genuine serial of the lot, which no run has given out."""
    ring = KeyRing(app.state.settings.data_dir / FOLDER)
    return serial_of(ring.lot_key(lot.code).key, 7)
