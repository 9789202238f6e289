// Apollo and urql with registered documents: what goes over the wire, and what the page gets.

import { createHash } from 'node:crypto'

import { HttpLink } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { cacheExchange, fetchExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'

import { bearing } from './answers.mjs'
import { apollo, ask as askApollo } from './apollo.mjs'
import { facts, tell } from './facts.mjs'
import { ask as askUrql, told, urql } from './urql.mjs'

const { registered, documentId } = facts
const headers = { ...bearing(facts.bearer), 'x-gw-client': 'web' }

/** A document that nobody has asked for before. */
const unknown = (name) => `query ${name} { viewer { roles } }`

const sha256 = (text) => createHash('sha256').update(text).digest('hex')

let sent = []

async function observed(url, options) {
  const response = await fetch(url, options)
  const asked = options.method === 'POST' ? JSON.parse(options.body) : Object.fromEntries(new URL(url).searchParams)
  const members = ['query', 'documentId', 'extensions'].filter((name) => asked[name] !== undefined)
  sent.push({ method: options.method, members, status: response.status })
  return response
}

async function step(client, name, asking) {
  sent = []
  tell({ client, step: name, ...(await asking), sent })
}

const link = new PersistedQueryLink({ sha256 }).concat(new HttpLink({ uri: facts.url, headers, fetch: observed }))
const persistedApollo = apollo(link)
await step('apollo', 'registered', askApollo(persistedApollo, registered))
await step('apollo', 'unknown', askApollo(persistedApollo, unknown('Apollo')))
await step('apollo', 'unknown again', askApollo(persistedApollo, unknown('Apollo')))

const observedUrql = (...exchanges) => urql({ exchanges, fetch: observed, fetchOptions: { headers } })
const persistedUrql = (options) => observedUrql(cacheExchange, persistedExchange(options), fetchExchange)
const byGet = persistedUrql()
await step('urql by GET', 'registered', askUrql(byGet, registered))
await step('urql by GET', 'unknown', askUrql(byGet, unknown('UrqlByGet')))
const byPost = persistedUrql({ preferGetForPersistedQueries: false })
await step('urql by POST', 'registered', askUrql(byPost, registered))
await step('urql by POST', 'unknown', askUrql(byPost, unknown('UrqlByPost')))

const byId = observedUrql(fetchExchange).query({ kind: 'Document', definitions: [], documentId }, {}).toPromise()
await step('urql by id', 'registered', byId.then(told))
