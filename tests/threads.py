"""Several things done at the same moment, each in a thread of its own."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread


def at_once(acts: Sequence[Callable[[], object]]) -> list[Exception | None]:
    """Start all together and wait for all; what each one raised, None where it went well."""
    outcomes: list[Exception | None] = [None] * len(acts)
    gate = Barrier(len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001  # whatever it was is what the test asks about
            outcomes[number] = error

    threads = [Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
