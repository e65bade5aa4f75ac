"""The files and the registry of a run, written by a thread behind the workers: what is answered without a gap goes out.

The thread inflates, writes and inserts while the workers screen, so that little is left when the last sample is answered. The
files take the place of older ones only when all is written; the registry is committed batch by batch, as in any other use.
"""

import threading
from collections.abc import Iterator

from fgfr_screen.cohort.ledger import Ledger
from fgfr_screen.cohort.output import Outcome, Streams


class _StoppedError(Exception):
    """The run ends before all samples are answered."""


class Writer:
    """Writes what a ledger holds while it is filled. A context manager; leaving it before `finish` leaves older files.

    Attributes:
        conflicts: Results that the registry holds with another answer and did not take; known after `finish`.
    """

    def __init__(self, ledger: Ledger, folder: str, registry_url: str) -> None:
        self._ledger = ledger
        self._registry_url = registry_url
        self._streams = Streams(folder)
        self._news = threading.Event()
        self._is_complete = self._is_stopped = False
        self._fault: BaseException | None = None
        self.conflicts = 0
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)

    def __enter__(self) -> "Writer":
        self._streams.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_stopped = True
        self._news.set()
        self._thread.join()
        self._streams.__exit__()

    def go_on(self) -> None:
        """Tell that there are more answers.

        Raises:
            FgfrScreenError: What was answered before cannot be written; more answers are of no use now.
        """
        self._news.set()
        if self._fault is not None:
            raise self._fault

    def finish(self) -> None:
        """Write the rest, and put the files in the place of older ones.

        Raises:
            OutputError: Something could not be written; older files are as they were.
            InputError: The ledger or the registry is damaged.
        """
        self._is_complete = True
        self._news.set()
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        self._streams.publish()

    def _work(self) -> None:
        from fgfr_screen.cohort.registry import open_registry

        try:
            with open_registry(self._registry_url) as registry:
                added = registry.add_parsed(self._streams.write(self._answered()))
                for conflict in added.conflicts:
                    self._streams.tell_conflict(conflict.sample_id, registry.name)
                self.conflicts = len(added.conflicts)
        except _StoppedError:
            return
        except BaseException as fault:  # noqa: BLE001 - raised again in the thread of the run
            self._fault = fault

    def _answered(self) -> Iterator[Outcome]:
        """Yield every sample in manifest order, each as soon as it and all before it are answered.

        Raises:
            _StoppedError: Nobody waits for the rest.
        """
        with self._ledger.outcomes() as outcomes:
            while True:
                is_last, page = self._is_complete, outcomes.take()
                yield from page
                if self._is_stopped:
                    raise _StoppedError
                if not page:
                    if is_last:
                        return
                    self._news.wait()
                    self._news.clear()
