"""Open licences by SPDX identifier, with the canonical address of each deed.

`podcast:license` lists only a few of these (Podcasting 2.0, "license"); every other needs its
address in the feed, so an address is always given.
"""

from __future__ import annotations

from typing import Final

from avsnitt.model.show import License

_CC = "https://creativecommons.org"

LICENSES: Final = {
    license.id.lower(): license
    for license in (
        License(id="CC-BY-4.0", name="CC BY 4.0", url=f"{_CC}/licenses/by/4.0/"),
        License(id="CC-BY-SA-4.0", name="CC BY-SA 4.0", url=f"{_CC}/licenses/by-sa/4.0/"),
        License(id="CC-BY-ND-4.0", name="CC BY-ND 4.0", url=f"{_CC}/licenses/by-nd/4.0/"),
        License(id="CC-BY-NC-4.0", name="CC BY-NC 4.0", url=f"{_CC}/licenses/by-nc/4.0/"),
        License(id="CC-BY-NC-SA-4.0", name="CC BY-NC-SA 4.0", url=f"{_CC}/licenses/by-nc-sa/4.0/"),
        License(id="CC-BY-NC-ND-4.0", name="CC BY-NC-ND 4.0", url=f"{_CC}/licenses/by-nc-nd/4.0/"),
        License(id="CC0-1.0", name="CC0 1.0", url=f"{_CC}/publicdomain/zero/1.0/"),
        License(id="ARR", name="All rights reserved"),
    )
}


def find_license(identifier: str, url: str = "") -> License | None:
    """The listed licence in any case, or an own one when it has an address; else None."""
    listed = LICENSES.get(identifier.lower())
    if listed is not None:
        return listed
    return License(id=identifier, name=identifier, url=url) if url else None
