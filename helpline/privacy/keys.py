"""Encrypts one field at a time, bound to the very row and column it stands in, and finds a number without showing it.

AES-256-GCM with the table, column and row as associated data: a ciphertext copied into another row does
not open. Each value names its key, so keys can be rotated while the service runs: the newest encrypts, all
decrypt. The pseudonym of a phone number is an HMAC under a key of its own: without that key, the forty
million numbers of a country can not be tried one by one.
"""

import hmac
import os
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEADER_BYTES = len(FORMAT) + KEY_ID_BYTES + NONCE_BYTES


class FieldNotReadable(Exception):
    """A sealed field does not open: unknown key, foreign row, or changed bytes."""


class KeyRing:
    """The field keys, newest first."""

    def __init__(self, keys: Sequence[bytes]):
        self._ciphers = {_key_id(key): AESGCM(_derive(key, b"field encryption")) for key in keys}
        self._newest_id = _key_id(keys[0])
        self._newest = self._ciphers[self._newest_id]
        self._index_keys = [_derive(key, b"number index") for key in keys]

    def seal(self, text: str, place: str, row: object) -> bytes:
        """Encrypt `text` for `place` ('table.column') of `row` (its primary key)."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._newest.encrypt(nonce, text.encode(), _bound_to(place, row))
        return FORMAT + self._newest_id + nonce + sealed

    def open(self, sealed: bytes, place: str, row: object) -> str:
        """Decrypt what `seal` made for the same place and row. Raises FieldNotReadable."""
        key_id = sealed[len(FORMAT) : len(FORMAT) + KEY_ID_BYTES]
        nonce = sealed[len(FORMAT) + KEY_ID_BYTES : HEADER_BYTES]
        cipher = self._ciphers.get(bytes(key_id))
        if cipher is None or sealed[: len(FORMAT)] != FORMAT:
            raise FieldNotReadable(f"{place}: unknown key or format")
        try:
            return cipher.decrypt(nonce, sealed[HEADER_BYTES:], _bound_to(place, row)).decode()
        except (InvalidTag, ValueError) as error:  # ValueError: cut off within the nonce
            raise FieldNotReadable(f"{place}: does not belong to this row, or was changed") from error

    def pseudonym(self, number: str) -> bytes:
        """What stands for this number in the database: the same number gives the same 32 bytes."""
        return _mac(self._index_keys[0], number)

    def pseudonyms(self, number: str) -> list[bytes]:
        """Every pseudonym this number may be stored under, one for each key still in use."""
        return [_mac(key, number) for key in self._index_keys]


def _key_id(key: bytes) -> bytes:
    return sha256(b"field key id" + key).digest()[:KEY_ID_BYTES]


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def _bound_to(place: str, row: object) -> bytes:
    return f"{place}/{row}".encode()


def _mac(key: bytes, number: str) -> bytes:
    return hmac.digest(key, number.encode(), sha256)
