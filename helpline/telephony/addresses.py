"""The addresses that the telephone company is told to call us back on, all below the public address."""

from urllib.parse import urlencode


class Addresses:
    """Builds webhook addresses. They carry identifiers of ours only, never a number or a word of a child's."""

    def __init__(self, public_base_url: str):
        self._base = public_base_url

    def __call__(self, path: str, **query: object) -> str:
        """The absolute address of `path`, such as '/voice/step', with a query."""
        return f"{self._base}{path}?{urlencode(query)}" if query else self._base + path
