// One shape for what the clients make of an answer, so that they can be compared.
//
// `data` is what the client hands to the page; `errors` are those that it takes for GraphQL's own; `fault` is anything
// that it could not make sense of, which a page can only show as “something went wrong”.

export const answer = ({ data = null, errors = [], fault = null }) => ({
  data: data ?? null,
  errors: errors.map(({ path, extensions }) => ({ path: path?.join('.') ?? null, code: extensions?.code ?? null })),
  fault,
})

/** The answer to a refusal that the client reports as a failed request, when its response says more than that. */
export async function refusal(error) {
  const body = await error.response?.json?.().catch(() => null)
  if (!body?.errors) return answer({ fault: String(error) })
  return answer({ errors: body.errors, fault: `HTTP ${error.response.status}` })
}

/** The kind of a document's operation: query, mutation or subscription. */
export const kindOf = (document) => document.match(/^(query|mutation|subscription)\b/m)?.[1] ?? 'query'

export const bearing = (bearer) => (bearer ? { authorization: `Bearer ${bearer}` } : {})
