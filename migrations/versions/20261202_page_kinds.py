"""Ready-made pages of more than lots: a page is named by its kind and its code."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_page_kinds"
down_revision = "20261201_products"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _forget_pages()
    with op.batch_alter_table("stored_page") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=16), nullable=False))
        batch.alter_column("code", existing_type=sa.String(length=20), type_=sa.String(length=120))
        batch.drop_constraint(op.f("uq_stored_page_code_language"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_stored_page_kind_code_language"), ["kind", "code", "language"]
        )


def downgrade() -> None:
    _forget_pages()
    with op.batch_alter_table("stored_page") as batch:
        batch.drop_constraint(op.f("uq_stored_page_kind_code_language"), type_="unique")
        batch.create_unique_constraint(op.f("uq_stored_page_code_language"), ["code", "language"])
        batch.alter_column("code", existing_type=sa.String(length=120), type_=sa.String(length=20))
        batch.drop_column("kind")


def _forget_pages() -> None:
    # What is kept is made again at the next scan.
    op.execute("DELETE FROM page_subject")
    op.execute("DELETE FROM stored_page")
