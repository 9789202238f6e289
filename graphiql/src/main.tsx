import 'graphiql/setup-workers/vite';
// Not graphiql/style.css, half a megabyte of fonts: those of the system will do.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-explorer/style.css';
import 'graphiql/graphiql.css';
import './page.css';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { AnswerBar } from './answer-bar.tsx';
import { configOf } from './config.ts';
import { takeBearer } from './credential.ts';
import { fetcherAt } from './fetcher.ts';
import { savedQueriesPlugin } from './saved-queries.tsx';
import { Storage } from './storage.ts';

const WELCOME = `# Type { to see what you may ask.
# Saved queries are on the left.
# Ctrl-Enter runs what stands here.

`;

const { landlord, graphql, savedQueries, signIn } = configOf(document);
const bearer = takeBearer(window);
const savedQueriesPane = savedQueriesPlugin(savedQueries, bearer);
const plugins = [savedQueriesPane, explorerPlugin()];
document.title = `GraphiQL · ${landlord}`;

// A link with another token, opened in this tab, changes the fragment alone: the page begins anew, and takes it.
window.addEventListener('hashchange', () => window.location.reload());

createRoot(document.getElementById('page')!).render(
  <GraphiQL
    fetcher={fetcherAt(graphql, bearer)}
    plugins={plugins}
    visiblePlugin={savedQueriesPane.title}
    storage={new Storage(window.localStorage, window.sessionStorage)}
    shouldPersistHeaders={false}
    defaultQuery={WELCOME}
    defaultEditorToolsVisibility={false}
    inputValueDeprecation
  >
    <GraphiQL.Logo>
      <span className="landlord">{landlord}</span>
    </GraphiQL.Logo>
    <GraphiQL.Footer>
      <AnswerBar signIn={signIn} />
    </GraphiQL.Footer>
  </GraphiQL>,
);
