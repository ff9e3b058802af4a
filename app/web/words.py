"""The words pages use for roles, states and kinds of facts, as messages to be said."""

from app.kit.messages import Message, say
from app.reports.rules import KIND_WORDS

ROLES: dict[str, Message] = {
    "grower": say("Grower"),
    "staff": say("Cooperative clerk"),
    "coop_admin": say("Cooperative manager"),
    "certifier": say("Certifier"),
    "inspector": say("Inspector"),
    "province_admin": say("Provincial administrator"),
    "shop": say("A shop that was let in"),
    "system": say("The system"),
    "public": say("The public"),
    "self": say("The person themselves"),
}
LOT_STATES: dict[str, Message] = {
    "open": say("Open"),
    "sealed": say("Sealed"),
    "held": say("Held"),
    "recalled": say("Recalled"),
    "closed": say("Closed"),
    "withdrawn": say("Withdrawn"),
}
CODE_STATUS: dict[str, Message] = {
    "none": say("Not issued yet"),
    "active": say("In force"),
    "warned": say("Under a warning"),
    "suspended": say("Suspended"),
    "revoked": say("Revoked for good"),
    "cancelled": say("Cancelled"),
    "superseded": say("Replaced by another"),
}
STANDINGS: dict[str, Message] = {
    "pending": say("Not valid yet"),
    "active": say("Valid"),
    "suspended": say("Suspended"),
    "withdrawn": say("Certificate withdrawn"),
    "replaced": say("Replaced"),
    "expired": say("Expired"),
    "disputed": say("Disputed"),
    "ending": say("Ends soon"),
    "unconfirmed": say("Nobody confirmed it yet"),
}
NUMBER_STATES: dict[str, Message] = {
    "unknown": say("Unknown number"),
    "valid": say("Valid"),
    "pending": say("Not valid yet"),
    "suspended": say("Suspended"),
    "withdrawn": say("Certificate withdrawn"),
    "replaced": say("Replaced"),
    "expired": say("Expired"),
    "disputed": say("Disputed"),
}
CERTIFICATE_KINDS: dict[str, Message] = {
    "vietgap": say("VietGAP"),
    "organic": say("Organic"),
    "globalgap": say("GLOBALG.A.P."),
    "food_safety": say("Food safety"),
    "ocop": say("OCOP"),
    "pgs": say("PGS"),
    "geographical_indication": say("Geographical indication"),
    "collective_mark": say("Collective mark"),
}
GRADES: dict[str, Message] = {
    "pass": say("Pass (Đạt)"),
    "fail": say("Fail (Không đạt)"),
    "1": say("1 star"),
    "2": say("2 stars"),
    "3": say("3 stars"),
    "4": say("4 stars"),
    "5": say("5 stars"),
}
CONFIRMATIONS: dict[str, Message] = {
    "body": say("Confirmed by the certification body"),
    "inspector": say("Confirmed by an inspector"),
    "self_declared": say("Declared by the cooperative"),
}
SCHEMES: dict[str, Message] = {
    "ND38_2026": say("Decree 38/2026/NĐ-CP"),
    "QD3156_2022": say("Decision 3156/QĐ-BNN-TT (2022)"),
    "TCCS774_2020": say("Standard TCCS 774:2020/BVTV"),
    "EXTERNAL": say("Issued by another authority"),
}
ORGANISATION_KINDS: dict[str, Message] = {
    "cooperative": say("Cooperative"),
    "group": say("Growers' group"),
    "enterprise": say("Enterprise"),
    "household": say("Household"),
    "certification_body": say("Certification body"),
    "authority": say("Authority"),
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
SAMPLERS: dict[str, Message] = {
    "official": say("Official sample"),
    "own": say("The cooperative's own test"),
}
VERDICTS: dict[str, Message] = {
    "passed": say("Passed"),
    "failed": say("Failed"),
    "not_judged": say("Not judged"),
}
ANALYTE_GROUPS: dict[str, Message] = {
    "pesticide": say("Pesticide residue"),
    "heavy_metal": say("Heavy metal"),
    "nitrate": say("Nitrate"),
    "microbiology": say("Microbiology"),
    "other": say("Something else"),
}
REPORT_KINDS: dict[str, Message] = {kind.value: words for kind, words in KIND_WORDS.items()}
REPORT_STATES: dict[str, Message] = {
    "received": say("Received"),
    "looking": say("Being looked at"),
    "answered": say("Answered"),
    "closed": say("Finished"),
}
FINDINGS: dict[str, Message] = {"fit": say("Fit"), "unfit": say("Not fit")}
SEASON_STAGES: dict[str, Message] = {
    "planned": say("Not started yet"),
    "growing": say("Growing"),
    "harvesting": say("Harvest time"),
    "overdue": say("Waiting for a report"),
    "ended": say("Reported"),
}
DONE: dict[str, Message] = {
    "published": say("The checkpoint is published."),
    "nothing_new": say("There is nothing new to publish yet."),
    "check_queued": say("All records are being looked at anew. The result stands here in a while."),
    "witness_registered": say("The witness is registered: its signatures are accepted."),
    "witness_retired": say("The witness is retired. Its signatures stay."),
    "recorded": say("The harvest is recorded."),
    "amended": say("The change is saved."),
    "sealed": say("The lot is sealed."),
    "withdrawn": say("The lot is withdrawn."),
    "held": say("The lot is held; its holder was told."),
    "released": say("The lot is released; its holder was told."),
    "closed": say("The lot is closed."),
    "pictured": say("The photograph is kept."),
    "recalled": say("The lot is recalled. Its page warns from now on."),
    "saved": say("Saved."),
    "report_sent": say("Thank you. Your report is with the cooperative and the authority."),
    "report_sent_on": say("Thank you. Your report is with the authority."),
    "word_added": say("Your words are added."),
    "contact_erased": say("The contact is erased."),
    "looking": say("The shopper sees now that somebody looks at it."),
    "report_answered": say("The answer is sent: whoever holds the ticket can read it."),
    "report_asked": say("The cooperative was asked."),
    "report_done": say("What was done is written down."),
    "report_closed": say("The report is closed."),
    "place_counted": say("Thank you. The place is counted."),
    "alert_closed": say("The alert is closed."),
    "shop_ended": say("The shop may not mark labels any more."),
    "lab_recorded": say("The laboratory result is kept."),
    "lab_corrected": say("The laboratory result is corrected; the former one stays to be read."),
    "lab_withdrawn": say("The laboratory result is withdrawn and counts no more."),
    "told_apart": say("Remembered: these two are not the same."),
    "merged": say("The two records are one now."),
    "entry_written": say("Written down."),
    "entry_corrected": say("Corrected. The former version is kept."),
    "entry_voided": say("Crossed out. The entry is kept."),
    "grid_written": say("All ticked rows are written."),
    "planting_started": say("The planting is started."),
    "planting_ended": say("The planting is ended."),
    "conflict_settled": say("Settled."),
    "product_registered": say("The product is registered."),
    "product_withdrawn": say("The product is withdrawn. Its GTIN stays its own."),
    "printed": say("The labels are ready, or on their way."),
    "run_cancelled": say("The run is given up: all its labels are void."),
    "run_retried": say("The labels are made again."),
    "run_verified": say("First and last label were read back: the run is verified."),
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
    "extended": say("The certificate runs longer now."),
    "confirmed": say("You vouch for this certificate now."),
    "disputed": say("The dispute is recorded and the holder was told."),
    "password": say("The password is set. Please sign in."),
    "disabled": say("The account is disabled."),
    "revoked": say("The key no longer works."),
    "read": say("Marked as read."),
    "second_factor_removed": say("Only the password is asked for from now on."),
    "second_factor_reset": say("The second step is taken away; it can be set up anew."),
}
