// The bare graphql-sse client: every operation is a stream of its own.

import { createClient } from 'graphql-sse'

import { answer, bearing, refusal } from './answers.mjs'
import { facts } from './facts.mjs'
import { subscribe } from './sockets.mjs'

export const eventClient = (headers) => createClient({ url: facts.url, headers, retryAttempts: 0 })

/** The first result of an operation, once the server has completed it. */
export const ask = (client, query, variables) =>
  new Promise((resolve) => {
    let result = {}
    client.subscribe(
      { query, variables },
      {
        next: (next) => (result = next),
        error: (error) => resolve(refusal(error)),
        complete: () => resolve(answer(result)),
      },
    )
  })

export const transports = {
  events(bearer) {
    const client = eventClient(bearing(bearer))
    return {
      ask: (query, variables) => ask(client, query, variables),
      listen: (query, next) => subscribe(client, query, next),
      close: () => client.dispose(),
    }
  },
}
