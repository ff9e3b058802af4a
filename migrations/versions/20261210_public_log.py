"""The public log: tiles of the Merkle tree, checkpoints, keys, witnesses, breaks, checks; kept by triggers."""

import sqlalchemy as sa
from alembic import op

revision = "20261210_public_log"
down_revision = "20261209_shopper_reports"
branch_labels = None
depends_on = None

# What only grows: the table, and what an inserted row must not take the place of.
APPEND_ONLY = {
    "log_growth": "size = NEW.size",
    "log_part": "position = NEW.position",
    "log_key": "id = NEW.id OR (name = NEW.name AND public_key = NEW.public_key)",
    "log_checkpoint": "id = NEW.id OR (origin = NEW.origin AND size = NEW.size)",
    "log_cosignature": "id = NEW.id OR (checkpoint_id = NEW.checkpoint_id AND witness_id = NEW.witness_id)",
    "log_break": "id = NEW.id OR number = NEW.number",
    "log_check": "id = NEW.id",
}
WHY = "the log is append-only"


def upgrade() -> None:
    op.create_table(
        "log_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("salts", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("level >= 0 AND number >= 0", name=op.f("ck_log_tile_place")),
        sa.CheckConstraint("length(hashes) BETWEEN 32 AND 8192", name=op.f("ck_log_tile_hashes")),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_log_tile")),
    )
    op.create_table(
        "log_growth",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_growth")),
    )
    op.create_table(
        "log_part",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["position"], ["ledger_entry.position"], name=op.f("fk_log_part_position")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_part")),
    )
    op.create_table(
        "log_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_key")),
        sa.UniqueConstraint("name", "public_key", name=op.f("uq_log_key_name_public_key")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_log_checkpoint_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_checkpoint")),
        sa.UniqueConstraint("origin", "size", name=op.f("uq_log_checkpoint_origin_size")),
    )
    op.create_table(
        "log_witness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("who", sa.String(length=160), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_witness")),
        sa.UniqueConstraint("uid", name=op.f("uq_log_witness_uid")),
        sa.UniqueConstraint("name", "public_key", name=op.f("uq_log_witness_name_public_key")),
    )
    op.create_table(
        "log_cosignature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checkpoint_id", sa.Integer(), nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=512), nullable=False),
        sa.Column("vouched_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["log_checkpoint.id"], name=op.f("fk_log_cosignature_checkpoint_id")
        ),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["log_witness.id"], name=op.f("fk_log_cosignature_witness_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_cosignature")),
        sa.UniqueConstraint(
            "checkpoint_id", "witness_id", name=op.f("uq_log_cosignature_checkpoint_id_witness_id")
        ),
    )
    op.create_index(op.f("ix_log_cosignature_witness_id"), "log_cosignature", ["witness_id"])
    op.create_table(
        "log_break",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "restored",
                "declared",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_position", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_log_break_number")),
        sa.CheckConstraint("kept >= 0 AND kept <= size", name=op.f("ck_log_break_kept")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_break")),
        sa.UniqueConstraint("number", name=op.f("uq_log_break_number")),
    )
    op.create_table(
        "log_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begin", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("begin >= 0 AND size >= begin", name=op.f("ck_log_check_extent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_check")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _kept_by_sqlite()
    else:
        _kept_by_postgresql()


def _kept_by_sqlite() -> None:
    for table, same in APPEND_ONLY.items():
        for verb in ("UPDATE", "DELETE"):
            _sqlite_trigger(f"{table}_no_{verb.lower()}", verb, table)
        # INSERT OR REPLACE deletes without firing a DELETE trigger.
        _sqlite_trigger(
            f"{table}_no_replace", "INSERT", table, f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        )
    _sqlite_trigger("log_tile_no_delete", "DELETE", "log_tile")
    # In hex: the empty beginning of a blob is no blob to SQLite.
    grown = "substr(hex(NEW.{0}), 1, 2 * length(OLD.{0})) = hex(OLD.{0})"
    same = "NEW.level IS OLD.level AND NEW.number IS OLD.number"
    kept = f"{same} AND {grown.format('hashes')} AND {grown.format('salts')}"
    _sqlite_trigger("log_tile_only_grows", "UPDATE", "log_tile", f"NOT ({kept})")
    there = "EXISTS (SELECT 1 FROM log_tile WHERE level = NEW.level AND number = NEW.number)"
    _sqlite_trigger("log_tile_no_replace", "INSERT", "log_tile", there)


def _sqlite_trigger(name: str, verb: str, table: str, when: str = "1") -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
    )


def _kept_by_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WHY}'; END $$"
    )
    for table in (*APPEND_ONLY, "log_tile"):
        verbs = "DELETE OR TRUNCATE" if table == "log_tile" else "UPDATE OR DELETE OR TRUNCATE"
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {verbs} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()"
        )
    kept = " AND ".join(
        f"substring(NEW.{name} FROM 1 FOR length(OLD.{name})) = OLD.{name}"
        for name in ("hashes", "salts")
    )
    op.execute(
        "CREATE FUNCTION log_tile_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT (NEW.level = OLD.level AND NEW.number = OLD.number AND {kept}) THEN "
        f"RAISE EXCEPTION '{WHY}'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER log_tile_only_grows BEFORE UPDATE ON log_tile "
        "FOR EACH ROW EXECUTE FUNCTION log_tile_grows()"
    )


def downgrade() -> None:
    for table in (
        "log_check",
        "log_break",
        "log_cosignature",
        "log_witness",
        "log_checkpoint",
        "log_key",
        "log_part",
        "log_growth",
        "log_tile",
    ):
        op.drop_table(table)  # its triggers go with it
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION log_is_append_only()")
        op.execute("DROP FUNCTION log_tile_grows()")
