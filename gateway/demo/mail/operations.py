"""The operations of the demo's front end: a client's own documents, against the published schema."""

CHOOSE_PASSWORD = """
mutation ChoosePassword($input: ChooseAccountPasswordInput!) {
  chooseAccountPassword(input: $input) {
    __typename
    ... on AccountReady { renewalDueOn }
    ... on PasswordRejectedProblem { reasons }
    ... on AccessSuspendedProblem { retryAfterSeconds routes }
    ... on Problem { code message }
  }
}
"""

REQUEST_LINK = """
mutation RequestLink($input: RequestAccountLinkInput!) {
  requestAccountLink(input: $input) {
    __typename
    ... on AccountLinkRequested { message }
    ... on AccessSuspendedProblem { retryAfterSeconds routes }
    ... on ServiceBusyProblem { retryAfterSeconds }
    ... on Problem { code message }
  }
}
"""

REQUEST_ASSISTANCE = """
mutation RequestAssistance($input: RequestAssistanceInput!) {
  requestAssistance(input: $input) {
    __typename
    ... on AssistanceRequested { reference message }
    ... on ServiceBusyProblem { retryAfterSeconds }
    ... on Problem { code message }
  }
}
"""

SIGN_IN = """
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    __typename
    ... on SignInSuccess {
      viewer { roles account { id accountReference renewal { due dueOn mode } } }
    }
    ... on RecreationOfferedProblem { retryAfterSeconds }
    ... on AccessSuspendedProblem { retryAfterSeconds routes }
    ... on ServiceBusyProblem { retryAfterSeconds }
    ... on Problem { code message }
  }
}
"""
