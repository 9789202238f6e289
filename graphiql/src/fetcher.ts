import type { Fetcher, FetcherParams, FetcherResult } from '@graphiql/toolkit';
import { type ExecutionResult, getOperationAST, OperationTypeNode, parse } from 'graphql';
import { createClient } from 'graphql-sse';
import { credentialed } from './credential.ts';

/** Asks the gateway at `address`: queries and mutations by one POST, subscriptions as a stream of server-sent events. */
export function fetcherAt(address: string, bearer: string | null): Fetcher {
  return (asked, options) => {
    const init = credentialed(bearer, options?.headers as Record<string, string> | undefined);
    const { operation, named } = meant(asked);
    return operation === OperationTypeNode.SUBSCRIPTION ? streamed(address, named, init) : posted(address, named, init);
  };
}

async function posted(address: string, asked: FetcherParams, init: RequestInit): Promise<FetcherResult> {
  const headers = new Headers(init.headers);
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', 'application/graphql-response+json, application/json;q=0.9');
  const response = await fetch(address, { ...init, headers, method: 'POST', body: JSON.stringify(asked) });
  const text = await response.text();
  try {
    return JSON.parse(text) as FetcherResult;
  } catch {
    // Something between the page and the gateway has answered.
    throw new Error(`HTTP ${response.status} ${response.statusText}, and the answer is not the gateway's`);
  }
}

function streamed(address: string, asked: FetcherParams, init: RequestInit): AsyncIterableIterator<ExecutionResult> {
  const client = createClient({
    url: address,
    retryAttempts: 0,
    credentials: init.credentials as 'omit' | 'same-origin',
    headers: Object.fromEntries(new Headers(init.headers)),
  });
  return client.iterate({
    query: asked.query,
    ...(asked.operationName && { operationName: asked.operationName }),
    ...(asked.variables && { variables: asked.variables as Record<string, unknown> }),
  });
}

/**
 * What is asked for, and by which name. A name that the document does not have is left out: GraphiQL notices a moment
 * late that another operation was written. What cannot be read is the gateway's to refuse.
 */
function meant(asked: FetcherParams): { operation?: OperationTypeNode; named: FetcherParams } {
  try {
    const document = parse(asked.query);
    const found = getOperationAST(document, asked.operationName);
    const { operationName: _, ...unnamed } = asked;
    const only = found ?? getOperationAST(document);
    return { ...(only && { operation: only.operation }), named: found ? asked : unnamed };
  } catch {
    return { named: asked };
  }
}
