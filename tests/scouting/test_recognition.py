"""What a form is for, what its fields want, which links lead where: told by what stands there, in eight languages."""

from __future__ import annotations

import pytest

from smokerunner.browser.forms import BannerSeen, ButtonSeen, FieldSeen, FormSeen, LinkSeen, PageSeen
from smokerunner.scouting.frameworks import ANY, FRAMEWORKS, Signs, named, recognise
from smokerunner.scouting.recognition import (
    Purpose,
    Wants,
    consent_button,
    forms_for,
    is_logout,
    links_to,
    purpose_of,
    sender_of,
    wanted_by,
)
from tests.scouting.form_table import FORMS, email, form, secret, text


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_known_by_what_it_asks(name: str) -> None:
    seen, purpose = FORMS[name]
    assert purpose_of(seen) is purpose


def test_where_a_form_stands_helps_when_it_does_not_say() -> None:
    silent = form(email(), secret(), button="Go")
    assert purpose_of(silent, "http://a.test/login") is Purpose.LOGIN
    assert purpose_of(silent, "http://a.test/signup") is Purpose.REGISTER
    asks = form(email(), button="Send")
    assert purpose_of(asks, "http://a.test/forgot-password") is Purpose.RESET
    assert purpose_of(asks, "http://a.test/") is Purpose.OTHER


def test_the_button_that_sends_is_not_the_one_of_somebody_else() -> None:
    buttons = [("Sign in with Google", "submit"), ("Show password", "button"), ("Sign in", "submit")]
    seen = FormSeen(buttons=tuple(ButtonSeen(words, kind, target={"button": words}) for words, kind in buttons))
    assert sender_of(seen, Purpose.LOGIN) == {"button": "Sign in"}
    assert sender_of(FormSeen(buttons=(ButtonSeen("Log in", shown=False),)), Purpose.LOGIN) == {}


def test_two_forms_of_one_page_are_told_apart() -> None:
    login, register = FORMS["oscar log-in"][0], FORMS["oscar register, sent to the log-in's address"][0]
    page = PageSeen(url="http://a.test/accounts/login/", forms=(FORMS["search by name"][0], login, register))
    assert forms_for(page, Purpose.LOGIN) == (login,)
    assert forms_for(page, Purpose.REGISTER) == (register,)


@pytest.mark.parametrize(
    ("field", "wants"),
    [
        (email("login-username", "Email address"), Wants.EMAIL),
        (text("username", "Username"), Wants.USER_NAME),
        (text("user_login", "Username or Email Address"), Wants.USER_NAME),
        (text("username", "E-mail", autocomplete="username"), Wants.EMAIL),
        (text("firstName", "Förnamn"), Wants.FIRST_NAME),
        (text("apellido", "Apellido"), Wants.LAST_NAME),
        (text("name", "Full name"), Wants.NAME),
        (FieldSeen("tel", "x"), Wants.PHONE),
        (text("otp", "Code"), Wants.CODE),
        (FieldSeen("checkbox", "remember", label="Angemeldet bleiben"), Wants.REMEMBER),
        (FieldSeen("checkbox", "agb", label="Ich akzeptiere die AGB"), Wants.TERMS),
        (FieldSeen("checkbox", "news", label="Send me news"), Wants.OTHER),
        (FieldSeen("color", "c", label="Colour"), Wants.OTHER),
        (text("company", "Company"), Wants.OTHER),
    ],
    ids=lambda value: getattr(value, "name", None) or str(value),
)
def test_a_field_is_known_by_type_token_or_words(field: FieldSeen, wants: Wants) -> None:
    assert wanted_by(field) is wants


@pytest.mark.parametrize(
    ("words", "path", "purpose"),
    [
        ("Log in", "/x", Purpose.LOGIN), ("Sign in", "/x", Purpose.LOGIN), ("Anmelden", "/x", Purpose.LOGIN),
        ("Connexion", "/x", Purpose.LOGIN), ("Iniciar sesión", "/x", Purpose.LOGIN), ("Logga in", "/x", Purpose.LOGIN),
        ("Inloggen", "/x", Purpose.LOGIN), ("Accedi", "/x", Purpose.LOGIN), ("Entrar", "/x", Purpose.LOGIN),
        ("", "/users/sign_in", Purpose.LOGIN), ("My account", "/login?next=/account", Purpose.LOGIN),
        ("Sign up", "/x", Purpose.REGISTER), ("Create an account", "/x", Purpose.REGISTER),
        ("Open an account", "/x", Purpose.REGISTER), ("Registrieren", "/x", Purpose.REGISTER),
        ("Créer un compte", "/x", Purpose.REGISTER), ("Regístrate", "/x", Purpose.REGISTER),
        ("Skapa konto", "/x", Purpose.REGISTER), ("Registreren", "/x", Purpose.REGISTER),
        ("Iscriviti", "/x", Purpose.REGISTER), ("Criar conta", "/x", Purpose.REGISTER),
        ("Join", "/wp-login.php?action=register", Purpose.REGISTER),
        ("Forgot your password?", "/x", Purpose.RESET), ("Lost your password?", "/x", Purpose.RESET),
        ("Passwort vergessen?", "/x", Purpose.RESET), ("Mot de passe oublié ?", "/x", Purpose.RESET),
        ("¿Olvidaste tu contraseña?", "/x", Purpose.RESET), ("Glömt lösenordet?", "/x", Purpose.RESET),
        ("Wachtwoord vergeten?", "/x", Purpose.RESET), ("Password dimenticata?", "/x", Purpose.RESET),
        ("Esqueceu a senha?", "/x", Purpose.RESET), ("Help", "/users/password/new", Purpose.RESET),
    ],
)  # fmt: skip
def test_a_link_says_where_it_leads(words: str, path: str, purpose: Purpose) -> None:
    others = [LinkSeen("Shop", "http://a.test/shop"), LinkSeen("Cart", "http://a.test/cart")]
    link = LinkSeen(words, f"http://a.test{path}")
    assert links_to([*others, link], purpose) == (link,)


def test_the_most_telling_link_comes_first_and_one_that_is_hidden_later() -> None:
    hidden, by_path = LinkSeen("Log in", "http://a.test/a", shown=False), LinkSeen("Account", "http://a.test/login")
    both = LinkSeen("Log in", "http://a.test/login/")
    register = LinkSeen("Log in or register", "http://a.test/signup")
    assert links_to([register, by_path, hidden, both], Purpose.LOGIN) == (both, by_path, hidden, register)


@pytest.mark.parametrize(
    "words",
    ["Log out", "Sign out", "Logout", "Abmelden", "Déconnexion", "Cerrar sesión", "Logga ut", "Uitloggen", "Esci",
     "Sair", "Salir"],
)  # fmt: skip
def test_nothing_that_logs_out_is_ever_followed(words: str) -> None:
    assert is_logout(words)
    assert not links_to([LinkSeen(words, "http://a.test/login/out")], Purpose.LOGIN)
    assert not links_to([LinkSeen("Log in again", "http://a.test/logout?then=login")], Purpose.LOGIN)


@pytest.mark.parametrize(
    ("buttons", "pressed"),
    [
        (("Accept all", "Reject all", "Settings"), "Reject all"),
        (("Alle akzeptieren", "Nur notwendige Cookies"), "Nur notwendige Cookies"),
        (("Tout accepter", "Continuer sans accepter"), "Continuer sans accepter"),
        (("Aceptar todas", "Configurar"), "Aceptar todas"),
        (("Godkänn alla", "Endast nödvändiga"), "Endast nödvändiga"),
        (("Alles accepteren", "Weigeren"), "Weigeren"),
        (("Accetta", "Rifiuta"), "Rifiuta"),
        (("Aceitar",), "Aceitar"),
        (("Got it!",), "Got it!"),
        (("OK",), "OK"),
        (("Read more", "Imprint"), ""),
    ],
)
def test_a_banner_is_taken_away_with_what_allows_least(buttons: tuple[str, ...], pressed: str) -> None:
    assert consent_button(BannerSeen("We use cookies", buttons)) == pressed


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("laravel", Signs(cookies=("XSRF-TOKEN", "laravel_session"))),
        ("laravel", Signs(markup='<input type="hidden" name="_token" value="x">')),
        ("django", Signs(cookies=("csrftoken", "sessionid"))),
        ("django", Signs(markup="<input type='hidden' name='csrfmiddlewaretoken' value='x'>")),
        ("rails", Signs(markup='<meta name="csrf-param" content="authenticity_token">')),
        ("rails", Signs(headers={"x-runtime": "0.024"}, markup='<input name="authenticity_token">')),
        ("wordpress", Signs(markup='<meta name="generator" content="WordPress 6.5">')),
        ("wordpress", Signs(markup='<link href="/wp-content/themes/x/style.css"><a href="/wp-login.php">')),
        ("wordpress", Signs(headers={"link": '<https://a.test/wp-json/>; rel="https://api.w.org/"'})),
        ("any", Signs()),
        ("any", Signs(cookies=("session",), headers={"server": "nginx"}, markup="<form><input name=token>")),
    ],
)
def test_a_framework_is_known_by_its_signs(name: str, signs: Signs) -> None:
    found = recognise(signs)
    assert found.framework.name == name
    assert bool(found.signs) == (name != "any")


def test_every_framework_says_where_all_three_forms_usually_are() -> None:
    for framework in (*FRAMEWORKS, ANY):
        assert set(framework.paths) == {Purpose.LOGIN, Purpose.REGISTER, Purpose.RESET}
        assert all(path.startswith("/") for paths in framework.paths.values() for path in paths)
        assert named(framework.name) is framework
