import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Storage } from './storage.ts';

class Shelf {
  readonly held = new Map<string, string>();

  get length() {
    return this.held.size;
  }
  getItem(key: string) {
    return this.held.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.held.set(key, value);
  }
  removeItem(key: string) {
    this.held.delete(key);
  }
}

function shelves() {
  const lasting = new Shelf();
  const passing = new Shelf();
  return { lasting, passing, storage: new Storage(lasting, passing) };
}

test('the layout is kept for good', () => {
  const { lasting, passing, storage } = shelves();

  storage.setItem('graphiql:theme', 'dark');

  assert.deepEqual([...lasting.held], [['graphiql:theme', 'dark']]);
  assert.equal(passing.length, 0);
  assert.equal(storage.getItem('graphiql:theme'), 'dark');
});

test('a query is kept until the tab is closed', () => {
  const { lasting, passing, storage } = shelves();

  storage.setItem('graphiql:query', '{ sources { label } }');

  assert.equal(lasting.length, 0);
  assert.deepEqual([...passing.held], [['graphiql:query', '{ sources { label } }']]);
});

test('variables, headers and answers are kept nowhere', () => {
  const { lasting, passing, storage } = shelves();
  const tab = { id: '1', title: 'Q', query: '{ a }', variables: '{"who":"x"}', headers: '{"Authorization":"x"}' };

  storage.setItem('graphiql:variables', tab.variables);
  storage.setItem('graphiql:headers', tab.headers);
  storage.setItem('graphiql:queries', 'history');
  storage.setItem('graphiql:tabState', JSON.stringify({ tabs: [{ ...tab, response: '{}', hash: 'x' }], activeTabIndex: 0 }));

  assert.equal(lasting.length, 0);
  assert.deepEqual([...passing.held.keys()], ['graphiql:tabState']);
  assert.deepEqual(JSON.parse(storage.getItem('graphiql:tabState') ?? ''), {
    tabs: [{ id: '1', title: 'Q', query: '{ a }', variables: null, headers: null, response: null, hash: null }],
    activeTabIndex: 0,
  });
  assert.equal(storage.getItem('graphiql:variables'), null);
});

test('clearing leaves nothing of ours and what others keep', () => {
  const { lasting, passing, storage } = shelves();
  lasting.setItem('other', '1');
  storage.setItem('graphiql:theme', 'dark');
  storage.setItem('graphiql:query', '{ a }');

  storage.clear();

  assert.deepEqual([...lasting.held.keys(), ...passing.held.keys()], ['other']);
});
