"""How a contact's number may be stored. Keys are renewed, so one number can stand under several pseudonyms."""

from helpline.contacts.models import Contact
from helpline.contacts.opening import CALLER_PLACE
from helpline.privacy.keys import KeyRing


def pseudonyms_of(keys: KeyRing, contact: Contact) -> list[bytes]:
    """Everything that this contact's number may be found under. Nothing for a withheld number: it is nobody's."""
    if contact.caller_pseudonym is None:
        return []
    if contact.caller_sealed is None:  # erased: the number itself is not known any more
        return [contact.caller_pseudonym]
    return keys.pseudonyms(keys.open(contact.caller_sealed, CALLER_PLACE, contact.id))
