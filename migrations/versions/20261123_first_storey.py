"""The first storey: accounts, places, catalogue, register, certificates, lots, labels, ledger, plan."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_first_storey"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("login_key", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login_key", name=op.f("uq_account_login_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_account_uid")),
    )
    op.create_table(
        "admin_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "district",
                "commune",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("search_key", sa.String(length=600), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("province_code", sa.String(length=2), nullable=False),
        sa.Column("province_name", sa.String(length=120), nullable=False),
        sa.Column("district_code", sa.String(length=3), nullable=True),
        sa.Column("district_name", sa.String(length=120), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("area_km2", sa.Float(), nullable=True),
        sa.Column("legal_ref", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_admin_unit_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_unit")),
        sa.UniqueConstraint(
            "code", "level", "valid_from", name=op.f("uq_admin_unit_code_level_valid_from")
        ),
    )
    with op.batch_alter_table("admin_unit", schema=None) as batch_op:
        batch_op.create_index("ix_admin_unit_name_key", ["name_key"], unique=False)

    op.create_table(
        "code_serial",
        sa.Column("scheme", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "scope", name=op.f("pk_code_serial")),
    )
    op.create_table(
        "crop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("scientific_name", sa.String(length=160), nullable=False),
        sa.Column("family", sa.String(length=80), nullable=False),
        sa.Column(
            "policy_group",
            sa.Enum(
                "leaf_brassica",
                "legume",
                "other",
                name="policy_group",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("native", sa.Boolean(), nullable=False),
        sa.Column("perennial", sa.Boolean(), nullable=False),
        sa.Column(
            "perennial_confidence",
            sa.Enum(
                "V",
                "S",
                "I",
                "U",
                name="perennial_confidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("identity_confidence", sa.String(length=20), nullable=False),
        sa.Column("hs_code", sa.String(length=80), nullable=False),
        sa.Column("hs_code_verified", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "shipped",
                "edited",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crop")),
        sa.UniqueConstraint("slug", name=op.f("uq_crop_slug")),
    )
    with op.batch_alter_table("crop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crop_name_key"), ["name_key"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("organisation", sa.Uuid(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_ledger_entry_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_entry")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_entry_organisation", ["organisation", "position"], unique=False
        )
        batch_op.create_index("ix_ledger_entry_subject", ["subject", "position"], unique=False)

    op.create_table(
        "legal_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "V",
                "S",
                "I",
                "U",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("enforced", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "shipped",
                "edited",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_legal_rule_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_rule")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_legal_rule_key_valid_from")),
    )
    with op.batch_alter_table("legal_rule", schema=None) as batch_op:
        batch_op.create_index("ix_legal_rule_key", ["key", "valid_from"], unique=False)

    op.create_table(
        "plan_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "province",
                "district",
                "crop_group",
                name="scope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("scope_name", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("stated", sa.BigInteger(), nullable=False),
        sa.Column("recomputed", sa.BigInteger(), nullable=True),
        sa.Column("consistent", sa.Boolean(), nullable=False),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_target")),
        sa.UniqueConstraint(
            "plan",
            "measure",
            "scope",
            "scope_name",
            "year",
            name=op.f("uq_plan_target_plan_measure_scope_scope_name_year"),
        ),
    )
    op.create_table(
        "regulated_active",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("synonyms", sa.String(length=300), nullable=False),
        sa.Column("active_group", sa.String(length=40), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "banned",
                "removed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "confidence",
            sa.Enum(
                "V",
                "S",
                "I",
                "U",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "shipped",
                "edited",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulated_active")),
        sa.UniqueConstraint(
            "name", "status", "valid_from", name=op.f("uq_regulated_active_name_status_valid_from")
        ),
    )
    with op.batch_alter_table("regulated_active", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_regulated_active_name_key"), ["name_key"], unique=False
        )

    op.create_table(
        "remembered_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("caller", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("headers", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_answer")),
        sa.UniqueConstraint("caller", "key", name=op.f("uq_remembered_answer_caller_key")),
    )
    with op.batch_alter_table("remembered_answer", schema=None) as batch_op:
        batch_op.create_index("ix_remembered_answer_at", ["at"], unique=False)

    op.create_table(
        "sign_in_throttle",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_throttle")),
    )
    op.create_table(
        "standard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "vietgap",
                "organic",
                "globalgap",
                "food_safety",
                "ocop",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title_vi", sa.String(length=160), nullable=False),
        sa.Column("title_en", sa.String(length=160), nullable=False),
        sa.Column("title_zh", sa.String(length=160), nullable=False),
        sa.Column("edition", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.Column(
            "confidence",
            sa.Enum(
                "V",
                "S",
                "I",
                "U",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "shipped",
                "edited",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard")),
        sa.UniqueConstraint("code", name=op.f("uq_standard_code")),
    )
    op.create_table(
        "admin_succession",
        sa.Column("old_unit_id", sa.Integer(), nullable=False),
        sa.Column("new_unit_id", sa.Integer(), nullable=False),
        sa.Column(
            "share",
            sa.Enum(
                "whole", "part", name="share", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("legal_ref", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["new_unit_id"], ["admin_unit.id"], name=op.f("fk_admin_succession_new_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["old_unit_id"], ["admin_unit.id"], name=op.f("fk_admin_succession_old_unit_id")
        ),
        sa.PrimaryKeyConstraint("old_unit_id", "new_unit_id", name=op.f("pk_admin_succession")),
    )
    with op.batch_alter_table("admin_succession", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_admin_succession_new_unit_id"), ["new_unit_id"], unique=False
        )

    op.create_table(
        "crop_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["crop_id"], ["crop.id"], name=op.f("fk_crop_alias_crop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crop_alias")),
        sa.UniqueConstraint("crop_id", "name_key", name=op.f("uq_crop_alias_crop_id_name_key")),
    )
    with op.batch_alter_table("crop_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_crop_alias_name_key"), ["name_key"], unique=False)

    op.create_table(
        "grower",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("hamlet", sa.String(length=120), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_grower_account_id")),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["admin_unit.id"], name=op.f("fk_grower_commune_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grower")),
        sa.UniqueConstraint("account_id", name=op.f("uq_grower_account_id")),
        sa.UniqueConstraint("code", name=op.f("uq_grower_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_grower_uid")),
    )
    with op.batch_alter_table("grower", schema=None) as batch_op:
        batch_op.create_index("ix_grower_name_key", ["name_key", "id"], unique=False)

    op.create_table(
        "ledger_personal",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["position"], ["ledger_entry.position"], name=op.f("fk_ledger_personal_position")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_personal")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_one_time_link_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "organisation",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cooperative",
                "group",
                "enterprise",
                "certification_body",
                "authority",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_key", sa.String(length=160), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=True),
        sa.Column("former_commune_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("public_phone", sa.String(length=20), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["admin_unit.id"], name=op.f("fk_organisation_commune_id")
        ),
        sa.ForeignKeyConstraint(
            ["former_commune_id"], ["admin_unit.id"], name=op.f("fk_organisation_former_commune_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint(
            "registration_number", name=op.f("uq_organisation_registration_number")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_organisation_uid")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_name_key", ["name_key", "id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("number_key", sa.String(length=80), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("body_name", sa.String(length=160), nullable=False),
        sa.Column("body_code", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("in_conversion", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column(
            "confirmation",
            sa.Enum(
                "body",
                "inspector",
                "self_declared",
                name="confirmation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_certificate_period")),
        sa.ForeignKeyConstraint(
            ["body_id"], ["organisation.id"], name=op.f("fk_certificate_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_certificate_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint(
            "standard_id",
            "number",
            "valid_from",
            name=op.f("uq_certificate_standard_id_number_valid_from"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_certificate_uid")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_number_key", ["number_key"], unique=False)
        batch_op.create_index(
            "ix_certificate_organisation", ["organisation_id", "id"], unique=False
        )

    op.create_table(
        "grower_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grower_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "public_name", name="purpose", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["grower_id"], ["grower.id"], name=op.f("fk_grower_consent_grower_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grower_consent")),
    )
    with op.batch_alter_table("grower_consent", schema=None) as batch_op:
        batch_op.create_index("ix_grower_consent_grower", ["grower_id", "purpose"], unique=False)
        batch_op.create_index(
            "uq_grower_consent_standing",
            ["grower_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "grower_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grower_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_grower_membership_period")
        ),
        sa.ForeignKeyConstraint(
            ["grower_id"], ["grower.id"], name=op.f("fk_grower_membership_grower_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_grower_membership_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grower_membership")),
        sa.UniqueConstraint(
            "grower_id",
            "organisation_id",
            "valid_from",
            name=op.f("uq_grower_membership_grower_id_organisation_id_valid_from"),
        ),
    )
    with op.batch_alter_table("grower_membership", schema=None) as batch_op:
        batch_op.create_index(
            "ix_grower_membership_organisation", ["organisation_id", "grower_id"], unique=False
        )

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "grower",
                "staff",
                "coop_admin",
                "certifier",
                "inspector",
                "province_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_membership_period")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "account_id",
            "organisation_id",
            "role",
            "valid_from",
            name=op.f("uq_membership_account_id_organisation_id_role_valid_from"),
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_membership_uid")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_organisation", ["organisation_id"], unique=False)

    op.create_table(
        "planting_area",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("former_commune_id", sa.Integer(), nullable=True),
        sa.Column("area_m2", sa.Integer(), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("polygon", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_planting_area_area_m2")),
        sa.CheckConstraint(
            "closed_on IS NULL OR closed_on >= established_on",
            name=op.f("ck_planting_area_closed_on"),
        ),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["admin_unit.id"], name=op.f("fk_planting_area_commune_id")
        ),
        sa.ForeignKeyConstraint(
            ["former_commune_id"],
            ["admin_unit.id"],
            name=op.f("fk_planting_area_former_commune_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_planting_area_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planting_area")),
        sa.UniqueConstraint(
            "organisation_id", "name_key", name=op.f("uq_planting_area_organisation_id_name_key")
        ),
        sa.UniqueConstraint("uid", name=op.f("uq_planting_area_uid")),
    )
    with op.batch_alter_table("planting_area", schema=None) as batch_op:
        batch_op.create_index("ix_planting_area_name_key", ["name_key", "id"], unique=False)
        batch_op.create_index(
            "ix_planting_area_organisation", ["organisation_id", "id"], unique=False
        )

    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_api_key_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_api_key_uid")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_api_key_membership_id"), ["membership_id"], unique=False
        )

    op.create_table(
        "area_crop",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_area_crop_area_id")
        ),
        sa.ForeignKeyConstraint(["crop_id"], ["crop.id"], name=op.f("fk_area_crop_crop_id")),
        sa.PrimaryKeyConstraint("area_id", "crop_id", name=op.f("pk_area_crop")),
    )
    with op.batch_alter_table("area_crop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_crop_crop_id"), ["crop_id"], unique=False)

    op.create_table(
        "certificate_area",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_certificate_area_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_area_certificate_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "area_id", name=op.f("pk_certificate_area")),
    )
    with op.batch_alter_table("certificate_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_area_area_id"), ["area_id"], unique=False)

    op.create_table(
        "certificate_crop",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_crop_certificate_id")
        ),
        sa.ForeignKeyConstraint(["crop_id"], ["crop.id"], name=op.f("fk_certificate_crop_crop_id")),
        sa.PrimaryKeyConstraint("certificate_id", "crop_id", name=op.f("pk_certificate_crop")),
    )
    with op.batch_alter_table("certificate_crop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_crop_crop_id"), ["crop_id"], unique=False)

    op.create_table(
        "certificate_member",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("grower_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_member_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["grower_id"], ["grower.id"], name=op.f("fk_certificate_member_grower_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "grower_id", name=op.f("pk_certificate_member")),
    )
    with op.batch_alter_table("certificate_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_member_grower_id"), ["grower_id"], unique=False
        )

    op.create_table(
        "certificate_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_step_certificate_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_step")),
    )
    with op.batch_alter_table("certificate_step", schema=None) as batch_op:
        batch_op.create_index(
            "ix_certificate_step_certificate",
            ["certificate_id", "effective_on", "id"],
            unique=False,
        )

    op.create_table(
        "code_application",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("market", sa.String(length=3), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "issued",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_code_application_area_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_application")),
        sa.UniqueConstraint("uid", name=op.f("uq_code_application_uid")),
    )
    with op.batch_alter_table("code_application", schema=None) as batch_op:
        batch_op.create_index("ix_code_application_area", ["area_id"], unique=False)
        batch_op.create_index("ix_code_application_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_code_application_open",
            ["area_id", "market"],
            unique=True,
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        )

    op.create_table(
        "harvest_lot",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("crop_id", sa.Integer(), nullable=False),
        sa.Column("grower_id", sa.Integer(), nullable=True),
        sa.Column("harvested_on", sa.Date(), nullable=False),
        sa.Column("packed_on", sa.Date(), nullable=True),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column("quantity_g", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "sealed",
                "recalled",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("state_reason", sa.String(length=500), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ledger_position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "best_before IS NULL OR best_before >= harvested_on",
            name=op.f("ck_harvest_lot_best_before"),
        ),
        sa.CheckConstraint(
            "packed_on IS NULL OR packed_on >= harvested_on", name=op.f("ck_harvest_lot_packed_on")
        ),
        sa.CheckConstraint("quantity_g > 0", name=op.f("ck_harvest_lot_quantity_g")),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_harvest_lot_area_id")
        ),
        sa.ForeignKeyConstraint(["crop_id"], ["crop.id"], name=op.f("fk_harvest_lot_crop_id")),
        sa.ForeignKeyConstraint(
            ["grower_id"], ["grower.id"], name=op.f("fk_harvest_lot_grower_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_harvest_lot_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_harvest_lot")),
        sa.UniqueConstraint("code", name=op.f("uq_harvest_lot_code")),
    )
    with op.batch_alter_table("harvest_lot", schema=None) as batch_op:
        batch_op.create_index("ix_harvest_lot_area", ["area_id", "harvested_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_harvest_lot_crop_id"), ["crop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_harvest_lot_grower_id"), ["grower_id"], unique=False)
        batch_op.create_index("ix_harvest_lot_harvested_on", ["harvested_on"], unique=False)
        batch_op.create_index(
            "ix_harvest_lot_organisation", ["organisation_id", "id"], unique=False
        )

    op.create_table(
        "plot",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("grower_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("former_commune_id", sa.Integer(), nullable=True),
        sa.Column("area_m2", sa.Integer(), nullable=False),
        sa.Column("polygon", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_plot_area_m2")),
        sa.ForeignKeyConstraint(["area_id"], ["planting_area.id"], name=op.f("fk_plot_area_id")),
        sa.ForeignKeyConstraint(["commune_id"], ["admin_unit.id"], name=op.f("fk_plot_commune_id")),
        sa.ForeignKeyConstraint(
            ["former_commune_id"], ["admin_unit.id"], name=op.f("fk_plot_former_commune_id")
        ),
        sa.ForeignKeyConstraint(["grower_id"], ["grower.id"], name=op.f("fk_plot_grower_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_plot_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot")),
        sa.UniqueConstraint("grower_id", "name_key", name=op.f("uq_plot_grower_id_name_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_plot_uid")),
    )
    with op.batch_alter_table("plot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plot_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plot_grower_id"), ["grower_id"], unique=False)
        batch_op.create_index("ix_plot_organisation", ["organisation_id", "id"], unique=False)

    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_sign_in_session_membership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "area_code",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("market", sa.String(length=3), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum(
                "QD3156_2022",
                "TCCS774_2020",
                "ND38_2026",
                "EXTERNAL",
                name="scheme",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("code_key", sa.String(length=60), nullable=False),
        sa.Column("parts", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("decision_number", sa.String(length=80), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "revoked",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["code_application.id"], name=op.f("fk_area_code_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["area_id"], ["planting_area.id"], name=op.f("fk_area_code_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["area_code.id"], name=op.f("fk_area_code_predecessor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_code")),
        sa.UniqueConstraint("application_id", name=op.f("uq_area_code_application_id")),
        sa.UniqueConstraint("predecessor_id", name=op.f("uq_area_code_predecessor_id")),
        sa.UniqueConstraint("scheme", "code", name=op.f("uq_area_code_scheme_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_area_code_uid")),
    )
    with op.batch_alter_table("area_code", schema=None) as batch_op:
        batch_op.create_index("ix_area_code_area", ["area_id"], unique=False)
        batch_op.create_index("ix_area_code_code_key", ["code_key"], unique=False)
        batch_op.create_index(
            "uq_area_code_standing",
            ["area_id", "market"],
            unique=True,
            sqlite_where=sa.text("status <> 'revoked'"),
            postgresql_where=sa.text("status <> 'revoked'"),
        )

    op.create_table(
        "label_print",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "png_203",
                "png_300",
                "sheet_a4",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("copies BETWEEN 1 AND 500", name=op.f("ck_label_print_copies")),
        sa.CheckConstraint("start_at >= 1", name=op.f("ck_label_print_start_at")),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_label_print_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_print")),
        sa.UniqueConstraint("uid", name=op.f("uq_label_print_uid")),
    )
    with op.batch_alter_table("label_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_print_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "lot_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reason_values", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_lot_claim_certificate_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["harvest_lot.id"], name=op.f("fk_lot_claim_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_claim")),
        sa.UniqueConstraint("lot_id", "kind", name=op.f("uq_lot_claim_lot_id_kind")),
    )
    op.create_table(
        "area_code_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "revoked",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["code_id"], ["area_code.id"], name=op.f("fk_area_code_step_code_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_code_step")),
    )
    with op.batch_alter_table("area_code_step", schema=None) as batch_op:
        batch_op.create_index(
            "ix_area_code_step_code", ["code_id", "effective_on", "id"], unique=False
        )
    _make_ledger_append_only()


def downgrade() -> None:
    _let_ledger_go()
    with op.batch_alter_table("area_code_step", schema=None) as batch_op:
        batch_op.drop_index("ix_area_code_step_code")

    op.drop_table("area_code_step")
    op.drop_table("lot_claim")
    with op.batch_alter_table("label_print", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_label_print_lot_id"))

    op.drop_table("label_print")
    with op.batch_alter_table("area_code", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_area_code_standing",
            sqlite_where=sa.text("status <> 'revoked'"),
            postgresql_where=sa.text("status <> 'revoked'"),
        )
        batch_op.drop_index("ix_area_code_code_key")
        batch_op.drop_index("ix_area_code_area")

    op.drop_table("area_code")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    with op.batch_alter_table("plot", schema=None) as batch_op:
        batch_op.drop_index("ix_plot_organisation")
        batch_op.drop_index(batch_op.f("ix_plot_grower_id"))
        batch_op.drop_index(batch_op.f("ix_plot_area_id"))

    op.drop_table("plot")
    with op.batch_alter_table("harvest_lot", schema=None) as batch_op:
        batch_op.drop_index("ix_harvest_lot_organisation")
        batch_op.drop_index("ix_harvest_lot_harvested_on")
        batch_op.drop_index(batch_op.f("ix_harvest_lot_grower_id"))
        batch_op.drop_index(batch_op.f("ix_harvest_lot_crop_id"))
        batch_op.drop_index("ix_harvest_lot_area")

    op.drop_table("harvest_lot")
    with op.batch_alter_table("code_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_code_application_open",
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        )
        batch_op.drop_index("ix_code_application_state")
        batch_op.drop_index("ix_code_application_area")

    op.drop_table("code_application")
    with op.batch_alter_table("certificate_step", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_step_certificate")

    op.drop_table("certificate_step")
    with op.batch_alter_table("certificate_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_member_grower_id"))

    op.drop_table("certificate_member")
    with op.batch_alter_table("certificate_crop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_crop_crop_id"))

    op.drop_table("certificate_crop")
    with op.batch_alter_table("certificate_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_area_area_id"))

    op.drop_table("certificate_area")
    with op.batch_alter_table("area_crop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_area_crop_crop_id"))

    op.drop_table("area_crop")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_membership_id"))

    op.drop_table("api_key")
    with op.batch_alter_table("planting_area", schema=None) as batch_op:
        batch_op.drop_index("ix_planting_area_organisation")
        batch_op.drop_index("ix_planting_area_name_key")

    op.drop_table("planting_area")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index("ix_membership_organisation")

    op.drop_table("membership")
    with op.batch_alter_table("grower_membership", schema=None) as batch_op:
        batch_op.drop_index("ix_grower_membership_organisation")

    op.drop_table("grower_membership")
    with op.batch_alter_table("grower_consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_grower_consent_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index("ix_grower_consent_grower")

    op.drop_table("grower_consent")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_organisation")
        batch_op.drop_index("ix_certificate_number_key")

    op.drop_table("certificate")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index("ix_organisation_name_key")

    op.drop_table("organisation")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_account_id"))

    op.drop_table("one_time_link")
    op.drop_table("ledger_personal")
    with op.batch_alter_table("grower", schema=None) as batch_op:
        batch_op.drop_index("ix_grower_name_key")

    op.drop_table("grower")
    with op.batch_alter_table("crop_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crop_alias_name_key"))

    op.drop_table("crop_alias")
    with op.batch_alter_table("admin_succession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_admin_succession_new_unit_id"))

    op.drop_table("admin_succession")
    op.drop_table("standard")
    op.drop_table("sign_in_throttle")
    with op.batch_alter_table("remembered_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_remembered_answer_at")

    op.drop_table("remembered_answer")
    with op.batch_alter_table("regulated_active", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regulated_active_name_key"))

    op.drop_table("regulated_active")
    op.drop_table("plan_target")
    with op.batch_alter_table("legal_rule", schema=None) as batch_op:
        batch_op.drop_index("ix_legal_rule_key")

    op.drop_table("legal_rule")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_subject")
        batch_op.drop_index("ix_ledger_entry_organisation")

    op.drop_table("ledger_entry")
    with op.batch_alter_table("crop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_crop_name_key"))

    op.drop_table("crop")
    op.drop_table("code_serial")
    with op.batch_alter_table("admin_unit", schema=None) as batch_op:
        batch_op.drop_index("ix_admin_unit_name_key")

    op.drop_table("admin_unit")
    op.drop_table("account")


def _make_ledger_append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_entry_no_{verb.lower()} BEFORE {verb} ON ledger_entry "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        # INSERT OR REPLACE deletes without firing a DELETE trigger: only the next position is free.
        op.execute(
            "CREATE TRIGGER ledger_entry_in_turn BEFORE INSERT ON ledger_entry WHEN NEW.position "
            "IS NOT (SELECT coalesce(max(position) + 1, 0) FROM ledger_entry) "
            "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    )
    op.execute(
        "CREATE FUNCTION ledger_is_in_turn() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.position <> "
        "(SELECT coalesce(max(position) + 1, 0) FROM ledger_entry) THEN "
        "RAISE EXCEPTION 'the ledger is append-only'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_entry_in_turn BEFORE INSERT ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_is_in_turn()"
    )


def _let_ledger_go() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER ledger_entry_no_{verb}")
        op.execute("DROP TRIGGER ledger_entry_in_turn")
        return
    op.execute("DROP TRIGGER ledger_entry_in_turn ON ledger_entry")
    op.execute("DROP FUNCTION ledger_is_in_turn()")
    op.execute("DROP TRIGGER ledger_entry_append_only ON ledger_entry")
    op.execute("DROP FUNCTION ledger_is_append_only()")
