"""Who is there: account references, passwords, tokens, sessions, signing in.

When the store does not answer, nobody gets in. What a stranger sees never tells whether an account exists.
"""
