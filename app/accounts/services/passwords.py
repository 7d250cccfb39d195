"""What a password must be."""

from app.core.errors import Invalid

SHORTEST, LONGEST = 12, 200
FEWEST_DIFFERENT = 5


def check_password(
    password: str, *, username: str, email: str, name: str, field: str = "password"
) -> None:
    """Refuse a password that is short, too simple, or known from the account.

    Raises:
        Invalid: It does not fit, under the name of the field it came from.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(field, f"A password has at least {SHORTEST} characters.")
    known = {username.lower(), email.lower(), email.partition("@")[0].lower(), name.lower()}
    if password.lower() in known:
        raise Invalid(field, "A password must not be the name or the e-mail address.")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise Invalid(field, "This password is too simple.")
