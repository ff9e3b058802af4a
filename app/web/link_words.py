"""What the link types of the GS1 vocabulary that are used here are called."""

from app.kit.messages import Message, say

KINDS: dict[str, Message] = {
    "defaultLink": say("What is shown first"),
    "pip": say("About the goods"),
    "traceability": say("Origin"),
    "recallStatus": say("Recall"),
    "certificationInfo": say("Certificates"),
    "epcis": say("Events for machines"),
    "locationInfo": say("Place"),
}
