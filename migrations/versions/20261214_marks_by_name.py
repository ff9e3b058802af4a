"""SQLite finds the newest fact about a subject in one step."""

from alembic import op

revision = "20261214_marks_by_name"
down_revision = "20261213_movements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _copy(with_rowid=False)


def downgrade() -> None:
    _copy(with_rowid=True)


def _copy(*, with_rowid: bool) -> None:
    if op.get_context().dialect.name == "sqlite":
        options = {"sqlite_with_rowid": with_rowid}
        with op.batch_alter_table("subject_mark", recreate="always", table_kwargs=options):
            pass
