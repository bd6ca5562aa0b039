"""Codes of languages, as they are usually written. Source: BCP 47."""

import re

#: A language and what tells it from its like, such as ``en`` or ``pt-BR``.
CODE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
#: Code points of one. Source: BCP 47, 4.4.1.
LONGEST_CODE = 35


def is_language(code: str) -> bool:
    """Whether ``code`` is written as a language's is; there need be no such language."""
    return len(code) <= LONGEST_CODE and re.fullmatch(CODE, code) is not None
