"""Recalls: cases with their lots, who has the goods, what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "20261219_recalls"
down_revision = "20261215_inspections"
branch_labels = None
depends_on = None

LOT_STATES = ("open", "sealed", "held", "recalled", "closed", "withdrawn")


def _text(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _day(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _grams(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _words(name: str, longest: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=longest), nullable=nullable)


def upgrade() -> None:
    _make_recalls()
    _make_lots()
    _make_consignees()
    _make_disposals()


def _make_recalls() -> None:
    op.create_table(
        "recall",
        _number("version"),
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("organisation_id"),
        _number("opened_by_id"),
        sa.Column("kind", _text("kind", "voluntary", "compulsory"), nullable=False),
        sa.Column(
            "state",
            _text("state", "considered", "running", "ended", "reported", "mistaken"),
            nullable=False,
        ),
        _words("reason", 500),
        _number("lab_report_id", nullable=True),
        _number("shopper_report_id", nullable=True),
        _words("grounds", 500),
        _moment("determined_at"),
        _moment("opened_at"),
        _moment("decide_by", nullable=True),
        _moment("decided_at", nullable=True),
        _words("decision_number", 80),
        _day("decision_on"),
        _moment("decision_at", nullable=True),
        _moment("answer_by", nullable=True),
        _day("agreed_on"),
        _words("agreed_number", 80),
        _day("handle_by"),
        _moment("ended_at", nullable=True),
        _day("report_by"),
        _moment("reported_at", nullable=True),
        _words("cause", 1000),
        _words("prevention", 1000),
        _moment("lifted_at", nullable=True),
        _words("lifted_reason", 500),
        _number("ledger_position"),
        sa.CheckConstraint(
            "state IN ('considered', 'mistaken') OR decided_at IS NOT NULL",
            name=op.f("ck_recall_decided_at"),
        ),
        sa.CheckConstraint(
            "(decision_number = '') = (decision_at IS NULL)", name=op.f("ck_recall_decision_at")
        ),
        _refers("recall", "organisation_id", "organisation"),
        _refers("recall", "opened_by_id", "organisation"),
        _refers("recall", "lab_report_id", "lab_report"),
        _refers("recall", "shopper_report_id", "shopper_report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
        sa.UniqueConstraint("uid", name=op.f("uq_recall_uid")),
    )
    op.create_index("ix_recall_organisation", "recall", ["organisation_id", "id"])
    op.create_index("ix_recall_state", "recall", ["state", "id"])
    op.create_index(op.f("ix_recall_lab_report_id"), "recall", ["lab_report_id"])
    op.create_index(op.f("ix_recall_shopper_report_id"), "recall", ["shopper_report_id"])


def _make_lots() -> None:
    op.create_table(
        "recall_lot",
        _number("id"),
        _number("recall_id"),
        _number("lot_id"),
        sa.Column("root", sa.Boolean(), nullable=False),
        sa.Column("state_before", _text("state_before", *LOT_STATES), nullable=True),
        _moment("added_at"),
        _refers("recall_lot", "recall_id", "recall"),
        _refers("recall_lot", "lot_id", "harvest_lot"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_lot")),
        sa.UniqueConstraint("recall_id", "lot_id", name=op.f("uq_recall_lot_recall_id_lot_id")),
    )
    op.create_index("ix_recall_lot_lot", "recall_lot", ["lot_id", "recall_id"])


def _make_consignees() -> None:
    table = "recall_consignee"
    op.create_table(
        table,
        _number("version"),
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("recall_id"),
        _number("seller_id"),
        _number("to_organisation_id", nullable=True),
        _number("party_id", nullable=True),
        _grams("expected_g"),
        _moment("told_at"),
        _moment("answer_by", nullable=True),
        _words("token_hash", 64, nullable=True),
        _moment("answered_at", nullable=True),
        _grams("remaining_g", nullable=True),
        _words("answered_by", 120),
        _words("remark", 500),
        sa.CheckConstraint(
            "(to_organisation_id IS NULL) <> (party_id IS NULL)",
            name=op.f("ck_recall_consignee_receiver"),
        ),
        sa.CheckConstraint("remaining_g >= 0", name=op.f("ck_recall_consignee_remaining_g")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (remaining_g IS NULL)",
            name=op.f("ck_recall_consignee_answered_at"),
        ),
        _refers(table, "recall_id", "recall"),
        _refers(table, "seller_id", "organisation"),
        _refers(table, "to_organisation_id", "organisation"),
        _refers(table, "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_consignee")),
        sa.UniqueConstraint("uid", name=op.f("uq_recall_consignee_uid")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_recall_consignee_token_hash")),
        sa.UniqueConstraint(
            "recall_id",
            "to_organisation_id",
            name=op.f("uq_recall_consignee_recall_id_to_organisation_id"),
        ),
        sa.UniqueConstraint(
            "recall_id", "party_id", name=op.f("uq_recall_consignee_recall_id_party_id")
        ),
    )
    op.create_index("ix_recall_consignee_receiver", table, ["to_organisation_id", "recall_id"])
    op.create_index("ix_recall_consignee_party", table, ["party_id"])


def _make_disposals() -> None:
    op.create_table(
        "recall_disposal",
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _number("recall_id"),
        _number("lot_id"),
        _number("organisation_id"),
        sa.Column("way", _text("way", "fix", "repurpose", "reexport", "destroy"), nullable=False),
        _grams("quantity_g"),
        _words("document", 80),
        _words("place", 160),
        _words("note", 500),
        _day("done_on", nullable=False),
        _moment("recorded_at"),
        _words("photo_sha256", 64),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_recall_disposal_quantity_g")),
        sa.CheckConstraint(
            "document <> '' OR photo_sha256 <> ''", name=op.f("ck_recall_disposal_evidence")
        ),
        _refers("recall_disposal", "recall_id", "recall"),
        _refers("recall_disposal", "lot_id", "harvest_lot"),
        _refers("recall_disposal", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_disposal")),
        sa.UniqueConstraint("uid", name=op.f("uq_recall_disposal_uid")),
    )
    op.create_index("ix_recall_disposal_recall", "recall_disposal", ["recall_id", "id"])
    op.create_index("ix_recall_disposal_lot", "recall_disposal", ["lot_id"])
    op.create_index(
        op.f("ix_recall_disposal_organisation_id"), "recall_disposal", ["organisation_id"]
    )
    op.create_table(
        "recall_photo",
        _number("disposal_id"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _refers("recall_photo", "disposal_id", "recall_disposal"),
        sa.PrimaryKeyConstraint("disposal_id", name=op.f("pk_recall_photo")),
    )


def downgrade() -> None:
    """Lots that are recalled stay so: their state is their own."""
    for table in ("recall_photo", "recall_disposal", "recall_consignee", "recall_lot", "recall"):
        op.drop_table(table)
