"""Reports on the plan with their files, and what cooperatives and communes send in for them."""

import sqlalchemy as sa
from alembic import op

revision = "20261227_plan_reports"
down_revision = "20261225_recall_movements"
branch_labels = None
depends_on = None


def _text(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _words(name: str, longest: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=longest), nullable=False)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _period() -> sa.Column[str]:
    return sa.Column("kind", _text("period", "yearly", "quarterly"), nullable=False)


def _period_checks(table: str) -> list[sa.CheckConstraint]:
    checks = {
        "kind": "(kind = 'yearly') = (quarter = 0)",
        "quarter": "quarter BETWEEN 0 AND 4",
        "year": "year BETWEEN 2000 AND 2100",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in checks.items()
    ]


def upgrade() -> None:
    _make_reports()
    _make_files()
    _make_submissions()


def _make_reports() -> None:
    table = "plan_report"
    op.create_table(
        table,
        _number("version"),
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _period(),
        _number("year"),
        _number("quarter"),
        sa.Column("state", _text("state", "draft", "approved", "sent"), nullable=False),
        _number("office_id"),
        _number("corrects_id", nullable=True),
        _number("job_id", nullable=True),
        _long("words"),
        _long("figures"),
        _words("figures_sha256", 64),
        _moment("taken_at", nullable=True),
        _number("log_size"),
        _words("log_root", 64),
        _moment("started_at"),
        _moment("approved_at", nullable=True),
        _number("approved_size"),
        _moment("sent_at", nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        _words("sent_to", 160),
        _words("number", 80),
        *_period_checks(table),
        sa.CheckConstraint(
            "state = 'draft' OR taken_at IS NOT NULL", name=op.f("ck_plan_report_taken_at")
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_plan_report_sent_at")
        ),
        _refers(table, "office_id", "organisation"),
        _refers(table, "corrects_id", "plan_report"),
        _refers(table, "job_id", "job"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_report")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_report_uid")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_plan_report_corrects_id")),
    )
    op.create_index("ix_plan_report_period", table, ["year", "quarter", "id"])
    op.create_index(op.f("ix_plan_report_office_id"), table, ["office_id"])
    op.create_index(op.f("ix_plan_report_job_id"), table, ["job_id"])
    unsent = sa.text("state <> 'sent'")
    op.create_index(
        "uq_plan_report_unsent",
        table,
        ["year", "quarter"],
        unique=True,
        sqlite_where=unsent,
        postgresql_where=unsent,
    )


def _make_files() -> None:
    table = "plan_report_file"
    op.create_table(
        table,
        _number("report_id"),
        sa.Column("format", _text("format", "docx", "pdf", "xlsx"), nullable=False),
        _words("sha256", 64),
        _number("size"),
        _moment("made_at"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _refers(table, "report_id", "plan_report"),
        sa.PrimaryKeyConstraint("report_id", "format", name=op.f("pk_plan_report_file")),
    )


def _make_submissions() -> None:
    table = "plan_submission"
    op.create_table(
        table,
        _number("id"),
        sa.Column("uid", sa.Uuid(), nullable=False),
        _period(),
        _number("year"),
        _number("quarter"),
        _number("organisation_id", nullable=True),
        _number("commune_id", nullable=True),
        _number("edition"),
        _number("entered_by_id"),
        _long("figures"),
        _long("ours"),
        _words("note", 2000),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("ledger_position", sa.BigInteger(), nullable=False),
        _moment("submitted_at"),
        *_period_checks(table),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (commune_id IS NULL)",
            name=op.f("ck_plan_submission_unit"),
        ),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_plan_submission_edition")),
        _refers(table, "organisation_id", "organisation"),
        _refers(table, "commune_id", "admin_unit"),
        _refers(table, "entered_by_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_submission")),
        sa.UniqueConstraint("uid", name=op.f("uq_plan_submission_uid")),
        *(
            sa.UniqueConstraint(
                unit,
                "year",
                "quarter",
                "edition",
                name=op.f(f"uq_plan_submission_{unit}_year_quarter_edition"),
            )
            for unit in ("organisation_id", "commune_id")
        ),
    )
    op.create_index("ix_plan_submission_period", table, ["year", "quarter", "id"])
    op.create_index(op.f("ix_plan_submission_entered_by_id"), table, ["entered_by_id"])


def downgrade() -> None:
    """Sent reports are lost: their hashes stay in the ledger."""
    for table in ("plan_submission", "plan_report_file", "plan_report"):
        op.drop_table(table)
