"""A label to print: a whole one, in which a test changes what it is about."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from app.kit.quantities import Grams
from app.labels.face import LabelFacts
from tests.given import Given
from tests.labels.printing import Printing


@pytest.fixture(scope="session")
def label() -> Callable[..., LabelFacts]:
    return partial(
        LabelFacts,
        product_name="Cải bắp Sa Pa",
        producer_name="HTX Nông nghiệp Bản Xèo",
        producer_address="Thôn Bản Xèo 2, xã Mường Hum, tỉnh Lào Cai",
        origin="Lào Cai, Việt Nam",
        harvested_on=date(2026, 11, 20),
        packed_on=date(2026, 11, 21),
        best_before=date(2026, 11, 28),
        quantity=Grams(500),
        lot_code="LCJ6VNGGH6BCFNM",
        area_code="VN-LCA-PUC-0412",
        claim="VietGAP số TT-23-10-0451",
        base_url="https://nguongoc.laocai.gov.vn",
    )


@pytest.fixture
def printing(session: Session, given: Given, tmp_path: Path) -> Printing:
    return Printing(session, given, tmp_path)
