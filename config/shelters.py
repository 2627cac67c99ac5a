"""Where a shelter's beds are and for whom: age on the day of arrival, sex, alone or as a family, what is needed.

No address stands here: where a shelter is, is told to whoever drives there and to nobody else.
"""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, field_validator

from config.data_file import Strict

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")]


class BedClass(Strict):
    """Beds that are all for the same people. `ages` are whole years, both included."""

    key: Key
    ages: tuple[int, int]
    sex: Literal["any", "female", "male"]
    household: Literal["alone", "family"]
    places: int = Field(ge=1, le=500)

    @field_validator("ages")
    @classmethod
    def _upwards(cls, ages: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= ages[0] <= ages[1] <= 120:
            raise ValueError("ages go upwards, from 0 to 120")
        return ages

    def is_for(self, age: int | None, sex: str | None, household: str) -> bool:
        """Whether somebody of this age on the day of arrival may have such a bed. What is not known fits nothing."""
        if age is None or household != self.household:
            return False
        return self.ages[0] <= age <= self.ages[1] and self.sex in ("any", sex)


class Site(Strict):
    """One house. `access` and `needs` are what it can do for those who need it."""

    key: Key
    confidential: bool = True
    access: tuple[Key, ...] = ()
    needs: tuple[Key, ...] = ()
    beds: tuple[BedClass, ...] = Field(min_length=1)

    def can_care_for(self, needs: Collection[str]) -> bool:
        """Whether it can give all of this."""
        return set(needs) <= {*self.access, *self.needs}
