"""Several acts at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection

Act = Callable[[], object]


def at_once(*acts: Act) -> list[BaseException | None]:
    """Run each act in a thread with a connection of its own, all begun together; return what each of them raised."""
    gate = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Act) -> None:
        try:
            gate.wait(30)
            act()
        except BaseException as error:  # noqa: BLE001 (handed to the test)
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "an act waits for ever"
    return raised
