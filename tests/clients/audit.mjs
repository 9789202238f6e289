// The audit of GraphQL over HTTP that graphql-http publishes, asked by somebody who may introspect.

import { auditServer } from 'graphql-http'

import { facts, tell } from './facts.mjs'

/** The session, and the proof that no page of another site sends the GET requests. */
const known = { authorization: `Bearer ${facts.bearer}`, 'x-gw-client': 'audit' }

const fetchFn = (url, options = {}) => fetch(url, { ...options, headers: { ...options.headers, ...known } })

for (const { id, name, status, response } of await auditServer({ url: facts.url, fetchFn })) {
  tell({ id, name, status, answered: response?.status ?? null })
}
