"""The words for kinds of work, units of inputs, and what a telephone cannot check by itself."""

from app.kit.messages import Message, say
from app.models.diary import Work

WORKS: dict[Work, Message] = {
    Work.WATERING: say("Watering"),
    Work.FERTILISING: say("Fertilising"),
    Work.SPRAYING: say("Spraying"),
    Work.HARVEST: say("Harvesting"),
    Work.WEEDING: say("Weeding"),
    Work.PEST_CHECK: say("Looking for pests"),
    Work.SOIL: say("Preparing the soil"),
    Work.SOWING: say("Sowing or planting"),
    Work.DISPOSAL: say("Disposing of containers"),
    Work.OTHER: say("Other work"),
}
UNITS = ("ml", "l", "g", "kg")
UNCHECKED: tuple[Message, ...] = (
    say("Whether an input is permitted for the crop on that day."),
    say("Whether a pre-harvest interval still runs."),
    say("Whether somebody else corrected the same entry."),
    say("Whether the planting has ended meanwhile."),
)
