// graphql-request: plain HTTP, no subscriptions.

import { ClientError, GraphQLClient } from 'graphql-request'

import { answer, bearing } from './answers.mjs'
import { facts } from './facts.mjs'

export const transports = {
  http(bearer) {
    const client = new GraphQLClient(facts.url, { headers: bearing(bearer), errorPolicy: 'all' })
    return {
      async ask(document, variables) {
        try {
          return answer(await client.rawRequest(document, variables))
        } catch (error) {
          return error instanceof ClientError ? answer(error.response) : answer({ fault: String(error) })
        }
      },
      close() {},
    }
  },
}
