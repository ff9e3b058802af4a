"""The words pages use for reports on the plan, as messages to be said."""

from app.kit.messages import Message, say
from app.models.catalogue import CropGroup
from app.models.plan_reports import PlanReportState
from app.plan.naming import GROUPS
from app.plan.submission_rules import Channel

PLAN_REPORT_STATES: dict[PlanReportState, Message] = {
    PlanReportState.DRAFT: say("Draft"),
    PlanReportState.APPROVED: say("Approved"),
    PlanReportState.SENT: say("Sent off"),
}
PLAN_REPORT_WORDS: dict[str, dict[PlanReportState, Message]] = {"states": PLAN_REPORT_STATES}
CHANNELS: dict[Channel, Message] = {
    Channel.UNIT: say("sent by itself"),
    Channel.LINK: say("sent by its link"),
    Channel.OFFICER: say("written down by an officer"),
}
GROUP_WORDS: dict[str, Message] = {group.value: GROUPS[group] for group in CropGroup}
