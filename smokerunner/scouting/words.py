"""What the usual links and buttons read in eight languages: English, German, French, Spanish, Swedish, Dutch, Italian,
Portuguese. Each is a regular expression over what a person reads, or over the words of an address.
"""

from __future__ import annotations

import re


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


LOGIN = _any(
    r"\blog[ _-]?(?:in|on)\b", r"\bsign[ _-]?in\b", r"\blogin", r"\banmeld(?:en|ung)\b", r"\beinloggen\b",
    r"\bconnexion\b", r"\bse connecter\b", r"\bs[’']identifier\b", r"\bme connecter\b",
    r"\binici(?:ar|o de) sesi[oó]n\b", r"\bacceder\b", r"\bingresar\b", r"\bentrar\b",
    r"\blogga in\b", r"\binloggning\b", r"\binloggen\b", r"\baanmelden\b", r"\baccedi\b", r"\baccesso\b",
    r"\bentra\b",
    r"\binici(?:ar|o de) sess[aã]o\b", r"\bacessar\b", r"\bacesso\b", r"users?/sign_in",
)  # fmt: skip
REGISTER = _any(
    r"\bregist(?:er|ration|rieren|rierung|rera|reren|ratie|rar|rarse|rati|razione|ro|rate|e-se|re-se)\b",
    r"\bsign[ _-]?up\b", r"\bcreate (?:an? |your |my )?(?:new |free )?(?:user )?account\b",
    r"\bnew (?:account|customer)\b",
    r"\bopen an? account\b", r"\bjoin(?: us| now| free)?\b", r"\bget started\b",
    r"\bkonto (?:erstellen|anlegen|eröffnen)\b", r"\bneues? (?:kunden)?konto\b", r"\bneu(?:er)? (?:hier|kunde)\b",
    r"\binscri(?:re|ption)\b", r"\bs[’']inscrire\b", r"\bcréer (?:un|mon|votre) compte\b",
    r"\breg[ií]strate\b", r"\bcrear? (?:una? |tu |mi )?cuenta\b", r"\bdarse de alta\b",
    r"\bskapa (?:ett )?konto\b", r"\bbli (?:medlem|kund)\b", r"\baccount (?:aanmaken|maken)\b", r"\binschrijven\b",
    r"\biscriviti\b", r"\bcrea (?:un )?(?:nuovo )?account\b",
    r"\bcadastr\w*", r"\bcriar (?:uma )?conta\b", r"\bregistar\b",
)  # fmt: skip
RESET = _any(
    r"\bforg[oe]t(?:ten)?\b", r"\bforgot", r"\breset\b", r"\brecover\b", r"\blost[ _-]?(?:your )?pass",
    r"\blostpassword\b",
    r"\bpassword[ _/-]?(?:reset|new|forgot)", r"\bpassw\w+ vergessen\b", r"\bkennwort vergessen\b",
    r"\bzurücksetzen\b",
    r"\boubli\w*", r"\bréinitialis\w*", r"\bolvid\w*", r"\brecuperar?\b", r"\brestablecer\b",
    r"\bglömt\b", r"\båterställ\w*", r"\bvergeten\b", r"\bherstellen\b", r"\bdimentica\w*",
    r"\breimposta\w*", r"\brecupera\b",
    r"\besquec\w*", r"\bredefinir\b",
)  # fmt: skip
LOGOUT = _any(
    r"\blog[ _-]?(?:out|off)\b", r"\bsign[ _-]?(?:out|off)\b", r"\babmelden\b", r"\bausloggen\b", r"\bdéconnexion\b",
    r"\bdéconnecter\b", r"\bcerrar sesi[oó]n\b", r"\bdesconectar(?:se)?\b", r"^salir$", r"\blogga ut\b",
    r"\butloggning\b",
    r"\buitloggen\b", r"\bafmelden\b", r"^esci$", r"\bdisconnetti\b", r"\bdisconnetter\w+", r"^sair$",
    r"\bterminar sess[aã]o\b", r"\bencerrar sess[aã]o\b",
)  # fmt: skip
NEWSLETTER = _any(
    r"\bnews ?letter\b", r"\bsubscri(?:be|ption)\b", r"\babonnieren\b", r"\bs[’']abonner\b", r"\babonne(?:r|z|ren)\b",
    r"\bsuscri(?:b|p)\w*", r"\bprenumerera\b", r"\bnyhetsbrev\b", r"\bnieuwsbrief\b", r"\bassinar\b",
    r"\bsubscrev\w*",
    r"\bbolet[ií][mn]\b", r"\bmailing ?list\b",
)  # fmt: skip
SEARCH = _any(
    r"\bsearch\b", r"\bsuchen?\b", r"\brecherch\w*", r"\bbuscar\b", r"\bbúsqueda\b", r"\bsök\b", r"\bzoek(?:en)?\b",
    r"\bcerca\b", r"\bricerca\b", r"\bpesquis\w*",
)  # fmt: skip
NEW_PASSWORD = _any(
    r"\bnew\b", r"\bneues?\b", r"\bnouveau\b", r"\bnuev[ao]\b", r"\bnytt\b", r"\bnieuw\b", r"\bnuov[ao]\b",
    r"\bnova\b",
    r"\bconfirm\w*", r"\brepeat\b", r"\bagain\b", r"\bwiederhol\w*", r"\bbestätig\w*", r"\brépét\w*", r"\bherhaal\w*",
    r"\bripeti\b", r"\brepet\w*", r"\bupprepa\b", r"\bbekräfta\b", r"new_?password", r"password_?(?:2|confirm)",
)  # fmt: skip
CONTINUE = _any(
    r"\bnext\b", r"\bcontinue\b", r"\bweiter\b", r"\bsuivant\b", r"\bcontinuer\b", r"\bsiguiente\b", r"\bcontinuar\b",
    r"\bnästa\b", r"\bfortsätt\b", r"\bvolgende\b", r"\bdoorgaan\b", r"\bavanti\b", r"\bcontinua\b", r"\bavançar\b",
)  # fmt: skip
EMAIL = _any(r"e-?mail", r"\bmail\b", r"\bcourriel\b", r"\bcorreo\b", r"\be-?post\b", r"\bepost\b")
USER_NAME = _any(
    r"user[ _-]?(?:name|login|id)\b", r"\blog\b", r"^login$", r"\blogin[ _-]?name\b", r"\bbenutzer(?:name)?\b",
    r"\bidentifiant\b", r"\busuario\b", r"\banvändarnamn\b", r"\bgebruikersnaam\b", r"\bnome utente\b",
    r"\butilizador\b", r"\busuário\b", r"\bnick(?:name)?\b", r"\bhandle\b", r"\bnom d[’']utilisateur\b",
)  # fmt: skip
FIRST_NAME = _any(r"first[ _-]?name", r"given[ _-]?name", r"vorname", r"prénom", r"^nombre$", r"förnamn", r"voornaam")
LAST_NAME = _any(
    r"last[ _-]?name",
    r"family[ _-]?name",
    r"surname",
    r"nachname",
    r"apellido",
    r"efternamn",
    r"achternaam",
    r"cognome",
)
NAME = _any(r"\bname\b", r"^nom$", r"\bnamn\b", r"\bnaam\b", r"\bnome\b", r"\bnombre\b", r"\bfull[ _-]?name\b")
PHONE = _any(r"phone", r"\btel(?:efon|éfono|éphone|efone|efono|efoon)?\b", r"\bmobil\w*", r"\bhandy\b")
TERMS = _any(
    r"\bterms\b", r"\bconditions\b", r"\bagree\b", r"\baccept\b", r"\bagb\b", r"\bdatenschutz\w*", r"\bprivacy\b",
    r"\btérminos\b", r"\bacepto\b", r"\bvillkor\w*", r"\bvoorwaarden\b", r"\bakkoord\b", r"\bcondizioni\b",
    r"\btermos\b",
    r"\bj[’']accepte\b", r"\btos\b",
)  # fmt: skip
DECLINE = _any(
    r"\b(?:reject|decline|refuse|deny)\b", r"\b(?:only|strictly) (?:necessary|essential|required)\b",
    r"\b(?:necessary|essential|required)(?: cookies)? only\b", r"\bcontinue without\b", r"\bno,? thanks\b",
    r"\bablehnen\b", r"\bnur (?:notwendige|erforderliche|essenzielle|technisch)\w*", r"\brefuser\b",
    r"\bsans accepter\b",
    r"\brechazar\b", r"\bsolo (?:las )?necesarias\b", r"\bavvisa\b", r"\bneka\b", r"\b(?:endast|bara) nödvändiga\b",
    r"\bweiger(?:en)?\b", r"\balleen noodzakelijke\b", r"\brifiuta\b", r"\bsolo necessari\b",
    r"\brejeitar\b", r"\brecusar\b", r"\bapenas necessários\b",
)  # fmt: skip
ACCEPT = _any(
    r"\b(?:accept|allow|agree)\b", r"\bgot it\b", r"^ok(?:ay)?!?$", r"\bi understand\b",
    r"\b(?:akzeptier|zustimm|annehm|erlaub)\w*", r"\beinverstanden\b", r"\bverstanden\b", r"\baccepter\b",
    r"\bj[’']accepte\b", r"\btout accepter\b", r"\baceptar\b", r"\bacepto\b", r"\bentendido\b",
    r"\b(?:acceptera|godkänn|tillåt)\w*", r"\baccepteren\b", r"\bakkoord\b", r"\btoestaan\b",
    r"\b(?:accetta|acconsent)\w*", r"\b(?:aceitar|concordo|permitir)\b",
)  # fmt: skip
