import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialed, takeBearer } from './credential.ts';

function bar(hash: string) {
  const shown: string[] = [];
  const location = { hash, pathname: '/graphiql', search: '?a=1' };
  return { shown, location, history: { replaceState: (_: unknown, __: string, address: string) => shown.push(address) } };
}

const NAMED = { 'apollographql-client-name': 'graphiql', 'x-gw-client': 'graphiql' };

const sent = (init: RequestInit) => Object.fromEntries(new Headers(init.headers));

test('a token in the fragment is taken, and the address forgets it', () => {
  const open = bar('#bearer=a%2Bb');

  assert.equal(takeBearer(open), 'a+b');
  assert.deepEqual(open.shown, ['/graphiql?a=1']);
});

test('without a token the address stays as it is', () => {
  for (const hash of ['', '#', '#section']) {
    const open = bar(hash);

    assert.equal(takeBearer(open), null);
    assert.deepEqual(open.shown, []);
  }
});

test('an empty token is none, and is removed all the same', () => {
  const open = bar('#bearer=');

  assert.equal(takeBearer(open), null);
  assert.deepEqual(open.shown, ['/graphiql?a=1']);
});

test('a request with a token has no cookie', () => {
  const init = credentialed('secret');

  assert.deepEqual(sent(init), { ...NAMED, authorization: 'Bearer secret' });
  assert.equal(init.credentials, 'omit');
});

test('a request without a token has the cookie, and proof that this page sent it', () => {
  const init = credentialed(null, { 'Accept-Language': 'en' });

  assert.deepEqual(sent(init), { ...NAMED, 'accept-language': 'en' });
  assert.equal(init.credentials, 'same-origin');
});

test('a token that the analyst wrote goes before the one of the page', () => {
  const init = credentialed('secret', { authorization: 'Bearer mine' });

  assert.equal(sent(init).authorization, 'Bearer mine');
  assert.equal(init.credentials, 'omit');
});
