"""The one fault of a carrier that trying again would not mend."""


class CanNotBeTold(Exception):
    """This partner can not be reached by this channel; the words are a code."""
