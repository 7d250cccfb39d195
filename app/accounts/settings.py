"""What the company decides about signing in."""

from app.core.settings.definitions import Definition, between

SETTINGS = (
    Definition(
        key="self_registration",
        group="Signing in",
        order=70,
        label="People may register themselves",
        default=False,
        help="They wait until an administrator lets them in.",
    ),
    Definition(
        key="session_hours",
        group="Signing in",
        order=70,
        label="A browser stays signed in",
        default=12,
        unit="hours",
        check=between(1, 24 * 90),
    ),
    Definition(
        key="access_token_hours",
        group="Signing in",
        order=70,
        label="An access token is valid",
        default=8,
        unit="hours",
        check=between(1, 24),
    ),
    Definition(
        key="refresh_token_days",
        group="Signing in",
        order=70,
        label="A program stays signed in",
        default=30,
        unit="days",
        help="A refresh token that is not used for so long ends.",
        check=between(1, 365),
    ),
)
