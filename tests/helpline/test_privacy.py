"""What is sealed opens only where it was sealed, with a key of ours; a number is found without being shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.privacy.keys import FieldNotReadable, KeyRing
from helpline.privacy.masks import mask_number

OLD, NEW, STRANGE = b"o" * 32, b"n" * 32, b"s" * 32
NUMBER = "+97455123456"
PLACE, ROW = "contacts.caller", "row 1"
E164 = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)


@given(st.text())
def test_every_text_comes_back_as_it_was(text: str):
    keys = KeyRing([NEW])
    assert keys.open(keys.seal(text, PLACE, ROW), PLACE, ROW) == text


def test_the_same_text_is_never_sealed_into_the_same_bytes_and_shows_nowhere():
    keys = KeyRing([NEW])
    first, second = keys.seal(NUMBER, PLACE, ROW), keys.seal(NUMBER, PLACE, ROW)
    assert first != second
    assert NUMBER.encode() not in first


@pytest.mark.parametrize(("place", "row"), [(PLACE, "row 2"), ("contacts.notes", ROW), ("contacts.caller/row 1", "")])
def test_sealed_bytes_moved_to_another_row_or_column_do_not_open(place: str, row: str):
    keys = KeyRing([NEW])
    with pytest.raises(FieldNotReadable):
        keys.open(keys.seal(NUMBER, PLACE, ROW), place, row)


@given(st.data())
def test_bytes_that_were_cut_off_or_changed_do_not_open(data: st.DataObject):
    keys = KeyRing([NEW])
    sealed = keys.seal(NUMBER, PLACE, ROW)
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:at] + bytes([sealed[at] ^ data.draw(st.integers(1, 255))]) + sealed[at + 1 :]
    for broken in (changed, sealed[:at], sealed + b"\0"):
        with pytest.raises(FieldNotReadable):
            keys.open(broken, PLACE, ROW)


def test_after_a_rotation_the_old_key_still_opens_and_the_newest_seals():
    sealed_before = KeyRing([OLD]).seal(NUMBER, PLACE, ROW)
    rotated = KeyRing([NEW, OLD])

    assert rotated.open(sealed_before, PLACE, ROW) == NUMBER
    assert KeyRing([NEW]).open(rotated.seal(NUMBER, PLACE, ROW), PLACE, ROW) == NUMBER


def test_a_key_that_is_not_ours_any_more_opens_nothing_and_the_fault_tells_no_content():
    with pytest.raises(FieldNotReadable) as fault:
        KeyRing([NEW, OLD]).open(KeyRing([STRANGE]).seal(NUMBER, PLACE, ROW), PLACE, ROW)
    assert NUMBER not in str(fault.value)


def test_a_pseudonym_is_the_same_for_a_number_and_another_under_another_key():
    assert KeyRing([NEW]).pseudonym(NUMBER) == KeyRing([NEW]).pseudonym(NUMBER)
    assert KeyRing([NEW]).pseudonym(NUMBER) != KeyRing([OLD]).pseudonym(NUMBER)
    assert KeyRing([NEW]).pseudonym(NUMBER) != KeyRing([NEW]).pseudonym("+97455123457")


def test_after_a_rotation_a_number_is_found_under_either_key_and_written_under_the_newest():
    rotated = KeyRing([NEW, OLD])
    assert rotated.pseudonyms(NUMBER) == [KeyRing([NEW]).pseudonym(NUMBER), KeyRing([OLD]).pseudonym(NUMBER)]
    assert rotated.pseudonym(NUMBER) == rotated.pseudonyms(NUMBER)[0]


def test_a_mask_tells_two_callers_apart_and_cannot_be_called():
    assert mask_number(NUMBER) == "+974••••••56"
    assert mask_number(None) == mask_number("") == ""


@given(E164)
def test_a_mask_keeps_the_length_and_shows_at_most_six_characters(number: str):
    mask = mask_number(number)
    assert len(mask) == len(number)
    assert (mask[:4], mask[-2:]) == (number[:4], number[-2:])
    assert set(mask[4:-2]) == {"•"}
