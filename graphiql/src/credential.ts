/** The parts of `window` that a token can be taken from. */
export interface Bar {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { replaceState(state: unknown, title: string, address: string): void };
}

/**
 * The bearer token in the address's fragment, which no server is ever sent; null without one.
 *
 * The address forgets it, so that no bookmark, screen or history keeps it. The page holds it until it is closed.
 */
export function takeBearer({ location, history }: Bar): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get('bearer');
  if (token !== null) {
    history.replaceState(null, '', location.pathname + location.search);
  }
  return token || null;
}

/**
 * How a request shows who asks: with a token, or with the session's cookie and proof that this page sent it.
 *
 * `own` are the headers that the analyst wrote beside the query. A token of theirs goes before ours, and a request with
 * a token has no cookie: the gateway takes one of the two.
 */
export function credentialed(bearer: string | null, own: Record<string, string> = {}): RequestInit {
  const headers = new Headers({ 'X-GW-Client': 'graphiql', 'apollographql-client-name': 'graphiql' });
  if (bearer !== null) {
    headers.set('Authorization', `Bearer ${bearer}`);
  }
  for (const [name, value] of Object.entries(own)) {
    headers.set(name, value);
  }
  return { headers, credentials: headers.has('Authorization') ? 'omit' : 'same-origin' };
}
