"""The letters in French, the language of the account. Forms of address that suit everyone."""

import re

from gateway.auth.letters.kinds import LetterKind
from gateway.auth.letters.texts import Catalogue, Text

_TIED = re.compile(r"(?<=«) | (?=[:;?!»])")
"""Spaces that French sets where a line must not break."""

FRENCH = Catalogue(
    greeting="Bonjour,",
    ending="""
        Une question ? Appelez {landlord} au {phone}, ou parlez-en à votre conseiller ou conseillère habitat.

        Personne chez nous ne vous demandera votre mot de passe, ni par e-mail, ni par téléphone.

        {landlord}
    """,
    texts={
        LetterKind.ACCOUNT_LINK: Text(
            "Créez votre compte en ligne",
            """
            Vous avez demandé à créer votre compte en ligne chez {landlord}. Il ne reste qu’à choisir
            votre mot de passe :

            {link}

            Ce lien est valable {duration} et ne sert qu’une fois.

            Vous n’avez rien demandé ? Ne faites rien : sans ce lien, personne ne peut créer votre compte.
            """,
        ),
        LetterKind.PASSWORD_LINK: Text(
            "Choisissez un nouveau mot de passe",
            """
            Vous avez demandé à choisir un nouveau mot de passe pour votre compte en ligne chez
            {landlord}. C’est ici :

            {link}

            Ce lien est valable {duration} et ne sert qu’une fois. Il fonctionne aussi quand l’accès est
            suspendu.

            Vous n’avez rien demandé ? Ne faites rien : votre mot de passe actuel reste le bon.
            """,
        ),
        LetterKind.ASSISTANCE_LINK: Text(
            "Votre compte est débloqué",
            """
            Vous avez demandé de l’aide à {landlord}, et nous avons bien vérifié que c’était vous. Votre
            compte est débloqué : vous pouvez le créer de nouveau en choisissant un mot de passe :

            {link}

            Ce lien est valable {duration} et ne sert qu’une fois.

            Vous n’avez pas demandé d’aide ? N’ouvrez pas ce lien et prévenez-nous.
            """,
        ),
        LetterKind.SIGN_IN_SUSPENDED: Text(
            "Trois mots de passe erronés sur votre compte",
            """
            Trois mots de passe erronés ont été saisis pour votre compte en ligne. Par sécurité, nous n’en
            vérifions plus pendant {duration}, puis la connexion se rouvre d’elle-même.

            Si c’était vous : patientez, ou choisissez un nouveau mot de passe avec « J’ai oublié mon mot
            de passe », sans attendre la fin de ce délai.

            Si ce n’était pas vous : personne n’est entré, et vous n’avez rien à faire. Les appareils avec
            lesquels vous vous connectez d’habitude ne sont pas concernés.
            """,
        ),
        LetterKind.ACCOUNT_BLOCKED: Text(
            "L’accès à votre compte est suspendu",
            """
            Plusieurs essais de connexion, puis de création de votre compte, ont échoué. Par sécurité,
            l’accès est suspendu pendant {duration}, puis il se rouvre de lui-même.

            Si c’était vous et que vous avez reçu un lien pour choisir un nouveau mot de passe, il
            fonctionne dès maintenant.

            Si ce n’était pas vous : personne n’est entré. Les appareils avec lesquels vous vous connectez
            d’habitude ne sont pas concernés, et ce qui est ouvert le reste.
            """,
        ),
        LetterKind.CREDENTIAL_DISABLED: Text(
            "Votre mot de passe ne peut plus servir",
            """
            Un trop grand nombre de mots de passe erronés ont été saisis pour votre compte en ligne.
            Personne n’est entré, mais par sécurité votre mot de passe actuel ne peut plus servir.

            Pour vous connecter de nouveau, ouvrez votre compte en ligne comme d’habitude, puis « J’ai
            oublié mon mot de passe » : vous recevrez un lien pour en choisir un autre.
            """,
        ),
        LetterKind.PASSWORD_CHANGED: Text(
            "Votre mot de passe a été changé",
            """
            Un nouveau mot de passe vient d’être choisi pour votre compte en ligne. Les appareils qui
            étaient connectés ne le sont plus : il faut s’y connecter de nouveau.

            Si c’était vous, tout est en ordre.

            Si ce n’était pas vous, choisissez sans attendre un nouveau mot de passe : ouvrez votre compte
            en ligne comme d’habitude, puis « J’ai oublié mon mot de passe ».
            """,
        ),
        LetterKind.SESSION_REVOKED_REUSE: Text(
            "L’application a été déconnectée par sécurité",
            """
            Une ancienne autorisation de l’application a été présentée une seconde fois. Il se peut
            qu’elle ait été copiée ; par sécurité, nous avons déconnecté l’application.

            Connectez-vous de nouveau dans l’application. Si vous ne comprenez pas pourquoi cela est
            arrivé, choisissez aussi un nouveau mot de passe avec « J’ai oublié mon mot de passe ».
            """,
        ),
        LetterKind.RENEWAL_SOON: Text(
            "Votre mot de passe sera à renouveler le {day}",
            """
            Chaque année, à l’anniversaire de la création de votre compte en ligne, nous vous invitons à
            choisir un nouveau mot de passe. Cette année, ce sera le {day}.

            Vous n’avez rien à faire d’ici là. À partir de ce jour, le choix vous sera proposé quand vous
            vous connecterez, comme d’habitude.
            """,
        ),
        LetterKind.RENEWAL_DUE: Text(
            "C’est le moment de renouveler votre mot de passe",
            """
            Le {day} est l’anniversaire de la création de votre compte en ligne. Comme chaque année, nous vous
            invitons à choisir un nouveau mot de passe.

            Connectez-vous comme d’habitude : le choix vous sera proposé.
            """,
        ),
    },
    typeset=lambda text: _TIED.sub("\u00a0", text),
)
