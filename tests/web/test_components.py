"""The page of all components: what every page is made of holds the rules of markup, whatever the values are."""

from collections import Counter

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask_login import AnonymousUserMixin, LoginManager
from flask_wtf import CSRFProtect

import crm
from crm.views import formatting, styleguide
from crm.views.errors import WORDS


@pytest.fixture(scope="module")
def app() -> Flask:
    """Only what the components need: no sign-in, no graph."""
    app = Flask(crm.__name__)
    app.secret_key = "not a secret: nothing is kept"
    CSRFProtect(app)
    LoginManager(app).request_loader(lambda _: SignedIn())
    formatting.init_app(app)
    app.register_blueprint(styleguide.bp)
    return app


class SignedIn(AnonymousUserMixin):
    is_authenticated = True
    is_admin = True
    name = "Sam <b>Ito</b>"
    agency_name = "Workforce board"


@pytest.fixture(scope="module")
def soup(app: Flask) -> BeautifulSoup:
    response = app.test_client().get("/styleguide/?name=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E")
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def label_of(page: BeautifulSoup, control: Tag) -> str:
    label = page.find("label", attrs={"for": control.get("id")}) if control.get("id") else None
    return str(control.get("aria-label") or (label.get_text(strip=True) if label else ""))


def test_there_is_no_inline_script_or_style(soup: BeautifulSoup) -> None:
    assert soup.find_all("style") == []
    assert soup.select("[style]") == []
    assert [script for script in soup.find_all("script") if not script.get("src")] == []
    handlers = [(tag.name, name) for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert handlers == []


def test_hostile_values_are_shown_as_text(soup: BeautifulSoup) -> None:
    assert soup.find_all("img") == []
    assert soup.get_text().count('<img src=x onerror="window.XSS=1">') >= 3
    assert not [link["href"] for link in soup.select("a[href]") if str(link["href"]).startswith("javascript:")]
    assert "Sam <b>Ito</b>" in soup.get_text()


def test_ids_are_unique(soup: BeautifulSoup) -> None:
    counts = Counter(str(tag["id"]) for tag in soup.select("[id]"))
    assert [name for name, count in counts.items() if count > 1] == []


def test_what_refers_to_an_id_finds_it(soup: BeautifulSoup) -> None:
    names = ("aria-labelledby", "aria-describedby", "aria-controls", "for")
    wanted = {
        part
        for name in names
        for tag in soup.select(f"[{name}]")
        for part in " ".join(tag.get_attribute_list(name)).split()
    }
    assert wanted - {str(tag["id"]) for tag in soup.select("[id]")} == set()


def test_every_field_has_a_label(soup: BeautifulSoup) -> None:
    controls = soup.select("input:not([type=hidden]), select, textarea")
    assert len(controls) > 15
    assert [str(control) for control in controls if not label_of(soup, control)] == []


def test_every_form_that_changes_something_carries_the_token(soup: BeautifulSoup) -> None:
    forms = soup.select("form[method=post]")
    assert len(forms) >= 3
    assert all(form.select_one("input[name=csrf_token]") for form in forms)


def test_there_is_one_title_and_every_table_has_a_name(soup: BeautifulSoup) -> None:
    assert len(soup.find_all("h1")) == 1
    assert all(table.find("caption") or table.get("aria-labelledby") for table in soup.find_all("table"))


def test_every_picture_is_in_the_sprite(app: Flask, soup: BeautifulSoup) -> None:
    sprite = app.test_client().get("/static/icons.svg").text
    names = {str(use["href"]).partition("#")[2] for use in soup.find_all("use")}
    assert len(names) > 20
    assert {name for name in names if f'id="{name}"' not in sprite} == set()


def test_a_light_says_its_word_beside_its_shape(soup: BeautifulSoup) -> None:
    for status, word in (("green", "Clear to call"), ("amber", "Ask first"), ("red", "Hold")):
        lights = soup.select(f".light.light-{status}")
        assert lights
        assert all(light.get_text(strip=True) == word and light.find("svg") for light in lights)


def test_sorting_the_sorted_column_turns_it_round_and_leaves_the_page(soup: BeautifulSoup) -> None:
    sorted_column = soup.select_one("th[aria-sort=descending] a")
    assert sorted_column is not None
    assert "sort=knocks&dir=asc" in str(sorted_column["href"])
    assert "page=" not in str(sorted_column["href"])


def test_links_of_the_list_keep_the_rest_of_the_address(soup: BeautifulSoup) -> None:
    following = soup.select_one("a[rel=next]")
    assert following is not None
    assert str(following["href"]).endswith("&page=3")
    assert "name=" in str(following["href"])


@pytest.mark.parametrize("status", [status for status in WORDS if status != 415])
def test_an_error_page_says_what_to_do_next(app: Flask, status: int) -> None:
    response = app.test_client().get(f"/styleguide/errors/{status}?message=<b>bold</b>")
    page = BeautifulSoup(response.text, "html.parser")
    assert response.status_code == status
    assert page.h1
    assert page.select("main a.button")
    assert "<b>bold</b>" in page.get_text()


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_page_without_the_database_does_not_ask_who_is_there(app: Flask, status: int) -> None:
    page = BeautifulSoup(app.test_client().get(f"/styleguide/errors/{status}").text, "html.parser")
    assert "Sam" not in page.get_text()
    assert page.find("meta", attrs={"name": "csrf-token"}) is None


def test_suggestions_are_options_with_addresses(app: Flask) -> None:
    page = BeautifulSoup(app.test_client().get("/styleguide/suggest?q=reata").text, "html.parser")
    options = page.select("a[role=option][href][id]")
    assert [option.select_one(".option-name") is not None for option in options] == [True, False, False]


def test_a_job_that_is_done_is_not_asked_about_again(app: Flask) -> None:
    client = app.test_client()
    running = client.get("/styleguide/progress?done=0").text
    done = client.get("/styleguide/progress?done=75000").text
    assert "hx-get" in running
    assert "hx-get" not in done
