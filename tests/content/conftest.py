from __future__ import annotations

from hypothesis import settings

# A busy machine is no reason to fail: what must be fast is measured by itself.
settings.register_profile("avsnitt", deadline=None)
settings.load_profile("avsnitt")
