"""The schema's history: it agrees with the models, can be undone, and stands on its own."""

import json
import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from app.db import grant_to, open_session
from app.migrating import MIGRATIONS, migrate
from tests.given import Given

VERSIONS = sorted((MIGRATIONS / "versions").glob("*.py"))


def test_models_and_migrations_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def built(engine: Engine) -> dict[str, dict[str, list[str]]]:
    """What the database itself says of its tables, constraints and indexes."""
    found = inspect(engine)
    asked = {
        "columns": lambda table: [
            {key: str(column[key]) for key in ("name", "type", "nullable")}
            for column in found.get_columns(table)
        ],
        "checks": found.get_check_constraints,
        "foreign keys": found.get_foreign_keys,
        "indexes": found.get_indexes,
        "unique": found.get_unique_constraints,
    }
    return {
        table: {what: sorted(map(_shown, ask(table))) for what, ask in asked.items()}
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def _shown(part: object) -> str:
    return json.dumps(part, default=str, sort_keys=True)


def test_migrations_build_every_constraint_of_the_models(engine: Engine) -> None:
    # Alembic's own comparison does not see CHECK constraints, so not a new kind of anything.
    migrated = built(engine)
    migrate(engine, "base")
    SQLModel.metadata.create_all(engine)
    assert built(engine) == migrated
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE code_serial"))
        connection.execute(text("CREATE TABLE code_serial (id INTEGER PRIMARY KEY)"))
    assert [table for table, parts in built(engine).items() if parts != migrated[table]] == [
        "code_serial"
    ]


def test_a_populated_database_can_be_taken_back_and_forth(
    engine: Engine, session: Session, given: Given
) -> None:
    given.lot()
    session.commit()
    session.close()
    migrate(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    with open_session(engine) as again:
        Given(again, given.now)
        assert again.execute(text("SELECT count(*) FROM harvest_lot")).scalar_one() == 0


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_is_dated_and_knows_nothing_of_the_application(path: Path) -> None:
    assert re.fullmatch(r"20\d{6}_[a-z0-9_]+\.py", path.name)
    assert not re.search(r"^(from|import) app\b", path.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_entry SET kind = 'x'", "DELETE FROM ledger_entry"]
)
def test_the_database_refuses_to_rewrite_the_ledger(
    session: Session, given: Given, statement: str
) -> None:
    given.cooperative()
    session.commit()
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))
    session.rollback()
    # The control: any other table can be changed.
    session.execute(text("UPDATE organisation SET address = 'x'"))


def test_a_granted_role_may_work_and_may_not_rewrite_the_ledger(
    session: Session, given: Given, engine_name: str
) -> None:
    if engine_name == "sqlite":
        # SQLite has no roles; its trigger is tested above.
        assert engine_name == "sqlite"
        return
    given.cooperative()
    session.execute(text("DROP ROLE IF EXISTS nguongoc_test_role"))
    session.execute(text("CREATE ROLE nguongoc_test_role"))
    session.execute(text("DROP TRIGGER ledger_entry_append_only ON ledger_entry"))
    grant_to(session, "nguongoc_test_role")
    session.execute(text("SET ROLE nguongoc_test_role"))
    given.cooperative()
    session.flush()
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("UPDATE ledger_entry SET kind = 'x'"))
    session.rollback()
