import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from './csv.ts';

const BOM = '\uFEFF';

test('each element is a line, each field a column, in a form that spreadsheets open as it is', () => {
  const csv = csvOf([
    { name: 'Accueil de Metz', stepFree: true },
    { name: 'Accueil de Thionville', stepFree: null },
  ]);

  assert.equal(csv, `${BOM}name;stepFree\r\nAccueil de Metz;true\r\nAccueil de Thionville;\r\n`);
});

test('objects in objects are columns named by their path', () => {
  const csv = csvOf([{ name: 'A', address: { city: 'Metz', geo: { x: 1 } } }]);

  assert.equal(csv, `${BOM}name;address.city;address.geo.x\r\nA;Metz;1\r\n`);
});

test('a list in an object is one cell', () => {
  assert.equal(csvOf([{ days: [{ day: 'MONDAY' }] }]), `${BOM}days\r\n"[{""day"":""MONDAY""}]"\r\n`);
});

test('an element without a field has an empty cell, and one with more adds a column', () => {
  assert.equal(csvOf([{ a: 1 }, { b: 2, a: 3 }, null]), `${BOM}a;b;value\r\n1;;\r\n3;2;\r\n;;\r\n`);
});

test('what could be taken for a separator is quoted', () => {
  assert.equal(csvOf([{ a: 'x;y' }, { a: 'say "no"' }, { a: 'two\nlines' }]), `${BOM}a\r\n"x;y"\r\n"say ""no"""\r\n"two\nlines"\r\n`);
});

test('no cell is a formula', () => {
  for (const start of ['=', '+', '-', '@', '\t']) {
    assert.equal(csvOf([{ a: `${start}A1` }]), `${BOM}a\r\n'${start}A1\r\n`);
  }
  assert.equal(csvOf([{ a: '\r=1' }]), `${BOM}a\r\n"'\r=1"\r\n`);
  assert.equal(csvOf([{ '=1+1': 'x' }]), `${BOM}'=1+1\r\nx\r\n`);
  assert.equal(csvOf([{ a: '-1+cmd' }, { a: '-1.5\n=1' }]), `${BOM}a\r\n'-1+cmd\r\n"'-1.5\n=1"\r\n`);
});

test('an amount below zero stays a number', () => {
  assert.equal(csvOf([{ a: '-412.37' }, { a: -3 }]), `${BOM}a\r\n-412.37\r\n-3\r\n`);
});

test('elements that are no objects have one column', () => {
  assert.equal(csvOf(['ANALYST', 'OPERATOR']), `${BOM}value\r\nANALYST\r\nOPERATOR\r\n`);
});

test('an empty list is a file with a mark and an empty heading', () => {
  assert.equal(csvOf([]), `${BOM}\r\n`);
});
