"""Why a label cannot be printed."""


class Unprintable(Exception):
    """One label cannot be drawn as requested; the text is for a person, the others go on."""
