// The documents that Apollo and urql send for the operations of a client, in two of the formats that tools write.

import { createHash } from 'node:crypto'

import { InMemoryCache } from '@apollo/client'
import { createRequest, formatDocument, stringifyDocument } from '@urql/core'
import { parse, print } from 'graphql'

import { facts, tell } from './facts.mjs'

const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const cache = new InMemoryCache()

const operations = facts.documents.map((text) => {
  const document = cache.transformDocument(parse(text))
  const [{ name, operation }] = document.definitions
  const body = print(document)
  return { id: sha256(body), name: name.value, type: operation, body }
})
const texts = facts.documents.map((text) => stringifyDocument(formatDocument(createRequest(text).query)))

tell({
  apollo: { format: 'apollo-persisted-query-manifest', version: 1, operations },
  urql: Object.fromEntries(texts.map((text) => [`sha256:${sha256(text)}`, text])),
})
