"""What passes as a usual e-mail address without a closer look is one by the closer look, too."""

from email_validator import validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from importers.cells import USUAL_EMAIL, is_usual_email

NEARLY = st.text(alphabet="ab1.@-_+'xn locatest", max_size=40)


@given(st.one_of(st.from_regex(USUAL_EMAIL, fullmatch=True), st.emails(), NEARLY))
@example("ana@example.test")
@example("ana@xn--nxasmq6b.com")
@example("a" * 65 + "@example.org")
@example("ana@" + "a" * 64 + ".org")
@example("ana@-a.org")
@example("ana@host.local")
@example(".ana@example.org")
@example("ana@example.o-")
@example("ana@127.0.0.1")
def test_a_usual_address_is_an_address(text: str) -> None:
    if is_usual_email(text):
        validate_email(text, check_deliverability=False)


def test_addresses_of_real_lists_are_usual() -> None:
    assert all(map(is_usual_email, ("Ana.Silva+crm@mail.example.org", "o'hara@tech-works.co", "info@3m.com")))
