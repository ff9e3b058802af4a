"""A reason as the public may read it: without weights, and without the name of a household's area. Pure."""

from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres

AMOUNTS = say("The amounts do not go together with what was declared or certified.")


def public_reason(reason: Message, *, named: bool) -> Message:
    """The same reason with what only the house and the authority may know left out."""
    values, why = dict(reason.values), reason.values.get("why")
    if isinstance(why, Message) and "quantity" in values:
        # Which part of how many, and what it weighs, stays in the house; why it does not pass, not.
        return say("A part of the lot: {why}", why=public_reason(why, named=named))
    if "source" in values:
        # Which lots are in a lot is the trade's; a code of other goods has no place on its page.
        return (
            say("A harvest in it: {why}", why=public_reason(why, named=named))
            if isinstance(why, Message)
            else say("A harvest in it cannot claim this.")
        )
    if any(isinstance(value, Grams | SquareMetres) for value in values.values()):
        return AMOUNTS
    if not named and "area" in values:
        values["area"] = say("this area")
    told = {
        name: public_reason(value, named=named) if isinstance(value, Message) else value
        for name, value in values.items()
    }
    return Message(reason.msgid, told)
