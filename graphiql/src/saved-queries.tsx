import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { credentialed } from './credential.ts';

/** A query that the landlord keeps for analysts. */
export interface SavedQuery {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly document: string;
}

type Shelf = readonly SavedQuery[] | string | null;

/** The pane of the queries at `address`: a click opens one. */
export function savedQueriesPlugin(address: string, bearer: string | null): GraphiQLPlugin {
  // Asked for once, when the pane is first seen.
  let asked: Promise<readonly SavedQuery[]> | null = null;
  const ask = () => (asked ??= savedQueriesAt(address, bearer));
  return { title: 'Saved queries', icon: Icon, content: () => <Pane ask={ask} /> };
}

async function savedQueriesAt(address: string, bearer: string | null): Promise<readonly SavedQuery[]> {
  const response = await fetch(address, credentialed(bearer));
  if (!response.ok) {
    throw new Error(response.status === 403 ? 'Sign in to see the saved queries.' : `HTTP ${response.status}`);
  }
  return ((await response.json()) as { queries: readonly SavedQuery[] }).queries;
}

function Pane({ ask }: { ask: () => Promise<readonly SavedQuery[]> }) {
  const [shelf, setShelf] = useState<Shelf>(null);
  useEffect(() => {
    let seen = true;
    ask().then(
      (queries) => seen && setShelf(queries),
      (error: unknown) => seen && setShelf(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      seen = false;
    };
  }, [ask]);
  return (
    <section className="saved-queries" aria-label="Saved queries">
      <h2>Saved queries</h2>
      {typeof shelf === 'string' ? <p role="alert">{shelf}</p> : <List queries={shelf ?? []} />}
    </section>
  );
}

function List({ queries }: { queries: readonly SavedQuery[] }) {
  const open = useOpen(queries);
  return (
    <ul>
      {queries.map((query) => (
        <li key={query.name}>
          <button type="button" onClick={() => open(query)}>
            <strong>{query.title}</strong>
            <span>{query.description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Opens a query where nothing is lost: over another saved one, or over nothing; else in a tab of its own. */
function useOpen(queries: readonly SavedQuery[]) {
  const editor = useGraphiQL((state) => state.queryEditor);
  const { addTab } = useGraphiQLActions();
  return ({ document }: SavedQuery) => {
    const written = editor?.getValue().trim();
    if (written && !queries.some((query) => query.document.trim() === written)) {
      addTab();
    }
    editor?.setValue(document.trimEnd());
    editor?.focus();
  };
}

function Icon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" aria-hidden="true">
      <path d="M6 3.5h12v17l-6-4.5-6 4.5z" />
    </svg>
  );
}
