// The bare graphql-ws client, and what the others build on it.

import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

import { answer, bearing } from './answers.mjs'
import { facts } from './facts.mjs'

/** A client whose session comes with the first message, as it does where a WebSocket's head cannot be written. */
export const socketClient = (bearer) =>
  createClient({
    url: facts.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: bearing(bearer),
    retryAttempts: 0,
  })

/** The first result of an operation, once the server has completed it. */
export const ask = (client, query, variables) =>
  new Promise((resolve) => {
    let result = {}
    client.subscribe(
      { query, variables },
      {
        next: (next) => (result = next),
        error: (error) => resolve(answer(Array.isArray(error) ? { errors: error } : { fault: closing(error) })),
        complete: () => resolve(answer(result)),
      },
    )
  })

/** Gives each event of a subscription to `next`; the function that ends it. */
export const subscribe = (client, query, next) =>
  client.subscribe({ query }, { next: (result) => next(answer(result)), error() {}, complete() {} })

const closing = (event) => (event?.code ? `closed ${event.code} ${event.reason}` : String(event))

export const transports = {
  socket(bearer) {
    const client = socketClient(bearer)
    return {
      ask: (query, variables) => ask(client, query, variables),
      listen: (query, next) => subscribe(client, query, next),
      close: () => client.dispose(),
    }
  },
}
