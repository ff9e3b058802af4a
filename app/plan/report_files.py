"""What the files of a report are called and what they are. Pure."""

from app.models.plan_reports import PlanReport, ReportFormat

MEDIA_TYPES = {
    ReportFormat.PDF: "application/pdf",
    ReportFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_name(report: PlanReport, kind: ReportFormat) -> str:
    """The name under which a file is kept, in plain letters."""
    quarter = f"q{report.quarter}-" if report.quarter else ""
    return f"bao-cao-rau-an-toan-{quarter}{report.year}.{kind.value}"
