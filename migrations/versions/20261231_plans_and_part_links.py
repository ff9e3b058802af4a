"""Plans are dated rows; communes send in their part by a link of their own."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "20261231_plans_and_part_links"
down_revision = "20261230_supplied_lots"
branch_labels = None
depends_on = None

PLAN, LINK, SUBMISSION = "province_plan", "plan_part_link", "plan_submission"
# The plan that everything followed before plans were dated.
FIRST, SINCE = "RAU_AN_TOAN_2030", date(2024, 2, 1)


def upgrade() -> None:
    _make_plans()
    _make_links()
    with op.batch_alter_table(SUBMISSION) as table:
        table.add_column(sa.Column("link_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(f"fk_{SUBMISSION}_link_id"), LINK, ["link_id"], ["id"])
        table.create_index(op.f(f"ix_{SUBMISSION}_link_id"), ["link_id"])


def _make_plans() -> None:
    op.create_table(
        PLAN,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.Column("source", _source(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{PLAN}")),
        sa.UniqueConstraint("plan", name=op.f(f"uq_{PLAN}_plan")),
    )
    target = sa.table(
        "plan_target", sa.column("plan", sa.String), sa.column("legal_ref", sa.String)
    )
    # Plans that were loaded beside the first are kept, and count once somebody gives them a day.
    there = sa.select(target.c.plan, sa.func.min(target.c.legal_ref)).group_by(target.c.plan)
    rows = [
        {
            "plan": plan,
            "in_force_on": SINCE if plan == FIRST else None,
            "legal_ref": act,
            "source": "shipped" if plan == FIRST else "edited",
        }
        for plan, act in op.get_bind().execute(there)
    ]
    made = sa.table(
        PLAN,
        sa.column("plan", sa.String),
        sa.column("in_force_on", sa.Date),
        sa.column("legal_ref", sa.String),
        sa.column("source", sa.String),
    )
    op.bulk_insert(made, rows)


def _source() -> sa.Enum:
    names = ("shipped", "edited")
    return sa.Enum(*names, name="source", native_enum=False, create_constraint=True, length=32)


def _make_links() -> None:
    keys = {"commune_id": "admin_unit", "office_id": "organisation"}
    moments = {"made_at": False, "expires_at": False, "renewed_at": True, "ended_at": True}
    op.create_table(
        LINK,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*keys, "year", "quarter")),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        *(
            sa.Column(name, sa.DateTime(timezone=True), nullable=may_lack)
            for name, may_lack in moments.items()
        ),
        sa.CheckConstraint("quarter BETWEEN 0 AND 4", name=op.f(f"ck_{LINK}_quarter")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f(f"ck_{LINK}_year")),
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{LINK}_{name}"))
            for name, other in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LINK}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{LINK}_uid")),
        sa.UniqueConstraint("token_hash", name=op.f(f"uq_{LINK}_token_hash")),
    )
    op.create_index(f"ix_{LINK}_period", LINK, ["year", "quarter", "commune_id"])
    op.create_index(
        f"uq_{LINK}_standing",
        LINK,
        ["commune_id", "year", "quarter"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    for name in keys:
        op.create_index(op.f(f"ix_{LINK}_{name}"), LINK, [name])


def downgrade() -> None:
    """What came by a link stays, and counts as written down by the office; who it was is in the ledger."""
    with op.batch_alter_table(SUBMISSION) as table:
        table.drop_index(op.f(f"ix_{SUBMISSION}_link_id"))
        table.drop_constraint(op.f(f"fk_{SUBMISSION}_link_id"), type_="foreignkey")
        table.drop_column("link_id")
    op.drop_table(LINK)
    op.drop_table(PLAN)
