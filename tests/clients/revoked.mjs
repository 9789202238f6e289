// What becomes of a subscription whose session ends: what each client is told, and whether it comes back by itself.
// All of them would, after a connection that merely broke: they have their own patience here.

import { performance } from 'node:perf_hooks'

import { HttpLink } from '@apollo/client'
import { fetchExchange } from '@urql/core'
import { createClient as createEventClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { parse } from 'graphql'
import WebSocket from 'ws'

import { bearing } from './answers.mjs'
import { apollo } from './apollo.mjs'
import { facts, tell, within } from './facts.mjs'
import { urql } from './urql.mjs'

const { url, documents, credentials } = facts

async function post(query, variables, bearer) {
  const headers = { 'content-type': 'application/json', ...bearing(bearer) }
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })).json()
}

const codesIn = (errors) => errors.map(({ extensions }) => extensions.code)

/** Each listens; it calls `began` then, `ended` with what it is told at last, and `count` for each connection. */
const clients = {
  apollo(bearer, { began, ended, observed }) {
    const client = apollo(new HttpLink({ uri: url, headers: bearing(bearer), fetch: observed(began) }))
    let codes = []
    client.subscribe({ query: parse(documents.changes) }).subscribe({
      next: ({ error }) => (codes = codesIn(error?.errors ?? [])),
      complete: () => ended({ codes }),
    })
  },
  urql(bearer, { began, ended, observed }) {
    const fetchOptions = { headers: bearing(bearer) }
    const client = urql({ exchanges: [fetchExchange], fetchSubscriptions: true, fetch: observed(began), fetchOptions })
    client.subscription(documents.changes, {}).subscribe(({ error }) => ended({ codes: codesIn(error.graphQLErrors) }))
  },
  events(bearer, { began, ended, observed }) {
    const client = createEventClient({ url, headers: bearing(bearer), fetchFn: observed(began) })
    let codes = []
    const sink = {
      next: ({ errors }) => (codes = codesIn(errors)),
      error: (error) => ended({ fault: String(error) }),
      complete: () => ended({ codes }),
    }
    client.subscribe({ query: documents.changes }, sink)
  },
  sockets(bearer, { began, ended, count }) {
    const client = createSocketClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: bearing(bearer),
      on: { connecting: count, connected: began },
    })
    const sink = { next() {}, error: ({ code, reason }) => ended({ code, reason }), complete: () => ended({}) }
    client.subscribe({ query: documents.changes }, sink)
  },
}

async function revoke([name, listen]) {
  const { data } = await post(documents.signIn, { input: credentials })
  const bearer = data.signIn.tokens.accessToken
  let connections = 0
  const count = () => connections++
  const observed = (began) => async (...request) => {
    count()
    const response = await fetch(...request)
    began()
    return response
  }
  let ended
  const end = new Promise((resolve) => (ended = resolve))
  await within(10, `${name} begins`, new Promise((began) => listen(bearer, { began, ended, observed, count })))
  const since = performance.now()
  await post(documents.signOut, {}, bearer)
  const told = await within(10, `${name} ends`, end)
  tell({ client: name, told, seconds: (performance.now() - since) / 1000, connections })
}

await Promise.all(Object.entries(clients).map(revoke))
process.exit()
