"""
The theme that all pages of a show share: templates, static files, and the frame around a page.
"""

from __future__ import annotations

from pathlib import Path

from avsnitt.digests import combine, digest
from avsnitt.i18n import ui_language
from avsnitt.model.show import Show
from avsnitt.show_files import SITE_FOLDER
from avsnitt.site.layout import FrameImages, site_frame
from avsnitt.system.disk import read_file
from avsnitt.workflow.build.context import BuildContext, FeedContext
from avsnitt.workflow.build.cover_images import CoverImages, EmbeddedCovers
from avsnitt.workflow.build.images import PublishedImages
from avsnitt.workflow.build.output import Output


def prepare_theme(
    root: str, show: Show, images: PublishedImages, covers: CoverImages, output: Output
) -> BuildContext:
    """Everything that all episodes and pages share; the theme's static files are written."""
    from avsnitt.images.io.convert import chapter_picture
    from avsnitt.site.io.templates import Templates, theme_files, user_cache_folder
    from avsnitt.system.locales import read_strings

    own = f"{root}/{SITE_FOLDER}"
    files = theme_files(Path(own, "templates"), Path(own, "static"))
    digests = {name: digest(read_file(path)) for name, path in files.items()}
    for name, path in files.items():
        if name.startswith("static/"):
            output.want(name, {"text": digests[name]}, path.read_bytes)
    templates = {n: d for n, d in digests.items() if n.startswith("templates/")}
    strings = read_strings(ui_language(show.language), "site", "time")
    frame_images = _frame_images(show, images)
    return BuildContext(
        feed=FeedContext(
            show, images, lambda language: read_strings(ui_language(language), "feed")
        ),
        top=site_frame(show, strings, root="", images=frame_images),
        frame=site_frame(show, strings, root="../", images=frame_images),
        templates=Templates(Path(own, "templates"), user_cache_folder()),
        templates_key=combine(templates),
        output=output,
        embedded=EmbeddedCovers(covers, images),
        chapter_picture=lambda source: chapter_picture(Path(root, source)),
    )


def _frame_images(show: Show, images: PublishedImages) -> FrameImages:
    return FrameImages(
        cover=images.whole(show.cover.path),
        card=images.card(show.cover.path),
        shown=images.shown(show.cover.path, "show"),
        portraits={
            one.id: shown for one in show.people if (shown := images.shown(one.picture, "portrait"))
        },
        covers={
            one.slug: shown
            for one in show.episodes
            if one.cover and (shown := images.shown(one.cover.path, "cover"))
        },
    )
