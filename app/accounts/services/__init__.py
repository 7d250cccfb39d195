"""What happens to people, their roles and what they sign in with."""

from app.accounts.services import attempts, sessions
from app.accounts.services.account import change_password, register, revise_account
from app.accounts.services.alert_mails import mail_alert
from app.accounts.services.refusals import (
    BeyondYourRole,
    LastAdministrator,
    OwnAccount,
    RefreshRefused,
    RegistrationClosed,
    RoleFixed,
    RoleHears,
    RoleInUse,
    StillWaiting,
    TooManyAttempts,
    WrongPassword,
)
from app.accounts.services.roles import (
    create_role,
    delete_role,
    install_roles,
    revise_role,
    role_choices,
)
from app.accounts.services.sessions import close_session, open_session, refresh_session
from app.accounts.services.signing_in import Device, authenticate
from app.accounts.services.tokens import create_token, issue_token, note_use, revoke_token
from app.accounts.services.users import (
    activate_user,
    create_first_admin,
    create_user,
    deactivate_user,
    reset_password,
    revise_user,
    sign_out_everywhere,
)

__all__ = [
    "BeyondYourRole",
    "Device",
    "LastAdministrator",
    "OwnAccount",
    "RefreshRefused",
    "RegistrationClosed",
    "RoleFixed",
    "RoleHears",
    "RoleInUse",
    "StillWaiting",
    "TooManyAttempts",
    "WrongPassword",
    "activate_user",
    "authenticate",
    "change_password",
    "close_session",
    "create_first_admin",
    "create_role",
    "create_token",
    "create_user",
    "deactivate_user",
    "delete_old_traces",
    "delete_role",
    "install_roles",
    "issue_token",
    "mail_alert",
    "note_use",
    "open_session",
    "refresh_session",
    "register",
    "reset_password",
    "revise_account",
    "revise_role",
    "revise_user",
    "revoke_token",
    "role_choices",
    "sign_out_everywhere",
]


def delete_old_traces() -> None:
    """Delete failures and sessions that matter to nobody any more."""
    attempts.delete_old()
    sessions.delete_old()
