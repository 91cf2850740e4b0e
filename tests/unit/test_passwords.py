"""Which passwords may be chosen, and how they are kept (promises A1, A2)."""

import threading

import pytest
from argon2 import PasswordHasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from crm.errors import Refused, TooBusy
from crm.services import passwords


def test_a_password_is_kept_as_argon2id_with_the_current_parameters() -> None:
    kept = passwords.hash_password("seven green herons")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches(kept, "seven green herons")
    assert not passwords.matches(kept, "seven green heron")
    assert not passwords.needs_rehash(kept)


def test_an_older_hash_is_known_to_need_another_one() -> None:
    assert passwords.needs_rehash(PasswordHasher(time_cost=2).hash("seven green herons"))


def test_the_hash_for_unknown_users_costs_what_a_real_one_costs() -> None:
    assert not passwords.needs_rehash(passwords.NOBODY)
    assert not passwords.matches(None, "nobody has this password")


def test_a_damaged_hash_matches_nothing() -> None:
    assert not passwords.matches("$argon2id$broken", "seven green herons")


def test_two_ways_to_type_one_letter_are_the_same_password() -> None:
    assert passwords.matches(passwords.hash_password("café au lait"), "cafe\u0301 au lait")


@pytest.mark.parametrize(
    "chosen",
    ["x7#kQp2!", "seven green herons", "a" * 30 + "bcd", "密码密码不是密码", "    two  spaces    ", "xyz " * 64],
)
def test_any_password_that_is_long_and_rare_is_taken(chosen: str) -> None:
    passwords.check_choice(chosen)


@pytest.mark.parametrize(
    ("chosen", "reason"), [("x7#kQp2", "at least 8"), ("x7" * 129, "at most 256"), ("", "at least 8")]
)
def test_too_short_and_too_long_are_refused(chosen: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        passwords.check_choice(chosen)


def test_every_widely_used_password_is_refused() -> None:
    long_enough = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= passwords.SHORTEST]
    assert len(long_enough) > 5_000
    for word in long_enough:
        with pytest.raises(Refused, match="tries first"):
            passwords.check_choice(word.upper())


@pytest.mark.parametrize("chosen", ["aaaaaaaaaa", "abababababab", "11111111111111111"])
def test_one_or_two_signs_over_and_over_are_refused(chosen: str) -> None:
    with pytest.raises(Refused, match="tries first"):
        passwords.check_choice(chosen)


@pytest.mark.parametrize("chosen", ["ana.ruiz@college.example", "Ana.Ruiz", "harbor college"])
def test_what_others_know_of_the_user_is_refused(chosen: str) -> None:
    with pytest.raises(Refused, match="others know"):
        passwords.check_choice(chosen, about=("ana.ruiz@college.example", "Ana Ruiz", "Harbor College"))


def test_only_a_few_hashes_are_made_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    for _ in range(passwords.AT_ONCE):
        passwords._slots.acquire()
    try:
        with pytest.raises(TooBusy):
            passwords.hash_password("seven green herons")
    finally:
        for _ in range(passwords.AT_ONCE):
            passwords._slots.release()
    done = threading.Thread(target=passwords.hash_password, args=("seven green herons",))
    done.start()
    done.join(timeout=30)
    assert not done.is_alive()
