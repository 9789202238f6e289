import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerIn } from './answer.ts';

test('the first list is the one nearest to the root', () => {
  const { found } = answerIn('{"data": {"viewer": {"roles": ["ANALYST"]}, "sources": [{"label": "ERP"}], "offices": []}}');

  assert.deepEqual(found, { path: 'data.sources', list: [{ label: 'ERP' }] });
});

test('a list deeper down is found when there is no other', () => {
  assert.deepEqual(answerIn('{"data": {"viewer": {"roles": ["ANALYST"]}, "other": null}}').found, {
    path: 'data.viewer.roles',
    list: ['ANALYST'],
  });
});

test('an answer without a list has none', () => {
  for (const text of ['', 'Loading', 'null', '1', '{}', '{"data": null}', '{"data": {"a": {"b": 1}}}']) {
    assert.deepEqual(answerIn(text), { faults: [], found: null });
  }
});

test('errors are told by code, sentence and place', () => {
  const text = JSON.stringify({
    data: { offices: null },
    errors: [
      { message: 'The directory does not answer.', path: ['offices', 0, 'name'], extensions: { code: 'UPSTREAM_TIMEOUT' } },
      { message: 'Unknown' },
    ],
  });

  assert.deepEqual(answerIn(text).faults, [
    { code: 'UPSTREAM_TIMEOUT', message: 'The directory does not answer.', path: 'offices.0.name' },
    { code: 'ERROR', message: 'Unknown', path: '' },
  ]);
});
