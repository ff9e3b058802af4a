"""Harvests and entries of the diary from spreadsheets."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_import_layouts"
down_revision = "20261128_second_factor"
branch_labels = None
depends_on = None

BEFORE = ("growers", "plots", "areas", "codes")
AFTER = (*BEFORE, "harvests", "diary")


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    # The former schema has no word for these imports: they go, with their files and rows. What
    # they registered stays, and so does what the ledger says of them.
    gone = "SELECT id FROM import_batch WHERE layout IN ('harvests', 'diary')"
    for statement in (
        f"DELETE FROM import_row WHERE batch_id IN ({gone})",
        f"DELETE FROM import_file WHERE batch_id IN ({gone})",
        "DELETE FROM import_batch WHERE layout IN ('harvests', 'diary')",
    ):
        op.execute(sa.text(statement))
    _allow(BEFORE)


def _allow(layouts: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{layout}'" for layout in layouts)
    name = op.f("ck_import_batch_layout")
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"layout IN ({listed})")
