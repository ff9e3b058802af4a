"""Small versions of photographs, and the pictures of shared links: made once and kept."""

import sqlalchemy as sa
from alembic import op

revision = "20261207_public_pictures"
down_revision = "20261206_purges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "picture_version",
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture_id"], ["picture.id"], name=op.f("fk_picture_version_picture_id")
        ),
        sa.PrimaryKeyConstraint("picture_id", "width", "kind", name=op.f("pk_picture_version")),
    )
    op.create_table(
        "share_picture",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("code", "language", name=op.f("pk_share_picture")),
    )


def downgrade() -> None:
    op.drop_table("share_picture")
    op.drop_table("picture_version")
