"""The words of inspections: outcomes, severities, states, reasons, measures, steps of a sample."""

from app.kit.messages import Message, say
from app.models.checklists import Severity
from app.models.samples import SampleStepKind
from app.models.visit_findings import FindingState, FollowUp, MeasureKind
from app.models.visits import Outcome, PlanState, RiskKind, Signer

OUTCOMES: dict[Outcome, Message] = {
    Outcome.CONFORMS: say("Conforms"),
    Outcome.FAILS: say("Does not conform"),
    Outcome.NOT_APPLICABLE: say("Not applicable"),
    Outcome.NOT_SEEN: say("Not looked at"),
}
SEVERITIES: dict[Severity, Message] = {
    Severity.CRITICAL: say("Critical"),
    Severity.MAJOR: say("Major"),
    Severity.MINOR: say("Minor"),
}
SIGNERS: dict[Signer, Message] = {
    Signer.INSPECTOR: say("The inspector"),
    Signer.HOST: say("Whoever was visited"),
    Signer.WITNESS: say("A witness"),
}
PLAN_STATES: dict[PlanState, Message] = {
    PlanState.OPEN: say("Planned"),
    PlanState.VISITED: say("Visited"),
    PlanState.DROPPED: say("Dropped"),
}
RISKS: dict[RiskKind, Message] = {
    RiskKind.COMPLAINTS: say("Reports of shoppers"),
    RiskKind.SCAN_ALERTS: say("Labels looked up in an unusual way"),
    RiskKind.OVER_CAP: say("Lots over what was declared"),
    RiskKind.EXPIRED_PAPERS: say("Certificates that ran out or are suspended"),
    RiskKind.FAILED_TESTS: say("Official samples that failed"),
    RiskKind.OVERDUE_FINDINGS: say("Findings that are overdue"),
    RiskKind.PAST_FINDINGS: say("Grave findings of former visits"),
    RiskKind.CODE_STANDING: say("Codes under a warning or suspended"),
    RiskKind.LATE_ENTRIES: say("Diary entries written down late"),
    RiskKind.UNVISITED: say("Years without a visit"),
}
FINDING_STATES: dict[FindingState, Message] = {
    FindingState.OPEN: say("To be mended"),
    FindingState.ANSWERED: say("Waits for the inspector"),
    FindingState.CLOSED: say("Settled"),
}
FOLLOW_UPS: dict[FollowUp, Message] = {
    FollowUp.EVIDENCE: say("Shown as mended"),
    FollowUp.SENT_BACK: say("Not enough"),
    FollowUp.CLOSED: say("Settled by the inspector"),
}
MEASURES: dict[MeasureKind, Message] = {
    MeasureKind.WARN_CODE: say("Warn the code"),
    MeasureKind.SUSPEND_CODE: say("Suspend the code"),
    MeasureKind.SUSPEND_CERTIFICATE: say("Suspend the certificate"),
    MeasureKind.HOLD_LOT: say("Hold the lot"),
}
MEASURES_TAKEN: dict[MeasureKind, Message] = {
    MeasureKind.WARN_CODE: say("Code warned"),
    MeasureKind.SUSPEND_CODE: say("Code suspended"),
    MeasureKind.SUSPEND_CERTIFICATE: say("Certificate suspended"),
    MeasureKind.HOLD_LOT: say("Lot held"),
}
SAMPLE_STEPS: dict[SampleStepKind, Message] = {
    SampleStepKind.TAKEN: say("Taken"),
    SampleStepKind.SEALED: say("Seal put on"),
    SampleStepKind.HANDED_OVER: say("Handed over"),
    SampleStepKind.RECEIVED: say("Received by the laboratory"),
    SampleStepKind.REFUSED: say("Refused by the laboratory"),
    SampleStepKind.RESULTED: say("Answered by a report"),
}
UNCHECKED: tuple[Message, ...] = (
    say("Whether somebody else goes on with this visit."),
    say("Whether a lot that was sampled is of this organisation, and its seal is used once."),
    say("Whether the plan still stands: a visit counts all the same."),
)
