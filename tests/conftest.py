"""For all tests."""

from hypothesis import settings

# Two shared cores make some examples slow; slowness is measured in benchmarks/, not here.
settings.register_profile("newsdesk", deadline=None)
settings.load_profile("newsdesk")
