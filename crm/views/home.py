"""Home: what needs the viewer today."""

from flask import Blueprint, render_template

from crm import access

bp = Blueprint("home", __name__)


@bp.get("/")
@access.member
def show() -> str:
    return render_template("home/index.html")
