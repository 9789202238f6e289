// urql 6: HTTP with its own reader of event streams, graphql-ws and graphql-sse. Its reader of multipart answers is not
// meant for subscriptions: it takes the protocol's heartbeat for an empty answer. It asks for event streams first.

import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core'

import { answer, bearing, kindOf } from './answers.mjs'
import { facts } from './facts.mjs'
import { eventClient } from './events.mjs'
import { socketClient } from './sockets.mjs'

export const told = ({ data, error }) =>
  answer({ data, errors: error?.graphQLErrors ?? [], fault: error?.networkError ? String(error.networkError) : null })

export async function ask(client, document, variables = {}) {
  if (kindOf(document) === 'mutation') return told(await client.mutation(document, variables).toPromise())
  return told(await client.query(document, variables, { requestPolicy: 'network-only' }).toPromise())
}

function listen(client, document, next) {
  const { unsubscribe } = client.subscription(document, {}).subscribe((result) => next(told(result)))
  return unsubscribe
}

const spoken = (client, close) => ({
  ask: (document, variables) => ask(client, document, variables),
  listen: (document, next) => listen(client, document, next),
  close,
})

/** Documents that are not registered are not taken by GET, which urql prefers for short ones. */
export const urql = (options) => new Client({ url: facts.url, preferGetMethod: false, ...options })

/** All operations over another client. */
function over(carrier) {
  const forwardSubscription = (request) => ({
    subscribe: (sink) => ({ unsubscribe: carrier.subscribe({ ...request, query: request.query ?? '' }, sink) }),
  })
  const carried = subscriptionExchange({ forwardSubscription, enableAllOperations: true })
  return spoken(urql({ exchanges: [cacheExchange, carried] }), () => carrier.dispose())
}

export const transports = {
  http(bearer) {
    const exchanges = [cacheExchange, fetchExchange]
    const fetchOptions = { headers: bearing(bearer) }
    return spoken(urql({ exchanges, fetchOptions, fetchSubscriptions: true }), () => {})
  },
  socket: (bearer) => over(socketClient(bearer)),
  events: (bearer) => over(eventClient(bearing(bearer))),
}
