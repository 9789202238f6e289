"""The letters in English, for those who asked for it."""

from gateway.auth.letters.kinds import LetterKind
from gateway.auth.letters.texts import Catalogue, Text

ENGLISH = Catalogue(
    greeting="Hello,",
    ending="""
        Any question? Call {landlord} on {phone}, or ask your housing advisor.

        None of us will ever ask you for your password, neither by e-mail nor by telephone.

        {landlord}
    """,
    texts={
        LetterKind.ACCOUNT_LINK: Text(
            "Create your online account",
            """
            You asked to create your online account with {landlord}. All that is left is to choose your
            password:

            {link}

            This link is good for {duration} and works once.

            You did not ask for this? Do nothing: without this link nobody can create your account.
            """,
        ),
        LetterKind.PASSWORD_LINK: Text(
            "Choose a new password",
            """
            You asked to choose a new password for your online account with {landlord}. You can do so
            here:

            {link}

            This link is good for {duration} and works once. It also works while access is suspended.

            You did not ask for this? Do nothing: your present password stays as it is.
            """,
        ),
        LetterKind.ASSISTANCE_LINK: Text(
            "Your account is unblocked",
            """
            You asked {landlord} for help, and we have made sure that it was you. Your account is
            unblocked: you can create it again by choosing a password:

            {link}

            This link is good for {duration} and works once.

            You did not ask for help? Do not open this link, and tell us.
            """,
        ),
        LetterKind.SIGN_IN_SUSPENDED: Text(
            "Three wrong passwords on your account",
            """
            Three wrong passwords were entered for your online account. For security we check no more of
            them for {duration}; then sign-in opens again by itself.

            If it was you: wait, or choose a new password with “Forgot password” without waiting.

            If it was not you: nobody got in, and there is nothing you need to do. The devices that you
            usually sign in with are not affected.
            """,
        ),
        LetterKind.ACCOUNT_BLOCKED: Text(
            "Access to your account is suspended",
            """
            Several attempts to sign in, and then to create your account, have failed. For security,
            access is suspended for {duration}; then it opens again by itself.

            If it was you and you received a link to choose a new password, it works right now.

            If it was not you: nobody got in. The devices that you usually sign in with are not affected,
            and what is open stays open.
            """,
        ),
        LetterKind.CREDENTIAL_DISABLED: Text(
            "Your password can no longer be used",
            """
            Too many wrong passwords were entered for your online account. Nobody got in, but for security
            your present password can no longer be used.

            To sign in again, open your online account as usual, then use “Forgot password”: you will
            receive a link to choose another one.
            """,
        ),
        LetterKind.PASSWORD_CHANGED: Text(
            "Your password was changed",
            """
            A new password has just been chosen for your online account. Devices that were signed in no
            longer are: sign in again on each of them.

            If it was you, all is well.

            If it was not you, choose a new password right away: open your online account as usual, then
            use “Forgot password”.
            """,
        ),
        LetterKind.SESSION_REVOKED_REUSE: Text(
            "The application was signed out for security",
            """
            An old authorisation of the application was presented a second time. It may have been copied;
            for security we have signed the application out.

            Sign in again in the application. If you cannot tell why this happened, also choose a new
            password with “Forgot password”.
            """,
        ),
        LetterKind.RENEWAL_SOON: Text(
            "Your password will be due for renewal on {day}",
            """
            Every year, on the anniversary of the creation of your online account, we invite you to choose
            a new password. This year that will be on {day}.

            There is nothing to do until then. From that day on you will be offered the choice when you
            sign in, as usual.
            """,
        ),
        LetterKind.RENEWAL_DUE: Text(
            "It is time to renew your password",
            """
            {day} is the anniversary of the creation of your online account. As every year, we invite you to
            choose a new password.

            Sign in as usual: you will be offered the choice.
            """,
        ),
    },
)
