"""The page of backups."""

from flask import Blueprint

from app.core.backup.lists import BACKUPS
from app.core.backup.services import last_good

bp = Blueprint("backups", __name__, url_prefix="/backups")

BACKUPS.add_to(bp)
bp.add_app_template_global(last_good, "last_good_backup")
