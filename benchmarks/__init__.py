"""The numbers in the README and docs/performance.md: one command each, run as ``python -m``."""
