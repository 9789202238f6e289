// What every client does, over each transport that it speaks: it signs in, asks for both homes, makes mistakes, asks
// for a home while a system is broken, and hears that it is.

import { setTimeout as sleep } from 'node:timers/promises'

import { facts, tell, within } from './facts.mjs'

/** Failures in a row after which the gateway takes a system for down. */
const CALLS = 3
const ROUNDS = 4

/** Status of the latest answer over HTTP; no client is told that anybody looks. */
let status = null
const { fetch } = globalThis
globalThis.fetch = async (...request) => {
  const response = await fetch(...request)
  status = response.status
  return response
}

const { transports } = await import(`./${facts.client}.mjs`)
const { documents, broken } = facts
const people = {}

for (const [transport, open] of Object.entries(transports)) {
  const stranger = open()
  const entered = await within(10, 'sign-in', stranger.ask(documents.signIn, { input: facts.credentials }))
  stranger.close()
  tell({ transport, step: 'sign in', ...withoutTokens(entered) })

  const tenant = open(entered.data?.signIn.tokens.accessToken ?? facts.bearer)
  people[transport] = tenant
  await step(transport, 'web home', documents.webHome)
  await step(transport, 'mobile home', documents.mobileHome, { version: '4.1.9' })
  await step(transport, 'unknown field', '{ rent }')
  await step(transport, 'unfit variable', documents.mobileHome, { version: 4 })
}

const heard = {}
const stops = speaking().map(([transport, tenant]) =>
  tenant.listen(documents.changes, (event) => isTheNews(event) && (heard[transport] ??= event)),
)
await breakDocuments()
for (const transport of Object.keys(people)) await step(transport, 'broken home', documents.webHome)
for (let round = 0; round < ROUNDS && !(await everybodyHas(heard)); round++) await breakAgain()
for (const [transport, event] of Object.entries(heard)) tell({ transport, step: 'event', ...event })
for (const stop of stops) stop()
for (const tenant of Object.values(people)) tenant.close()

async function step(transport, name, document, variables) {
  status = null
  const asked = people[transport].ask(document, variables)
  tell({ transport, step: name, ...(await within(15, `${name} over ${transport}`, asked)), status })
}

function speaking() {
  return Object.entries(people).filter(([, tenant]) => tenant.listen)
}

function isTheNews({ data, errors, fault }) {
  const change = data?.sourceStatusChanged
  return errors.length > 0 || fault || (change?.system === 'DOCUMENT_STORE' && change.health === 'DOWN')
}

/** Whether the news has come to everybody, who has a little while for it. */
async function everybodyHas(heard) {
  for (let tries = 0; tries < 50; tries++) {
    if (speaking().every(([transport]) => heard[transport])) return true
    await sleep(50)
  }
  return false
}

/** Orders the fault and makes the gateway notice it. */
async function breakDocuments() {
  const headers = { 'content-type': 'application/json' }
  await fetch(broken.url, { method: 'POST', headers, body: JSON.stringify(broken.order) })
  for (let calls = 0; calls < CALLS; calls++) await anybody().ask(documents.webHome)
}

/** No protocol tells that a subscription has begun: whoever came too late for the news gets it once more. */
async function breakAgain() {
  await fetch(broken.url, { method: 'DELETE' })
  await anybody().ask(documents.webHome)
  await sleep(1500)
  await breakDocuments()
}

function anybody() {
  return Object.values(people)[0]
}

function withoutTokens({ data, ...rest }) {
  if (!data) return { data, ...rest }
  const tokens = Object.keys(data.signIn.tokens).filter((name) => name !== '__typename')
  return { data: { signIn: { ...data.signIn, tokens } }, ...rest }
}
