// The web account as a browser runs it: a cookie that no script reads, on every transport, and only from our own pages.

import WebSocket from 'ws'
import { createClient } from 'graphql-ws'

import { eventClient, ask as askEvents } from './events.mjs'
import { facts, tell, within } from './facts.mjs'
import { ask as askSocket } from './sockets.mjs'

const { url, documents, credentials } = facts
const origin = new URL(url).origin
const ours = { origin, 'x-gw-client': 'web' }
const foreign = 'https://elsewhere.example.com'

async function post(query, variables, headers) {
  const head = { 'content-type': 'application/json', ...headers }
  const response = await fetch(url, { method: 'POST', headers: head, body: JSON.stringify({ query, variables }) })
  const { data = null, errors = [] } = await response.json()
  const codes = errors.map(({ extensions }) => extensions.code)
  return { status: response.status, data, codes, cookies: response.headers.getSetCookie() }
}

const signIn = { input: { ...credentials, channel: 'WEB' } }
const entered = await post(documents.signIn, signIn, ours)
const cookie = entered.cookies.map((set) => set.split(';')[0]).join('; ')
const shapes = entered.cookies.map((set) => set.replace(/=[^;]*/, ''))
tell({ step: 'sign in', status: entered.status, tokens: entered.data.signIn.tokens, cookies: shapes })

const asked = async (step, headers) => {
  const { status, data, codes } = await post(documents.who, {}, { cookie, ...headers })
  tell({ step, status, data, codes })
}
await asked('from our page', ours)
await asked('without evidence', { origin })
await asked('from another site', { ...ours, origin: foreign })

const events = (headers) => askEvents(eventClient({ cookie, ...headers }), documents.who)
tell({ step: 'events', ...(await within(10, 'events', events(ours))) })
tell({ step: 'events without evidence', ...(await within(10, 'events', events({ origin }))) })

/** A WebSocket that sends what a browser sends: cookie and origin, and nothing that a script has chosen. */
const socketOf = (headers) =>
  class extends WebSocket {
    constructor(address, protocols) {
      super(address, protocols, { headers })
    }
  }
const address = url.replace('http', 'ws')
const client = createClient({ url: address, webSocketImpl: socketOf({ cookie, origin }), retryAttempts: 0 })
tell({ step: 'socket', ...(await within(10, 'socket', askSocket(client, documents.who))) })
await client.dispose()

const upgraded = (headers) =>
  new Promise((resolve) => {
    const socket = new (socketOf(headers))(address, 'graphql-transport-ws')
    socket.on('open', () => (resolve(101), socket.close()))
    socket.on('unexpected-response', (_, response) => (resolve(response.statusCode), socket.terminate()))
    socket.on('error', () => {})
  })
tell({ step: 'socket from another site', status: await within(10, 'socket', upgraded({ cookie, origin: foreign })) })
tell({ step: 'socket without an origin', status: await within(10, 'socket', upgraded({ cookie })) })

const left = await post(documents.signOut, {}, { cookie, ...ours })
tell({ step: 'sign out', status: left.status, cookies: left.cookies.map((set) => set.split(';')[0]) })
await asked('afterwards', ours)
