"""
A Dask cluster as a backend: the only module that knows Dask.

The cluster's workers must have the same program as this one and see the same artifact store; both
are checked before any task is sent. A worker that joins later checks the fingerprint in each call.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from avsnitt.problems.errors import ExternalError, UsageError
from avsnitt.system.artifacts import ArtifactStore, await_path
from avsnitt.work.backend import Backend
from avsnitt.work.call import run_for_cluster
from avsnitt.work.fingerprint import Fingerprint, differences, own_fingerprint

if TYPE_CHECKING:
    from distributed import Client

PIP: Final = 'pip install "avsnitt[dask]"'
_CONNECT_S: Final = 10
_WORKERS_S: Final = 60
_COUNTED_EVERY_S: Final = 10.0
_SHOWN: Final = 5

WorkerInspection = tuple[Fingerprint, bool]
"""The fingerprint of a worker, and True when it sees the artifact store."""


def connect_cluster(address: str, store: ArtifactStore) -> Backend:
    """
    The workers of the cluster whose scheduler is at `dask://host:port`.

    Raises UsageError when Dask is not installed, and ExternalError when nothing answers there,
    there are no workers, or some differ from this program or do not see the artifact store.
    """
    try:
        import distributed
    except ImportError as error:
        raise UsageError("no dask", key="executor.no-dask", values={"pip": PIP}) from error
    where = "tcp://" + address.removeprefix("dask://").rstrip("/")
    try:
        client = distributed.Client(where, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _external_error("executor.no-cluster", address=address) from error
    try:
        _wait_for_workers(client, address)
        _inspect(client, store)
    except BaseException:
        client.close()
        raise
    # Workers finish the tasks that they have begun: the next run finds the files in the store.
    return Backend(
        executor=client.get_executor(pure=False),
        places=_WorkerThreads(client),
        run=run_for_cluster,
        close=client.close,
        sender=own_fingerprint(),
    )


def _wait_for_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_WORKERS_S)
    except TimeoutError as error:
        raise _external_error("executor.no-workers", address=address) from error


def _external_error(key: str, **values: str) -> ExternalError:
    return ExternalError(f"{key}: {values}", key=key, values=values)


def _inspect(client: Client, store: ArtifactStore) -> None:
    store.folder.mkdir(parents=True, exist_ok=True)
    probe = store.note("probe").absolute()
    probe.write_bytes(b"avsnitt")
    try:
        inspections = client.run(inspect_worker, str(probe), on_error="return")
    finally:
        probe.unlink(missing_ok=True)
    check_workers(inspections, own_fingerprint(), store)


def inspect_worker(probe: str) -> WorkerInspection:
    """
    The worker's fingerprint, and True when it sees the file `probe` within ten seconds. Run on
    each worker.
    """
    return own_fingerprint(), await_path(Path(probe), 10.0)


def check_workers(
    inspections: Mapping[str, WorkerInspection | BaseException],
    ours: Fingerprint,
    store: ArtifactStore,
) -> None:
    """
    Raise ExternalError that names the workers that differ, or that do not see the artifact
    store.
    """
    other, blind = [], []
    for worker, inspection in sorted(inspections.items()):
        if isinstance(inspection, BaseException):
            other.append(f"{worker}: {inspection}")
        elif inspection[0] != ours:
            other.append(f"{worker}: {', '.join(differences(ours, inspection[0]))}")
        elif not inspection[1]:
            blind.append(worker)
    if other:
        raise _external_error("executor.skew", who=_some(other))
    if blind:
        raise _external_error(
            "executor.blind", who=_some(blind), folder=str(store.folder.absolute())
        )


def _some(names: list[str]) -> str:
    more = [f"… + {len(names) - _SHOWN}"] if len(names) > _SHOWN else []
    return "; ".join(names[:_SHOWN] + more)


class _WorkerThreads:
    """
    The number of threads of all workers now, plus one task more for each worker to have in
    reserve.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._counted_s = float("-inf")
        self._places = 1

    def __call__(self) -> int:
        now_s = time.monotonic()
        if now_s - self._counted_s >= _COUNTED_EVERY_S:
            threads = self._client.nthreads()
            self._places = max(1, sum(threads.values()) + len(threads))
            self._counted_s = now_s
        return self._places
