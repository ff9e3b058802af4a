"""Runs for printers that draw QR and number themselves: one more output."""

import sqlalchemy as sa
from alembic import op

revision = "20261212_native_zpl"
down_revision = "20261211_page_subjects"
branch_labels = None
depends_on = None

BEFORE = ("pdf", "png", "svg", "zpl", "tspl", "escpos")
AFTER = ("pdf", "png", "svg", "zpl", "zpl_native", "tspl", "escpos")
TABLES = ("print_run", "printer_profile")


def upgrade() -> None:
    for table in TABLES:
        _allow(table, AFTER)


def downgrade() -> None:
    # The same printers read the other kind of file as well.
    for table in TABLES:
        op.execute(sa.text(f"UPDATE {table} SET output = 'zpl' WHERE output = 'zpl_native'"))
        _allow(table, BEFORE)


def _allow(table: str, outputs: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{output}'" for output in outputs)
    name = op.f(f"ck_{table}_output")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"output IN ({listed})")
