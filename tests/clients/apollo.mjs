// Apollo Client 4: HTTP, with subscriptions as multipart answers, and graphql-ws.

import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { parse } from 'graphql'

import { answer, bearing, kindOf } from './answers.mjs'
import { facts } from './facts.mjs'
import { socketClient } from './sockets.mjs'

const awareness = { clientAwareness: { name: 'web-account', version: '5.1.0' } }

export const apollo = (link) => new ApolloClient({ link, cache: new InMemoryCache(), ...awareness })

const told = ({ data, error }) => {
  if (CombinedGraphQLErrors.is(error)) return answer({ data, errors: error.errors })
  return answer({ data, fault: error ? String(error) : null })
}

/** What the page gets; Apollo goes to the network and answers from its cache. */
export async function ask(client, document, variables) {
  const options = { variables, errorPolicy: 'all' }
  if (kindOf(document) === 'mutation') return told(await client.mutate({ mutation: parse(document), ...options }))
  return told(await client.query({ query: parse(document), fetchPolicy: 'network-only', ...options }))
}

function listen(client, document, next) {
  const subscription = client.subscribe({ query: parse(document) }).subscribe({ next: (result) => next(told(result)) })
  return () => subscription.unsubscribe()
}

const spoken = (client, close) => ({
  ask: (document, variables) => ask(client, document, variables),
  listen: (document, next) => listen(client, document, next),
  close,
})

export const transports = {
  http(bearer) {
    const client = apollo(new HttpLink({ uri: facts.url, headers: bearing(bearer) }))
    return spoken(client, () => client.stop())
  },
  socket(bearer) {
    const socket = socketClient(bearer)
    const client = apollo(new GraphQLWsLink(socket))
    return spoken(client, () => (client.stop(), socket.dispose()))
  },
}
