"""The words pages use for the fields of a diary entry, verdicts, anomalies and kinds of inputs."""

from app.kit.messages import Message, say

FIELDS: dict[str, Message] = {
    "planting": say("Planting"),
    "plots": say("Plots"),
    "work": say("Work"),
    "done_on": say("Day"),
    "area_m2": say("Area"),
    "quantity_g": say("Weight"),
    "grower": say("Grower"),
    "operator": say("Who did it"),
    "weather": say("Weather"),
    "pest": say("Pest or disease"),
    "reason": say("Reason"),
    "note": say("Note"),
    "inputs": say("What was used"),
    "void": say("Never happened"),
}
ANOMALIES: dict[str, Message] = {
    "banned": say("Banned inputs"),
    "same_photo": say("The same photograph twice"),
    "late": say("Written down late"),
    "night": say("Written down at night"),
    "clock": say("Wrong clock"),
}
INPUT_KINDS: dict[str, Message] = {
    "pesticide": say("Pesticide"),
    "fertiliser": say("Fertiliser"),
    "seed": say("Seed"),
    "other": say("Other input"),
}
PERMISSIONS: dict[str, Message] = {
    "permitted": say("On the permitted list"),
    "banned": say("Banned"),
    "removed": say("Taken off the list"),
}
VERDICTS: dict[str, Message] = {
    "permitted": say("Permitted"),
    "banned": say("Banned"),
    "removed": say("Taken off the list"),
    "unlisted": say("Not listed yet"),
    "not_for_crop": say("Not for this crop"),
    "excepted": say("Allowed by an officer"),
    "not_judged": say("Not judged"),
}
