"""Scans counted by day, the devices and salt of one day, places, sold and opened marks, alerts; why labels are void."""

import sqlalchemy as sa
from alembic import op

revision = "20261205_scans"
down_revision = "20261204_lab_reports"
branch_labels = None
depends_on = None

CAUSES = ("misprinted", "damaged", "unused", "lost", "not_printed", "other")


def upgrade() -> None:
    _counts()
    _places()
    _marks()
    _alerts()
    with op.batch_alter_table("label_mark") as batch:
        batch.add_column(sa.Column("cause", _text("cause", *CAUSES), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # What lives for a day reaches no write-ahead log, so no archive of it and no standby.
        for table in ("scan_salt", "scan_device"):
            op.execute(f"ALTER TABLE {table} SET UNLOGGED")


def _text(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _counts() -> None:
    op.create_table(
        "scan_salt",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_scan_salt")),
    )
    op.create_table(
        "scan_device",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("act", _text("act", "scan", "place", "mark"), nullable=False),
        sa.Column("device", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_scan_device_lot_id")),
        sa.PrimaryKeyConstraint(
            "day", "lot_id", "serial", "act", "device", name=op.f("pk_scan_device")
        ),
    )
    op.create_table(
        "scan_day",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.Column("devices", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "scans >= 0 AND devices >= 0 AND devices <= scans", name=op.f("ck_scan_day_counts")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_scan_day_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "serial", "day", name=op.f("pk_scan_day")),
    )
    op.create_index("ix_scan_day_day", "scan_day", ["day", "serial", "lot_id"])


def _places() -> None:
    op.create_table(
        "scan_place",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_scan_place_lot_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["admin_unit.id"], name=op.f("fk_scan_place_unit_id")),
        sa.PrimaryKeyConstraint("lot_id", "day", "unit_id", name=op.f("pk_scan_place")),
    )
    op.create_index("ix_scan_place_day", "scan_place", ["day", "lot_id"])
    op.create_index(op.f("ix_scan_place_unit_id"), "scan_place", ["unit_id"])
    op.create_table(
        "serial_place",
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["harvest_lot.id"], name=op.f("fk_serial_place_lot_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["admin_unit.id"], name=op.f("fk_serial_place_unit_id")
        ),
        sa.PrimaryKeyConstraint("lot_id", "serial", "unit_id", name=op.f("pk_serial_place")),
    )
    op.create_index(op.f("ix_serial_place_unit_id"), "serial_place", ["unit_id"])


def _marks() -> None:
    op.create_table(
        "shop_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_shop_link_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_link")),
        sa.UniqueConstraint("uid", name=op.f("uq_shop_link_uid")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shop_link_token_hash")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_shop_link_session_hash")),
    )
    op.create_index("ix_shop_link_organisation", "shop_link", ["organisation_id", "id"])
    op.create_table(
        "serial_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("event", _text("event", "sold", "opened"), nullable=False),
        sa.Column("shop_link_id", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_serial_mark_lot_id")),
        sa.ForeignKeyConstraint(
            ["shop_link_id"], ["shop_link.id"], name=op.f("fk_serial_mark_shop_link_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serial_mark")),
        sa.UniqueConstraint(
            "lot_id", "serial", "event", name=op.f("uq_serial_mark_lot_id_serial_event")
        ),
    )
    op.create_index(op.f("ix_serial_mark_shop_link_id"), "serial_mark", ["shop_link_id"])


def _alerts() -> None:
    op.create_table(
        "scan_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("signs", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", _text("outcome", "explained", "copied", "unclear"), nullable=True),
        sa.Column("close_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_scan_alert_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_alert")),
        sa.UniqueConstraint("uid", name=op.f("uq_scan_alert_uid")),
    )
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_scan_alert_open",
        "scan_alert",
        ["lot_id", "serial"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_scan_alert_lot", "scan_alert", ["lot_id", "serial", "id"])


def downgrade() -> None:
    with op.batch_alter_table("label_mark") as batch:
        batch.drop_constraint(op.f("ck_label_mark_cause"), type_="check")
        batch.drop_column("cause")
    for table in (
        "scan_alert",
        "serial_mark",
        "shop_link",
        "serial_place",
        "scan_place",
        "scan_day",
        "scan_device",
        "scan_salt",
    ):
        op.drop_table(table)
