"""Reports of shoppers: what they say, what was answered, and what is erased of it in time."""

import sqlalchemy as sa
from alembic import op

revision = "20261209_shopper_reports"
down_revision = "20261208_sscc"
branch_labels = None
depends_on = None


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def refers_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "shopper_report",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("ticket", sa.String(length=20), nullable=False),
        sa.Column("form_token", sa.String(length=64), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "kind", one_of("kind", "spoiled", "label", "suspicious", "other"), nullable=False
        ),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("bought_at", sa.String(length=120), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("typed_code", sa.String(length=60), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state", one_of("state", "received", "looking", "answered", "closed"), nullable=False
        ),
        moment("opened_at"),
        sa.Column("look_by", sa.Date(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        moment("looked_at", nullable=True),
        moment("answered_at", nullable=True),
        moment("closed_at", nullable=True),
        sa.Column("closed_reason", sa.String(length=500), nullable=False),
        sa.Column("assigned_id", sa.Integer(), nullable=True),
        refers_to("shopper_report", "lot_id", "harvest_lot"),
        refers_to("shopper_report", "organisation_id", "organisation"),
        refers_to("shopper_report", "assigned_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shopper_report")),
        sa.UniqueConstraint("uid", name=op.f("uq_shopper_report_uid")),
        sa.UniqueConstraint("ticket", name=op.f("uq_shopper_report_ticket")),
        sa.UniqueConstraint("form_token", name=op.f("uq_shopper_report_form_token")),
    )
    op.create_index("ix_shopper_report_organisation", "shopper_report", ["organisation_id", "id"])
    op.create_index("ix_shopper_report_lot", "shopper_report", ["lot_id", "opened_at"])
    op.create_index("ix_shopper_report_state", "shopper_report", ["state", "answer_by"])
    op.create_index("ix_shopper_report_fingerprint", "shopper_report", ["fingerprint"])
    op.create_index(op.f("ix_shopper_report_assigned_id"), "shopper_report", ["assigned_id"])
    op.create_table(
        "report_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind", "word", "answer", "ask", "done"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        moment("said_at"),
        refers_to("report_message", "report_id", "shopper_report"),
        refers_to("report_message", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_message")),
    )
    op.create_index("ix_report_message_report", "report_message", ["report_id", "id"])
    op.create_index(
        op.f("ix_report_message_organisation_id"), "report_message", ["organisation_id"]
    )
    op.create_table(
        "report_contact",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        refers_to("report_contact", "report_id", "shopper_report"),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_contact")),
    )
    op.create_table(
        "report_photo",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_report_photo_sides")),
        refers_to("report_photo", "report_id", "shopper_report"),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_photo")),
    )
    op.create_table(
        "daily_salt",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_salt")),
    )


def downgrade() -> None:
    for table in (
        "daily_salt",
        "report_photo",
        "report_contact",
        "report_message",
        "shopper_report",
    ):
        op.drop_table(table)
