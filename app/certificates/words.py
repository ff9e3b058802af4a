"""Words about certificates that commands share: what a status is called, a reason that is one."""

from app.errors import refuse
from app.kit.messages import say
from app.kit.text import clean
from app.models.certificates import CertificateStatus

SHORTEST_REASON = 5
LONGEST_REASON = 500

STATUS_WORDS = {
    CertificateStatus.ACTIVE: say("in force"),
    CertificateStatus.SUSPENDED: say("suspended"),
    CertificateStatus.WITHDRAWN: say("withdrawn"),
    CertificateStatus.REPLACED: say("replaced"),
}


def require_reason(typed: str, *, field: str = "reason") -> str:
    """The reason somebody gives, cleaned; raises Refused for one that says nothing."""
    reason = clean(typed, longest=LONGEST_REASON, multiline=True)
    if len(reason) < SHORTEST_REASON:
        raise refuse(field, say("Say why, in a few words."))
    return reason
