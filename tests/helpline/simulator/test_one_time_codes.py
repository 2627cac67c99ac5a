"""The authenticator shows the codes that the standard's own examples give."""

import base64

import pytest

from helpline.simulator.totp import one_time_code, seconds_left

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]
)
def test_codes_of_the_standard(moment: int, code: str):
    assert one_time_code(SECRET, moment) == code


def test_a_secret_without_padding_and_in_small_letters_is_read():
    assert one_time_code("jbswy3dp ehpk3pxp", 0) == one_time_code("JBSWY3DPEHPK3PXP", 0)


def test_time_left_runs_down_to_the_next_code():
    assert (seconds_left(0), seconds_left(29), seconds_left(30)) == (30, 1, 30)
