"""Publishing: what is here, what is there, and the steps between."""

from __future__ import annotations

from pathlib import Path

from avsnitt.problems.errors import UsageError
from avsnitt.publish.io.folder import (
    Progress,
    PublishReport,
    publish_to_folder,
    read_tree,
    refuse_target,
)
from avsnitt.publish.plan import Manifest
from avsnitt.system.disk import is_folder


def publish_tree(
    public: Path,
    target: Path,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
    manifest: Manifest | None = None,
) -> PublishReport:
    """
    Publish a built folder, which lies in its show's folder, to a folder.

    `manifest` saves reading what was built when the caller knows it. Raises UsageError for a
    target that would hurt or a show that is not built, ExternalError when the disk fails.
    """
    if not is_folder(public):
        raise UsageError(
            f"{public} is not there", key="publish.not-built", values={"public": str(public)}
        )
    refuse_target(target, public=public, show=public.parent, home=Path.home())
    local = read_tree(public) if manifest is None else manifest
    return publish_to_folder(public, local, target, dry_run=dry_run, progress=progress)
