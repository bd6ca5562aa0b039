"""Hugging Face's datasets, as their users load what we write."""

from typing import Any


def load_dataset(*names: str, **options: Any) -> Any:
    """As ``datasets.load_dataset``, and silently."""
    # Imported here because it takes two seconds, in every process that collects the tests.
    import datasets

    datasets.disable_progress_bars()
    return datasets.load_dataset(*names, **options)
