"""Lots that come from suppliers outside of the system."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "20261230_supplied_lots"
down_revision = "20261229_recall_releases"
branch_labels = None
depends_on = None

NAME = "ck_harvest_lot_kind"
BEFORE = ("harvest", "packed", "split", "merged", "processed")
AFTER = ("harvest", "supplied", *BEFORE[1:])
OUTSIDE = "Ngoài hệ thống"
_AREA = sa.table(
    "planting_area",
    sa.column("uid", sa.Uuid()),
    sa.column("version", sa.Integer()),
    sa.column("organisation_id", sa.Integer()),
    sa.column("name", sa.String()),
    sa.column("name_key", sa.String()),
    sa.column("commune_id", sa.Integer()),
    sa.column("area_m2", sa.Integer()),
    sa.column("established_on", sa.Date()),
    sa.column("created_at", sa.DateTime(timezone=True)),
)


def _kinds(*kinds: str) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("harvest_lot") as batch:
        batch.drop_constraint(op.f(NAME), type_="check")
        batch.create_check_constraint(op.f(NAME), f"kind IN ({listed})")


def upgrade() -> None:
    _kinds(*AFTER)


def downgrade() -> None:
    _give_supplies_an_area()
    _kinds(*BEFORE)


def _give_supplies_an_area() -> None:
    """Without the word for it such a lot is a harvest: of an area that is called what it is, outside."""
    connection = op.get_bind()
    homes = connection.execute(
        sa.text(
            "SELECT o.id AS home, coalesce(o.commune_id, (SELECT min(commune_id) FROM planting_area),"
            " (SELECT min(id) FROM admin_unit)) AS commune,"
            " min(lot.harvested_on) AS first, min(lot.recorded_at) AS since"
            " FROM harvest_lot lot JOIN organisation o ON o.id = lot.organisation_id"
            " WHERE lot.kind = 'supplied' GROUP BY o.id, o.commune_id"
        ).columns(
            home=sa.Integer(),
            commune=sa.Integer(),
            first=sa.Date(),
            since=sa.DateTime(timezone=True),
        )
    ).all()
    for home, commune, first, since in homes:
        connection.execute(
            sa.insert(_AREA).values(
                uid=uuid.uuid4(),
                version=1,
                organisation_id=home,
                name=OUTSIDE,
                name_key=f"ngoai he thong {home}",
                commune_id=commune,
                area_m2=1,
                established_on=first,
                created_at=since,
            )
        )
    op.execute(
        "UPDATE harvest_lot SET kind = 'harvest', area_id = (SELECT area.id FROM planting_area area"
        " WHERE area.organisation_id = harvest_lot.organisation_id"
        f" AND area.name = '{OUTSIDE}') WHERE kind = 'supplied'"
    )
