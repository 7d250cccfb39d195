"""Pages: signing in, one's own account, and, for administrators, users and roles."""

from app.accounts.views.account import show_account
from app.accounts.views.blueprint import bp
from app.accounts.views.registrations import new_registration
from app.accounts.views.roles import bp as roles_bp
from app.accounts.views.sessions import new_session
from app.accounts.views.tokens import new_token
from app.accounts.views.users import bp as users_bp

# The modules of `bp` add their routes to it as they are imported.
__all__ = [
    "bp",
    "new_registration",
    "new_session",
    "new_token",
    "roles_bp",
    "show_account",
    "users_bp",
]
