"""A small service over the live index of ``matcher``: an example to start a portal's own from, not part of the package."""
