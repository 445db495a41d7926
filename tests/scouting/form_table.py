"""Forms as apps really have them, each with what it is for. Names and labels are those of the apps."""

from __future__ import annotations

from smokerunner.browser.forms import ButtonSeen, FieldSeen, FormSeen
from smokerunner.scouting.recognition import Purpose


def form(*fields: FieldSeen, button: str = "", **more: str) -> FormSeen:
    return FormSeen(fields=fields, buttons=(ButtonSeen(button),) if button else (), **more)


def text(name: str, label: str = "", **more: str) -> FieldSeen:
    return FieldSeen("text", name, label=label, **more)


def email(name: str = "email", label: str = "", **more: str) -> FieldSeen:
    return FieldSeen("email", name, label=label, **more)


def secret(name: str = "password", label: str = "Password", **more: str) -> FieldSeen:
    return FieldSeen("password", name, label=label, **more)


def box(name: str, label: str) -> FieldSeen:
    return FieldSeen("checkbox", name, label=label)


FORMS: dict[str, tuple[FormSeen, Purpose]] = {
    "wordpress log-in": (
        form(text("log", "Username or Email Address", autocomplete="username"),
             secret("pwd", autocomplete="current-password"), box("rememberme", "Remember Me"),
             button="Log In", id="loginform", action="/wp-login.php"),
        Purpose.LOGIN,
    ),
    "wordpress register": (
        form(text("user_login", "Username"), email("user_email", "Email"), button="Register", id="registerform",
             action="/wp-login.php?action=register"),
        Purpose.REGISTER,
    ),
    "wordpress lost password": (
        form(text("user_login", "Username or Email Address"), button="Get New Password", id="lostpasswordform",
             action="/wp-login.php?action=lostpassword"),
        Purpose.RESET,
    ),
    "devise log-in": (
        form(email("user[email]", "Email", autocomplete="email"), secret("user[password]",
             autocomplete="current-password"), box("user[remember_me]", "Remember me"), button="Log in",
             id="new_user", action="/users/sign_in"),
        Purpose.LOGIN,
    ),
    "devise sign-up": (
        form(email("user[email]", "Email"), secret("user[password]", autocomplete="new-password"),
             secret("user[password_confirmation]", "Password confirmation", autocomplete="new-password"),
             button="Sign up", id="new_user", action="/users"),
        Purpose.REGISTER,
    ),
    "devise forgot": (
        form(email("user[email]", "Email"), button="Send me reset password instructions", id="new_user",
             action="/users/password"),
        Purpose.RESET,
    ),
    "devise edit": (
        form(email("user[email]", "Email"), secret("user[password]", autocomplete="new-password"),
             secret("user[password_confirmation]", autocomplete="new-password"),
             secret("user[current_password]", "Current password", autocomplete="current-password"), button="Update"),
        Purpose.NEW_PASSWORD,
    ),
    "django log-in": (
        form(text("username", "Username:", autocomplete="username"), secret(autocomplete="current-password"),
             button="login", action="/accounts/login/"),
        Purpose.LOGIN,
    ),
    "django reset": (
        form(email("email", "Email:"), button="Reset my password"), Purpose.RESET,
    ),
    "django new password": (
        form(secret("new_password1", "New password:", autocomplete="new-password"),
             secret("new_password2", "New password confirmation:", autocomplete="new-password"),
             button="Change my password"),
        Purpose.NEW_PASSWORD,
    ),
    "allauth sign-up": (
        form(email("email", "Email"), text("username", "Username"), secret("password1", autocomplete="new-password"),
             secret("password2", "Password (again)", autocomplete="new-password"), button="Sign Up »"),
        Purpose.REGISTER,
    ),
    "laravel log-in": (
        form(email("email", "Email", autocomplete="username"), secret(autocomplete="current-password"),
             box("remember", "Remember me"), button="Log in", action="/login"),
        Purpose.LOGIN,
    ),
    "laravel register": (
        form(text("name", "Name"), email(), secret(autocomplete="new-password"),
             secret("password_confirmation", "Confirm Password", autocomplete="new-password"), button="Register"),
        Purpose.REGISTER,
    ),
    "laravel forgot": (
        form(email("email", "Email"), button="Email Password Reset Link", action="/forgot-password"), Purpose.RESET,
    ),
    "oscar log-in": (
        form(email("login-username", "Email address"), secret("login-password", autocomplete="current-password"),
             button="Log In", id="login_form", action="/accounts/login/"),
        Purpose.LOGIN,
    ),
    "oscar register, sent to the log-in's address": (
        form(email("registration-email", "Email address"), secret("registration-password1"),
             secret("registration-password2", "Confirm password"), button="Register", id="register_form",
             action="/accounts/login/"),
        Purpose.REGISTER,
    ),
    "wagtail log-in": (
        form(text("username", "Username", placeholder="Enter your username"), secret(), box("remember", "Remember me"),
             button="Sign in", action="/admin/login/"),
        Purpose.LOGIN,
    ),
    "one password, many questions": (
        form(text("first_name", "First name"), text("last_name", "Last name"), email(), secret(),
             box("tos", "I accept the terms"), button="Continue"),
        Purpose.REGISTER,
    ),
    "log-in without words": (form(text("u", placeholder="E-mail"), secret("p", ""), button="→"), Purpose.LOGIN),
    "german log-in": (
        form(email("mail", "E-Mail-Adresse"), secret("kennwort", "Kennwort"), button="Anmelden"), Purpose.LOGIN,
    ),
    "german register": (
        form(email("mail", "E-Mail-Adresse"), secret("kennwort", "Passwort"), button="Konto erstellen"),
        Purpose.REGISTER,
    ),
    "german forgot": (form(email("mail", "E-Mail"), button="Passwort zurücksetzen"), Purpose.RESET),
    "french log-in": (
        form(text("identifiant", "Identifiant"), secret("mdp", "Mot de passe"), button="Se connecter"), Purpose.LOGIN,
    ),
    "french register": (
        form(email("courriel", "Courriel"), secret("mdp", "Mot de passe"), button="Créer un compte"), Purpose.REGISTER,
    ),
    "spanish log-in": (
        form(email("correo", "Correo electrónico"), secret("clave", "Contraseña"), button="Iniciar sesión"),
        Purpose.LOGIN,
    ),
    "spanish register": (
        form(email("correo", "Correo"), secret("clave", "Contraseña"), button="Crear cuenta"), Purpose.REGISTER,
    ),
    "swedish log-in": (
        form(text("anv", "Användarnamn"), secret("losen", "Lösenord"), button="Logga in"), Purpose.LOGIN,
    ),
    "swedish forgot": (form(email("epost", "E-post"), button="Återställ lösenord"), Purpose.RESET),
    "dutch log-in": (form(email("e", "E-mail"), secret("w", "Wachtwoord"), button="Inloggen"), Purpose.LOGIN),
    "dutch register": (
        form(email("e", "E-mail"), secret("w", "Wachtwoord"), button="Account aanmaken"), Purpose.REGISTER,
    ),
    "italian log-in": (form(email("e", "Email"), secret("p", "Password"), button="Accedi"), Purpose.LOGIN),
    "italian register": (form(email("e", "Email"), secret("p", "Password"), button="Registrati"), Purpose.REGISTER),
    "portuguese log-in": (form(email("e", "E-mail"), secret("s", "Senha"), button="Entrar"), Purpose.LOGIN),
    "portuguese register": (form(email("e", "E-mail"), secret("s", "Senha"), button="Cadastre-se"), Purpose.REGISTER),
    "name first, password later": (form(email("email", "Email"), button="Sign in"), Purpose.IDENTIFIER),
    "second factor": (
        form(text("code", "Code", autocomplete="one-time-code"), button="Verify"), Purpose.CODE,
    ),
    "search by name": (form(text("q", "Search products"), method="get", button="Search"), Purpose.SEARCH),
    "search by role": (form(text("x", ""), role="search"), Purpose.SEARCH),
    "german search": (form(text("begriff", ""), method="get", button="Suchen"), Purpose.SEARCH),
    "newsletter": (form(email("EMAIL", "Your e-mail"), button="Subscribe", heading="Our newsletter"),
                   Purpose.NEWSLETTER),
    "german newsletter": (form(email("mail"), button="Abonnieren"), Purpose.NEWSLETTER),
    "contact": (
        form(text("name", "Name"), email(), FieldSeen("textarea", "message", label="Message"), button="Send"),
        Purpose.OTHER,
    ),
    "voucher": (form(text("code_of_voucher", "Voucher"), button="Apply"), Purpose.OTHER),
    "a locked page": (form(secret("post_password"), button="Enter"), Purpose.OTHER),
    "language": (form(FieldSeen("select", "language"), button="Go"), Purpose.OTHER),
    "only hidden fields": (form(FieldSeen("text", "x", shown=False), button="Delete"), Purpose.OTHER),
}  # fmt: skip
