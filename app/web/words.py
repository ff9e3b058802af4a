"""The words pages use for roles, states and kinds of facts, as messages to be said."""

from app.kit.messages import Message, say

ROLES: dict[str, Message] = {
    "grower": say("Grower"),
    "staff": say("Cooperative clerk"),
    "coop_admin": say("Cooperative manager"),
    "certifier": say("Certifier"),
    "inspector": say("Inspector"),
    "province_admin": say("Provincial administrator"),
    "system": say("The system"),
    "public": say("The public"),
    "self": say("The person themselves"),
}
LOT_STATES: dict[str, Message] = {
    "open": say("Open"),
    "sealed": say("Sealed"),
    "recalled": say("Recalled"),
    "withdrawn": say("Withdrawn"),
}
CODE_STATUS: dict[str, Message] = {
    "none": say("Not issued yet"),
    "active": say("In force"),
    "warned": say("Under a warning"),
    "suspended": say("Suspended"),
    "revoked": say("Revoked"),
    "cancelled": say("Cancelled"),
    "superseded": say("Replaced by another"),
}
STANDINGS: dict[str, Message] = {
    "pending": say("Not valid yet"),
    "active": say("Valid"),
    "suspended": say("Suspended"),
    "withdrawn": say("Certificate withdrawn"),
    "expired": say("Expired"),
}
CONFIRMATIONS: dict[str, Message] = {
    "body": say("Confirmed by the certification body"),
    "inspector": say("Confirmed by an inspector"),
    "self_declared": say("Declared by the cooperative"),
}
ORGANISATION_KINDS: dict[str, Message] = {
    "cooperative": say("Cooperative"),
    "group": say("Growers' group"),
    "enterprise": say("Enterprise"),
    "household": say("Household"),
    "certification_body": say("Certification body"),
    "authority": say("Authority"),
}
MARKETS: dict[str, Message] = {
    "VNM": say("Viet Nam"),
    "CHN": say("China"),
    "JPN": say("Japan"),
    "KOR": say("Korea"),
    "USA": say("United States"),
}
APPLICATION_STATES: dict[str, Message] = {
    "submitted": say("Waiting for a decision"),
    "inspecting": say("Being checked on site"),
    "returned": say("To be completed"),
    "issued": say("Issued"),
    "rejected": say("Rejected"),
    "cancelled": say("Taken back"),
}
DOCUMENT_KINDS: dict[str, Message] = {
    "map": say("Map extract"),
    "households": say("List of households"),
    "yields": say("Yields of former years"),
    "seed": say("Origin of the seed"),
    "diary": say("Farm diary"),
    "certificate": say("Certificate"),
    "land": say("Land-use paper"),
    "decision": say("Decision"),
    "site_check": say("Minutes of a site check"),
    "other": say("Other paper"),
}
FINDINGS: dict[str, Message] = {"fit": say("Fit"), "unfit": say("Not fit")}
SEASON_STAGES: dict[str, Message] = {
    "planned": say("Not started yet"),
    "growing": say("Growing"),
    "harvesting": say("Harvest time"),
    "overdue": say("Waiting for a report"),
    "ended": say("Reported"),
}
FACTS: dict[str, Message] = {
    "lot.recorded": say("Harvest recorded"),
    "lot.amended": say("Lot corrected"),
    "lot.sealed": say("Lot sealed"),
    "lot.recalled": say("Lot recalled"),
    "lot.withdrawn": say("Lot withdrawn"),
    "label.printed": say("Labels printed"),
    "area.registered": say("Planting area registered"),
    "area.amended": say("Planting area corrected"),
    "application.submitted": say("Code applied for"),
    "application.rejected": say("Application rejected"),
    "application.returned": say("Application sent back"),
    "application.cancelled": say("Application taken back"),
    "application.inspecting": say("Site check ordered"),
    "application.checked": say("Site checked"),
    "season.declared": say("Season declared"),
    "season.amended": say("Season corrected"),
    "season.ended": say("Output of a season reported"),
    "dossier.saved": say("Dossier changed"),
    "document.added": say("Paper added"),
    "document.removed": say("Paper taken away"),
    "area.boundary_drawn": say("Boundary drawn"),
    "code.warned": say("Code warned"),
    "code.cancelled": say("Code cancelled"),
    "code.superseded": say("Code replaced"),
    "code.issued": say("Code issued"),
    "code.suspended": say("Code suspended"),
    "code.restored": say("Code restored"),
    "certificate.recorded": say("Certificate recorded"),
    "certificate.suspended": say("Certificate suspended"),
    "certificate.restored": say("Certificate restored"),
    "certificate.withdrawn": say("Certificate withdrawn"),
    "reference.loaded": say("Reference data loaded"),
    "rule.set": say("Rule of law changed"),
    "code.revoked": say("Code revoked for good"),
}
DONE: dict[str, Message] = {
    "recorded": say("The harvest is recorded."),
    "amended": say("The change is saved."),
    "sealed": say("The lot is sealed."),
    "withdrawn": say("The lot is withdrawn."),
    "recalled": say("The lot is recalled. Its page warns from now on."),
    "saved": say("Saved."),
    "season_declared": say("The season is declared."),
    "season_ended": say("The output is reported."),
    "applied": say("The application is sent."),
    "issued": say("The code is issued."),
    "rejected": say("The application is rejected."),
    "returned": say("The application went back to be completed."),
    "inspecting": say("A site check is ordered."),
    "checked": say("The site check is kept."),
    "cancelled": say("The application is taken back."),
    "removed": say("The paper is taken away."),
    "warned": say("The holder is warned."),
    "code_revoked": say("The code is revoked for good."),
    "code_cancelled": say("The code is cancelled."),
    "suspended": say("Suspended."),
    "restored": say("Restored."),
    "password": say("The password is set. Please sign in."),
    "disabled": say("The account is disabled."),
    "revoked": say("The key no longer works."),
    "read": say("Marked as read."),
}
