"""Inspections: checklists, plans, visits, findings, samples; who saw private data of whom."""

import sqlalchemy as sa
from alembic import op

revision = "20261215_inspections"
down_revision = "20261214_marks_by_name"
branch_labels = None
depends_on = None


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def refers_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:

    op.create_table(
        "inspection_checklist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name_vi", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("name_zh", sa.String(length=160), nullable=False),
        sa.Column("standard_code", sa.String(length=40), nullable=False),
        sa.Column("legal_ref", sa.String(length=300), nullable=False),
        sa.Column("confidence", one_of("confidence", "V", "S", "I", "U"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", one_of("source", "shipped", "edited"), nullable=False),
        sa.CheckConstraint("edition > 0", name=op.f("ck_inspection_checklist_edition")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from",
            name=op.f("ck_inspection_checklist_period"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_checklist")),
        sa.UniqueConstraint("slug", "edition", name=op.f("uq_inspection_checklist_slug_edition")),
    )
    op.create_table(
        "checklist_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("text_vi", sa.String(length=300), nullable=False),
        sa.Column("text_en", sa.String(length=300), nullable=False),
        sa.Column("text_zh", sa.String(length=300), nullable=False),
        sa.Column("severity", one_of("severity", "critical", "major", "minor"), nullable=False),
        sa.Column("confidence", one_of("confidence", "V", "S", "I", "U"), nullable=False),
        sa.Column("enforced", sa.Boolean(), nullable=False),
        sa.Column("source", one_of("source", "shipped", "edited"), nullable=False),
        refers_to("checklist_item", "checklist_id", "inspection_checklist"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint("checklist_id", "key", name=op.f("uq_checklist_item_checklist_id_key")),
        sa.UniqueConstraint(
            "checklist_id", "rank", name=op.f("uq_checklist_item_checklist_id_rank")
        ),
    )
    op.create_table(
        "data_access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            one_of(
                "role", "grower", "staff", "coop_admin", "certifier", "inspector", "province_admin"
            ),
            nullable=False,
        ),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_data_access_times")),
        refers_to("data_access", "account_id", "account"),
        refers_to("data_access", "office_id", "organisation"),
        refers_to("data_access", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_access")),
        sa.UniqueConstraint(
            "organisation_id",
            "day",
            "account_id",
            "what",
            "subject",
            name=op.f("uq_data_access_organisation_id_day_account_id_what_subject"),
        ),
    )
    op.create_index("ix_data_access_account_id", "data_access", ["account_id", "day"])
    op.create_index(op.f("ix_data_access_office_id"), "data_access", ["office_id"])
    op.create_table(
        "inspection_plan",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("assigned_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", one_of("state", "open", "visited", "dropped"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("score >= 0", name=op.f("ck_inspection_plan_score")),
        refers_to("inspection_plan", "area_id", "planting_area"),
        refers_to("inspection_plan", "assigned_id", "account"),
        refers_to("inspection_plan", "checklist_id", "inspection_checklist"),
        refers_to("inspection_plan", "organisation_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_plan")),
        sa.UniqueConstraint("uid", name=op.f("uq_inspection_plan_uid")),
    )
    op.create_index(op.f("ix_inspection_plan_area_id"), "inspection_plan", ["area_id"])
    op.create_index(op.f("ix_inspection_plan_assigned_id"), "inspection_plan", ["assigned_id"])
    op.create_index(op.f("ix_inspection_plan_checklist_id"), "inspection_plan", ["checklist_id"])
    op.create_index("ix_inspection_plan_organisation", "inspection_plan", ["organisation_id", "id"])
    op.create_index("ix_inspection_plan_state", "inspection_plan", ["state", "due_on"])
    op.create_table(
        "inspection_visit",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("inspector_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("clock_doubted", sa.Boolean(), nullable=False),
        sa.Column("carried_for", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("draft", sa.String(), nullable=False),
        sa.CheckConstraint(
            "finished_at IS NULL OR finished_at >= started_at",
            name=op.f("ck_inspection_visit_finished_at"),
        ),
        refers_to("inspection_visit", "area_id", "planting_area"),
        refers_to("inspection_visit", "checklist_id", "inspection_checklist"),
        refers_to("inspection_visit", "inspector_id", "account"),
        refers_to("inspection_visit", "office_id", "organisation"),
        refers_to("inspection_visit", "organisation_id", "organisation"),
        refers_to("inspection_visit", "plan_id", "inspection_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_visit")),
        sa.UniqueConstraint("uid", name=op.f("uq_inspection_visit_uid")),
    )
    op.create_index(op.f("ix_inspection_visit_area_id"), "inspection_visit", ["area_id"])
    op.create_index(op.f("ix_inspection_visit_checklist_id"), "inspection_visit", ["checklist_id"])
    op.create_index("ix_inspection_visit_inspector", "inspection_visit", ["inspector_id", "id"])
    op.create_index(op.f("ix_inspection_visit_office_id"), "inspection_visit", ["office_id"])
    op.create_index(
        "ix_inspection_visit_organisation", "inspection_visit", ["organisation_id", "started_at"]
    )
    op.create_index(op.f("ix_inspection_visit_plan_id"), "inspection_visit", ["plan_id"])
    op.create_table(
        "plan_reason",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            one_of(
                "kind",
                "complaints",
                "scan_alerts",
                "over_cap",
                "expired_papers",
                "failed_tests",
                "overdue_findings",
                "past_findings",
                "code_standing",
                "late_entries",
                "unvisited",
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        refers_to("plan_reason", "plan_id", "inspection_plan"),
        sa.PrimaryKeyConstraint("plan_id", "kind", name=op.f("pk_plan_reason")),
    )
    op.create_table(
        "inspection_finding",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("severity", one_of("severity", "critical", "major", "minor"), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", one_of("state", "open", "answered", "closed"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        refers_to("inspection_finding", "area_id", "planting_area"),
        refers_to("inspection_finding", "item_id", "checklist_item"),
        refers_to("inspection_finding", "organisation_id", "organisation"),
        refers_to("inspection_finding", "visit_id", "inspection_visit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_finding")),
        sa.UniqueConstraint("uid", name=op.f("uq_inspection_finding_uid")),
    )
    op.create_index(op.f("ix_inspection_finding_area_id"), "inspection_finding", ["area_id"])
    op.create_index(op.f("ix_inspection_finding_item_id"), "inspection_finding", ["item_id"])
    op.create_index(
        "ix_inspection_finding_organisation",
        "inspection_finding",
        ["organisation_id", "state", "due_on"],
    )
    op.create_index("ix_inspection_finding_state", "inspection_finding", ["state", "due_on"])
    op.create_index(op.f("ix_inspection_finding_visit_id"), "inspection_finding", ["visit_id"])
    op.create_table(
        "sample",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=160), nullable=False),
        sa.Column("mass_g", sa.Integer(), nullable=True),
        sa.Column("seal", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            one_of("state", "taken", "sealed", "handed_over", "received", "refused", "resulted"),
            nullable=False,
        ),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("mass_g IS NULL OR mass_g > 0", name=op.f("ck_sample_mass_g")),
        refers_to("sample", "lot_id", "harvest_lot"),
        refers_to("sample", "office_id", "organisation"),
        refers_to("sample", "organisation_id", "organisation"),
        refers_to("sample", "report_id", "lab_report"),
        refers_to("sample", "visit_id", "inspection_visit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("office_id", "seal", name=op.f("uq_sample_office_id_seal")),
        sa.UniqueConstraint("report_id", name=op.f("uq_sample_report_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_sample_uid")),
    )
    op.create_index("ix_sample_lot", "sample", ["lot_id"])
    op.create_index("ix_sample_organisation", "sample", ["organisation_id", "id"])
    op.create_index(op.f("ix_sample_visit_id"), "sample", ["visit_id"])
    op.create_table(
        "visit_answer",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            one_of("outcome", "conforms", "fails", "not_applicable", "not_seen"),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        refers_to("visit_answer", "item_id", "checklist_item"),
        refers_to("visit_answer", "visit_id", "inspection_visit"),
        sa.PrimaryKeyConstraint("visit_id", "item_id", name=op.f("pk_visit_answer")),
    )
    op.create_index(op.f("ix_visit_answer_item_id"), "visit_answer", ["item_id"])
    op.create_table(
        "visit_picture",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        refers_to("visit_picture", "item_id", "checklist_item"),
        refers_to("visit_picture", "picture_id", "picture"),
        refers_to("visit_picture", "visit_id", "inspection_visit"),
        sa.PrimaryKeyConstraint("visit_id", "picture_id", name=op.f("pk_visit_picture")),
    )
    op.create_index(op.f("ix_visit_picture_item_id"), "visit_picture", ["item_id"])
    op.create_index(op.f("ix_visit_picture_picture_id"), "visit_picture", ["picture_id"])
    op.create_table(
        "visit_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("signer", one_of("signer", "inspector", "host", "witness"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("strokes", sa.String(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        refers_to("visit_signature", "visit_id", "inspection_visit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_signature")),
    )
    op.create_index("ix_visit_signature_visit", "visit_signature", ["visit_id", "id"])
    op.create_table(
        "finding_measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "warn_code", "suspend_code", "suspend_certificate", "hold_lot"),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        refers_to("finding_measure", "finding_id", "inspection_finding"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_measure")),
    )
    op.create_index("ix_finding_measure_finding", "finding_measure", ["finding_id", "id"])
    op.create_table(
        "finding_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind", "evidence", "sent_back", "closed"), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        refers_to("finding_message", "finding_id", "inspection_finding"),
        refers_to("finding_message", "organisation_id", "organisation"),
        refers_to("finding_message", "picture_id", "picture"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_message")),
    )
    op.create_index("ix_finding_message_finding", "finding_message", ["finding_id", "id"])
    op.create_index(
        op.f("ix_finding_message_organisation_id"), "finding_message", ["organisation_id"]
    )
    op.create_index(op.f("ix_finding_message_picture_id"), "finding_message", ["picture_id"])
    op.create_table(
        "sample_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "taken", "sealed", "handed_over", "received", "refused", "resulted"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("giver", sa.String(length=120), nullable=False),
        sa.Column("taker", sa.String(length=120), nullable=False),
        sa.Column("seal_whole", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        refers_to("sample_step", "sample_id", "sample"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_step")),
    )
    op.create_index("ix_sample_step_sample", "sample_step", ["sample_id", "id"])


def downgrade() -> None:
    for table in (
        "sample_step",
        "finding_message",
        "finding_measure",
        "visit_signature",
        "visit_picture",
        "visit_answer",
        "sample",
        "inspection_finding",
        "plan_reason",
        "inspection_visit",
        "inspection_plan",
        "data_access",
        "checklist_item",
        "inspection_checklist",
    ):
        op.drop_table(table)
