"""Drills: recalls that are only practised, with who was asked, what was answered, and the report."""

import sqlalchemy as sa
from alembic import op

revision = "20261221_drills"
down_revision = "20261220_contracts"
branch_labels = None
depends_on = None


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _grams(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _words(name: str, longest: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=longest), nullable=nullable)


def upgrade() -> None:
    _make_drills()
    _make_consignees()


def _make_drills() -> None:
    states = sa.Enum(
        "begun",
        "asking",
        "ended",
        name="state",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    op.create_table(
        "drill",
        _number("version"),
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("organisation_id"),
        _words("asked_for", 300),
        sa.Column("state", states, nullable=False),
        _moment("started_at"),
        _number("traced_ms"),
        _grams("total_g"),
        _grams("missing_g"),
        _moment("asked_at", nullable=True),
        _moment("ended_at", nullable=True),
        _words("lessons", 1000),
        _check("drill", "total_g >= 0 AND missing_g >= 0", "total_g"),
        _check("drill", "(state = 'begun') = (asked_at IS NULL)", "asked_at"),
        _check("drill", "(state = 'ended') = (ended_at IS NOT NULL)", "ended_at"),
        _refers("drill", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill")),
        sa.UniqueConstraint("uid", name=op.f("uq_drill_uid")),
    )
    op.create_index("ix_drill_organisation", "drill", ["organisation_id", "id"])
    op.create_table(
        "drill_lot",
        _number("id"),
        _number("drill_id"),
        _number("lot_id"),
        sa.Column("root", sa.Boolean(), nullable=False),
        _refers("drill_lot", "drill_id", "drill"),
        _refers("drill_lot", "lot_id", "harvest_lot"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_lot")),
        sa.UniqueConstraint("drill_id", "lot_id", name=op.f("uq_drill_lot_drill_id_lot_id")),
    )
    op.create_index("ix_drill_lot_lot", "drill_lot", ["lot_id"])
    op.create_table(
        "drill_report",
        _number("drill_id"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _words("sha256", 64),
        _refers("drill_report", "drill_id", "drill"),
        sa.PrimaryKeyConstraint("drill_id", name=op.f("pk_drill_report")),
    )


def _make_consignees() -> None:
    table = "drill_consignee"
    op.create_table(
        table,
        _number("version"),
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("drill_id"),
        _number("seller_id"),
        _number("to_organisation_id", nullable=True),
        _number("party_id", nullable=True),
        _grams("expected_g"),
        _words("token_hash", 64, nullable=True),
        _moment("answered_at", nullable=True),
        _grams("remaining_g", nullable=True),
        _grams("passed_on_g", nullable=True),
        _words("answered_by", 120),
        _words("remark", 500),
        _check(table, "(to_organisation_id IS NULL) <> (party_id IS NULL)", "receiver"),
        _check(table, "remaining_g >= 0 AND passed_on_g >= 0", "remaining_g"),
        _check(
            table,
            "(answered_at IS NULL) = (remaining_g IS NULL)"
            " AND (answered_at IS NULL) = (passed_on_g IS NULL)",
            "answered_at",
        ),
        _refers(table, "drill_id", "drill"),
        _refers(table, "seller_id", "organisation"),
        _refers(table, "to_organisation_id", "organisation"),
        _refers(table, "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_consignee")),
        sa.UniqueConstraint("uid", name=op.f("uq_drill_consignee_uid")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_drill_consignee_token_hash")),
        sa.UniqueConstraint(
            "drill_id",
            "to_organisation_id",
            name=op.f("uq_drill_consignee_drill_id_to_organisation_id"),
        ),
        sa.UniqueConstraint(
            "drill_id", "party_id", name=op.f("uq_drill_consignee_drill_id_party_id")
        ),
    )
    op.create_index("ix_drill_consignee_receiver", table, ["to_organisation_id", "drill_id"])
    op.create_index("ix_drill_consignee_seller", table, ["seller_id", "drill_id"])
    op.create_index("ix_drill_consignee_party", table, ["party_id"])


def downgrade() -> None:
    for table in ("drill_report", "drill_consignee", "drill_lot", "drill"):
        op.drop_table(table)
