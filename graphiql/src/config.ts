/** What the gateway tells the page, in the element `config`. Addresses are relative to the page's base. */
export interface Config {
  readonly landlord: string;
  readonly graphql: string;
  readonly savedQueries: string;
  /** Where staff sign in; null where the landlord has no provider, as in the demo. */
  readonly signIn: string | null;
}

/** The settings in `page`, with whole addresses. */
export function configOf(page: Document): Config {
  const told = JSON.parse(page.getElementById('config')?.textContent ?? '{}') as Config;
  const whole = (address: string) => new URL(address, page.baseURI).href;
  return {
    ...told,
    graphql: whole(told.graphql),
    savedQueries: whole(told.savedQueries),
    signIn: told.signIn === null ? null : whole(told.signIn),
  };
}
