"""What happens to people, their roles and what they sign in with."""

from app.accounts.services import attempts, password_resets, pending, sessions
from app.accounts.services.account import (
    change_password,
    mail_registered_again,
    register,
    revise_account,
)
from app.accounts.services.alert_mails import mail_alert
from app.accounts.services.authenticators import described_app, new_app
from app.accounts.services.password_resets import ask_reset, mail_reset, use_reset
from app.accounts.services.pending import begin_pending, end_pending
from app.accounts.services.recovery_codes import codes_left, new_recovery_codes
from app.accounts.services.refusals import (
    BeyondYourRole,
    LastAdministrator,
    OwnAccount,
    PasswordMustChange,
    RefreshRefused,
    RegistrationClosed,
    ResetRefused,
    RoleFixed,
    RoleHears,
    RoleInUse,
    SecondFactorMustBeSetUp,
    SecondFactorNeeded,
    StillWaiting,
    TooManyAttempts,
    TooManyTokens,
    WrongCode,
    WrongPassword,
)
from app.accounts.services.roles import (
    create_role,
    delete_role,
    install_roles,
    revise_role,
    role_choices,
)
from app.accounts.services.second_factors import (
    Site,
    add_app,
    add_passkey,
    factors_of,
    new_challenge,
    passkey_to_register,
    passkey_to_sign,
    prove_code,
    prove_passkey,
    prove_second_factor,
    remove_factor,
    reset_second_factor,
)
from app.accounts.services.sessions import (
    Origin,
    close_session,
    note_seen,
    open_browser,
    open_session,
    refresh_session,
)
from app.accounts.services.signing_in import Device, authenticate
from app.accounts.services.tokens import (
    create_token,
    issue_device_token,
    issue_token,
    note_use,
    revoke_token,
)
from app.accounts.services.user_agents import device_name
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
    "Origin",
    "OwnAccount",
    "PasswordMustChange",
    "RefreshRefused",
    "RegistrationClosed",
    "ResetRefused",
    "RoleFixed",
    "RoleHears",
    "RoleInUse",
    "SecondFactorMustBeSetUp",
    "SecondFactorNeeded",
    "Site",
    "StillWaiting",
    "TooManyAttempts",
    "TooManyTokens",
    "WrongCode",
    "WrongPassword",
    "activate_user",
    "add_app",
    "add_passkey",
    "ask_reset",
    "authenticate",
    "begin_pending",
    "change_password",
    "close_session",
    "codes_left",
    "create_first_admin",
    "create_role",
    "create_token",
    "create_user",
    "deactivate_user",
    "delete_old_traces",
    "delete_role",
    "described_app",
    "device_name",
    "end_pending",
    "factors_of",
    "install_roles",
    "issue_device_token",
    "issue_token",
    "mail_alert",
    "mail_registered_again",
    "mail_reset",
    "new_app",
    "new_challenge",
    "new_recovery_codes",
    "note_seen",
    "note_use",
    "open_browser",
    "open_session",
    "passkey_to_register",
    "passkey_to_sign",
    "prove_code",
    "prove_passkey",
    "prove_second_factor",
    "refresh_session",
    "register",
    "remove_factor",
    "reset_password",
    "reset_second_factor",
    "revise_account",
    "revise_role",
    "revise_user",
    "revoke_token",
    "role_choices",
    "sign_out_everywhere",
    "use_reset",
]


def delete_old_traces() -> None:
    """Delete failures and sessions that matter to nobody any more."""
    attempts.delete_old()
    sessions.delete_old()
    password_resets.delete_old()
    pending.delete_old()
